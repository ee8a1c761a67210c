package job

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// first and second are work of two lanes.
type first struct{ N int }

func (first) Kind() string { return "test.first" }

type second struct{ N int }

func (second) Kind() string { return "test.second" }

// paced are jobs whose two lanes share a pace, and what they did, in order.
func paced(d *db.DB, every *atomic.Int64, did func(string)) *Jobs {
	j := newJobs(d)
	OnLane(j, "one", 4, func(context.Context, first) error { did("first"); return nil })
	OnLane(j, "two", 4, func(context.Context, second) error { did("second"); return nil })
	Paced(j, "test", func(context.Context) time.Duration { return time.Duration(every.Load()) }, "one", "two")
	return j
}

func TestAPaceLetsOneBeginAtATimeAndTheFirstLaneFirst(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var every atomic.Int64
		every.Store(int64(10 * time.Second))
		var done []string
		j := paced(d, &every, func(s string) { done = append(done, s) })
		clock := dbtest.Clock(d)
		for n := range 3 {
			enqueue(t, j, second{n})
		}
		drain(t, j)
		drain(t, j)
		enqueue(t, j, first{})
		clock.Add(10*time.Second - time.Microsecond)
		drain(t, j)
		if len(done) != 1 || done[0] != "second" {
			t.Fatalf("within the first stretch: %q", done)
		}
		clock.Add(time.Microsecond)
		drain(t, j)
		if len(done) != 2 || done[1] != "first" {
			t.Fatalf("what goes first did not: %q", done)
		}
		clock.Add(time.Hour) // time that nothing began in is not saved up
		drain(t, j)
		if len(done) != 3 {
			t.Fatalf("after a while without work: %q", done)
		}
		every.Store(0)
		drain(t, j)
		if len(done) != 4 {
			t.Fatalf("without a pace: %q", done)
		}
	})
}

func TestAShorterStretchAndAClockThatWasPutBackCountAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var every atomic.Int64
		every.Store(int64(time.Hour))
		n := 0
		j := paced(d, &every, func(string) { n++ })
		for range 3 {
			enqueue(t, j, second{})
		}
		drain(t, j)
		every.Store(int64(time.Second))
		drain(t, j)
		if n != 2 {
			t.Fatalf("%d began", n)
		}
		dbtest.Clock(d).Add(-24 * time.Hour)
		enqueue(t, j, second{})
		drain(t, j)
		if n != 3 {
			t.Fatalf("%d began after the clock was put back", n)
		}
	})
}

// Three processes on one database begin no more than the pace lets one.
func TestProcessesShareAPace(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var every atomic.Int64
		every.Store(int64(time.Minute))
		var mu sync.Mutex
		n := 0
		var all []*Jobs
		for range 3 {
			all = append(all, paced(d, &every, func(string) { mu.Lock(); n++; mu.Unlock() }))
		}
		for range 20 {
			enqueue(t, all[0], second{})
		}
		for _, j := range all {
			run(t, j)
		}
		begun := func() int { mu.Lock(); defer mu.Unlock(); return n }
		for minute := 1; minute <= 4; minute++ {
			eventually(t, "the next begins", func() bool { return begun() >= minute })
			time.Sleep(50 * time.Millisecond) // for what must not begin
			if got := begun(); got != minute {
				t.Fatalf("%d began in %d minutes", got, minute)
			}
			dbtest.Clock(d).Add(time.Minute)
		}
	})
}
