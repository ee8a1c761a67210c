package login

import (
	"context"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// moved hears that staff gave a login another address: the former one gets a
// link that puts it back, the new one a link that proves it. Each change is told,
// also one to an address that the login had before; told again, it does nothing.
func (l *Login) moved(ctx context.Context, f access.EmailMoved) error {
	former, ok := access.ParseEmail(f.From)
	return l.forUser(ctx, f.User, func(tx *db.Tx, u access.User) error {
		if told, err := access.HasUndo(ctx, tx, u.ID, f.From, f.At); err != nil || told {
			return err
		}
		if ok {
			undo, err := access.NewUndo(ctx, tx, u.ID, former, f.Unproved)
			if err != nil {
				return err
			}
			told := u
			told.Email = former.Typed
			letter := l.to(ctx, tx, told).emailChanged(f.To, l.url("/undo/"+undo.Reveal()), tx.Now().Add(access.UndoLife))
			if err := l.mail.Send(ctx, tx, letter); err != nil {
				return err
			}
		}
		if u.Email != f.To || !u.Verified.IsZero() {
			return nil // changed again meanwhile
		}
		return l.mailProof(ctx, tx, u, "")
	})
}

// wanted hears that staff want somebody to set a password, and mails the link.
// Done again, it makes a newer one.
func (l *Login) wanted(ctx context.Context, f access.PasswordWanted) error {
	return l.forUser(ctx, f.User, func(tx *db.Tx, u access.User) error {
		t, err := l.link(ctx, tx, u.ID, access.Reset, u.Email)
		if err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, l.to(ctx, tx, u).setPassword(l.url("/reset/"+t.Reveal()), tx.Now().Add(LinkLife)))
	})
}

// forUser runs fn under the lock of a user who exists and can log in.
func (l *Login) forUser(ctx context.Context, u id.User, fn func(*db.Tx, access.User) error) error {
	return l.db.WriteGlobal(ctx, db.LockUser(u), func(tx *db.Tx) error {
		user, err := access.FindUser(ctx, tx, u)
		if fault.Is(err, fault.NotFound) || err == nil && !user.Disabled.IsZero() {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(tx, user)
	})
}
