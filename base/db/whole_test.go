package db_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// rowsOf reads a table through Each.
func rowsOf(t *testing.T, w *db.Whole, table string) []string {
	t.Helper()
	columns, err := w.Columns(t.Context(), table)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	err = w.Each(t.Context(), table, columns, func(row []any) error {
		rows = append(rows, fmt.Sprintf("%#v", row))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// from gives rows one by one, as Fill takes them.
func from(rows ...[]any) func() ([]any, error) {
	return func() ([]any, error) {
		if len(rows) == 0 {
			return nil, io.EOF
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	}
}

func TestATableIsReadAlikeFromBoth(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO emails (account_id, id, subject, parent, words, sent, at) VALUES
				(10002, 1, 'b', NULL, '', FALSE, 0), (10001, 2, 'Ä', 1, 'x', TRUE, -5), (10001, 1, '', NULL, 'z', FALSE, 9223372036854775807)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Inspect(t.Context(), func(w *db.Whole) error {
			columns, err := w.Columns(t.Context(), "emails")
			var types []string
			for _, c := range columns {
				types = append(types, c.Name+" "+string(c.Type))
			}
			if want := "account_id BIGINT, id BIGINT, subject TEXT, parent BIGINT, words TEXT, sent BOOLEAN, at BIGINT"; strings.Join(types, ", ") != want {
				t.Error(types)
			}
			want := []string{
				`[]interface {}{10001, 1, "", interface {}(nil), "z", false, 9223372036854775807}`,
				`[]interface {}{10001, 2, "Ä", 1, "x", true, -5}`,
				`[]interface {}{10002, 1, "b", interface {}(nil), "", false, 0}`,
			}
			if got := rowsOf(t, w, "emails"); !slices.Equal(got, want) {
				t.Errorf("%s", strings.Join(got, "\n"))
			}
			if columns, err := w.Columns(t.Context(), "nothing"); len(columns) != 0 || err != nil {
				t.Error(columns, err)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// While one snapshot is read, others write; it does not see them.
func TestInspectSeesOneMomentAndWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Inspect(t.Context(), func(w *db.Whole) error {
			before := rowsOf(t, w, "accounts")
			set := func(tx *db.Tx) error { return setBalance(t.Context(), tx, acme, 5) }
			if err := d.Write(t.Context(), acme, set); err != nil {
				return err
			}
			if now := rowsOf(t, w, "accounts"); !slices.Equal(now, before) {
				t.Error(now)
			}
			stop := errors.New("stop")
			columns, err := w.Columns(t.Context(), "accounts")
			if err != nil {
				return err
			}
			calls := 0
			err = w.Each(t.Context(), "accounts", columns, func([]any) error { calls++; return stop })
			if err != stop || calls != 1 {
				t.Errorf("%v after %d rows", err, calls)
			}
			_, err = w.Exec(t.Context(), `UPDATE users SET seen = 1`)
			return err
		})
		if err == nil {
			t.Error("Inspect writes")
		}
		wantBalance(t, d, acme, 5)
	})
}

// Statements of a Whole have no deadline of their own, but end with the context.
func TestInspectEndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		begun := time.Now()
		err := d.Inspect(ctx, func(w *db.Whole) error {
			_, err := db.One(ctx, w, scan[int64], `WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n`)
			return err
		})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
		wantBalance(t, d, acme, 0)
	})
}

func TestRefillReplacesTablesWholly(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		tables := []string{"users", "accounts", "memberships", "emails"}
		columns := []string{"account_id", "id", "subject", "parent", "sent"}
		err := d.Refill(t.Context(), tables, func(w *db.Whole) error {
			err := errors.Join(
				w.Clear(t.Context(), tables),
				w.Fill(t.Context(), "accounts", []string{"name", "account_id"}, from([]any{"New", int64(10005)})),
				// The first refers to one that comes after it.
				w.Fill(t.Context(), "emails", columns, from([]any{int64(10005), int64(1), "b", int64(2), true}, []any{int64(10005), int64(2), "a", nil, false})),
				w.Fill(t.Context(), "users", []string{"id", "email"}, from()),
			)
			if got := rowsOf(t, w, "memberships"); len(got) != 0 {
				t.Error(got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		wantCount(t, d, 1, `SELECT count(*) FROM accounts WHERE account_id = 10005 AND name = 'New' AND balance = 0`)
		wantCount(t, d, 2, `SELECT count(*) FROM emails WHERE account_id = 10005`)
		wantCount(t, d, 0, `SELECT count(*) FROM users`)
		wantCount(t, d, 1, `SELECT count(*) FROM counters`)
	})
}

func wantCount(t *testing.T, d *db.DB, want int64, sql string) {
	t.Helper()
	if n, err := db.One(t.Context(), d.Across(), scan[int64], sql); n != want || err != nil {
		t.Errorf("%s: %d, %v; want %d", sql, n, err, want)
	}
}

func TestRefillIsAllOrNothing(t *testing.T) {
	tables := []string{"users", "accounts", "memberships", "emails"}
	boom := errors.New("boom")
	each(t, func(t *testing.T, d *db.DB) {
		for what, c := range map[string]struct {
			fill func(w *db.Whole) error
			says string
		}{
			"the function fails": {func(*db.Whole) error { return boom }, "boom"},
			"the rows end in trouble": {func(w *db.Whole) error {
				return w.Fill(t.Context(), "users", []string{"id"}, func() ([]any, error) { return nil, boom })
			}, "boom"},
			"whose error is dropped": {func(w *db.Whole) error {
				w.Fill(t.Context(), "users", []string{"id"}, func() ([]any, error) { return nil, boom })
				return nil
			}, "boom"},
			"a value is of the wrong type": {func(w *db.Whole) error {
				return w.Fill(t.Context(), "accounts", []string{"account_id", "name"}, from([]any{int64(1), nil}))
			}, "name"},
			"a key is there twice": {func(w *db.Whole) error {
				return w.Fill(t.Context(), "users", []string{"id", "email"}, from([]any{int64(1), "a"}, []any{int64(1), "b"}))
			}, "users"},
			"a reference leads nowhere": {func(w *db.Whole) error {
				return w.Fill(t.Context(), "memberships", []string{"account_id", "user_id", "owner"}, from([]any{int64(1), int64(1), true}))
			}, "memberships"},
		} {
			err := d.Refill(t.Context(), tables, func(w *db.Whole) error {
				if err := w.Clear(t.Context(), tables); err != nil {
					return err
				}
				return c.fill(w)
			})
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", what, err)
			}
			wantCount(t, d, 1, `SELECT count(*) FROM users`)
			wantCount(t, d, 1, `SELECT count(*) FROM memberships WHERE account_id = 10001`)
			wantCount(t, d, 2, `SELECT count(*) FROM accounts WHERE account_id > 0`)
		}
		set := func(tx *db.Tx) error { return setBalance(t.Context(), tx, acme, 5) }
		if err := d.Write(t.Context(), acme, set); err != nil {
			t.Error("after all that:", err)
		}
	})
}

// Whoever writes while tables are filled waits, and writes into the new ones.
func TestRefillHasTheTablesToItself(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		done := make(chan error, 1)
		err := d.Refill(t.Context(), []string{"users"}, func(w *db.Whole) error {
			go func() {
				done <- d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
					return tx.ExecOne(t.Context(), `UPDATE users SET seen = seen + 10 WHERE id = 1`)
				})
			}()
			select {
			case err := <-done:
				t.Errorf("another wrote: %v", err)
			case <-time.After(200 * time.Millisecond):
			}
			_, err := w.Exec(t.Context(), `UPDATE users SET seen = 1`)
			return err
		})
		if err := errors.Join(err, <-done); err != nil {
			t.Error(err)
		}
		wantCount(t, d, 1, `SELECT count(*) FROM users WHERE seen = 11`)
	})
}

