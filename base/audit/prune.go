package audit

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// batch is how many rows a transaction deletes, and how many accounts a look
// finds.
const batch = 500

// keep are the actions that are never deleted: an account's opening, the
// acceptances and the approvals show that memberships came about rightly.
const keep = `('account.opened', 'invitation.accepted', 'request.approved')`

// Prune deletes what is older than before, of all accounts and of none, in small
// transactions, and tells how many rows. Account openings and acceptances stay.
func Prune(ctx context.Context, d *db.DB, before time.Time) (int64, error) {
	return d.EachAccount(ctx, `SELECT a.account_id FROM accounts a WHERE a.account_id > $1 AND EXISTS (
			SELECT 1 FROM audit u WHERE u.account_id = a.account_id AND u.at BETWEEN 1 AND $2 AND u.action NOT IN `+keep+`)
		ORDER BY a.account_id LIMIT $3`, before, batch, func(tx *db.Tx, account id.Account) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM audit WHERE account_id = $1 AND id IN (
			SELECT id FROM audit WHERE account_id = $1 AND at BETWEEN 1 AND $2 AND action NOT IN `+keep+` ORDER BY at, id LIMIT $3)`,
			account, before, batch)
	})
}
