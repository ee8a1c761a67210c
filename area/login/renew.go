package login

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
)

// Made is what somebody who sets a new password by a mailed link says of who made
// the login, whose address nobody had proved before.
type Made string

// The answers.
const (
	MadeByMe    Made = "me"    // what is set up stays
	MadeByOther Made = "other" // or they are not sure: nothing of whoever made it stays
)

// A Renewal is what is typed when a new password is set by a mailed link.
type Renewal struct {
	Password    string
	Made        Made   // asked when Resetting says so
	First, Last string // the person's, when the login was made by another
	Language    string // that their browser asks for
	Drop        []access.PasskeyID
}

// Resetting is whose password a link sets.
type Resetting struct {
	access.User
	// Asked tells that who made the login is asked: nobody has proved its address, and
	// it has a password.
	Asked    bool
	Passkeys []access.Passkey // any of them can be removed with it
}

// ResetOf finds whose password a link sets. A dead link is NotFound.
func (l *Login) ResetOf(ctx context.Context, t access.Token) (r Resetting, err error) {
	if _, r.User, err = l.find(ctx, access.Reset, t); err != nil {
		return r, err
	}
	hash, err := access.PasswordHash(ctx, l.db.Auto(), r.ID)
	if err != nil {
		return r, err
	}
	r.Asked = r.Verified.IsZero() && hash != ""
	r.Passkeys, err = access.PasskeysOf(ctx, l.db.Auto(), r.ID)
	return r, err
}

// check says what is wrong with what was typed, and gives the user as they are
// afterwards.
func (l *Login) check(ctx context.Context, of Resetting, r *Renewal) (access.User, error) {
	u := of.User
	var wrong fault.Fields
	switch {
	case !of.Asked:
		r.Made = ""
	case r.Made == MadeByMe:
	case r.Made == MadeByOther:
		u.FirstName, u.LastName, u.Language = access.CleanName(r.First), access.CleanName(r.Last), r.Language
		access.CheckNames(&wrong, u.FirstName, u.LastName)
	default:
		wrong.AddCode("made", "reset.made", "Choose one of the two answers.")
	}
	if why := l.passwords.Weakness(ctx, r.Password, u.FirstName, u.LastName, u.Email); why != "" {
		wrong.AddCode("password", "password.weak", why)
	}
	return u, wrong.Err()
}

// Reset spends a link to set a new password. All sessions end; nobody is logged
// in by it. Of a login whose address nobody had proved it takes what r says of who
// made it: Invalid at the field made if that is missing, at the names if those
// are. A weak password is Invalid and leaves the link as it is, and so is taking the
// only second step away, at the field passkeys. A dead link is NotFound, and so is
// one for the slower of two.
func (l *Login) Reset(ctx context.Context, by access.Actor, t access.Token, r Renewal) error {
	of, err := l.ResetOf(ctx, t)
	if err != nil {
		return err
	}
	u, err := l.check(ctx, of, &r)
	if err != nil {
		return err
	}
	hash, err := l.passwords.Hash(ctx, r.Password)
	if err != nil {
		return err
	}
	me := u.At(by)
	return l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		link, err := access.SpendLink(ctx, tx, access.Reset, t)
		if err != nil {
			return err
		}
		email, ok := access.ParseEmail(link.Email)
		if !ok {
			return dead()
		}
		if err := access.Forgive(ctx, tx, by, email); err != nil {
			return err
		}
		switch {
		case r.Made == MadeByOther:
			err = l.reclaim(ctx, tx, u, me, email)
		case r.Made == "" && u.Verified.IsZero(): // it had no password: nobody else has been in it
			err = provedBy(ctx, tx, me, email)
		}
		if err != nil {
			return err
		}
		if err := l.drop(ctx, tx, me, u, r); err != nil {
			return err
		}
		return l.setPassword(ctx, tx, u, me, newPassword{hash: hash, action: "password.reset"})
	})
}

// reclaim gives a login to whose address it is, who did not make it: nothing stays
// of what could let whoever made it in again, here or in the accounts it owns.
func (l *Login) reclaim(ctx context.Context, tx *db.Tx, u access.User, me access.Actor, email access.Email) error {
	if err := access.SetProfile(ctx, tx, u); err != nil {
		return err
	}
	if err := l.twoStep.Reclaim(ctx, tx, u); err != nil {
		return err
	}
	if err := l.kill(ctx, tx, u.ID, access.Reset, access.Proving, access.Changing, access.Undo); err != nil {
		return err
	}
	if err := provedBy(ctx, tx, me, email); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, access.Elsewhere(me), audit.Entry{Action: "login.reclaimed", Subject: u.Email}); err != nil {
		return err
	}
	return l.jobs.Tell(ctx, tx, access.LoginReclaimed{User: u.ID, At: tx.Now(), IP: me.IP, Agent: me.Agent})
}

// provedBy notes that the person has proved their address by the link.
func provedBy(ctx context.Context, tx *db.Tx, me access.Actor, email access.Email) error {
	fresh, err := access.Verify(ctx, tx, me.User, email)
	if err != nil || !fresh {
		return err
	}
	return audit.Write(ctx, tx, access.Elsewhere(me), audit.Entry{Action: "email.verified", Subject: email.Typed})
}

// drop removes the passkeys that the person does not know.
func (l *Login) drop(ctx context.Context, tx *db.Tx, me access.Actor, u access.User, r Renewal) error {
	if r.Made == MadeByOther {
		return nil // they have all gone
	}
	for _, k := range r.Drop {
		err := l.removePasskey(ctx, tx, me, u, k)
		if fault.CodeOf(err) == access.LastPasskey {
			err = fault.FieldErr("passkeys", access.LastPasskey, "One passkey must stay: it is the second step of your login. If you know none of them, ask us to turn two-step login off.")
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
