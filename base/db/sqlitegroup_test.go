package db

import (
	"context"
	"errors"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"atrium/base/id"
)

// first is an account to write in.
type first struct{}

func (first) Account() id.Account { return 1 }

// crowd has the writers wait for the first one's turn to end, so that they
// become one group, and gives what each got. Each has written its row before fn
// decides; the first is number 0.
func crowd(t *testing.T, d *DB, s *sqliteDB, n int, fn func(i int, tx *Tx) error, after ...func(i int, err error)) []error {
	t.Helper()
	s.writers.longest = time.Hour
	errs, begun := make([]error, n), make(chan struct{})
	var all sync.WaitGroup
	var once sync.Once
	write := func(i int) error {
		return d.Write(t.Context(), first{}, func(tx *Tx) error {
			if err := tx.ExecOne(t.Context(), `INSERT INTO t (n) VALUES ($1)`, i); err != nil {
				return err
			}
			if i == 0 {
				once.Do(func() { // it may run again
					close(begun)
					waitFor(t, s.wait(n-1))
				})
			}
			return fn(i, tx)
		})
	}
	for i := range n {
		all.Go(func() {
			if i > 0 {
				<-begun
			}
			errs[i] = write(i)
			for _, fn := range after {
				fn(i, errs[i])
			}
		})
	}
	all.Wait()
	return errs
}

