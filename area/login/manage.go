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

// What staff do to a login is in the audit of no account. What changes who can
// act in an account, by which address and how safely, is also in the activity of
// each account that the user belongs to: another address, two-step login off,
// deactivated, activated.

// manages is what looking after users' logins takes.
type manages = access.Staff[access.ManageUsers]

// A UserView is a user as staff look after them, with the accounts they belong
// to and the browsers they are logged in with.
type UserView struct {
	access.UserRecord
	Accounts []access.AccountInfo // unsorted
	Sessions []access.Session     // the last used first
}

// User finds a user, NotFound if there is none.
func (l *Login) User(ctx context.Context, _ access.Staff[access.SeeAccounts], u id.User) (v UserView, err error) {
	if v.UserRecord, err = access.FindUserRecord(ctx, l.db.Auto(), u); err != nil {
		return v, err
	}
	if v.Accounts, err = access.AccountsOf(ctx, l.db, u); err != nil {
		return v, err
	}
	v.Sessions, err = access.Sessions(ctx, l.db, l.lives(ctx), u)
	return v, err
}

// A Naming is what staff type about a user.
type Naming struct{ First, Last, Email string }

func (n *Naming) check() (access.Email, error) {
	n.First, n.Last = access.CleanName(n.First), access.CleanName(n.Last)
	var wrong fault.Fields
	access.CheckNames(&wrong, n.First, n.Last)
	email, ok := access.ParseEmail(n.Email)
	if !ok {
		wrong.AddCode("email", "email.malformed", "Enter an address like name@example.com.")
	}
	return email, wrong.Err()
}

// CreateUser adds a login without usable password. The person is told nothing,
// or mailed a link to set a password. An address that has a login is Invalid with
// the code access.KnownEmail.
func (l *Login) CreateUser(ctx context.Context, in manages, n Naming, send bool) (access.User, error) {
	email, err := n.check()
	if err != nil {
		return access.User{}, err
	}
	var u access.User
	err = l.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) (err error) {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if u, err = access.NewUser(ctx, tx, email, "", access.User{FirstName: n.First, LastName: n.Last, TimeZone: "UTC"}); err != nil {
			return err
		}
		if send {
			if err := l.jobs.Tell(ctx, tx, access.PasswordWanted{User: u.ID}); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "user.created", Subject: u.Email, After: card{u.Name(), u.Email}})
	})
	return u, err
}

// A card is what is said of somebody in the audit.
type card struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// manage runs fn on a user under their lock, if the staff member still may.
func (l *Login) manage(ctx context.Context, in manages, u id.User, fn func(*db.Tx, access.User) error) error {
	return l.db.WriteGlobal(ctx, db.LockUser(u), func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		user, err := access.FindUser(ctx, tx, u)
		if err != nil {
			return err
		}
		return fn(tx, user)
	})
}

// note writes what was done to a login into the audit of none, and of each
// account that the user belongs to.
func note(ctx context.Context, tx *db.Tx, in manages, u id.User, e audit.Entry) error {
	if err := audit.Write(ctx, tx, access.Elsewhere(in.Actor()), e); err != nil {
		return err
	}
	if _, ok := e.After.(because); ok {
		e.After = nil // the reason is for staff
	}
	return audit.WriteConcerned(ctx, tx, in, u, 0, e)
}

// EditUser saves a user's names and address. A new address counts at once,
// unproved: it is asked to be confirmed, and the former one is told, with a link
// that puts it back. That is in the activity of the user's accounts; names alone
// are not.
func (l *Login) EditUser(ctx context.Context, in manages, u id.User, n Naming) (access.User, error) {
	email, err := n.check()
	if err != nil {
		return access.User{}, err
	}
	var after access.User
	err = l.manage(ctx, in, u, func(tx *db.Tx, was access.User) error {
		after = was
		after.FirstName, after.LastName, after.Email = n.First, n.Last, email.Typed
		if after == was {
			return nil
		}
		if err := access.SetProfile(ctx, tx, after); err != nil {
			return err
		}
		before, now := changed(was, after)
		entry := audit.Entry{Action: "user.edited", Subject: was.Email, Before: before, After: now}
		if was.Email == after.Email {
			return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), entry)
		}
		if err := access.MoveEmail(ctx, tx, u, email); err != nil {
			return err
		}
		if err := l.jobs.Tell(ctx, tx, access.EmailMoved{User: u, From: was.Email, To: email.Typed, At: tx.Now(), Unproved: was.Verified.IsZero()}); err != nil {
			return err
		}
		return note(ctx, tx, in, u, entry)
	})
	return after, err
}

// changed are those of name and address that were, and are, different.
func changed(was, is access.User) (before, after card) {
	if was.Name() != is.Name() {
		before.Name, after.Name = was.Name(), is.Name()
	}
	if was.Email != is.Email {
		before.Email, after.Email = was.Email, is.Email
	}
	return before, after
}

