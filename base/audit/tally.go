package audit

import (
	"context"
	"strconv"
	"strings"
	"time"

	"atrium/base/db"
)

// How often things are done is counted by day, once the day is over, from the
// index by action: so no writer of the audit does anything for it. A counter
// that each of them raised in its own transaction would be one row that all
// accounts queue behind on PostgreSQL, for as long as each takes to commit. What
// is not counted yet, a day and an hour at most, is read as it is asked for.

const (
	day = 24 * time.Hour
	// late is how long after a day its last transactions may still commit.
	late = time.Hour
)

// CountDays counts how often each of the actions was done on days that are over
// and not counted yet. A day that was counted never changes, so it may be done
// again, and by two at once.
func CountDays(ctx context.Context, d *db.DB, actions []string) error {
	for _, action := range actions {
		for {
			more, err := countDays(ctx, d, action)
			if err != nil {
				return err
			}
			if !more {
				break
			}
		}
	}
	return nil
}

// mostDays is how many days one transaction writes.
const mostDays = 31

func countDays(ctx context.Context, d *db.DB, action string) (more bool, err error) {
	from, err := db.One(ctx, d.Across(), scanTime, `SELECT COALESCE((SELECT max(day) + $2 FROM tallies WHERE action = $1),
		(SELECT min(at) FROM audit WHERE action = $1), 0)`, action, day.Microseconds())
	if err != nil || from.IsZero() {
		return false, err
	}
	end := d.Clock().Now().Add(-late).UTC().Truncate(day)
	var counts []dayCount
	for from = from.UTC().Truncate(day); from.Before(end) && len(counts) < mostDays; from = from.Add(day) {
		n, err := db.One(ctx, d.Across(), scanInt, `SELECT count(*) FROM audit WHERE action = $1 AND at >= $2 AND at < $3`, action, from, from.Add(day))
		if err != nil {
			return false, err
		}
		counts = append(counts, dayCount{action, from, n})
	}
	if len(counts) == 0 {
		return false, nil
	}
	return true, d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		for _, c := range counts {
			if _, err := tx.Exec(ctx, `INSERT INTO tallies (action, day, count) VALUES ($1, $2, $3) ON CONFLICT (action, day) DO NOTHING`, c.action, c.day, c.count); err != nil {
				return err
			}
		}
		return nil
	})
}

type dayCount struct {
	action string
	day    time.Time
	count  int64
}

// ByMonth tells how often each of the actions was done in each of the last n
// months in UTC, the present one last, and when the first of them began. It reads
// from the replica where there is one.
func ByMonth(ctx context.Context, d *db.DB, actions []string, n int) (first time.Time, counts map[string][]int64, err error) {
	y, m, _ := d.Clock().Now().UTC().Date()
	first = time.Date(y, m-time.Month(n-1), 1, 0, 0, 0, 0, time.UTC)
	counts = map[string][]int64{}
	next := map[string]time.Time{} // of each action the first day not counted
	for _, a := range actions {
		counts[a], next[a] = make([]int64, n), first
	}
	replica := d.Replica()
	in, args := list(actions, first)
	counted, err := db.All(ctx, replica, scanDayCount, `SELECT action, day, count FROM tallies WHERE day >= $1 AND action IN (`+in+`)`, args...)
	if err != nil {
		return first, nil, err
	}
	for _, c := range counted {
		counts[c.action][month(first, c.day)] += c.count
		if !c.day.Before(next[c.action]) {
			next[c.action] = c.day.Add(day)
		}
	}
	since := d.Clock().Now()
	for _, t := range next {
		if t.Before(since) {
			since = t
		}
	}
	in, args = list(actions, since, day.Microseconds())
	rest, err := db.All(ctx, replica, scanDayCount, `SELECT action, at / $2 * $2, count(*) FROM audit WHERE action IN (`+in+`) AND at >= $1
		GROUP BY action, at / $2`, args...)
	for _, c := range rest {
		if at := month(first, c.day); !c.day.Before(next[c.action]) && at < n {
			counts[c.action][at] += c.count
		}
	}
	return first, counts, err
}

// list is the actions as arguments after those given.
func list(actions []string, args ...any) (string, []any) {
	var in []string
	for _, a := range actions {
		args = append(args, a)
		in = append(in, "$"+strconv.Itoa(len(args)))
	}
	return strings.Join(in, ", "), args
}

// month is how many months after first a day is.
func month(first, day time.Time) int {
	y, m, _ := day.UTC().Date()
	return (y-first.Year())*12 + int(m-first.Month())
}

func scanDayCount(r db.Row) (dayCount, error) {
	var c dayCount
	err := r.Scan(&c.action, db.Time(&c.day), &c.count)
	return c, err
}

func scanInt(r db.Row) (int64, error) {
	var n int64
	err := r.Scan(&n)
	return n, err
}

func scanTime(r db.Row) (time.Time, error) {
	var t time.Time
	err := r.Scan(db.Time(&t))
	return t, err
}
