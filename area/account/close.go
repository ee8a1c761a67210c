package account

import (
	"context"
	"strings"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/fault"
	"atrium/ui"
)

// MostReason is how long a reason may be, in characters.
const MostReason = 500

// A StatusChange is what the form says that makes an account active, inactive or
// closed.
type StatusChange struct {
	To      access.Status
	Reason  string // the owner reads it in the account's activity, and in the mail
	Version int64  // of the account, as it was seen
}

// SetStatus makes the account active (as usual), inactive (a tag only) or closed
// (it can be read, nothing but paying and tickets can be done, and nobody can
// join). The owner is mailed when it is closed and when it is opened again. What
// is wrong is Invalid at its field; an account that was changed meanwhile is
// Conflict with the code account.changed.
func (a *Account) SetStatus(ctx context.Context, in access.StaffOn[access.CloseAccounts], c StatusChange) error {
	c.Reason = strings.TrimSpace(c.Reason)
	var wrong fault.Fields
	switch c.To {
	case access.Active, access.Inactive, access.Closed:
	default:
		wrong.Add("status", "Choose what the account is to be.")
	}
	checkReason(&wrong, c.Reason)
	if err := wrong.Err(); err != nil {
		return err
	}
	return a.db.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		card, err := access.FindCard(ctx, tx, in.Account())
		if err != nil {
			return err
		}
		if card.Status == c.To {
			return fault.FieldErr("status", "status.same", "The account is that already. Choose something else.")
		}
		if err := access.SetStatus(ctx, tx, in.Account(), c.To, c.Version); err != nil {
			return err
		}
		before, after := map[string]string{"status": string(card.Status)}, map[string]string{"status": string(c.To), "reason": c.Reason}
		if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "account.status", Subject: card.Name, Before: before, After: after}); err != nil {
			return err
		}
		if c.To != access.Closed && card.Status != access.Closed {
			return nil
		}
		return a.tellOwner(ctx, tx, in.Account(), card, c)
	})
}

// tellOwner mails the owner that the account was closed or opened again, with the
// reason, and without it all others who get its general emails.
func (a *Account) tellOwner(ctx context.Context, tx *db.Tx, account id.Account, card access.Card, c StatusChange) error {
	owner, err := access.FindOwner(ctx, tx, account)
	if err != nil {
		return err
	}
	set := a.Settings.Current(ctx, tx)
	n := turn{mail.Name(card.Name), mail.Name(set.Company.Name), account, c.To == access.Closed, a.URL}
	p := ui.PrinterFor(set.Language(owner.Language), owner.TimeZone)
	l := n.letter(p, owner.FirstName, c.Reason)
	l.Account, l.User, l.Language, l.To = account, owner.User, p.Lang(), mail.Address{Name: owner.Name(), Email: owner.Email}
	if err := a.Mail.Send(ctx, tx, l); err != nil {
		return err
	}
	return a.Mail.SendTo(ctx, tx, account, mail.General, owner.Email, func(r mail.Reader) mail.Letter {
		return n.letter(ui.PrinterFor(r.Language, r.TimeZone), r.Name, "")
	})
}

// A turn is that an account was closed, or opened again.
type turn struct {
	name, host string
	account    id.Account
	closed     bool
	url        func(string) string
}

func (n turn) letter(p ui.Printer, to, reason string) mail.Letter {
	l := mail.Letter{Kind: "account.reopened", Subject: p.T("%s is open again", n.name), Blocks: []mail.Block{mail.P(p.T("Hello %s,", mail.Name(to)))}}
	if n.closed {
		l.Kind, l.Subject = "account.closed", p.T("%s was closed", n.name)
		l.Blocks = append(l.Blocks, mail.P(p.T("%s closed the account %s, number %s.", n.host, n.name, n.account)),
			mail.P(p.T("You can still read everything in it, pay invoices and write to support. Nothing else can be changed, and nobody can join.")))
	} else {
		l.Blocks = append(l.Blocks, mail.P(p.T("%s opened the account %s, number %s, again. Everything can be used as before.", n.host, n.name, n.account)))
	}
	if reason != "" {
		l.Blocks = append(l.Blocks, mail.P(p.T("%s wrote:", n.host)), mail.Quote(reason))
	}
	l.Blocks = append(l.Blocks, mail.Button(p.T("Open %s", n.name), n.url("/a/"+n.account.String()+"/")))
	return l
}

// A Keep is Conflict, with a sentence, while the account has something for which
// it can't be deleted, such as invoices.
type Keep func(ctx context.Context, tx *db.Tx, account id.Account) error

// A Deletion is what the form says that deletes an account.
type Deletion struct {
	Number string // the account's, as it was typed
	Reason string // only staff read it
}

// cleared is the job that clears away what is left of a deleted account.
type cleared struct{ Account id.Account }

// Kind names the job.
func (cleared) Kind() string { return "account.clear" }

// Delete deletes the account, for good: its members lose it at once, users stay,
// and its number is not used again. Its audit and its mails, which may be many,
// are cleared away by a job in steps. While there is something to keep (Keeps)
// it is Conflict; a number that is not the account's is Invalid.
func (a *Account) Delete(ctx context.Context, in access.StaffOn[access.CloseAccounts], d Deletion) error {
	d.Reason = strings.TrimSpace(d.Reason)
	var wrong fault.Fields
	if number, _ := id.ParseAccount(strings.TrimPrefix(strings.TrimSpace(d.Number), "#")); number != in.Account() {
		wrong.Add("number", "Type the number of this account, %s.", in.Account())
	}
	checkReason(&wrong, d.Reason)
	if err := wrong.Err(); err != nil {
		return err
	}
	return a.db.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		card, err := access.FindCard(ctx, tx, in.Account())
		if err != nil {
			return err
		}
		for _, keep := range a.Keeps {
			if err := keep(ctx, tx, in.Account()); err != nil {
				return err
			}
		}
		owner, err := access.FindOwner(ctx, tx, in.Account())
		if err != nil {
			return err
		}
		if err := a.Mail.Forget(ctx, tx, in.Account()); err != nil {
			return err
		}
		if err := access.DropAccount(ctx, tx, in.Account()); err != nil {
			return err
		}
		if err := a.Jobs.Enqueue(ctx, tx, cleared{in.Account()}); err != nil {
			return err
		}
		before := map[string]string{"name": card.Name, "owner": owner.Email}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "account.deleted", Subject: in.Account().String(), Before: before,
			After: map[string]string{"reason": d.Reason}})
	})
}

func checkReason(wrong *fault.Fields, reason string) {
	switch n := len([]rune(reason)); {
	case n == 0:
		wrong.Add("reason", "Say why, for those who look into this later.")
	case n > MostReason:
		wrong.Add("reason", "Shorten the reason to %d characters.", MostReason)
	}
}
