// Package accesstest makes what tests of other packages need of access and no
// service gives by less than a whole log in. It is imported by tests only.
package accesstest

import (
	"context"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

// Session logs a user in, in no browser, and gives the token alone.
func Session(ctx context.Context, tx *db.Tx, u id.User, remember bool, a access.Actor) (access.Token, error) {
	in, err := access.NewSession(ctx, tx, u, remember, a)
	return in.Token, err
}

// StaffSession logs a person of the staff in past both steps, as if they had set
// two-step login up. Nobody knows a code of theirs.
func StaffSession(ctx context.Context, tx *db.Tx, p access.StaffPerson) (access.Token, error) {
	t := access.NewToken()
	if err := tx.ExecOne(ctx, `UPDATE staff SET two_step_at = $1 WHERE id = $2`, tx.Now(), p.ID); err != nil {
		return t, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO two_step (realm, person_id, sealed, created_at) VALUES ('staff', $1, '', $2)
		ON CONFLICT (realm, person_id) DO NOTHING`, p.ID, tx.Now()); err != nil {
		return t, err
	}
	return t, tx.ExecOne(ctx, `INSERT INTO staff_sessions (token_hash, id, staff_id, agent, ip, created_at, seen_at) VALUES ($1, $2, $3, '', '', $4, $4)`,
		t.Hash(), db.NewID[access.StaffSession](tx), p.ID, tx.Now())
}
