package backup_test

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/backup"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/job"
	"atrium/base/mail"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func schemas() []fs.FS {
	return []fs.FS{access.Schema, audit.Schema, job.Schema, mail.Schema, backup.Schema}
}

func known(t *testing.T, schemas []fs.FS) []int64 {
	t.Helper()
	list, err := db.Versions(schemas)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// nasty are texts that a format may stumble over.
func nasty() []string {
	return []string{"", "Ann", "Zoë \"the\\ boss\" O'Hara", "line\nline\r\n\tline", "\x01\x02link removed\x03\x7f", "<a href=\"x\">&amp;</a>",
		"\u2028\u2029\u200b\u202e", "😀 漢字 नी", "null", "[1]", `{"rows":1}`, "; DROP TABLE users --", strings.Repeat("long ", 3000)}
}

// fill puts rows with every sort of value into all tables.
func fill(t *testing.T, d *db.DB, rows int) {
	t.Helper()
	var tables []string
	columns := map[string][]db.Column{}
	err := d.Inspect(t.Context(), func(w *db.Whole) (err error) {
		for _, table := range db.Tables() {
			if strings.HasPrefix(table.Name, "goose_") || table.Name == "copies" {
				continue
			}
			if columns[table.Name], err = w.Columns(t.Context(), table.Name); err != nil {
				return err
			}
			if len(columns[table.Name]) > 0 {
				tables = append(tables, table.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error {
		for _, table := range tables {
			for n := range rows {
				if err := insert(t.Context(), tx, table, columns[table], n); err != nil {
					return fmt.Errorf("%s: %w", table, err)
				}
			}
		}
		return nil
	})
}

func insert(ctx context.Context, tx *db.Tx, table string, columns []db.Column, n int) error {
	var names, places []string
	var values []any
	for i, c := range columns {
		names = append(names, c.Name)
		places = append(places, fmt.Sprintf("$%d", i+1))
		values = append(values, valueOf(table, c, n+i, n))
	}
	return tx.ExecOne(ctx, fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, table, strings.Join(names, ", "), strings.Join(places, ", ")), values...)
}

// valueOf gives the nth row's value: what the column's name asks for, or any.
func valueOf(table string, c db.Column, any, n int) any {
	numbers := []int64{0, -1, 1<<63 - 1, -1 << 63, 1 << 53, 1<<53 + 1, 42}
	switch {
	case c.Name == "account_id":
		return int64(10001 + n)
	case c.Name == "id", strings.HasSuffix(c.Name, "_id") && c.Type == db.Bigint:
		return int64(1<<52 - n) // the first is not the least
	case c.Name == "owner" && c.Type == db.Boolean:
		return true
	case c.Name == "state" && table == "emails":
		return []string{"queued", "sent", "failed", "cancelled"}[n%4]
	case c.Name == "sealed":
		return ""
	case c.Name == "state" && table == "access_requests":
		return []string{"pending", "approved", "declined", "ended"}[n%4]
	case c.Name == "state":
		return []string{"pending", "accepted", "declined", "cancelled"}[n%4]
	case c.Name == "status":
		return "active"
	case c.Name == "role":
		return "administrator"
	case c.Name == "realm":
		return []string{"user", "staff"}[n%2]
	case c.Name == "period":
		return int64(0)
	case c.Name == "name", c.Name == "kind", c.Name == "token_hash", c.Name == "seat", strings.HasSuffix(c.Name, "_key"):
		return fmt.Sprint(nasty()[any%12], n)
	case c.Type == db.Boolean:
		return any%2 == 0
	case c.Type == db.Bigint:
		return numbers[any%len(numbers)]
	}
	return nasty()[any%len(nasty())]
}

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.WriteGlobal(t.Context(), db.Lock{}, fn); err != nil {
		t.Fatal(err)
	}
}

// dump is everything in the database that a backup has, a line each.
func dump(t *testing.T, d *db.DB) []string {
	t.Helper()
	var lines []string
	err := d.Inspect(t.Context(), func(w *db.Whole) error {
		for _, table := range db.Tables() {
			columns, err := w.Columns(t.Context(), table.Name)
			if err != nil || len(columns) == 0 || strings.HasPrefix(table.Name, "goose_") {
				continue
			}
			err = w.Each(t.Context(), table.Name, columns, func(row []any) error {
				lines = append(lines, fmt.Sprintf("%s %q", table.Name, row))
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
	return lines
}

// lasting is dump without the tables that a backup leaves out.
func lasting(t *testing.T, d *db.DB) []string {
	t.Helper()
	return slices.DeleteFunc(dump(t, d), func(l string) bool {
		table, _, _ := strings.Cut(l, " ")
		return slices.Contains(backup.Passing(), table)
	})
}

func wantSame(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("%s: %d lines, want %d; they differ in line %d:\n%.300s\n%.300s", what, len(got), len(want), i, at(got, i), at(want, i))
			return
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(none)"
}

// saved writes a backup into a file of the test's.
func saved(t *testing.T, d *db.DB, schemas []fs.FS) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "backup")
	if _, err := backup.Save(t.Context(), d, path, known(t, schemas)); err != nil {
		t.Fatal(err)
	}
	return path
}

// restore opens, restores and migrates.
func restore(t *testing.T, d *db.DB, path string, schemas []fs.FS, replace bool) error {
	t.Helper()
	f, err := backup.Open(t.Context(), path, known(t, schemas))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Restore(t.Context(), d, replace); err != nil {
		return err
	}
	return d.Migrate(t.Context())
}

func wantError(t *testing.T, what string, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: no error, want one that says %q", what, words)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%s: the error %q does not say %q", what, err, w)
		}
	}
}
