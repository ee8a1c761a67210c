package login

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

func changing() access.Limit {
	return access.Limit{Name: "change-email", Most: 5, Per: time.Hour, Public: "You have changed your address often. Try again in %d minutes."}
}

// AskEmail begins a change of one's address, which needs the password: a link
// goes to the new address, which counts once it is proved, and the old one is
// told. With accounts, the accounts whose address is the login's then change with it.
// An address that has a login is told like Register does. Five times an hour, then
// TooMany.
func (l *Login) AskEmail(ctx context.Context, me access.Self, address, password string, accounts bool) (access.Email, error) {
	email, ok := access.ParseEmail(address)
	switch {
	case !ok:
		return email, fault.FieldErr("email", "email.malformed", "Enter an address like name@example.com.")
	case email.Typed == me.User().Email:
		return email, fault.FieldErr("email", "email.same", "This is your address already.")
	}
	if err := l.passwords.CheckPassword(ctx, l.db, me, "password", password); err != nil {
		return email, err
	}
	if err := access.MayTry(ctx, l.db, me.Actor()); err != nil {
		return email, err
	}
	err := l.own(ctx, me, func(tx *db.Tx) error {
		if err := changing().CountIn(ctx, tx, me.User().ID.String()); err != nil {
			return err
		}
		u, err := access.FindUser(ctx, tx, me.User().ID)
		if err != nil {
			return err
		}
		if err := access.FreeEmail(ctx, tx, email, u.ID); err != nil {
			return err
		}
		return l.askEmail(ctx, tx, me, u, email, accounts)
	})
	return email, access.TellKnown(ctx, l.db, me.Actor(), err)
}

func (l *Login) askEmail(ctx context.Context, tx *db.Tx, me access.Self, u access.User, email access.Email, accounts bool) error {
	t, err := l.link(ctx, tx, u.ID, access.Changing, email.Typed)
	if err != nil {
		return err
	}
	if accounts {
		if err := access.WithAccounts(ctx, tx, t); err != nil {
			return err
		}
	}
	to := l.to(ctx, tx, u)
	if err := l.mail.Send(ctx, tx, to.newEmail(email.Typed, l.url("/verify/"+t.Reveal()), tx.Now().Add(LinkLife))); err != nil {
		return err
	}
	if err := l.mail.Send(ctx, tx, to.emailAsked(email.Typed)); err != nil {
		return err
	}
	return audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "email.change-asked", Subject: u.Email, Before: u.Email, After: email.Typed})
}

// Awaited finds the change of one's address that waits to be confirmed,
// NotFound if there is none.
func (l *Login) Awaited(ctx context.Context, me access.Self) (access.Link, error) {
	return access.FindLinkOf(ctx, l.db.Auto(), me.User().ID, access.Changing, l.db.Clock().Now())
}

// CancelEmail ends a change of one's address that waits to be confirmed. It is
// NotFound if there is none.
func (l *Login) CancelEmail(ctx context.Context, me access.Self) error {
	u := me.User()
	return l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		link, err := access.FindLinkOf(ctx, tx, u.ID, access.Changing, tx.Now())
		if err != nil {
			return err
		}
		if err := l.kill(ctx, tx, u.ID, access.Changing); err != nil {
			return err
		}
		return audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "email.change-cancelled", Subject: u.Email, Before: link.Email})
	})
}

// changeEmail spends a link to a new address and makes it the login's.
func (l *Login) changeEmail(ctx context.Context, tx *db.Tx, me access.Actor, t access.Token, email access.Email) error {
	link, err := access.SpendLink(ctx, tx, access.Changing, t)
	if err != nil {
		return err
	}
	u, err := access.FindUser(ctx, tx, me.User)
	if err != nil {
		return err
	}
	if err := l.moveEmail(ctx, tx, u, email, access.SetEmail); err != nil {
		return err
	}
	if link.Accounts {
		if err := l.jobs.Tell(ctx, tx, access.AccountsFollow{User: u.ID, From: u.Email, To: email.Typed, IP: me.IP, Agent: me.Agent}); err != nil {
			return err
		}
	}
	former, ok := access.ParseEmail(u.Email)
	if !ok {
		return fault.Conflictf("Your present address is not one that can be put back. Ask us to change it.")
	}
	undo, err := access.NewUndo(ctx, tx, u.ID, former, u.Verified.IsZero())
	if err != nil {
		return err
	}
	entry := audit.Entry{Action: "email.changed", Subject: email.Typed, Before: u.Email, After: email.Typed}
	if err := audit.Write(ctx, tx, access.Elsewhere(me), entry); err != nil {
		return err
	}
	return l.mail.Send(ctx, tx, l.to(ctx, tx, u).emailChanged(email.Typed, l.url("/undo/"+undo.Reveal()), tx.Now().Add(access.UndoLife)))
}

