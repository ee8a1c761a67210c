package mail

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// batch is how many bodies a transaction empties, and how many accounts a look
// finds.
const batch = 500

// Forget empties the bodies of the mails that were written before a time, of all
// accounts and of none, in small transactions, and tells how many. What still
// waits is left. When, to whom and what became of it stay in the history.
func Forget(ctx context.Context, d *db.DB, before time.Time) (int64, error) {
	return d.EachAccount(ctx, `SELECT a.account_id FROM accounts a WHERE a.account_id > $1 AND EXISTS (
			SELECT 1 FROM emails e WHERE e.account_id = a.account_id AND e.created_at < $2 AND e.body_text <> '' AND e.state <> 'queued')
		ORDER BY a.account_id LIMIT $3`, before, batch, func(tx *db.Tx, account id.Account) (int64, error) {
		return tx.Exec(ctx, `UPDATE emails SET body_text = '', body_html = '' WHERE account_id = $1 AND id IN (
			SELECT id FROM emails WHERE account_id = $1 AND created_at < $2 AND body_text <> '' AND state <> 'queued' ORDER BY created_at LIMIT $3)`,
			account, before, batch)
	})
}
