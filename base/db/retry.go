package db

import (
	"context"
	"math/rand/v2"
	"time"
)

// giveUp is how long something is tried again: long enough for a switch-over
// that was planned, short enough for a person to wait.
const giveUp = 4 * time.Second

// A retry counts the tries of one transaction or statement. It goes by the
// machine's time: the database's clock may stand still.
type retry struct {
	since time.Time // the first failure
	tries int
}

// wait pauses before the next try, longer each time and never twice alike. It
// is false when it is too late for one.
func (r *retry) wait(ctx context.Context) bool {
	if r.tries == 0 {
		r.since = time.Now()
	}
	r.tries++
	pause := 10 * time.Millisecond << min(r.tries-1, 5)
	pause = pause/2 + rand.N(pause/2)
	if time.Since(r.since)+pause > giveUp {
		return false
	}
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