// wait tells whether so many wait for the writer's turn.
func (s *sqliteDB) wait(n int) func() bool {
	return func() bool {
		s.writers.mu.Lock()
		defer s.writers.mu.Unlock()
		return len(s.writers.waiting) == n
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

func openGrouped(t *testing.T) (*DB, *sqliteDB) {
	t.Helper()
	d, s := openCached(t)
	c, err := s.writing.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.writing.give(c)
	if _, err := c.exec(`CREATE TABLE t (n BIGINT PRIMARY KEY)`, nil); err != nil {
		t.Fatal(err)
	}
	return d, s
}

// kept is how many rows a reader finds.
func kept(t *testing.T, d *DB) int64 {
	t.Helper()
	n, err := One(context.Background(), d.Auto(), func(r Row) (int64, error) {
		var n int64
		err := r.Scan(&n)
		return n, err
	}, `SELECT count(*) FROM t`)
	if err != nil {
		t.Error(err)
	}
	return n
}

func TestWritersWhoWaitAreCommittedTogether(t *testing.T) {
	d, s := openGrouped(t)
	var early atomic.Int64
	errs := crowd(t, d, s, 10, func(i int, tx *Tx) error {
		if n := kept(t, d); n != 0 {
			early.Add(n)
		}
		tx.AfterCommit(func() {
			if n := kept(t, d); n != 10 {
				t.Errorf("who hears of its commit finds %d rows", n)
			}
		})
		return nil
	})
	if err := errors.Join(errs...); err != nil || early.Load() != 0 {
		t.Errorf("%v, %d rows seen before the commit", err, early.Load())
	}
}

// On one core whoever runs gets from its request to its COMMIT before anybody else
// has queued. A busy machine may still interrupt who starts them, so there are
// several tries.
func TestWritersOfOneCoreAreCommittedTogether(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	d, s := openGrouped(t)
	const writers, tries = 16, 5
	for try := range tries {
		before := logSize(t, s)
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				if err := d.Write(t.Context(), first{}, func(tx *Tx) error {
					return tx.ExecOne(t.Context(), `INSERT INTO t (n) VALUES ($1)`, try*writers+i)
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		// A COMMIT logs two pages, of the table and of its index, each with 24 bytes.
		if logSize(t, s)-before <= 2*(4096+24) {
			return
		}
	}
	t.Errorf("%d times, %d writers who began at once were not committed at once", tries, writers)
}

func logSize(t *testing.T, s *sqliteDB) int64 {
	t.Helper()
	f, err := os.Stat(s.path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return f.Size()
}

func TestAGroupKeepsTheOthersWhenOneFails(t *testing.T) {
	mine := errors.New("mine")
	for _, failing := range []int{0, 1, 5, 9} { // in which order the others come is open
		d, s := openGrouped(t)
		errs := crowd(t, d, s, 10, func(i int, tx *Tx) error {
			if i == failing {
				tx.AfterCommit(func() { t.Error("AfterCommit of who failed") })
				return mine
			}
			return nil
		}, func(i int, err error) {
			// Who loses against another of its group sees what that one did.
			if n := kept(t, d); i == failing && i > 0 && n != 9 {
				t.Errorf("who failed finds %d rows", n)
			}
		})
		for i, err := range errs {
			if i == failing && err != mine || i != failing && err != nil {
				t.Errorf("%d failing: %d got %v", failing, i, err)
			}
		}
		if n := kept(t, d); n != 9 {
			t.Errorf("%d failing: %d are kept", failing, n)
		}
	}
}

func TestADuplicateInAGroupIsItsWritersOnly(t *testing.T) {
	d, s := openGrouped(t)
	errs := crowd(t, d, s, 6, func(i int, tx *Tx) error {
		if i == 3 {
			return tx.ExecOne(t.Context(), `INSERT INTO t (n) VALUES ($1)`, i)
		}
		return nil
	})
	for i, err := range errs {
		if (err != nil) != (i == 3) {
			t.Errorf("%d got %v", i, err)
		}
	}
	if n := kept(t, d); n != 5 {
		t.Errorf("%d are kept", n)
	}
}

func TestAGroupThatSQLiteGaveUpRunsAgain(t *testing.T) {
	d, s := openGrouped(t)
	var broken atomic.Bool
	runs := make([]atomic.Int64, 6)
	errs := crowd(t, d, s, 6, func(i int, tx *Tx) error {
		if runs[i].Add(1); i > 2 && broken.CompareAndSwap(false, true) { // as a full disk would
			if _, err := tx.s.exec(t.Context(), `ROLLBACK`, nil); err != nil {
				t.Error(err)
			}
			return errors.New("no room")
		}
		return nil
	})
	failed := 0
	for _, err := range errs {
		if err != nil {
			failed++
		}
	}
	if n := kept(t, d); failed != 1 || n != 5 {
		t.Errorf("%d failed, %d are kept: %v", failed, n, errs)
	}
	if runs[0].Load() != 2 {
		t.Errorf("the first ran %d times", runs[0].Load())
	}
}

func TestWhoGivesUpWaitingHoldsNobodyUp(t *testing.T) {
	d, s := openGrouped(t)
	gone, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	errs := crowd(t, d, s, 4, func(i int, tx *Tx) error {
		if i == 0 {
			go func() {
				left <- d.Write(gone, first{}, func(tx *Tx) error { t.Error("it came to write"); return nil })
			}()
			waitFor(t, s.wait(4))
			leave()
			if err := <-left; !errors.Is(err, context.Canceled) {
				t.Errorf("who left got %v", err)
			}
		}
		return nil
	})
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if n := kept(t, d); n != 4 {
		t.Errorf("%d are kept", n)
	}
}

func TestAPanicInAGroupIsItsWritersOnly(t *testing.T) {
	d, s := openGrouped(t)
	panicked := make(chan any, 1)
	errs := crowd(t, d, s, 5, func(i int, tx *Tx) error {
		if i != 0 {
			return nil
		}
		go func() { // one more, who waits
			defer func() { panicked <- recover() }()
			d.Write(t.Context(), first{}, func(tx *Tx) error {
				if err := tx.ExecOne(t.Context(), `INSERT INTO t (n) VALUES (99)`); err != nil {
					t.Error(err)
				}
				panic("of its own")
			})
		}()
		waitFor(t, s.wait(5))
		return nil
	})
	if err, p := errors.Join(errs...), <-panicked; err != nil || p != "of its own" {
		t.Errorf("%v, %v", err, p)
	}
	if n := kept(t, d); n != 5 {
		t.Errorf("%d are kept", n)
	}
}
