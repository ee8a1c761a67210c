package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/fault"
)

func TestAJobIsThereOnlyIfItsTransactionCommits(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j, l := newJobs(d), &log{}
		On(j, func(_ context.Context, a ask) error { l.note(fmt.Sprint(a.N)); return nil })
		err := write(t, d, func(tx *db.Tx) error {
			if err := j.Enqueue(t.Context(), tx, ask{1}); err != nil {
				return err
			}
			return errBusy
		})
		if !errors.Is(err, errBusy) {
			t.Fatal(err)
		}
		wantRows(t, d, 0)
		enqueue(t, j, ask{2})
		drain(t, j)
		if got := l.all(); !slices.Equal(got, []string{"2"}) {
			t.Errorf("worked %v", got)
		}
		wantRows(t, d, 0)
	})
}

func TestAJobWithoutAWorkerIsRefused(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		err := write(t, d, func(tx *db.Tx) error { return j.Enqueue(t.Context(), tx, ask{}) })
		if err == nil || !strings.Contains(err.Error(), "test.ask") {
			t.Errorf("got %v", err)
		}
	})
}

func TestAKindHasOneWorker(t *testing.T) {
	j := &Jobs{workers: map[string]worker{}}
	On(j, func(context.Context, ask) error { return nil })
	defer func() {
		if recover() == nil {
			t.Error("a second worker was taken")
		}
	}()
	On(j, func(context.Context, ask) error { return nil })
}

func TestAJobWaitsForItsTimeByTheDatabasesClock(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j, n := newJobs(d), 0
		On(j, func(context.Context, ask) error { n++; return nil })
		enqueue(t, j, ask{}, At(d.Clock().Now().Add(time.Hour)))
		dbtest.Clock(d).Add(time.Hour - time.Microsecond)
		if drain(t, j); n != 0 {
			t.Fatal("worked too early")
		}
		dbtest.Clock(d).Add(time.Microsecond)
		if drain(t, j); n != 1 {
			t.Errorf("worked %d times", n)
		}
	})
}

func TestAUniqueKeyWaitsOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j, l := newJobs(d), &log{}
		again := false
		On(j, func(_ context.Context, a ask) error {
			l.note(fmt.Sprint(a.N))
			if !again {
				again = true
				// What changes while the job runs may be too late for it, so a new one is let in.
				enqueue(t, j, ask{5}, Unique("a"))
			}
			return nil
		})
		now := d.Clock().Now()
		enqueue(t, j, ask{1}, Unique("a"), At(now.Add(time.Hour)))
		enqueue(t, j, ask{2}, Unique("a"))                         // the same one, now due at once
		enqueue(t, j, ask{3}, Unique("a"), At(now.Add(time.Hour))) // the same one, no later for it
		enqueue(t, j, ask{4}, Unique("b"))
		wantRows(t, d, 2)
		drain(t, j)
		got := l.all()
		slices.Sort(got)
		if !slices.Equal(got, []string{"1", "4", "5"}) {
			t.Errorf("worked %v", got)
		}
		wantRows(t, d, 0)
	})
}

func TestAFailedTryIsRepeatedLaterAndLater(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j, n := newJobs(d), 0
		On(j, func(context.Context, ask) error {
			if n++; n < 4 {
				return errBusy
			}
			return nil
		})
		enqueue(t, j, ask{})
		for try := int64(1); try < 4; try++ {
			drain(t, j)
			r := wantRows(t, d, 1)[0]
			wait := r.runAt.Sub(d.Clock().Now())
			least := time.Duration(float64(time.Second<<try) * 0.8)
			if r.tries != try || r.error != errBusy.Error() || wait < least || wait > 2*least {
				t.Fatalf("after try %d: %+v, waits %v", try, r, wait)
			}
			dbtest.Clock(d).Add(wait - time.Microsecond)
			if drain(t, j); n != int(try) {
				t.Fatal("tried too early")
			}
			dbtest.Clock(d).Add(time.Microsecond)
		}
		drain(t, j)
		wantRows(t, d, 0)
	})
}

