package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/fault"
)

func TestAnAccountHasOneWriterAtATime(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		together(t, 40, func(int) error {
			return d.Write(t.Context(), acme, func(tx *db.Tx) error {
				n, err := balance(t.Context(), tx, acme)
				if err != nil {
					return err
				}
				return setBalance(t.Context(), tx, acme, n+1)
			})
		})
		wantBalance(t, d, acme, 40)
	})
}

func TestAUserHasOneWriterAtATime(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		seen := func(q db.Querier) (int64, error) {
			return db.One(t.Context(), q, scan[int64], `SELECT seen FROM users WHERE id = $1`, 1)
		}
		together(t, 40, func(i int) error {
			add := func(tx *db.Tx) error {
				n, err := seen(tx)
				if err != nil {
					return err
				}
				return tx.ExecOne(t.Context(), `UPDATE users SET seen = $2 WHERE id = $1`, 1, n+1)
			}
			if i%2 == 0 {
				return d.WriteGlobal(t.Context(), db.LockUser(1), add)
			}
			return d.Write(t.Context(), bolt, add, db.LockUser(1))
		})
		if n, err := seen(d.Auto()); n != 40 || err != nil {
			t.Error(n, err)
		}
	})
}

func TestAccountsDoNotWaitForEachOtherOnPostgreSQL(t *testing.T) {
	d := dbtest.Open(t, dbtest.Postgres, schemas())
	seed(t, d)
	err := d.Write(t.Context(), acme, func(*db.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		return d.Write(ctx, bolt, func(tx *db.Tx) error { return setBalance(ctx, tx, bolt, 1) })
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAnErrorKeepsNothing(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		mine := errors.New("mine")
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			tx.AfterCommit(func() { t.Error("AfterCommit ran") })
			if err := setBalance(t.Context(), tx, acme, 5); err != nil {
				return err
			}
			return mine
		})
		if err != mine {
			t.Error(err)
		}
		wantBalance(t, d, acme, 0)
	})
}

func TestAPanicKeepsNothingAndFreesTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			d.Write(t.Context(), acme, func(tx *db.Tx) error {
				if err := setBalance(t.Context(), tx, acme, 5); err != nil {
					t.Error(err)
				}
				panic("mine")
			})
		}()
		wantBalance(t, d, acme, 0)
		if err := d.Write(t.Context(), acme, func(tx *db.Tx) error { return setBalance(t.Context(), tx, acme, 1) }); err != nil {
			t.Error(err)
		}
	})
}

func TestAfterAFailedStatementTheTransactionIsLost(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			if err := setBalance(t.Context(), tx, acme, 5); err != nil {
				return err
			}
			if err := setBalance(t.Context(), tx, acme, -1); err == nil {
				t.Error("a negative balance")
			}
			if err := setBalance(t.Context(), tx, acme, 6); err == nil {
				t.Error("a statement ran after one that failed")
			}
			return nil
		})
		wantKind(t, err, fault.Internal)
		wantBalance(t, d, acme, 0)
	})
}

func TestNoRowDoesNotLoseTheTransaction(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			wantKind(t, setBalance(t.Context(), tx, 99999, 1), fault.NotFound)
			_, err := balance(t.Context(), tx, 99999)
			wantKind(t, err, fault.NotFound)
			return setBalance(t.Context(), tx, acme, 5)
		})
		if err != nil {
			t.Error(err)
		}
		wantBalance(t, d, acme, 5)
	})
}

func TestAfterCommitRunsOnceWhenTheRowsAreThere(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		runs, order := 0, ""
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			runs++
			tx.AfterCommit(func() { order += "a"; wantBalance(t, d, acme, 5) })
			tx.AfterCommit(func() { order += "b" })
			if err := setBalance(t.Context(), tx, acme, 5); err != nil {
				return err
			}
			if runs == 1 { // a fresh id that another process made too
				_, err := tx.Exec(t.Context(), `INSERT INTO users (id, email) VALUES (1, 'x')`)
				return err
			}
			return nil
		})
		if err != nil || order != "ab" {
			t.Error(order, err)
		}
	})
}

