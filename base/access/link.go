package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// LinkKind is what a user's one-time link is for.
type LinkKind string

// The kinds.
const (
	Reset    LinkKind = "reset"  // sets a new password
	Proving  LinkKind = "verify" // proves the login's email address
	Changing LinkKind = "change" // proves the address that is to become the login's
	Undo     LinkKind = "undo"   // puts the former email address back
)

// A Link is what a genuine, living one-time link of a user says.
type Link struct {
	User    id.User
	Email   string // the address it was sent to, or that it puts back
	Expires time.Time
	// Accounts tells of a link of the kind Changing that the accounts whose address is
	// the login's change with it.
	Accounts bool
	// Unproved tells of a link of the kind Undo that nobody had proved the address.
	Unproved bool
}

// NewLink makes a one-time link's token, valid for life. Earlier ones of the
// same kind die. For Undo, see NewUndo.
func NewLink(ctx context.Context, tx *db.Tx, u id.User, kind LinkKind, email string, life time.Duration) (Token, error) {
	if err := DropLinks(ctx, tx, u, kind); err != nil {
		return Token{}, err
	}
	t := NewToken()
	return t, tx.ExecOne(ctx, `INSERT INTO user_tokens (token_hash, user_id, kind, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		t.Hash(), u, string(kind), email, tx.Now(), tx.Now().Add(life))
}

// WithAccounts has a link of the kind Changing change the user's accounts, too.
func WithAccounts(ctx context.Context, tx *db.Tx, t Token) error {
	return tx.ExecOne(ctx, `UPDATE user_tokens SET accounts = TRUE WHERE token_hash = $1 AND kind = $2`, t.Hash(), string(Changing))
}

// DropLinks kills the user's links of a kind.
func DropLinks(ctx context.Context, tx *db.Tx, u id.User, kind LinkKind) error {
	_, err := tx.Exec(ctx, `DELETE FROM user_tokens WHERE user_id = $1 AND kind = $2`, u, string(kind))
	return err
}

func scanLink(r db.Row) (Link, error) {
	var l Link
	err := r.Scan(&l.User, &l.Email, db.Time(&l.Expires), &l.Accounts, &l.Unproved)
	return l, err
}

// FindLink finds a living link without spending it, NotFound otherwise.
func FindLink(ctx context.Context, d *db.DB, kind LinkKind, t Token) (Link, error) {
	return db.One(ctx, d.Auto(), scanLink, `SELECT user_id, email, expires_at, accounts, unproved FROM user_tokens
		WHERE token_hash = $1 AND kind = $2 AND expires_at > $3`, t.Hash(), string(kind), d.Clock().Now())
}

// SpendLink uses a link up. Of two who try, one gets NotFound.
func SpendLink(ctx context.Context, tx *db.Tx, kind LinkKind, t Token) (Link, error) {
	l, err := db.One(ctx, tx, scanLink, `DELETE FROM user_tokens WHERE token_hash = $1 AND kind = $2 AND expires_at > $3
		RETURNING user_id, email, expires_at, accounts, unproved`, t.Hash(), string(kind), tx.Now())
	if fault.Is(err, fault.NotFound) {
		return l, fault.NotFoundf("This link has expired or was already used.").WithCode("link")
	}
	return l, err
}
