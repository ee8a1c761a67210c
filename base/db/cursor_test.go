package db_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"atrium/base/db"
)

// after reads what comes after a key.
func after(t *testing.T, w *db.Whole, table string, order db.Order, key ...any) string {
	t.Helper()
	columns, err := w.Columns(t.Context(), table)
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.Rows(t.Context(), table, columns, order, key)
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	var rows []string
	for {
		row, err := c.Next()
		if errors.Is(err, io.EOF) {
			return strings.Join(rows, " ")
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, fmt.Sprint(row[0], "/", row[1]))
	}
}

func TestRowsAreReadFromAKeyOn(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Load(t.Context(), func(w *db.Whole) error {
			columns := []string{"account_id", "id", "subject"}
			return errors.Join(
				w.Fill(t.Context(), "emails", columns, from([]any{int64(7), int64(2), "c"}, []any{int64(9), int64(-1), "e"}, []any{int64(7), int64(3), "d"}, []any{int64(-5), int64(8), "a"})),
				w.Fill(t.Context(), "counters", []string{"name", "value"}, from([]any{"Ä", int64(1)}, []any{"a", int64(2)}, []any{"Z", int64(3)}, []any{"", int64(4)})))
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Inspect(t.Context(), func(w *db.Whole) error {
			for want, got := range map[string]string{ // counters has an "n" from the beginning
				"-5/8 7/2 7/3 9/-1":                    after(t, w, "emails", db.KeyOrder),
				"7/3 9/-1":                             after(t, w, "emails", db.KeyOrder, int64(7), int64(2)),
				"7/2 7/3 9/-1":                         after(t, w, "emails", db.KeyOrder, int64(7), int64(-9)),
				"":                                     after(t, w, "emails", db.KeyOrder, int64(9), int64(-1)),
				"Z/3 a/2 n/0 Ä/1":                      after(t, w, "counters", db.KeyOrder, "Y"),
				"a key of emails has 2 columns, not 1": after(t, w, "emails", db.KeyOrder, int64(7)),
			} {
				if got != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
			any := strings.Fields(after(t, w, "emails", db.AnyOrder))
			slices.Sort(any)
			if got := strings.Join(any, " "); got != "-5/8 7/2 7/3 9/-1" {
				t.Error(got)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Filling little by little keeps what is there, and is refused what refers to
// nothing.
func TestLoadAddsToTables(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		load := func(user int64) error {
			return d.Load(t.Context(), func(w *db.Whole) error {
				return errors.Join(w.Fill(t.Context(), "accounts", []string{"account_id", "name"}, from([]any{user, "New"})),
					w.Fill(t.Context(), "memberships", []string{"account_id", "user_id", "owner"}, from([]any{user, user, true})))
			})
		}
		if err := load(77); err == nil {
			t.Error("a membership of nobody is taken")
		}
		wantCount(t, d, 0, `SELECT count(*) FROM accounts WHERE account_id = 77`)
		if err := load(1); err != nil {
			t.Fatal(err)
		}
		wantCount(t, d, 1, `SELECT count(*) FROM memberships WHERE account_id = 1`)
		wantCount(t, d, 1, `SELECT count(*) FROM memberships WHERE account_id = 10001`)
		if err := d.Learn(t.Context()); err != nil {
			t.Error(err)
		}
		err := d.Inspect(t.Context(), func(w *db.Whole) error {
			if n, err := w.Statistics(t.Context()); n != 0 || err != nil {
				t.Error("SQLite has learned something:", n, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
