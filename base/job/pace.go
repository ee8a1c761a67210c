package job

import (
	"context"
	"time"

	"atrium/base/db"
)

// A pace is how fast the jobs of its lanes begin, over all processes: one every
// so often. It is a row, so that processes share it.
type pace struct {
	name  string
	lanes []string // those named first go first
	every func(context.Context) time.Duration
}

// Paced lets the jobs of these lanes begin no faster than one in every stretch
// that every names; 0 is as fast as they can. It is asked each time before work
// is looked for, and so it must be quick. While jobs of a lane are due, none of
// the lanes named after it begins.
func Paced(j *Jobs, name string, every func(context.Context) time.Duration, lanes ...string) {
	p := &pace{name, lanes, every}
	for _, l := range lanes {
		j.lane(l, mainWorkers).pace = p
	}
}

// room is how many of the workers that are free may be given work, and at which
// pace; 0 is as fast as they can.
func (j *Jobs) room(ctx context.Context, l *lane, free int) (int, time.Duration, error) {
	if free <= 0 || l.open != nil && !l.open(ctx) {
		return 0, 0, nil
	}
	every := l.every(ctx)
	if every <= 0 {
		return free, 0, nil
	}
	may, err := j.mayBegin(ctx, l, every)
	if !may {
		free = 0
	}
	return free, every, err
}

// every is how long it takes at least from one job of the lane to the next.
func (l *lane) every(ctx context.Context) time.Duration {
	if l.pace == nil {
		return 0
	}
	return l.pace.every(ctx)
}

// unpaced tells whether a worker may go on with the lane's next job by itself.
func (l *lane) unpaced(ctx context.Context) bool {
	return (l.open == nil || l.open(ctx)) && l.every(ctx) <= 0
}

// mayBegin tells whether a lane's next job may begin now. It only reads. When
// it may a little later, the lane is looked at again then.
func (j *Jobs) mayBegin(ctx context.Context, l *lane, every time.Duration) (bool, error) {
	now := j.db.Clock().Now()
	wait, err := findWait(ctx, j.db.Auto(), l.pace.name, now, every)
	if err != nil {
		return false, err
	}
	if wait > 0 {
		l.ringIn(wait)
		return false, nil
	}
	for _, before := range l.pace.lanes {
		if before == l.name {
			return true, nil
		}
		due, err := findDue(ctx, j.db.Auto(), before, now)
		if err != nil || due {
			l.ringIn(every)
			return false, err
		}
	}
	return true, nil
}

// claimPaced claims one job if it may begin now. The pace's row is locked first:
// of several processes one goes on.
func (j *Jobs) claimPaced(ctx context.Context, tx *db.Tx, l *lane, every time.Duration) ([]claim, error) {
	free, err := updatePace(ctx, tx, l.pace.name, tx.Now(), every)
	if err != nil || !free {
		return nil, err
	}
	claims, err := updateClaim(ctx, tx, j.claim, l.name, 1, j.lease)
	if err == nil && len(claims) > 0 {
		_, err = updatePace(ctx, tx, l.pace.name, tx.Now().Add(every), every)
	}
	return claims, err
}

// findWait is how long it is until a pace lets the next begin. A time beyond the
// stretch was written by a clock that has been put back since, or for a stretch
// that was longer.
func findWait(ctx context.Context, q db.Querier, name string, now time.Time, every time.Duration) (time.Duration, error) {
	list, err := db.All(ctx, q, scanTime,
		`SELECT next_at FROM paces WHERE name = $1`, name)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	if wait := list[0].Sub(now); wait <= every {
		return wait, nil
	}
	return 0, nil
}

// updatePace moves the time from which on the next may begin to next, unless it
// is still to come.
func updatePace(ctx context.Context, tx *db.Tx, name string, next time.Time, every time.Duration) (free bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO paces (name, next_at) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at WHERE paces.next_at <= $3 OR paces.next_at > $4`,
		name, next, tx.Now(), tx.Now().Add(every))
	return n == 1, err
}

func scanTime(r db.Row) (time.Time, error) {
	var t time.Time
	err := r.Scan(db.Time(&t))
	return t, err
}
