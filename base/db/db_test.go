package db_test

import (
	"context"
	"io/fs"
	"os"
	"testing"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func schemas() []fs.FS { return []fs.FS{os.DirFS("testdata")} }

// each runs fn on both databases, with a user 1 and the accounts 10001 and 10002.
func each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
		seed(t, d)
		fn(t, d)
	})
}

func seed(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		for _, sql := range []string{
			`INSERT INTO users (id, email) VALUES (1, 'ann@example.com')`,
			`INSERT INTO accounts (account_id, name) VALUES (10001, 'Acme'), (10002, 'Bolt')`,
			`INSERT INTO memberships (account_id, user_id, owner) VALUES (10001, 1, TRUE)`,
			`INSERT INTO counters (name, value) VALUES ('n', 0)`,
		} {
			if _, err := tx.Exec(t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// in is a Scoped without a proof.
type in id.Account

func (i in) Account() id.Account { return id.Account(i) }

const (
	acme = in(10001)
	bolt = in(10002)
)

func scan[T any](r db.Row) (T, error) {
	var v T
	err := r.Scan(&v)
	return v, err
}

func balance(ctx context.Context, q db.Querier, a in) (int64, error) {
	return db.One(ctx, q, scan[int64], `SELECT balance FROM accounts WHERE account_id = $1`, a)
}

func setBalance(ctx context.Context, tx *db.Tx, a in, n int64) error {
	return tx.ExecOne(ctx, `UPDATE accounts SET balance = $2 WHERE account_id = $1`, a, n)
}

// wantBalance reads it outside any transaction.
func wantBalance(t *testing.T, d *db.DB, a in, want int64) {
	t.Helper()
	got, err := balance(t.Context(), d.Auto(), a)
	if err != nil || got != want {
		t.Errorf("the balance is %d, %v; want %d", got, err, want)
	}
}

func wantKind(t *testing.T, err error, want fault.Kind) {
	t.Helper()
	if !fault.Is(err, want) {
		t.Errorf("the error is %v, of kind %v; want kind %v", err, fault.KindOf(err), want)
	}
}

func onPostgres(d *db.DB) bool { return d.SkipLocked() != "" }
