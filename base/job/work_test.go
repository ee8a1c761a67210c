package job

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

func TestTwoProcessesShareTheWorkAndDoEachJobOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		const jobs = 1000
		var mu sync.Mutex
		done := map[int]int{}
		by := map[int]int{}
		both := make(chan struct{}) // are at work; nobody ends a job before, or the quicker might do them all
		process := func(which int) *Jobs {
			j := newJobs(d)
			On(j, func(ctx context.Context, a ask) error {
				mu.Lock()
				done[a.N]++
				if by[which]++; by[which] == 1 && len(by) == 2 {
					close(both)
				}
				mu.Unlock()
				select {
				case <-both:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
			return j
		}
		one, two := process(1), process(2)
		err := write(t, d, func(tx *db.Tx) error {
			for n := range jobs {
				if err := one.Enqueue(t.Context(), tx, ask{n}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		stopOne, stopTwo := run(t, one), run(t, two)
		eventually(t, "both at work", func() bool { mu.Lock(); defer mu.Unlock(); return len(by) == 2 })
		eventually(t, "all jobs", func() bool { mu.Lock(); defer mu.Unlock(); return len(done) == jobs })
		stopOne()
		stopTwo()
		wantRows(t, d, 0)
		for n, times := range done {
			if times != 1 {
				t.Errorf("job %d was done %d times", n, times)
			}
		}
	})
}

func TestPeriodicWorkIsDoneOnceOverTwoProcesses(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var n atomic.Int64
		for range 2 {
			j := newJobs(d)
			Every(j, "test.sweep", time.Hour, func(context.Context) error { n.Add(1); return nil })
			run(t, j)
		}
		for hours := int64(1); hours <= 3; hours++ {
			eventually(t, "the sweep", func() bool { return n.Load() >= hours })
			time.Sleep(100 * time.Millisecond) // ten looks of each
			if got := n.Load(); got != hours {
				t.Fatalf("%d times in the hour %d", got, hours)
			}
			dbtest.Clock(d).Add(time.Hour)
		}
	})
}

func TestAJobWhoseProcessDiedIsTakenOver(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		dead, alive, n := newJobs(d), newJobs(d), 0
		On(dead, func(context.Context, ask) error { t.Error("the dead works"); return nil })
		On(alive, func(context.Context, ask) error { n++; return nil })
		enqueue(t, dead, ask{})
		if claims, err := dead.turn(t.Context(), dead.lanes[0], nil, 8); err != nil || len(claims) != 1 {
			t.Fatal(claims, err)
		}
		dbtest.Clock(d).Add(dead.lease - time.Microsecond)
		if drain(t, alive); n != 0 {
			t.Fatal("taken before the lease ended")
		}
		dbtest.Clock(d).Add(time.Microsecond)
		if drain(t, alive); n != 1 {
			t.Errorf("worked %d times", n)
		}
		wantRows(t, d, 0)
	})
}

func TestWhoLostTheLeaseEndsNobodyElsesClaim(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		slow, quick := newJobs(d), newJobs(d)
		for _, j := range []*Jobs{slow, quick} {
			On(j, func(context.Context, ask) error { return nil })
		}
		take := func(j *Jobs, ended ...*task) []claim {
			t.Helper()
			claims, err := j.turn(t.Context(), j.lanes[0], ended, 8)
			if err != nil {
				t.Fatal(err)
			}
			return claims
		}
		enqueue(t, slow, ask{})
		lost := take(slow)
		dbtest.Clock(d).Add(slow.lease)
		held := take(quick)
		if len(lost) != 1 || len(held) != 1 {
			t.Fatal(lost, held)
		}
		before := wantRows(t, d, 1)[0]

		take(slow, &task{claim: lost[0]})                      // done, it says
		take(slow, &task{claim: lost[0], err: Fatal(errBusy)}) // or failed
		s := shift{jobs: slow, running: map[*task]bool{{claim: lost[0], cancel: func() {}}: true}}
		if err := s.renew(t.Context()); err != nil { // or still at it
			t.Fatal(err)
		}
		if after := wantRows(t, d, 1)[0]; after != before {
			t.Errorf("the row became %+v, was %+v", after, before)
		}
		take(quick, &task{claim: held[0]})
		wantRows(t, d, 0)
	})
}

