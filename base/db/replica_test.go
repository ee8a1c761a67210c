package db_test

import (
	"context"
	"testing"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/fault"
)

// twins are a database and another that stands for its replica, as it was some
// time ago: acme has 1 there, and bolt is not yet there.
func twins(t *testing.T) (primary *db.DB, old *db.DB) {
	t.Helper()
	url := dbtest.Migrated(t, dbtest.Postgres, schemas())
	old = dbtest.Reopen(t, url, schemas())
	seed(t, old)
	write(t, old, `UPDATE accounts SET balance = 1 WHERE account_id = 10001`)
	write(t, old, `DELETE FROM accounts WHERE account_id = 10002`)
	primary = dbtest.Reopen(t, dbtest.Migrated(t, dbtest.Postgres, schemas()), schemas(), func(o *db.Options) { o.Replica = url })
	seed(t, primary)
	return primary, old
}

func write(t *testing.T, d *db.DB, sql string) {
	t.Helper()
	err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), sql)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func wantOn(t *testing.T, q db.Querier, a in, want int64) {
	t.Helper()
	if got, err := balance(t.Context(), q, a); err != nil || got != want {
		t.Errorf("the balance is %d, %v; want %d", got, err, want)
	}
}

func TestOnlyReplicaReadsFromTheReplica(t *testing.T) {
	d, _ := twins(t)
	wantOn(t, d.Replica(), acme, 1)
	_, err := balance(t.Context(), d.Replica(), bolt)
	wantKind(t, err, fault.NotFound) // as it was some time ago, and no reason to ask the primary
	for _, q := range []db.Querier{d.Auto(), d.Across()} {
		wantOn(t, q, acme, 0)
		wantOn(t, q, bolt, 0)
	}
	err = d.Read(t.Context(), func(tx *db.Tx) error { wantOn(t, tx, acme, 0); return nil })
	if err != nil {
		t.Error(err)
	}
}

// A migration has reached the primary only, or the replica takes back rows that a
// long query still reads: that page comes from the primary, the next one not.
func TestWhatFailsOnTheReplicaIsAskedOfThePrimary(t *testing.T) {
	d, old := twins(t)
	write(t, old, `ALTER TABLE accounts RENAME COLUMN balance TO saldo`)
	q := d.Replica()
	wantOn(t, q, acme, 0)
	write(t, old, `ALTER TABLE accounts RENAME COLUMN saldo TO balance`)
	wantOn(t, q, acme, 0) // one page is of one server, from where it went over
	wantOn(t, d.Replica(), acme, 1)
	if there, answers := d.Replicated(); !there || !answers {
		t.Errorf("a replica that refuses one statement is held for lost: %v %v", there, answers)
	}
}

func TestWithoutAReplicaThePrimaryIsAsked(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		wantOn(t, d.Replica(), bolt, 0)
		if there, answers := d.Replicated(); there || answers {
			t.Errorf("it says there is a replica: %v %v", there, answers)
		}
	})
}

func TestAReplicaThatIsAwayIsNoReasonNotToOpen(t *testing.T) {
	url := dbtest.Migrated(t, dbtest.Postgres, schemas())
	d := dbtest.Reopen(t, url, schemas(), func(o *db.Options) { o.Replica = "postgres://127.0.0.1:1/atrium?sslmode=disable" })
	seed(t, d)
	wantOn(t, d.Replica(), acme, 0)
	if there, answers := d.Replicated(); !there || answers {
		t.Errorf("the replica is there: %v, and answers: %v", there, answers)
	}
	if _, err := db.Open(context.Background(), url, db.Options{Replica: "postgres://%zz"}); err == nil {
		t.Error("an address that can't be read is taken")
	}
}
