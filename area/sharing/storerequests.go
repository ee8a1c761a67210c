package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

const requestColumns = `r.id, r.permission, r.sought, r.note, r.state, r.asked_at, r.decided_at, r.decider_name, r.reason,
	u.id, u.first_name, u.last_name, u.email, u.language, u.time_zone, u.verified_at, u.disabled_at, u.two_step_at,
	COALESCE(m.owner, FALSE), COALESCE(m.manages, FALSE), COALESCE(m.permissions, 0)`

// requested are requests of those who still have a login, with what they may do here.
const requested = ` FROM access_requests r JOIN users u ON u.id = r.user_id LEFT JOIN memberships m ON m.account_id = r.account_id AND m.user_id = r.user_id `

func scanRequest(r db.Row) (Request, error) {
	var q Request
	var set int64
	err := r.Scan(&q.ID, &q.For, &q.Sought, &q.Note, &q.State, db.Time(&q.Asked), db.Time(&q.Decided), &q.Decider, &q.Reason,
		&q.By.ID, &q.By.FirstName, &q.By.LastName, &q.By.Email, &q.By.Language, &q.By.TimeZone,
		db.Time(&q.By.Verified), db.Time(&q.By.Disabled), db.Time(&q.By.TwoStep), &q.Asker.Owner, &q.Asker.Managing, &set)
	q.Asker.Set = access.Set(set)
	return q, err
}

// findRequest finds a request.
func findRequest(ctx context.Context, q db.Querier, account id.Account, r RequestID) (Request, error) {
	return db.One(ctx, q, scanRequest, `SELECT `+requestColumns+requested+`
		WHERE r.account_id = $1 AND r.id = $2`, account, r)
}

// listRequests lists those asked since then that wait, the oldest first.
func listRequests(ctx context.Context, q db.Querier, account id.Account, since time.Time) ([]Request, error) {
	return db.All(ctx, q, scanRequest, `SELECT `+requestColumns+requested+`
		WHERE r.account_id = $1 AND r.state = 'pending' AND r.asked_at > $2 ORDER BY r.asked_at, r.id LIMIT 200`, account, since)
}

// findOpen finds a user's request for the same that waits.
func findOpen(ctx context.Context, q db.Querier, account id.Account, u id.User, slug string, since time.Time) (Request, error) {
	return db.One(ctx, q, scanRequest, `SELECT `+requestColumns+requested+`
		WHERE r.account_id = $1 AND r.user_id = $2 AND r.permission = $3 AND r.state = 'pending' AND r.asked_at > $4`, account, u, slug, since)
}

// listAsked lists a user's requests asked since then that wait, the latest first.
func listAsked(ctx context.Context, q db.Querier, account id.Account, u id.User, since time.Time) ([]Request, error) {
	return db.All(ctx, q, scanRequest, `SELECT `+requestColumns+requested+`
		WHERE r.account_id = $1 AND r.user_id = $2 AND r.state = 'pending' AND r.asked_at > $3 ORDER BY r.asked_at DESC, r.id DESC`, account, u, since)
}

func insertRequest(ctx context.Context, tx *db.Tx, account id.Account, r Request) error {
	return tx.ExecOne(ctx, `INSERT INTO access_requests (account_id, id, user_id, permission, sought, note, state, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7)`, account, r.ID, r.By.ID, r.For, r.Sought, r.Note, r.Asked)
}

// decideRequest answers a request that waits, once.
func decideRequest(ctx context.Context, tx *db.Tx, account id.Account, r Request, by access.Actor) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE access_requests SET state = $1, decided_at = $2, decided_by = $3, decider_name = $4, reason = $5
		WHERE account_id = $6 AND id = $7 AND state = 'pending' AND asked_at > $8`,
		string(r.State), tx.Now(), by.User, by.Name, r.Reason, account, r.ID, tx.Now().Add(-RequestLife))
	return n == 1, err
}

// endRequest ends a user's request for this that waits.
func endRequest(ctx context.Context, tx *db.Tx, account id.Account, u id.User, slug string) error {
	_, err := tx.Exec(ctx, `UPDATE access_requests SET state = 'ended', decided_at = $1
		WHERE account_id = $2 AND user_id = $3 AND permission = $4 AND state = 'pending'`, tx.Now(), account, u, slug)
	return err
}

// endHeld ends a user's requests that wait: for access, and for what they hold now.
func endHeld(ctx context.Context, tx *db.Tx, account id.Account, u id.User, held access.Set) error {
	args := []any{tx.Now(), account, u}
	for _, n := range access.Everything.Names() {
		slug := ""
		if held.Has(n) {
			slug = n.Slug()
		}
		args = append(args, slug)
	}
	_, err := tx.Exec(ctx, `UPDATE access_requests SET state = 'ended', decided_at = $1
		WHERE account_id = $2 AND user_id = $3 AND state = 'pending'
		AND permission IN ('', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, args...)
	return err
}
