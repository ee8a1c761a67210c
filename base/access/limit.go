package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/fault"
)

// A Limit is how often something may be done in a stretch of time. It is
// counted in the database, so that it holds over all processes.
type Limit struct {
	Name   string
	Most   int64
	Per    time.Duration
	Public string // the sentence when it is reached; a verb in it is the wait in minutes
}

type window struct {
	started time.Time
	count   int64
}

func scanWindow(r db.Row) (window, error) {
	var w window
	err := r.Scan(db.Time(&w.started), &w.count)
	return w, err
}

// Count counts one try under key, and answers TooMany when there were too many.
// It commits by itself: a try counts whether or not what follows succeeds.
func (l Limit) Count(ctx context.Context, d *db.DB, key string) error {
	var w window
	err := d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) (err error) {
		w, err = l.count(ctx, tx, key)
		return err
	})
	if err != nil {
		return err
	}
	return l.verdict(w, d.Clock().Now())
}

// CountIn counts inside a transaction: what is rolled back does not count.
func (l Limit) CountIn(ctx context.Context, tx *db.Tx, key string) error {
	w, err := l.count(ctx, tx, key)
	if err != nil {
		return err
	}
	return l.verdict(w, tx.Now())
}

// reached is what Count would answer to one try more. It counts nothing.
func (l Limit) reached(ctx context.Context, q db.Querier, key string, now time.Time) error {
	w, err := db.One(ctx, q, scanWindow, `SELECT started_at, count FROM limits WHERE name = $1`, l.row(key))
	if fault.Is(err, fault.NotFound) || err == nil && (!w.started.After(now.Add(-l.Per)) || w.started.After(now.Add(l.Per))) {
		return nil
	}
	if err != nil {
		return err
	}
	w.count++
	return l.verdict(w, now)
}

// count begins a new window when the old one is over: also when it began in the
// far future, because the clock was put back since.
func (l Limit) count(ctx context.Context, tx *db.Tx, key string) (window, error) {
	now := tx.Now()
	return db.One(ctx, tx, scanWindow, `INSERT INTO limits (name, started_at, count) VALUES ($1, $2, 1)
		ON CONFLICT (name) DO UPDATE SET
			count = CASE WHEN limits.started_at <= $3 OR limits.started_at > $4 THEN 1 ELSE limits.count + 1 END,
			started_at = CASE WHEN limits.started_at <= $3 OR limits.started_at > $4 THEN $2 ELSE limits.started_at END
		RETURNING started_at, count`, l.row(key), now, now.Add(-l.Per), now.Add(l.Per))
}

func (l Limit) verdict(w window, now time.Time) error {
	if w.count <= l.Most {
		return nil
	}
	wait := w.started.Add(l.Per).Sub(now)
	var args []any
	if strings.Contains(l.Public, "%") {
		args = append(args, int((wait+time.Minute-1)/time.Minute)) // rounded up
	}
	return fault.TooManyf(wait, l.Public, args...).WithCode("limit." + l.Name)
}

// Reset forgets what was counted under key: a success clears the failures.
func (l Limit) Reset(ctx context.Context, tx *db.Tx, key string) error {
	_, err := tx.Exec(ctx, `DELETE FROM limits WHERE name = $1`, l.row(key))
	return err
}

// row hashes the key: emails and addresses of browsers are no business of this table.
func (l Limit) row(key string) string {
	sum := sha256.Sum256([]byte(key))
	return l.Name + ":" + hex.EncodeToString(sum[:12])
}