func TestMigratingToAVersion(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			d := dbtest.Reopen(t, dbtest.URL(t, engine), schemas())
			want := func(versions ...int64) {
				t.Helper()
				got, err := d.Applied(t.Context())
				if !slices.Equal(got, versions) || err != nil {
					t.Errorf("%v, %v; want %v", got, err, versions)
				}
			}
			want()
			if err := d.MigrateTo(t.Context(), 20261122100000); err != nil {
				t.Fatal(err)
			}
			want(20261122100000)
			wantPending(t, d, 1)
			migrate(t, d)
			known, err := db.Versions(schemas())
			if err != nil {
				t.Fatal(err)
			}
			want(known...)
		})
	}
}

func TestADatabaseLooksItselfOver(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		look := func() (broken []string, statistics int64) {
			err := d.Inspect(t.Context(), func(w *db.Whole) (err error) {
				if broken, err = w.Integrity(t.Context()); err != nil {
					return err
				}
				statistics, err = w.Statistics(t.Context())
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return broken, statistics
		}
		if broken, n := look(); len(broken) != 0 || n != 0 {
			t.Error(broken, n)
		}
		if onPostgres(d) {
			return
		}
		err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
			for _, sql := range []string{`ANALYZE`, `PRAGMA ignore_check_constraints = ON`, `UPDATE accounts SET balance = -1 WHERE account_id = 10001`} {
				if _, err := tx.Exec(t.Context(), sql); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if broken, n := look(); len(broken) != 1 || !strings.Contains(broken[0], "accounts") || n == 0 {
			t.Error(broken, n)
		}
	})
}

func TestTheServersClock(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		now, err := d.ServerTime(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if onPostgres(d) != !now.IsZero() {
			t.Error(now)
		}
		if off := time.Since(now); onPostgres(d) && (off < -time.Minute || off > time.Minute) {
			t.Error(off)
		}
	})
}