// moveEmail gives the login another address, by set. Links that were mailed to the
// one it had die.
func (l *Login) moveEmail(ctx context.Context, tx *db.Tx, u access.User, email access.Email, set func(context.Context, *db.Tx, id.User, access.Email) error) error {
	err := set(ctx, tx, u.ID, email)
	if fault.CodeOf(err) == access.KnownEmail {
		return fault.Conflictf("Meanwhile %s has become the address of another login. Choose another one.", email.Typed).WithCode("email.taken")
	}
	if err != nil {
		return err
	}
	return l.kill(ctx, tx, u.ID, access.Proving, access.Changing, access.Reset)
}

// UndoOf finds what an undo link would put back, and in whose login. A dead link
// is NotFound.
func (l *Login) UndoOf(ctx context.Context, t access.Token) (former string, u access.User, err error) {
	link, u, err := l.find(ctx, access.Undo, t)
	return link.Email, u, err
}

// Undo spends an undo link: the former address is the login's again, and that of
// accounts that had gone along, all
// sessions end, and so do undo links of later changes and passkeys that were added
// since. It gives a link's token
// to set a new password. A dead link is NotFound.
func (l *Login) Undo(ctx context.Context, by access.Actor, t access.Token) (access.Token, error) {
	_, u, err := l.find(ctx, access.Undo, t)
	if err != nil {
		return access.Token{}, err
	}
	var reset access.Token
	err = l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) (err error) {
		link, err := access.SpendLink(ctx, tx, access.Undo, t)
		if err != nil {
			return err
		}
		if err := l.undo(ctx, tx, link, u.As(by.IP, by.Agent)); err != nil {
			return err
		}
		reset, err = l.link(ctx, tx, u.ID, access.Reset, link.Email)
		return err
	})
	return reset, err
}

func (l *Login) undo(ctx context.Context, tx *db.Tx, link access.Link, me access.Actor) error {
	u, err := access.FindUser(ctx, tx, link.User)
	if err != nil {
		return err
	}
	former, ok := access.ParseEmail(link.Email)
	if !ok {
		return dead()
	}
	set := access.SetEmail
	if link.Unproved { // whoever made the login may be somebody else: setting the new password asks
		set = access.MoveEmail
	}
	if err := l.moveEmail(ctx, tx, u, former, set); err != nil {
		return err
	}
	if err := l.jobs.Tell(ctx, tx, access.AccountsFollow{User: u.ID, From: u.Email, To: former.Typed, IP: me.IP, Agent: me.Agent}); err != nil {
		return err
	}
	if err := access.DropUndo(ctx, tx, link); err != nil {
		return err
	}
	if err := l.twoStep.DropPasskeysSince(ctx, tx, u, link.Expires.Add(-access.UndoLife)); err != nil {
		return err
	}
	ended, err := access.EndSessions(ctx, tx, u.ID, 0)
	if err != nil {
		return err
	}
	if err := access.ForgetBrowsers(ctx, tx, u.Holder(), access.Actor{}); err != nil {
		return err
	}
	me.Email = former.Typed
	entry := audit.Entry{Action: "email.undone", Subject: former.Typed, Before: u.Email, After: sessionsEnded{ended}}
	if err := audit.Write(ctx, tx, access.Elsewhere(me), entry); err != nil {
		return err
	}
	return l.mail.Send(ctx, tx, l.to(ctx, tx, u).emailUndone(former.Typed))
}