func TestAJobIsGivenUpAfterAboutADay(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j, n, mended := newJobs(d), 0, false
		On(j, func(context.Context, ask) error {
			n++
			if mended {
				return nil
			}
			return errBusy
		})
		enqueue(t, j, ask{}, Unique("once"))
		began := d.Clock().Now()
		for range 2 * maxTries {
			drain(t, j)
			if r := wantRows(t, d, 1)[0]; r.failedAt.IsZero() {
				dbtest.Clock(d).Set(r.runAt)
			}
		}
		if took := d.Clock().Now().Sub(began); n != maxTries || took < 12*time.Hour || took > 48*time.Hour {
			t.Errorf("%d tries in %v", n, took)
		}
		failed, err := j.Failed(t.Context())
		if err != nil || len(failed) != 1 {
			t.Fatal(failed, err)
		}
		if f := failed[0]; f.Kind != "test.ask" || f.Error != errBusy.Error() || !f.At.Equal(d.Clock().Now()) {
			t.Errorf("%+v", f)
		}

		// Another with its key does not stand in the way of running it again.
		mended = true
		enqueue(t, j, ask{}, Unique("once"))
		again := func() error {
			return write(t, d, func(tx *db.Tx) error { _, err := j.RunAgain(t.Context(), tx, failed[0].ID); return err })
		}
		if err := again(); err != nil {
			t.Fatal(err)
		}
		if err := again(); !fault.Is(err, fault.NotFound) {
			t.Errorf("what has not failed was run again: %v", err)
		}
		drain(t, j)
		wantRows(t, d, 0)
		if n != maxTries+2 {
			t.Errorf("%d tries", n)
		}
	})
}

func TestFatalGivesUpAtOnceAndAfterNever(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j, n := newJobs(d), 0
		On(j, func(context.Context, ask) error {
			if n++; n <= 3*maxTries {
				return fmt.Errorf("asking: %w", After(time.Minute, errBusy))
			}
			return fmt.Errorf("asking: %w", Fatal(errors.New("it will never\nbe ready")))
		})
		enqueue(t, j, ask{})
		for range 3 * maxTries {
			drain(t, j)
			r := wantRows(t, d, 1)[0]
			if r.tries != 0 || !r.failedAt.IsZero() || !r.runAt.Equal(d.Clock().Now().Add(time.Minute)) {
				t.Fatalf("%+v", r)
			}
			dbtest.Clock(d).Add(time.Minute)
		}
		drain(t, j)
		if r := wantRows(t, d, 1)[0]; r.failedAt.IsZero() || r.error != "asking: it will never be ready" {
			t.Errorf("%+v", r)
		}
	})
}

func TestAPanicIsAFailedTry(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		On(j, func(context.Context, ask) error { panic("no such thing") })
		enqueue(t, j, ask{})
		drain(t, j)
		if r := wantRows(t, d, 1)[0]; r.tries != 1 || r.error != "panic: no such thing" {
			t.Errorf("%+v", r)
		}
	})
}

func TestAFactIsARowForEachSubscriber(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j, l := newJobs(d), &log{}
		sick := true
		Hear(j, "one", func(_ context.Context, f told) error { l.note("one " + f.What); return nil })
		Hear(j, "two", func(_ context.Context, f told) error {
			if sick {
				return errBusy
			}
			l.note("two " + f.What)
			return nil
		})
		tell := func(fact Args) {
			t.Helper()
			if err := write(t, d, func(tx *db.Tx) error { return j.Tell(t.Context(), tx, fact) }); err != nil {
				t.Fatal(err)
			}
		}
		tell(ask{}) // nobody hears it
		wantRows(t, d, 0)
		tell(told{"rain"})
		wantRows(t, d, 2)
		drain(t, j)
		if got := l.all(); !slices.Equal(got, []string{"one rain"}) {
			t.Errorf("heard %v", got)
		}
		if r := wantRows(t, d, 1)[0]; r.kind != "test.told>two" {
			t.Errorf("%+v", r)
		}
		sick = false
		dbtest.Clock(d).Add(time.Minute)
		drain(t, j)
		if got := l.all(); !slices.Equal(got, []string{"one rain", "two rain"}) {
			t.Errorf("heard %v", got)
		}
	})
}

func TestArgumentsTravelAsTheyAre(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		var got told
		Hear(j, "x", func(_ context.Context, f told) error { got = f; return nil })
		want := told{"<ä> \"quoted\" \u2028 日本\n"}
		if err := write(t, d, func(tx *db.Tx) error { return j.Tell(t.Context(), tx, want) }); err != nil {
			t.Fatal(err)
		}
		if drain(t, j); !reflect.DeepEqual(got, want) {
			t.Errorf("got %q", got)
		}
		// What can't be read is given up, not tried for a day.
		enqueueRaw(t, j, "test.told>x", `{"What": 1}`)
		drain(t, j)
		if r := wantRows(t, d, 1)[0]; r.failedAt.IsZero() {
			t.Errorf("%+v", r)
		}
	})
}