// linking is counted together with what is sent from accounts' records.
func linking() access.Limit {
	return access.Limit{Name: "staff-link", Most: 3, Per: time.Hour, Public: "This link was sent several times. Send it again in %d minutes."}
}

// SendPasswordLink has a link mailed to a user by which they set a password.
// Three times an hour for each user, beyond that TooMany. Of a login that was
// deactivated it is Conflict.
func (l *Login) SendPasswordLink(ctx context.Context, in manages, u id.User) (access.User, error) {
	var to access.User
	err := l.manage(ctx, in, u, func(tx *db.Tx, user access.User) error {
		if to = user; !user.Disabled.IsZero() {
			return fault.Conflictf("%s can't log in: the login was deactivated.", user.Name()).WithCode("user.disabled")
		}
		if err := linking().CountIn(ctx, tx, u.String()); err != nil {
			return err
		}
		if err := l.jobs.Tell(ctx, tx, access.PasswordWanted{User: u}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "user.password-link", Subject: user.Email})
	})
	return to, err
}

// LogOutEverywhere ends every session of a user and tells how many there were.
func (l *Login) LogOutEverywhere(ctx context.Context, in manages, u id.User) (ended int64, err error) {
	err = l.manage(ctx, in, u, func(tx *db.Tx, user access.User) (err error) {
		if ended, err = access.EndSessions(ctx, tx, u, 0); err != nil {
			return err
		}
		if err := access.ForgetBrowsers(ctx, tx, user.Holder(), access.Actor{}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "user.logged-out", Subject: user.Email, After: sessionsEnded{ended}})
	})
	return ended, err
}

// Deactivate keeps a user from logging in: every session ends, links that were
// mailed die, invitations they sent can't be accepted meanwhile. Accounts and
// memberships stay, also an owner's, which then nobody but managers and staff
// looks after. The person is told.
func (l *Login) Deactivate(ctx context.Context, in manages, u id.User, reason string) error {
	return l.manage(ctx, in, u, func(tx *db.Tx, user access.User) error {
		ended, err := access.Deactivate(ctx, tx, u)
		if err != nil {
			return err
		}
		if err := l.kill(ctx, tx, u, access.Reset, access.Proving, access.Changing); err != nil {
			return err
		}
		if err := l.mail.Send(ctx, tx, l.to(ctx, tx, user).deactivated()); err != nil {
			return err
		}
		return note(ctx, tx, in, u, audit.Entry{Action: "user.deactivated", Subject: user.Email, After: because{&ended, reason}})
	})
}

// A because is what the audit says of what staff gave a reason for.
type because struct {
	Ended  *int64 `json:"sessions ended,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Activate lets a user log in again who was deactivated. The person is told.
func (l *Login) Activate(ctx context.Context, in manages, u id.User) error {
	return l.manage(ctx, in, u, func(tx *db.Tx, user access.User) error {
		if err := access.Activate(ctx, tx, u); err != nil {
			return err
		}
		if err := l.mail.Send(ctx, tx, l.to(ctx, tx, user).activated()); err != nil {
			return err
		}
		return note(ctx, tx, in, u, audit.Entry{Action: "user.activated", Subject: user.Email})
	})
}

// EndTwoStep lets a user log in with the password alone, e.g. who has lost
// both app and recovery codes. It needs a reason, Invalid at its field without,
// and the person is told. Nobody but the person turns it on. Where it is off it is
// Conflict.
func (l *Login) EndTwoStep(ctx context.Context, in manages, u id.User, reason string) error {
	if reason == "" {
		return fault.FieldErr("reason", "", "Say why, and how you know that it was them who asked.")
	}
	return l.manage(ctx, in, u, func(tx *db.Tx, user access.User) error {
		was, err := l.twoStep.TurnOff(ctx, tx, user.Holder())
		if err == nil && !was {
			err = fault.Conflictf("Two-step login of this user is off already.").WithCode("user.state")
		}
		if err != nil {
			return err
		}
		if err := l.mail.Send(ctx, tx, l.to(ctx, tx, user).twoStepOffByStaff()); err != nil {
			return err
		}
		return note(ctx, tx, in, u, audit.Entry{Action: "user.two-step-off", Subject: user.Email, After: because{Reason: reason}})
	})
}

// DeleteUser deletes a user who belongs to no account: Conflict with the code
// user.accounts while they do. What they did stays in the audit, under the name
// they had, and so do the mails they got.
func (l *Login) DeleteUser(ctx context.Context, in manages, u id.User) (access.User, error) {
	var was access.User
	err := l.manage(ctx, in, u, func(tx *db.Tx, user access.User) error {
		was = user
		if err := l.kill(ctx, tx, u, access.Reset, access.Proving, access.Changing, access.Undo); err != nil {
			return err
		}
		if err := access.DeleteUser(ctx, tx, u); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "user.deleted", Subject: user.Email, Before: card{user.Name(), user.Email}})
	})
	return was, err
}
