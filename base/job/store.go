package job

import (
	"context"
	"time"

	"atrium/base/db"
)

type entry struct {
	lane, kind, args, key string
	period                time.Duration
	due                   time.Time
}

// insertJob adds a row. Where a unique one waits already it touches that one:
// the row stays locked until this transaction ends, so that it can't be worked
// on before the change that asked for it can be seen.
func insertJob(ctx context.Context, tx *db.Tx, e entry) error {
	return tx.Later(ctx, `INSERT INTO jobs (id, lane, kind, args, unique_key, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (kind, unique_key) WHERE unique_key <> '' AND attempt = 0
		DO UPDATE SET run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END`,
		db.NewID[row](tx), e.lane, e.kind, e.args, e.key, e.due, tx.Now())
}

// findDue tells whether a lane has anything due. It is a read: looking never
// takes the writer.
func findDue(ctx context.Context, q db.Querier, lane string, now time.Time) (bool, error) {
	return db.One(ctx, q, scanBool, `SELECT EXISTS (SELECT 1 FROM jobs WHERE lane = $1 AND failed_at = 0 AND run_at <= $2)`, lane, now)
}

func scanBool(r db.Row) (bool, error) {
	var b bool
	err := r.Scan(&b)
	return b, err
}

// A claim is a row that this process holds the lease of.
type claim struct {
	id      ID
	kind    string
	args    string
	attempt int64
	tries   int64
	begun   time.Time
}

// claimSQL claims the first n due rows of a lane that no other process is
// claiming. skip is db.DB's SkipLocked.
func claimSQL(skip string) string {
	return `WITH next AS MATERIALIZED (
			SELECT id FROM jobs WHERE lane = $1 AND failed_at = 0 AND run_at <= $2 ORDER BY run_at, id LIMIT $3` + skip + `
		)
		UPDATE jobs SET run_at = $4, attempt = attempt + 1, tries = tries + 1
		WHERE id IN (SELECT id FROM next) RETURNING id, kind, args, attempt, tries`
}

func updateClaim(ctx context.Context, tx *db.Tx, sql, lane string, n int, lease time.Duration) ([]claim, error) {
	now := tx.Now()
	return db.All(ctx, tx, func(r db.Row) (claim, error) {
		c := claim{begun: now}
		err := r.Scan(&c.id, &c.kind, &c.args, &c.attempt, &c.tries)
		return c, err
	}, sql, lane, now, n, now.Add(lease))
}

// updateLease moves the end of a claim's lease. Nothing is moved when the claim
// was lost to another.
func updateLease(ctx context.Context, tx *db.Tx, c claim, until time.Time) (held bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE jobs SET run_at = $3 WHERE id = $1 AND attempt = $2`, c.id, c.attempt, until)
	return n == 1, err
}

// updateOutcome writes what became of a claim, unless it was lost to another.
func updateOutcome(ctx context.Context, tx *db.Tx, c claim, o outcome) (held bool, err error) {
	var n int64
	if o.gone {
		n, err = tx.Exec(ctx, `DELETE FROM jobs WHERE id = $1 AND attempt = $2`, c.id, c.attempt)
	} else {
		n, err = tx.Exec(ctx, `UPDATE jobs SET run_at = $3, tries = $4, failed_at = $5, error = $6 WHERE id = $1 AND attempt = $2`,
			c.id, c.attempt, o.runAt, o.tries, o.failedAt, o.error)
	}
	return n == 1, err
}

type periodic struct {
	kind   string
	period time.Duration
	runAt  time.Time
}

func listPeriodic(ctx context.Context, q db.Querier) ([]periodic, error) {
	return db.All(ctx, q, func(r db.Row) (periodic, error) {
		var p periodic
		var us int64
		err := r.Scan(&p.kind, &us, db.Time(&p.runAt))
		p.period = time.Duration(us) * time.Microsecond
		return p, err
	}, `SELECT kind, period, run_at FROM jobs WHERE period > 0`)
}

// insertPeriodic adds the row of a periodic work, due at once. A row that is
// there takes this period, and comes due within it: a clock that was ahead for
// a while must not put the work off for as long.
func insertPeriodic(ctx context.Context, tx *db.Tx, e entry) error {
	return tx.ExecOne(ctx, `INSERT INTO jobs (id, lane, kind, args, period, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (kind) WHERE period > 0
		DO UPDATE SET period = excluded.period, run_at = CASE WHEN jobs.run_at > $7 THEN $7 ELSE jobs.run_at END`,
		db.NewID[row](tx), e.lane, e.kind, e.args, e.period.Microseconds(), e.due, e.due.Add(e.period))
}

func listFailed(ctx context.Context, q db.Querier) ([]Failure, error) {
	return db.All(ctx, q, scanFailure, `SELECT id, kind, error, failed_at FROM jobs WHERE failed_at > 0 ORDER BY failed_at DESC, id DESC LIMIT 100`)
}

func findFailed(ctx context.Context, tx *db.Tx, id ID) (Failure, error) {
	return db.One(ctx, tx, scanFailure, `SELECT id, kind, error, failed_at FROM jobs WHERE id = $1 AND failed_at > 0`, id)
}

func scanFailure(r db.Row) (Failure, error) {
	var f Failure
	err := r.Scan(&f.ID, &f.Kind, &f.Error, db.Time(&f.At))
	return f, err
}

func updateRunAgain(ctx context.Context, tx *db.Tx, id ID) error {
	return tx.ExecOne(ctx, `UPDATE jobs SET run_at = $2, tries = 0, failed_at = 0, unique_key = '' WHERE id = $1 AND failed_at > 0`, id, tx.Now())
}
