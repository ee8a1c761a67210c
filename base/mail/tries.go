package mail

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// A Try is one handing over of a mail that did not succeed.
type Try struct {
	At     time.Time
	Answer string // what the mail server, or the way there, said
}

// mostTries is how many Tries gives at most: in three days there are about
// eighty.
const mostTries = 200

// Tries lists the tries of a mail that did not succeed, the latest first.
func Tries(ctx context.Context, q db.Querier, account id.Account, key ID) ([]Try, error) {
	return db.All(ctx, q, scanTry,
		`SELECT tried_at, answer FROM email_tries WHERE account_id = $1 AND email_id = $2 ORDER BY n DESC LIMIT $3`, account, key, mostTries)
}

// insertTry notes the try that the mail has just counted.
func insertTry(ctx context.Context, tx *db.Tx, p place, answer string) error {
	_, err := tx.Exec(ctx, `INSERT INTO email_tries (account_id, email_id, n, tried_at, answer)
		SELECT account_id, id, attempts, $3, $4 FROM emails WHERE account_id = $1 AND id = $2`, p.account, p.id, tx.Now(), answer)
	return err
}

func scanTry(r db.Row) (Try, error) {
	var t Try
	err := r.Scan(db.Time(&t.At), &t.Answer)
	return t, err
}
