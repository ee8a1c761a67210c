package login

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
)

// Prove notes, by the password, that it is still the person themselves who sits
// at this browser, which doors ask for that are Fresh. It gives the session's
// new token. See Passwords.CheckPassword for what it answers otherwise.
func (l *Login) Prove(ctx context.Context, me access.Self, password string) (access.Token, error) {
	if err := l.passwords.CheckPassword(ctx, l.db, me, "password", password); err != nil {
		return access.Token{}, err
	}
	return l.prove(ctx, me, func(tx *db.Tx) (access.Token, error) { return access.Prove(ctx, tx, me) })
}

// prove notes it by how, under the user's lock.
func (l *Login) prove(ctx context.Context, me access.Self, how func(*db.Tx) (access.Token, error)) (access.Token, error) {
	u := me.User()
	var t access.Token
	err := l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) (err error) {
		if t, err = how(tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "session.proved", Subject: u.Email})
	})
	return t, err
}
