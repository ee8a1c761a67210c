package account

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/ui"
)

// moves is how often in an hour an account's address may be changed by who types it,
// since each time its former address is mailed.
func moves() access.Limit {
	return access.Limit{Name: "account-moved", Most: 10, Per: time.Hour,
		Public: "The account's email address was changed often. Change it again in %d minutes."}
}

// mover is who uses that up: the members of an account together, but neither its owner
// nor staff, who may have to put right what a member did.
func mover(in access.To[access.Profile]) string {
	key := in.Account().String()
	switch {
	case in.Actor().Kind == access.ByStaff:
		key += " staff"
	case in.Membership().Rights().Owner:
		key += " owner"
	}
	return key
}

// tellMoved mails the owner, and the address that the account had, that its mails
// go to another one: they can't be routed away quietly. Who did it is not told, nor
// the address that now gets them.
func (a *Account) tellMoved(ctx context.Context, tx *db.Tx, in access.To[access.Profile], next, was Details) error {
	if next.Email.Key == was.Email.Key {
		return nil
	}
	owner, err := access.FindOwner(ctx, tx, in.Account())
	if err != nil {
		return err
	}
	set := a.Settings.Current(ctx, tx)
	by, told := in.Actor(), map[string]bool{next.Email.Key: true}
	if mine, ok := access.ParseEmail(by.Email); ok && by.Kind == access.ByUser {
		told[mine.Key] = true
	}
	for _, to := range []mail.Address{{Name: owner.Name(), Email: owner.Email}, {Email: was.Email.Typed}} {
		e, ok := access.ParseEmail(to.Email)
		if !ok || told[e.Key] {
			continue
		}
		told[e.Key] = true
		p := ui.PrinterFor(set.Language(was.Language), was.TimeZone)
		if to.Email == owner.Email {
			p = ui.PrinterFor(set.Language(owner.Language), owner.TimeZone)
		}
		l := a.moved(ctx, tx, p, in, next, was)
		l.To = to
		if err := a.Mail.Send(ctx, tx, l); err != nil {
			return err
		}
	}
	return nil
}

// moved tells that an account's mails go to another address.
func (a *Account) moved(ctx context.Context, tx *db.Tx, p ui.Printer, in access.To[access.Profile], next, was Details) mail.Letter {
	name, doer := mail.Name(next.Name), mail.Name(in.Actor().Name)
	if in.Actor().Kind == access.ByStaff {
		doer = mail.Name(a.Settings.Current(ctx, tx).Company.Name)
	}
	return mail.Letter{Account: in.Account(), Kind: "account.moved", Language: p.Lang(), Subject: p.T("Emails of %s go to another address", name), Blocks: []mail.Block{
		mail.P(p.T("Hello,")),
		mail.P(p.T("%s changed the email address of the account %s from %s to %s. Its invoices and notices go there from now on.", doer, name, was.Email.Typed, next.Email.Typed)),
		mail.P(p.T("You did not expect this? Look at the account's profile, and at who may change it.")),
		mail.Button(p.T("Account details"), a.URL(base(in.Account())+"/profile")),
	}}
}
