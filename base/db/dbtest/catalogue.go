package dbtest

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"atrium/base/db"
)

// Catalogue applies the schemas to both databases and compares what is there
// with db.Tables and with the rules for tables that can be spread over servers.
// It is for the one test that knows all schemas.
func Catalogue(t *testing.T, schemas []fs.FS) {
	t.Helper()
	t.Run(SQLite, func(t *testing.T) {
		d := Open(t, SQLite, schemas)
		there := list(t, d, `SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'`)
		compare(t, append(there, "goose_lock")) // SQLite migrates without it
		clustered(t, d, schemas)
	})
	t.Run(Postgres, func(t *testing.T) {
		d := Open(t, Postgres, schemas)
		compare(t, list(t, d, withTables(`SELECT relname FROM ours WHERE relkind = 'r'`)))
		for _, r := range rules() {
			for _, offender := range list(t, d, withTables(r.sql)) {
				t.Errorf("%s: %s", r.rule, offender)
			}
		}
	})
}

// compare holds the tables that are there against those that are listed.
func compare(t *testing.T, there []string) {
	t.Helper()
	listed := map[string]bool{}
	for _, table := range db.Tables() {
		listed[table.Name] = true
		if !slices.Contains(there, table.Name) {
			t.Errorf("db.Tables lists %s, which no schema makes", table.Name)
		}
	}
	for _, name := range there {
		if !listed[name] {
			t.Errorf("db.Tables does not list %s", name)
		}
	}
}

// clustered counts the marks of the schemas in SQLite's catalogue, and sees that
// nobody has made the statistics that slow it down.
func clustered(t *testing.T, d *db.DB, schemas []fs.FS) {
	t.Helper()
	marks := 0
	for _, schema := range schemas {
		files, err := fs.Glob(schema, "schema/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(schema, file)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(text), "/* clustered */"); n > 0 {
				marks += n - strings.Count(string(text), " RENAME TO ") // made anew, so marked twice
			}
		}
	}
	if found := list(t, d, `SELECT name FROM pragma_table_list WHERE wr = 1 AND schema = 'main'`); len(found) != marks {
		t.Errorf("%d tables are WITHOUT ROWID, but %d are marked: %v", len(found), marks, found)
	}
	if stat := list(t, d, `SELECT name FROM sqlite_schema WHERE name IN ('sqlite_stat1', 'sqlite_stat4')`); len(stat) != 0 {
		t.Errorf("ANALYZE has run: %v", stat)
	}
}

// list runs a query for one text.
func list(t *testing.T, d *db.DB, sql string) []string {
	t.Helper()
	found, err := db.All(t.Context(), d.Across(), func(r db.Row) (string, error) {
		var s string
		err := r.Scan(&s)
		return s, err
	}, sql)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
