package access

import (
	"context"
	"time"

	"atrium/base/db"
)

// FreshFor is how long somebody who has proved who they are is not asked again:
// by logging in, or by Prove.
const FreshFor = 10 * time.Minute

// Fresh tells whether the session's person proved lately who they are.
func (s Session) Fresh(now time.Time) bool { return now.Sub(s.Proved).Abs() < FreshFor }

// Prove notes that the person at the session has just proved who they are, by
// their password or a passkey. With that come more rights, so the session gets another
// token. It is NotFound if the session has ended meanwhile.
func Prove(ctx context.Context, tx *db.Tx, me Self) (Token, error) {
	t := NewToken()
	n, err := tx.Exec(ctx, `UPDATE sessions SET token_hash = $1, proved_at = $2 WHERE token_hash = $3`, t.Hash(), tx.Now(), me.Session().hash)
	if err == nil && n == 0 {
		err = loggedOut()
	}
	return t, err
}