func TestLongWorkKeepsItsLease(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var begun atomic.Int64
		free := make(chan struct{})
		for n := range 2 {
			j := newJobs(d)
			j.lease = 600 * time.Millisecond
			On(j, func(context.Context, ask) error { begun.Add(1); <-free; return nil })
			if n == 0 {
				enqueue(t, j, ask{})
			}
			run(t, j)
		}
		eventually(t, "the job", func() bool { return begun.Load() == 1 })
		for range 30 { // the clock goes on for several leases, never a whole one at a time
			time.Sleep(60 * time.Millisecond)
			dbtest.Clock(d).Add(60 * time.Millisecond)
		}
		if begun.Load() != 1 {
			t.Errorf("begun %d times", begun.Load())
		}
		close(free)
		eventually(t, "the end", func() bool { return len(rows(t, d)) == 0 })
	})
}

// The clock jumped, or the machine slept: the lease has run out, but the work is
// in hand.
func TestAProcessDoesNotTakeItsOwnWorkTwice(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		var begun atomic.Int64
		free := make(chan struct{})
		On(j, func(ctx context.Context, _ ask) error { begun.Add(1); <-free; return ctx.Err() })
		enqueue(t, j, ask{})
		run(t, j)
		eventually(t, "the job", func() bool { return begun.Load() == 1 })
		dbtest.Clock(d).Add(8 * 24 * time.Hour)
		eventually(t, "the second claim", func() bool { return rows(t, d)[0].attempt == 2 })
		close(free)
		eventually(t, "the end", func() bool { return len(rows(t, d)) == 0 })
		if begun.Load() != 1 {
			t.Errorf("begun %d times", begun.Load())
		}
	})
}

func TestWorkWhoseLeaseWasLostIsToldToStop(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		j.lease = 30 * time.Millisecond
		told := make(chan error, 1)
		On(j, func(ctx context.Context, _ ask) error {
			err := write(t, d, func(tx *db.Tx) error { // another took it
				_, err := tx.Exec(ctx, `UPDATE jobs SET attempt = attempt + 1, run_at = run_at + 3600000000`)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			<-ctx.Done()
			told <- ctx.Err()
			return nil
		})
		enqueue(t, j, ask{})
		run(t, j)
		select {
		case <-told:
		case <-time.After(10 * time.Second):
			t.Fatal("nobody told it")
		}
	})
}

func TestStoppingFinishesWhatIsInHand(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		var begun, done atomic.Int64
		free := make(chan struct{})
		On(j, func(ctx context.Context, _ ask) error {
			begun.Add(1)
			<-free
			done.Add(1)
			return ctx.Err()
		})
		for n := range mainWorkers + 3 {
			enqueue(t, j, ask{n})
		}
		stop := run(t, j)
		eventually(t, "the workers", func() bool { return begun.Load() == mainWorkers })
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		select {
		case <-stopped:
			t.Fatal("stopped with jobs in hand")
		case <-time.After(50 * time.Millisecond):
		}
		close(free)
		<-stopped
		if begun.Load() != mainWorkers || done.Load() != mainWorkers {
			t.Errorf("%d begun, %d done", begun.Load(), done.Load())
		}
		for _, r := range wantRows(t, d, 3) {
			if r.attempt != 0 {
				t.Errorf("%+v", r)
			}
		}
	})
}

func TestStoppingDoesNotWaitForever(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		j.grace = 20 * time.Millisecond
		begun := make(chan struct{})
		On(j, func(ctx context.Context, _ ask) error { close(begun); <-ctx.Done(); return ctx.Err() })
		enqueue(t, j, ask{})
		stop := run(t, j)
		<-begun
		stop()
		// Its lease ends by itself, then another process has it.
		wantRows(t, d, 1)
	})
}

func TestAPanicStopsNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		var done atomic.Int64
		On(j, func(_ context.Context, a ask) error {
			if a.N%2 == 0 {
				panic(fmt.Sprint("even ", a.N))
			}
			done.Add(1)
			return nil
		})
		for n := range 20 {
			enqueue(t, j, ask{n})
		}
		run(t, j)
		eventually(t, "all", func() bool {
			sick := 0
			for _, r := range rows(t, d) {
				if strings.HasPrefix(r.error, "panic: even ") {
					sick++
				}
			}
			return sick == 10 && done.Load() == 10
		})
	})
}

func TestASlowLaneHoldsUpNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		var side atomic.Int64
		done, free := make(chan struct{}), make(chan struct{})
		OnLane(j, "side", 2, func(context.Context, told) error { side.Add(1); <-free; return nil })
		On(j, func(context.Context, ask) error { close(done); return nil })
		for range 50 {
			enqueue(t, j, told{})
		}
		run(t, j)
		eventually(t, "the slow ones", func() bool { return side.Load() == 2 })
		enqueue(t, j, ask{})
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Fatal("held up")
		}
		if n := side.Load(); n != 2 {
			t.Errorf("%d at once", n)
		}
		close(free)
		eventually(t, "the rest", func() bool { return len(rows(t, d)) == 0 })
	})
}

// A job is begun when its transaction commits, not at the next look.
func TestACommitWakesTheWorkers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		j.poll = time.Hour
		done := make(chan struct{}, 1)
		On(j, func(context.Context, ask) error { done <- struct{}{}; return nil })
		run(t, j)
		for range 20 {
			enqueue(t, j, ask{})
			select {
			case <-done:
			case <-time.After(10 * time.Second):
				t.Fatal("nobody woke")
			}
		}
	})
}

func TestIdleNeverTakesTheWriter(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			var looks, writes atomic.Int64
			d := dbtest.Open(t, engine, schemas(), func(o *db.Options) {
				o.Trace = func(sql string, _ bool) {
					if strings.HasPrefix(strings.TrimSpace(sql), "SELECT") {
						looks.Add(1)
					} else {
						writes.Add(1)
					}
				}
			})
			j := newJobs(d)
			j.poll = time.Millisecond
			On(j, func(context.Context, ask) error { return nil })
			Every(j, "test.sweep", time.Hour, func(context.Context) error { return nil })
			enqueue(t, j, ask{}, At(d.Clock().Now().Add(time.Hour)))
			drain(t, j)
			run(t, j)
			eventually(t, "a look", func() bool { return looks.Load() > 0 })
			time.Sleep(20 * time.Millisecond)
			looks.Store(0)
			writes.Store(0)
			// The writer is ours for as long as it takes to look often: on SQLite
			// whoever wanted it would wait here.
			err := write(t, d, func(*db.Tx) error {
				eventually(t, "ten looks", func() bool { return looks.Load() >= 10 })
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if n := writes.Load(); n != 0 {
				t.Errorf("%d statements besides the looks", n)
			}
		})
	}
}

// While the database does not answer, outcomes are kept and written later.
func TestOutcomesSurviveADatabaseThatIsAway(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			d := dbtest.Open(t, engine, schemas())
			j := newJobs(d)
			var n atomic.Int64
			begun, free := make(chan struct{}), make(chan struct{})
			On(j, func(context.Context, ask) error { n.Add(1); close(begun); <-free; return nil })
			enqueue(t, j, ask{})
			away := func(name, to string) {
				t.Helper()
				err := write(t, d, func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), `ALTER TABLE `+name+` RENAME TO `+to)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			run(t, j)
			<-begun
			away("jobs", "elsewhere")
			close(free)
			time.Sleep(100 * time.Millisecond)
			away("elsewhere", "jobs")
			eventually(t, "the outcome", func() bool { return len(rows(t, d)) == 0 })
			if n.Load() != 1 {
				t.Errorf("worked %d times", n.Load())
			}
		})
	}
}

func TestRunWithoutADatabaseEndsWhenTold(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		Every(j, "test.sweep", time.Hour, func(context.Context) error { return nil })
		err := write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `DROP TABLE jobs`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Drain(t.Context()); err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("Drain gave %v", err)
		}
		stop := run(t, j)
		time.Sleep(50 * time.Millisecond)
		stop()
	})
}