// enqueueRaw adds a row past the checks, as another version would.
func enqueueRaw(t *testing.T, j *Jobs, kind, args string) {
	t.Helper()
	if !json.Valid([]byte(args)) {
		t.Fatal("not JSON")
	}
	err := write(t, j.db, func(tx *db.Tx) error {
		return insertJob(t.Context(), tx, entry{kind: kind, args: args, due: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAKindThisVersionDoesNotKnowIsLeftForAnother(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		older, newer, n := newJobs(d), newJobs(d), 0
		On(newer, func(context.Context, ask) error { n++; return nil })
		enqueueRaw(t, newer, "test.ask", `{}`)
		drain(t, older)
		if r := wantRows(t, d, 1)[0]; r.tries != 0 || !r.failedAt.IsZero() {
			t.Fatalf("%+v", r)
		}
		dbtest.Clock(d).Add(time.Minute)
		if drain(t, newer); n != 1 {
			t.Errorf("worked %d times", n)
		}
	})
}

func TestALaneWithoutWorkersWaits(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		closed, open, n := newJobs(d), newJobs(d), 0
		OnLane(closed, "side", 0, func(context.Context, ask) error { return nil })
		OnLane(open, "side", 1, func(context.Context, ask) error { n++; return nil })
		enqueue(t, closed, ask{})
		drain(t, closed)
		if r := wantRows(t, d, 1)[0]; r.attempt != 0 {
			t.Fatalf("%+v", r)
		}
		if drain(t, open); n != 1 {
			t.Errorf("worked %d times", n)
		}
	})
}

func TestPeriodicWorkIsOneRow(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		n, fail := 0, false
		process := func(every time.Duration) *Jobs {
			j := newJobs(d)
			Every(j, "test.sweep", every, func(context.Context) error {
				n++
				if fail {
					return errBusy
				}
				return nil
			})
			return j
		}
		a, b := process(time.Hour), process(time.Hour)
		clock := dbtest.Clock(d)
		drain(t, a)
		drain(t, b)
		if n != 1 {
			t.Fatalf("worked %d times at first", n)
		}
		clock.Add(time.Hour)
		drain(t, b)
		drain(t, a)
		if n != 2 {
			t.Fatalf("worked %d times after an hour", n)
		}

		// Failing, it is tried sooner, and never given up.
		fail = true
		for range maxTries + 5 {
			clock.Set(wantRows(t, d, 1)[0].runAt)
			drain(t, a)
			r := wantRows(t, d, 1)[0]
			if wait := r.runAt.Sub(clock.Now()); !r.failedAt.IsZero() || r.error != errBusy.Error() || wait <= 0 || wait > time.Hour {
				t.Fatalf("%+v waits %v", r, wait)
			}
		}
		fail = false
		clock.Set(wantRows(t, d, 1)[0].runAt)
		drain(t, a)
		if r := wantRows(t, d, 1)[0]; r.tries != 0 || r.error != "" || !r.runAt.Equal(clock.Now().Add(time.Hour)) {
			t.Errorf("%+v", r)
		}

		// A new version does it more often.
		n = 0
		c := process(time.Minute)
		drain(t, c)
		clock.Add(time.Minute)
		if drain(t, c); n != 1 {
			t.Errorf("worked %d times", n)
		}
		// A clock that was a week ahead does not put it off for a week.
		clock.Add(7 * 24 * time.Hour)
		drain(t, c)
		clock.Add(-7 * 24 * time.Hour)
		drain(t, process(time.Minute))
		clock.Add(time.Minute)
		if drain(t, c); n != 3 {
			t.Errorf("worked %d times", n)
		}
	})
}

func TestErrorsInRowsAreOneShortLine(t *testing.T) {
	got := words(errors.New("a\x00\r\nb\xff" + strings.Repeat("ä", 500)))
	if !strings.HasPrefix(got, "a   b ä") || len(got) > 500 || !strings.HasSuffix(got, "ä") {
		t.Errorf("%q", got)
	}
}
