package apptest

import (
	"slices"
	"strings"
	"testing"

	"atrium/base/db"
)

// A Snapshot is every row of every table that belongs to people and accounts,
// as text: by table, sorted.
type Snapshot map[string][]string

// volatile is what changes by looking, or by time alone: when somebody was last
// seen, what is counted against limits, and work in the background.
func volatile() map[string][]string {
	return map[string][]string{
		"sessions":       {"seen_at"},
		"staff_sessions": {"seen_at"},
		"memberships":    {"seen_at", "last_login_at"},
		"user_accounts":  {"used_at"},
		"limits":         nil, // the whole table
		"jobs":           nil,
	}
}

// Look takes a snapshot of a database, but for what changes by looking.
func Look(t testing.TB, d *db.DB) Snapshot {
	t.Helper()
	s := Snapshot{}
	for _, table := range db.Tables() {
		leave, some := volatile()[table.Name]
		if some && leave == nil || strings.HasPrefix(table.Name, "goose_") {
			continue
		}
		columns := slices.DeleteFunc(columnsOf(t, d, table.Name), func(c string) bool { return slices.Contains(leave, c) })
		if len(columns) == 0 {
			continue
		}
		sql := `SELECT CAST(` + strings.Join(columns, ` AS TEXT) || ' | ' || CAST(`) + ` AS TEXT) FROM ` + table.Name
		if table.Name == "audit" {
			sql += ` WHERE action <> 'member.login'`
		}
		s[table.Name] = texts(t, d, sql)
	}
	return s
}

// columnsOf lists a table's columns, in their order.
func columnsOf(t testing.TB, d *db.DB, table string) []string {
	t.Helper()
	if d.SkipLocked() == "" { // SQLite
		return texts(t, d, `SELECT name FROM pragma_table_info($1)`, table)
	}
	return texts(t, d, `SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema()`, table)
}

func texts(t testing.TB, d *db.DB, sql string, args ...any) []string {
	t.Helper()
	list, err := db.All(t.Context(), d.Across(), func(r db.Row) (string, error) {
		var s string
		err := r.Scan(&s)
		return s, err
	}, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
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
