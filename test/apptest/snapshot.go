package apptest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"atrium/base/db"
)

// A Snapshot is every row of every table that belongs to people and accounts,
// as text, by table.
type Snapshot map[string][]string

// volatile is what changes by looking, or by time alone: when somebody was last
// seen, what is counted against limits, and work in the background. Of a table
// without columns here, all of it.
func volatile() map[string][]string {
	return map[string][]string{
		"sessions":         {"seen_at"},
		"staff_sessions":   {"seen_at"},
		"memberships":      {"seen_at", "last_login_at"},
		"user_accounts":    {"used_at"},
		"limits":           {},
		"jobs":             {},
		"goose_db_version": {},
		"goose_lock":       {},
	}
}

// Look takes a snapshot of a database, but for what changes by looking. That
// somebody was in an account for the first time since logging in is noted in
// the audit by looking, too.
func Look(t testing.TB, d *db.DB) Snapshot {
	t.Helper()
	s := Snapshot{}
	err := d.Inspect(t.Context(), func(w *db.Whole) error {
		for _, table := range db.Tables() {
			leave, some := volatile()[table.Name]
			if some && len(leave) == 0 {
				continue
			}
			columns, err := w.Columns(t.Context(), table.Name)
			if err != nil {
				return err
			}
			columns = slices.DeleteFunc(columns, func(c db.Column) bool { return slices.Contains(leave, c.Name) })
			err = w.Each(t.Context(), table.Name, columns, func(row []any) error {
				if table.Name != "audit" || !slices.Contains(row, any("member.login")) {
					s[table.Name] = append(s[table.Name], fmt.Sprintf("%v", row))
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Changes lists what is not the same in two snapshots, a line each: "- " what
// was, "+ " what is.
func (s Snapshot) Changes(now Snapshot) []string {
	var changes []string
	for _, table := range db.Tables() {
		was, is := s[table.Name], now[table.Name]
		for _, row := range was {
			if !slices.Contains(is, row) {
				changes = append(changes, "- "+table.Name+": "+row)
			}
		}
		for _, row := range is {
			if !slices.Contains(was, row) {
				changes = append(changes, "+ "+table.Name+": "+row)
			}
		}
	}
	return changes
}

// Counts is how many rows each table has, "" for none.
func (s Snapshot) Counts() string {
	var b strings.Builder
	for _, table := range db.Tables() {
		if n := len(s[table.Name]); n > 0 {
			fmt.Fprintf(&b, "%s %d\n", table.Name, n)
		}
	}
	return b.String()
}