func TestADuplicateKeyRunsOnceMore(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		runs := 0
		err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
			runs++
			_, err := tx.Exec(t.Context(), `INSERT INTO users (id, email) VALUES ($1, 'ann@example.com')`, db.NewID[int](tx))
			return err
		})
		wantKind(t, err, fault.Conflict)
		if runs != 2 {
			t.Errorf("%d runs, want 2", runs)
		}
	})
}

func TestReadIsASnapshot(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			for range 2 {
				if n, err := balance(t.Context(), tx, acme); n != 0 || err != nil {
					t.Error(n, err)
				}
				err := d.Write(t.Context(), acme, func(tx *db.Tx) error { return setBalance(t.Context(), tx, acme, 5) })
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		wantBalance(t, d, acme, 5)
	})
}

func TestReadDoesNotWrite(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		runs := 0
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			runs++
			return setBalance(t.Context(), tx, acme, 5)
		})
		wantKind(t, err, fault.Internal)
		if runs != 1 || err == nil {
			t.Errorf("%d runs, %v", runs, err)
		}
		wantBalance(t, d, acme, 0)
	})
}

func TestATransactionHasOneTime(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			now := tx.Now()
			dbtest.Clock(d).Add(time.Hour)
			if !tx.Now().Equal(now) || now.Equal(d.Clock().Now()) {
				t.Error("the time moved")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestIDsOfATransactionDiffer(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			var a, b id.ID[int] = db.NewID[int](tx), db.NewID[int](tx)
			if a == 0 || b <= a {
				t.Error(a, b)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestAWriteEndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := d.Write(ctx, acme, func(tx *db.Tx) error {
			if err := setBalance(ctx, tx, acme, 5); err != nil {
				return err
			}
			cancel()
			_, err := balance(ctx, tx, acme)
			return err
		})
		wantKind(t, err, fault.Unavailable)
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		wantBalance(t, d, acme, 0)
	})
}

func TestWhoWaitsForTheWriterLeavesWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), acme, func(*db.Tx) error {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			err := d.Write(ctx, acme, func(*db.Tx) error { t.Error("a second writer"); return nil })
			wantKind(t, err, fault.Unavailable)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestALongReadEndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := db.One(ctx, d.Across(), scan[int64],
			`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n`)
		wantKind(t, err, fault.Unavailable)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
			t.Error(time.Since(start), err)
		}
		wantBalance(t, d, acme, 0)
	})
}

// together runs fn n times at once.
func together(t *testing.T, n int, fn func(i int) error) {
	t.Helper()
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if err := fn(i); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// What Later has put off is there for the next statement, and its failure is that
// statement's.
func TestWhatIsPutOffComesBeforeWhatIsAskedNext(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			for n := range int64(3) {
				if err := tx.Later(t.Context(), `UPDATE accounts SET balance = balance + $2 WHERE account_id = $1`, acme, n); err != nil {
					return err
				}
			}
			if n, err := balance(t.Context(), tx, acme); err != nil || n != 3 {
				t.Errorf("the balance is %d, %v; want 3", n, err)
			}
			return tx.Later(t.Context(), `UPDATE accounts SET balance = balance + 1 WHERE account_id = $1`, acme)
		})
		if err != nil {
			t.Error(err)
		}
		wantBalance(t, d, acme, 4)
		err = d.Write(t.Context(), acme, func(tx *db.Tx) error {
			if err := tx.Later(t.Context(), `INSERT INTO accounts (account_id, name, balance) VALUES ($1, 'again', 0)`, acme); err != nil {
				return err
			}
			if _, err := balance(t.Context(), tx, acme); err == nil {
				t.Error("the account is there twice")
			}
			return nil
		})
		wantKind(t, err, fault.Conflict)
		wantBalance(t, d, acme, 4)
	})
}
