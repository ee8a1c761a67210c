package db_test

import (
	"slices"
	"testing"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

func TestEveryStatementIsTracedOnce(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			type run struct {
				sql    string
				across bool
			}
			var runs []run
			d := dbtest.Open(t, engine, schemas(), func(o *db.Options) {
				o.Trace = func(sql string, across bool) { runs = append(runs, run{sql, across}) }
			})
			seed(t, d)
			runs = nil
			wantBalance(t, d, acme, 0)
			if _, err := db.All(t.Context(), d.Across(), scan[string], `SELECT name FROM accounts`); err != nil {
				t.Error(err)
			}
			err := d.Write(t.Context(), acme, func(tx *db.Tx) error { return setBalance(t.Context(), tx, acme, 1) }, db.LockUser(1))
			if err != nil {
				t.Error(err)
			}
			want := []run{
				{`SELECT balance FROM accounts WHERE account_id = $1`, false},
				{`SELECT name FROM accounts`, true},
				{`SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE`, false},
				{`SELECT 1 FROM accounts WHERE account_id = $1 FOR NO KEY UPDATE`, false},
				{`UPDATE accounts SET balance = $2 WHERE account_id = $1`, false},
			}
			if !onPostgres(d) { // one writer: nothing to lock
				want = slices.Delete(want, 2, 4)
			}
			if !slices.Equal(runs, want) {
				t.Errorf("%v\nwant %v", runs, want)
			}
		})
	}
}
