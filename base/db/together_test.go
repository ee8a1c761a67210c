package db_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"atrium/base/db"
	"atrium/fault"
)

// On PostgreSQL functions take turns at each statement; what each reads is the same
// as alone.
func TestFunctionsThatAskTogetherGetTheirOwnAnswers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, end := d.Still(t.Context())
		defer end()
		var did []string
		texts := func(name string, want ...string) func() error {
			return func() error {
				for _, w := range want {
					did = append(did, name)
					got, err := db.All(ctx, d.Auto(), scan[string], `SELECT $1 UNION ALL SELECT name FROM accounts WHERE account_id = $2`, w, acme)
					if err != nil || len(got) != 2 || got[0] != w {
						t.Errorf("%s: %q, %v; want %q", name, got, err, w)
					}
				}
				return nil
			}
		}
		err := d.Together(ctx, texts("a", "1", "2", "3"), texts("b", "4"), func() error {
			err := d.Together(ctx, texts("c", "5", "6"), texts("d"), texts("e", "7", "8"))
			did = append(did, "both")
			return err
		}, func() error { return d.Together(ctx) })
		if err != nil {
			t.Error(err)
		}
		turns, lines := "abceaceaboth", "aaabcceeboth"
		if got := strings.Join(did, ""); onPostgres(d) && got != turns || !onPostgres(d) && got != lines {
			t.Errorf("they asked in the order %s", got)
		}
	})
}

func TestOneFunctionsFailureIsNotAnothers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, end := d.Still(t.Context())
		defer end()
		ask := func(sql string, err *error) func() error {
			return func() error {
				_, *err = db.One(ctx, d.Auto(), scan[int64], sql)
				return nil
			}
		}
		var errs [5]error
		err := d.Together(ctx, ask(`SELECT 1`, &errs[0]), ask(`SELECT nothing FROM nowhere`, &errs[1]), ask(`SELECT 2`, &errs[2]),
			ask(`SELECT 1 WHERE 1 = 0`, &errs[3]), ask(`SELECT 1 / CAST('0' AS BIGINT)`, &errs[4]))
		if err != nil || errs[0] != nil || errs[2] != nil || !fault.Is(errs[3], fault.NotFound) {
			t.Errorf("%v, %v", err, errs)
		}
		if errs[1] == nil || !strings.Contains(errs[1].Error(), "nowhere") {
			t.Errorf("there is no such table: %v", errs[1])
		}
		if onPostgres(d) && (errs[4] == nil || !strings.Contains(errs[4].Error(), "division by zero")) {
			t.Errorf("nothing is divided by zero: %v", errs[4])
		}
		first := errors.New("first")
		if err := d.Together(ctx, ask(`SELECT 1`, new(error)), func() error { return first }, func() error { return errors.New("second") }); err != first {
			t.Errorf("%v; want the first", err)
		}
	})
}

func TestAFunctionThatPanicsEndsTheOthers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, end := d.Still(t.Context())
		defer end()
		var did []string
		ask := func(name string) func() error {
			return func() error {
				defer func() { did = append(did, name) }()
				_, err := db.One(ctx, d.Auto(), scan[int64], `SELECT 1`)
				return err
			}
		}
		func() {
			defer func() {
				if p := recover(); p == nil {
					t.Error("nothing panicked")
				}
			}()
			d.Together(ctx, ask("a"), func() error { return d.Together(ctx, ask("b"), func() error { ask("c")(); panic("oh") }, ask("d")) }, ask("e"))
		}()
		if onPostgres(d) {
			slices.Sort(did)
			if got := strings.Join(did, ""); got != "abcde" {
				t.Errorf("ended: %s", got)
			}
		}
		if err := d.Together(ctx, ask("f"), ask("g")); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestWhoNoLongerWaitsAsksNothingTogether(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		gone, cancel := context.WithCancel(t.Context())
		ctx, end := d.Still(gone)
		defer end()
		cancel()
		asked := func() error {
			_, err := db.One(ctx, d.Auto(), scan[int64], `SELECT 1`)
			return err
		}
		if err := d.Together(ctx, asked, asked); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if err := d.Together(t.Context(), asked, asked); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

// What one function writes or reads in a transaction does not wait for the others.
func TestTransactionsInFunctionsRunAtOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, end := d.Still(t.Context())
		defer end()
		write := func(n int64) func() error {
			return func() error {
				if _, err := balance(ctx, d.Auto(), acme); err != nil {
					return err
				}
				return d.Write(ctx, acme, func(tx *db.Tx) error { return setBalance(ctx, tx, acme, n) })
			}
		}
		if err := d.Together(ctx, write(1), write(2), write(3)); err != nil {
			t.Fatal(err)
		}
		if n, err := balance(ctx, d.Auto(), acme); err != nil || n != 3 {
			t.Errorf("the balance is %d, %v; want 3", n, err)
		}
	})
}
