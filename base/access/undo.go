package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// UndoLife is how long the former address of a login can be put back.
const UndoLife = 7 * 24 * time.Hour

// NewUndo makes a link that puts the user's former address back. Earlier ones
// live on: who took a login over can't shake its person off by changing the
// address twice. While the link lives nobody else gets the address. unproved tells
// that nobody had proved it.
func NewUndo(ctx context.Context, tx *db.Tx, u id.User, former Email, unproved bool) (Token, error) {
	t := NewToken()
	return t, tx.ExecOne(ctx, `INSERT INTO user_tokens (token_hash, user_id, kind, email, email_key, created_at, expires_at, unproved)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		t.Hash(), u, string(Undo), former.Typed, former.Key, tx.Now(), tx.Now().Add(UndoLife), unproved)
}

// DropUndo kills the user's undo links that are no older than a spent one: they
// would bring back what it has just undone.
func DropUndo(ctx context.Context, tx *db.Tx, spent Link) error {
	_, err := tx.Exec(ctx, `DELETE FROM user_tokens WHERE user_id = $1 AND kind = $2 AND expires_at >= $3`, spent.User, string(Undo), spent.Expires)
	return err
}

// HasUndo tells whether the user has an undo link to this address that was made at
// that time or later.
func HasUndo(ctx context.Context, q db.Querier, u id.User, former string, since time.Time) (bool, error) {
	n, err := db.One(ctx, q, scanInt, `SELECT count(*) FROM user_tokens WHERE user_id = $1 AND kind = $2 AND email = $3 AND created_at >= $4`,
		u, string(Undo), former, since)
	return n > 0, err
}

// FindLinkOf finds the user's living link of a kind, NotFound if there is none.
func FindLinkOf(ctx context.Context, q db.Querier, u id.User, kind LinkKind, now time.Time) (Link, error) {
	return db.One(ctx, q, scanLink, `SELECT user_id, email, expires_at, accounts, unproved FROM user_tokens
		WHERE user_id = $1 AND kind = $2 AND expires_at > $3 ORDER BY expires_at DESC LIMIT 1`, u, string(kind), now)
}
