package job

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// does registers a worker that notes each of its jobs in the transaction that
// ends it, as a row of another table.
func does(t *testing.T, j *Jobs, workers int, before func(context.Context, ask) error) {
	t.Helper()
	OnLane(j, "test.lane", workers, func(ctx context.Context, a ask) error {
		if err := before(ctx, a); err != nil {
			return err
		}
		return j.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
			if err := note(ctx, tx); err != nil {
				return err
			}
			return Done(ctx, tx)
		})
	})
}

// note counts in a table that these tests have no other use for.
func note(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `INSERT INTO paces (name, next_at) VALUES ('test', 1) ON CONFLICT (name) DO UPDATE SET next_at = paces.next_at + 1`)
	return err
}

func noted(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := db.One(t.Context(), d.Auto(), func(r db.Row) (n int64, err error) { err = r.Scan(&n); return n, err }, `SELECT COALESCE(max(next_at), 0) FROM paces`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func nothing(context.Context, ask) error { return nil }

func TestWorkAndItsEndAreKeptTogetherOrNotAtAll(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		fails := true
		On(j, func(ctx context.Context, _ ask) error {
			return write(t, d, func(tx *db.Tx) error {
				if err := errors.Join(note(ctx, tx), Done(ctx, tx)); err != nil || !fails {
					return err
				}
				return errBusy
			})
		})
		enqueue(t, j, ask{})
		drain(t, j)
		if row := wantRows(t, d, 1)[0]; noted(t, d) != 0 || row.tries != 1 || row.error != errBusy.Error() {
			t.Errorf("%d noted, and the row is %+v", noted(t, d), row)
		}
		fails = false
		dbtest.Clock(d).Add(time.Hour)
		drain(t, j)
		if wantRows(t, d, 0); noted(t, d) != 1 {
			t.Error("the work was not kept")
		}
	})
}

// One transaction a job: what follows the first is claimed with its end.
func TestAWorkerGoesOnWithTheNextJob(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			var claims, looks atomic.Int64
			d := dbtest.Open(t, engine, schemas(), func(o *db.Options) {
				o.Trace = func(sql string, _ bool) {
					switch {
					case strings.HasPrefix(sql, "WITH next"):
						claims.Add(1)
					case strings.HasPrefix(sql, "SELECT EXISTS"):
						looks.Add(1)
					}
				}
			})
			j := newJobs(d)
			j.poll = time.Hour
			does(t, j, 1, nothing)
			err := write(t, d, func(tx *db.Tx) (err error) {
				for n := range 20 {
					err = errors.Join(err, j.Enqueue(t.Context(), tx, ask{n}))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			run(t, j)
			eventually(t, "all", func() bool { return noted(t, d) == 20 })
			if wantRows(t, d, 0); claims.Load() != 21 || looks.Load() > 4 { // the other lane looks, too
				t.Errorf("%d claims and %d looks", claims.Load(), looks.Load())
			}
		})
	}
}

func TestAJobThatAnotherHasTakenIsLeftToIt(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		does(t, j, 1, func(ctx context.Context, _ ask) error {
			return write(t, d, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE jobs SET attempt = attempt + 1, run_at = run_at + 3600000000`)
				return err
			})
		})
		enqueue(t, j, ask{1})
		drain(t, j)
		if row := wantRows(t, d, 1)[0]; row.attempt != 2 || noted(t, d) != 1 {
			t.Errorf("the row is %+v", row)
		}
	})
}

func TestWhoIsToldToStopGoesOnWithNothing(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		begun, free := make(chan struct{}, 2), make(chan struct{})
		does(t, j, 1, func(context.Context, ask) error { begun <- struct{}{}; <-free; return nil })
		enqueue(t, j, ask{1})
		enqueue(t, j, ask{2})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- j.Run(ctx) }()
		<-begun
		cancel()
		close(free)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if row := wantRows(t, d, 1)[0]; row.attempt != 0 || noted(t, d) != 1 {
			t.Errorf("the second is %+v", row)
		}
	})
}

// A job that comes back after a while comes back then, also when it ends by Done.
func TestPeriodicWorkIsDueAgainAfterDone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		j := newJobs(d)
		Every(j, "test.often", time.Hour, func(ctx context.Context) error {
			return write(t, d, func(tx *db.Tx) error { return Done(ctx, tx) })
		})
		drain(t, j)
		if row := wantRows(t, d, 1)[0]; !row.runAt.Equal(dbtest.Clock(d).Now().Add(time.Hour)) {
			t.Errorf("it is due at %v", row.runAt)
		}
	})
}
