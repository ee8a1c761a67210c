package mail

import (
	"context"

	"atrium/base/db"
	"atrium/base/id"
)

// A Posted is a mail among those of all accounts.
type Posted struct {
	Message
	AccountName string // "": of no account, or of one that was deleted
}

// A Mark is a mail's place among those of all accounts.
type Mark struct {
	ID      ID
	Account id.Account
}

// Mark is the mail's place.
func (m Message) Mark() Mark { return Mark{m.ID, m.Account} }

// Across lists the mails of all accounts without their bodies, the latest
// first: those in a state, which is Failed, Queued or "" for any, before a mark,
// which is zero for the latest.
func Across(ctx context.Context, d *db.DB, s State, before Mark, limit int) ([]Posted, error) {
	before.ID = first(before.ID)
	return across(ctx, d.Across(), Filter{State: s}.inState(), before, 0, limit)
}

// across lists those before a mark, and from an id on.
func across(ctx context.Context, q db.Querier, which string, before Mark, from ID, limit int) ([]Posted, error) {
	return db.All(ctx, q, scanPosted, `SELECT e.*, COALESCE(a.name, '') FROM (SELECT `+headColumns+` FROM emails
			WHERE id <= $1 AND (id < $1 OR account_id < $2) AND id >= $3`+which+` ORDER BY id DESC, account_id DESC LIMIT $4) AS e
		LEFT JOIN accounts a ON a.account_id = e.account_id ORDER BY e.id DESC, e.account_id DESC`, before.ID, before.Account, from, limit)
}

func scanPosted(r db.Row) (Posted, error) {
	var p Posted
	err := r.Scan(append(head(&p.Message), &p.AccountName)...)
	return p, err
}

// Count tells how many mails of all accounts are in a state, Failed or Queued,
// and stops at most.
func Count(ctx context.Context, d *db.DB, s State, most int64) (int64, error) {
	which := `state = 'queued'`
	if s == Failed {
		which = `state = 'failed'`
	}
	return db.One(ctx, d.Across(), func(r db.Row) (n int64, err error) { err = r.Scan(&n); return n, err },
		`SELECT count(*) FROM (SELECT id FROM emails WHERE `+which+` LIMIT $1) AS these`, most)
}

// Sends tells whether there is a mail server: without one, mails wait.
func (m *Mail) Sends() bool { return m.smtp != nil }
