package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// LoginReclaimed is the fact that a person has proved an address whose login they
// did not make. What the login's maker has given others is then taken back: in the
// accounts that it owns by whoever looks after them, if it was there at that time.
// IP and Agent are where it was done.
type LoginReclaimed struct {
	User  id.User   `json:"user"`
	At    time.Time `json:"at"`
	IP    string    `json:"ip"`
	Agent string    `json:"agent"`
}

// Kind names the fact.
func (LoginReclaimed) Kind() string { return "access.login-reclaimed" }

// Reclaim takes out of a login, under the user's lock, all that could let whoever
// made it in again, but the password, the sessions and the links: passkeys, the
// authenticator app and recovery codes, log ins under way, known browsers.
func (t *TwoStep) Reclaim(ctx context.Context, tx *db.Tx, u User) error {
	if _, err := tx.Exec(ctx, `DELETE FROM passkeys WHERE user_id = $1`, u.ID); err != nil {
		return err
	}
	if _, err := t.TurnOff(ctx, tx, u.Holder()); err != nil {
		return err
	}
	return forgetHolder(ctx, tx, u.Holder())
}

// EnterReclaimed is the gate for who takes back, in an account that a reclaimed login
// owns, what whoever made the login had given: no rule of the account's keeps that
// from being done, nor that it is closed. All but the owner get Denied.
func EnterReclaimed[P Permission](m Membership) (To[P], error) {
	if !m.rights.Owner || m.rights.Visiting {
		return To[P]{}, denied(NameOf[P]())
	}
	return To[P]{scope: m.scope()}, nil
}
