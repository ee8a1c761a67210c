package sharing

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// findReview finds the account's; one that has no row has had none.
func findReview(ctx context.Context, q db.Querier, account id.Account) (Review, error) {
	r, err := db.One(ctx, q, func(r db.Row) (Review, error) {
		var v Review
		err := r.Scan(db.Time(&v.At), &v.By, db.Time(&v.Reminded), &v.Muted)
		return v, err
	}, `SELECT reviewed_at, reviewer_name, reminded_at, muted FROM access_reviews WHERE account_id = $1`, account)
	if fault.Is(err, fault.NotFound) {
		return Review{}, nil
	}
	return r, err
}

func upsertReviewed(ctx context.Context, tx *db.Tx, account id.Account, by string) error {
	return tx.ExecOne(ctx, `INSERT INTO access_reviews (account_id, reviewed_at, reviewer_name) VALUES ($1, $2, $3)
		ON CONFLICT (account_id) DO UPDATE SET reviewed_at = excluded.reviewed_at, reviewer_name = excluded.reviewer_name`, account, tx.Now(), by)
}

func upsertMuted(ctx context.Context, tx *db.Tx, account id.Account, muted bool) error {
	return tx.ExecOne(ctx, `INSERT INTO access_reviews (account_id, muted) VALUES ($1, $2)
		ON CONFLICT (account_id) DO UPDATE SET muted = excluded.muted`, account, muted)
}

// listDue lists accounts after one, in the order of their numbers, that somebody
// beside the owner can reach or is invited to, and of which nothing was reviewed
// nor reminded of since.
func listDue(ctx context.Context, across db.Querier, after id.Account, since time.Time, limit int) ([]id.Account, error) {
	return db.All(ctx, across, func(r db.Row) (id.Account, error) {
		var a id.Account
		err := r.Scan(&a)
		return a, err
	}, `SELECT a.account_id FROM accounts a LEFT JOIN access_reviews r ON r.account_id = a.account_id
		WHERE a.account_id > $1 AND a.status <> 'closed' AND a.created_at <= $2
		AND COALESCE(r.reviewed_at, 0) <= $2 AND COALESCE(r.reminded_at, 0) <= $2 AND NOT COALESCE(r.muted, FALSE)
		AND (EXISTS (SELECT 1 FROM memberships m WHERE m.account_id = a.account_id AND NOT m.owner)
			OR EXISTS (SELECT 1 FROM invitations i WHERE i.account_id = a.account_id AND i.state = 'pending'))
		ORDER BY a.account_id LIMIT $3`, after, since, limit)
}

// upsertReminded notes a reminder, unless there was one or a review since then, or
// none is wanted.
func upsertReminded(ctx context.Context, tx *db.Tx, account id.Account, since time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO access_reviews (account_id, reminded_at) VALUES ($1, $2)
		ON CONFLICT (account_id) DO UPDATE SET reminded_at = excluded.reminded_at
		WHERE access_reviews.reminded_at <= $3 AND access_reviews.reviewed_at <= $3 AND NOT access_reviews.muted`, account, tx.Now(), since)
	return n == 1, err
}

// of is the account of a reminder, which nobody asks for.
type of id.Account

// Account names it to db.Write.
func (o of) Account() id.Account { return id.Account(o) }
