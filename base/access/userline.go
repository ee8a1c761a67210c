package access

import (
	"context"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// A UserLine is a user as staff's list shows them: a row of user_lines, which
// repeats it.
type UserLine struct {
	User      id.User
	Name      string
	Email     string
	Verified  bool
	TwoStep   bool
	Disabled  bool
	Accounts  int64 // how many they are a member of
	LastLogin time.Time
	key       string // of the address
}

const userLineColumns = `l.user_id, l.name, l.email, l.verified, l.two_step, l.disabled, l.accounts, l.last_login_at, l.email_key`

func (l *UserLine) targets() []any {
	return []any{(*int64)(&l.User), &l.Name, &l.Email, &l.Verified, &l.TwoStep, &l.Disabled, &l.Accounts, db.Time(&l.LastLogin), &l.key}
}

// scanUserLines scans one line after the other into the same one.
func scanUserLines() func(db.Row) (UserLine, error) {
	var l UserLine
	targets := l.targets()
	return func(r db.Row) (UserLine, error) { err := r.Scan(targets...); return l, err }
}

// SearchUsers lists users, at most limit. Every word of the text must begin a
// word of the user's name or email address; they come by the words that were
// found, the whole one before longer ones, and without a text in the order of
// their addresses. after is what the page before gave as next, "" for the first;
// next "" = that was all. As with FindAccounts a page may be shorter before the
// last. It reads from the replica where there is one.
func SearchUsers(ctx context.Context, d *db.DB, text, after string, limit int) (users []UserLine, next string, err error) {
	return searchUsers(ctx, d.Replica(), text, after, limit)
}

func searchUsers(ctx context.Context, across db.Querier, text, after string, limit int) (users []UserLine, next string, err error) {
	spans, ok := typed(text)
	if !ok {
		return nil, "", nil
	}
	if len(spans) == 0 {
		return listByAddress(ctx, across, after, limit)
	}
	return userFiling().find(ctx, across, spans, after, limit)
}

func listByAddress(ctx context.Context, q db.Querier, after string, limit int) (found []UserLine, next string, err error) {
	found, err = db.All(ctx, q, scanUserLines(), `SELECT `+userLineColumns+` FROM user_lines l WHERE l.email_key > $1 ORDER BY l.email_key LIMIT $2`, after, limit+1)
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].key
	}
	return found, next, err
}

func insertUserLine(ctx context.Context, tx *db.Tx, u User, key string) error {
	terms := personTerms(u, key)
	err := tx.ExecOne(ctx, `INSERT INTO user_lines (user_id, name, name_key, email, email_key, verified, two_step, disabled, accounts, last_login_at, terms)
		VALUES ($1, $2, $3, $4, $5, FALSE, FALSE, FALSE, 0, 0, $6)`, u.ID, u.Name(), nameKey(u.Name()), u.Email, key, joined(terms))
	if err != nil {
		return err
	}
	return insertUserTerms(ctx, tx, u.ID, terms)
}

// lockUserLine keeps others from writing the user's line, and gives the terms that
// it has.
func lockUserLine(ctx context.Context, tx *db.Tx, u id.User) ([]string, error) {
	terms, err := db.One(ctx, tx, scanString, `UPDATE user_lines SET accounts = accounts WHERE user_id = $1 RETURNING terms`, u)
	return strings.Fields(terms), err
}

func updateUserLine(ctx context.Context, tx *db.Tx, u User, key string) error {
	_, err := tx.Exec(ctx, `UPDATE user_lines SET name = $1, email = $2, email_key = $3, verified = $4, two_step = $5, disabled = $6, terms = $7 WHERE user_id = $8`,
		u.Name(), u.Email, key, !u.Verified.IsZero(), !u.TwoStep.IsZero(), !u.Disabled.IsZero(), joined(personTerms(u, key)), u.ID)
	return err
}

// countAccount notes that the user has one account more, or with -1 fewer, and gives
// their name_key.
func countAccount(ctx context.Context, tx *db.Tx, u id.User, more int) (string, error) {
	return db.One(ctx, tx, scanString, `UPDATE user_lines SET accounts = accounts + $1 WHERE user_id = $2 RETURNING name_key`, more, u)
}
