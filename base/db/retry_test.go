package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/fault"
)

// throughProxy opens a seeded PostgreSQL database through a proxy.
func throughProxy(t *testing.T) (*db.DB, *proxy) {
	t.Helper()
	p, url := newProxy(t, dbtest.Migrated(t, dbtest.Postgres, schemas()))
	d := dbtest.Reopen(t, url, schemas())
	seed(t, d)
	return d, p
}

func TestAConnectionLostBeforeCommitRunsAgain(t *testing.T) {
	d, p := throughProxy(t)
	p.loseAt("UPDATE accounts", false, 2)
	runs := 0
	err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
		runs++
		n, err := balance(t.Context(), tx, acme)
		if err != nil {
			return err
		}
		if err := setBalance(t.Context(), tx, acme, n+1); err != nil {
			return errors.New("not what the database said")
		}
		return nil
	})
	if err != nil || runs != 3 {
		t.Errorf("%d runs, %v", runs, err)
	}
	wantBalance(t, d, acme, 1)
}

func TestACommitThatWasNotAnsweredIsNotRepeated(t *testing.T) {
	d, p := throughProxy(t)
	p.loseAt("COMMIT\x00", true, 1)
	runs := 0
	err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
		runs++
		tx.AfterCommit(func() { t.Error("AfterCommit ran") })
		return setBalance(t.Context(), tx, acme, 5)
	})
	wantKind(t, err, fault.Unavailable)
	if f, ok := fault.As(err); !ok || f.Public != "We could not confirm that this was saved. Reload the page to see." {
		t.Error(err)
	}
	if runs != 1 || p.losses() != 1 {
		t.Errorf("%d runs, %d connections lost", runs, p.losses())
	}
	wantBalance(t, d, acme, 5)
}

func TestACommitThatWasPerhapsNotSentIsNotRepeatedEither(t *testing.T) {
	d, p := throughProxy(t)
	p.loseAt("COMMIT\x00", false, 1)
	runs := 0
	err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
		runs++
		return setBalance(t.Context(), tx, acme, 5)
	})
	wantKind(t, err, fault.Unavailable)
	if runs != 1 {
		t.Errorf("%d runs", runs)
	}
	wantBalance(t, d, acme, 0)
}

func TestASingleStatementIsAskedAgain(t *testing.T) {
	d, p := throughProxy(t)
	p.loseAt("SELECT balance", false, 2)
	wantBalance(t, d, acme, 0)
	if p.losses() != 2 {
		t.Errorf("%d connections lost", p.losses())
	}
}

func TestAShortAbsenceOfTheServerIsNotNoticed(t *testing.T) {
	d, p := throughProxy(t)
	p.down()
	back := time.AfterFunc(time.Second, func() { p.up(t) })
	defer back.Stop()
	err := d.Write(t.Context(), acme, func(tx *db.Tx) error { return setBalance(t.Context(), tx, acme, 5) })
	if err != nil {
		t.Error(err)
	}
	wantBalance(t, d, acme, 5)
}

func TestALongAbsenceOfTheServerIsUnavailable(t *testing.T) {
	d, p := throughProxy(t)
	p.down()
	start := time.Now()
	err := d.Write(t.Context(), acme, func(*db.Tx) error { t.Error("it ran"); return nil })
	wantKind(t, err, fault.Unavailable)
	if took := time.Since(start); took < time.Second || took > 8*time.Second {
		t.Errorf("it took %v", took)
	}
	wantKind(t, d.Ping(t.Context()), fault.Unavailable)
}

func TestADeadlockRunsAgain(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var both sync.WaitGroup
		both.Add(2)
		meet := []func(){sync.OnceFunc(both.Done), sync.OnceFunc(both.Done)}
		together(t, 2, func(i int) error {
			from, to := acme, bolt
			if i == 1 {
				from, to = bolt, acme
			}
			return d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
				for _, a := range []in{from, to} {
					n, err := balance(t.Context(), tx, a)
					if err != nil {
						return err
					}
					if err := setBalance(t.Context(), tx, a, n+1); err != nil {
						return err
					}
					meet[i]()
					if onPostgres(d) { // on SQLite the other has not begun
						both.Wait()
					}
				}
				return nil
			})
		})
		wantBalance(t, d, acme, 2)
		wantBalance(t, d, bolt, 2)
	})
}

func TestAServerThatTakesNoWritesIsAskedAgain(t *testing.T) {
	url := dbtest.Migrated(t, dbtest.Postgres, schemas())
	d := dbtest.Reopen(t, url, schemas())
	seed(t, d)
	standby := dbtest.Reopen(t, url+"&default_transaction_read_only=on", schemas())
	runs := 0
	err := standby.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		runs++
		return setBalance(t.Context(), tx, acme, 5)
	})
	wantKind(t, err, fault.Unavailable)
	if runs < 3 {
		t.Errorf("%d runs", runs)
	}
}

func TestAStatementEndsOnTheServerWithItsContext(t *testing.T) {
	d := dbtest.Open(t, dbtest.Postgres, schemas())
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := db.One(ctx, d.Auto(), scan[string], `SELECT CAST(pg_sleep(600) AS TEXT)`)
	wantKind(t, err, fault.Unavailable)
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		n, err := db.One(t.Context(), d.Auto(), scan[int64],
			`SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid() AND datname = current_database()`)
		if err != nil || time.Now().After(end) {
			t.Fatal(n, err)
		}
		if n == 0 {
			return
		}
	}
}

// What Later has put off goes out with COMMIT: then it is not known either whether
// it was kept. One that fails is refused for certain.
func TestWhatIsPutOffUntilCommitSharesItsFate(t *testing.T) {
	d, p := throughProxy(t)
	put := func(name string, n int64) error {
		return d.Write(t.Context(), acme, func(tx *db.Tx) error {
			return tx.Later(t.Context(), `UPDATE accounts SET balance = $2 WHERE account_id = $1 AND name <> $3`, acme, n, name)
		})
	}
	if err := put("", 1); err != nil {
		t.Fatal(err)
	}
	for _, answered := range []bool{false, true} {
		p.loseAt("nobody is called so", answered, 1)
		wantKind(t, put("nobody is called so", 2), fault.Unavailable)
		if p.losses() != 1 {
			t.Errorf("%d connections lost", p.losses())
		}
		wantBalance(t, d, acme, map[bool]int64{false: 1, true: 2}[answered])
	}
	err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
		tx.AfterCommit(func() { t.Error("AfterCommit ran") })
		if err := tx.Later(t.Context(), `UPDATE accounts SET balance = 3 WHERE account_id = $1`, acme); err != nil {
			return err
		}
		return tx.Later(t.Context(), `INSERT INTO accounts (account_id, name, balance) VALUES ($1, 'again', 0)`, acme)
	})
	wantKind(t, err, fault.Conflict)
	wantBalance(t, d, acme, 2)
}
