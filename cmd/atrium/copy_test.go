package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// rows is every row of the host's database, in every table that a copy copies.
func (h *host) rows() apptest.Snapshot {
	h.t.Helper()
	s := apptest.Snapshot{}
	h.briefly(func(d *db.DB) error {
		return d.Inspect(h.t.Context(), func(w *db.Whole) error {
			for _, table := range db.Tables() {
				columns, err := w.Columns(h.t.Context(), table.Name)
				if err != nil || len(columns) == 0 || strings.HasPrefix(table.Name, "goose_") {
					continue
				}
				err = w.Each(h.t.Context(), table.Name, columns, func(row []any) error {
					s[table.Name] = append(s[table.Name], fmt.Sprintf("%#v", row))
					return nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	return s
}

// Four ways from one database to the other, with the program as people use it.
func TestACopyIsTheSameDatabase(t *testing.T) {
	for _, from := range dbtest.Engines() {
		w := lived(t, from)
		w.Stop()
		was := newHost(t, w.Database(), w.Secrets).rows()
		for _, to := range dbtest.Engines() {
			t.Run(from+" to "+to, func(t *testing.T) {
				first := newHost(t, dbtest.Copy(t, w.Database()), w.Secrets)
				second := newHost(t, dbtest.URL(t, to), w.Secrets)
				said := first.want(0, []string{"Looking over", "Copying 100% jobs", "Comparing 100%", "Asking the copy",
					"Copied and compared: 1 accounts and 2 users", "Everybody stays logged in", "ATRIUM_SECRET_KEY_FILE=" + w.Secrets},
					"copy", first.env["ATRIUM_DATABASE_URL"], second.env["ATRIUM_DATABASE_URL"])
				if strings.Contains(said, "\x1b") || strings.Contains(said, "\r") {
					t.Errorf("it draws where there is no terminal: %q", said)
				}
				if changes := was.Changes(second.rows()); len(changes) != 0 {
					t.Errorf("%d rows are not the same: %.500q", len(changes), changes)
				}
				if changes := was.Changes(first.rows()); len(changes) != 0 {
					t.Errorf("%d rows of the old database have changed: %.500q", len(changes), changes)
				}
				second.want(0, []string{"opens all that is sealed", "opens and is up to date", "data: all "}, "doctor")
				first.want(1, []string{"is not empty", "never touched"}, "copy", first.env["ATRIUM_DATABASE_URL"], second.env["ATRIUM_DATABASE_URL"])
			})
		}
	}
}

func TestACopyIsNotMadeWhileAtriumRuns(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			w := lived(t, engine)
			h := newHost(t, w.Database(), w.Secrets)
			h.want(1, []string{"FROM, ", "is in use: stop Atrium"}, "copy", w.Database(), "sqlite:to.db")
			h.want(0, nil, "migrate", "--database-url", "sqlite:from.db")
			h.want(1, []string{"TO, ", "is in use: stop Atrium"}, "copy", "sqlite:from.db", w.Database())
			w.Stop()
			h.want(0, []string{"Copied and compared"}, "copy", w.Database(), "sqlite:to.db")
		})
	}
}

// Until a copy is whole, nothing but copy opens it.
func TestAHalfCopyIsNobodysDatabase(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			h := settled(t, lived(t, engine), engine)
			h.run(`INSERT INTO copies (source, begun_at) VALUES ('another', 1)`)
			words := []string{"is a copy that is not whole or not checked yet: run atrium copy again"}
			h.want(1, words, "serve")
			h.want(1, words, "migrate")
			h.want(1, words, "staff", "add", "staff@host.example")
			h.want(1, words, "backup", "b")
			h.want(1, words, "doctor")
			h.want(1, words, "copy", h.env["ATRIUM_DATABASE_URL"], "sqlite:to.db")
			h.want(1, []string{"nothing was restored: the database is not empty"}, "restore", filepath.Join(h.folder, "first.backup"))

			h.want(0, nil, "migrate", "--database-url", "sqlite:from.db")
			h.want(1, []string{"a half copy of another database", "--afresh"}, "copy", "sqlite:from.db", h.env["ATRIUM_DATABASE_URL"])
			h.want(0, []string{"0 accounts and 0 users"}, "copy", "--afresh", "sqlite:from.db", h.env["ATRIUM_DATABASE_URL"])
			h.want(0, nil, "backup", "b")
			h.want(0, []string{"Restored: 1 accounts and 2 users"}, "restore", filepath.Join(h.folder, "first.backup"))
		})
	}
}

func TestACopyRefusesAddressesInPlainWords(t *testing.T) {
	h := newHost(t, "sqlite:atrium.db", "atrium.key")
	h.want(0, nil, "migrate")
	if err := os.WriteFile(filepath.Join(h.folder, "diary"), []byte(strings.Repeat("my diary ", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("atrium.db", filepath.Join(h.folder, "same.db")); err != nil {
		t.Fatal(err)
	}
	server := dbtest.URL(t, dbtest.Postgres)
	closed := regexp.MustCompile(`@[^/]*/`).ReplaceAllString(server, "@127.0.0.1:1/")
	for _, c := range []struct {
		from, to string
		says     []string
	}{
		{"sqlite:none.db", "sqlite:to.db", []string{"the database to copy: there is no database none.db"}},
		{"atrium.db", "sqlite:to.db", []string{"FROM: write it as sqlite:FILE or postgres://"}},
		{"sqlite:atrium.db", "mysql://root:s3cret@db/a", []string{"TO: write it as"}},
		{"sqlite:atrium.db", "sqlite:atrium.db", []string{"the same database"}},
		{"sqlite:atrium.db", "sqlite:same.db", []string{"the same database"}},
		{"sqlite:diary", "sqlite:to.db", []string{"the database to copy: diary is not a SQLite database"}},
		{"sqlite:atrium.db", "sqlite:diary", []string{"the database to copy to: diary is not a SQLite database"}},
		{"sqlite:atrium.db", "sqlite:nowhere/to.db", []string{"the database to copy to: nowhere does not exist"}},
		{server, "sqlite:to.db", []string{"the database to copy has no tables"}},
		{"sqlite:atrium.db", strings.Replace(closed, "postgres@", "ann:s3cret@", 1), []string{"the database to copy to: PostgreSQL at 127.0.0.1:1 does not answer"}},
		{"sqlite:atrium.db", strings.Replace(server, "/test_", "/none_", 1), []string{"has no database \"none_", "create it with the encoding UTF8"}},
		{"env:FROM_URL", "sqlite:to.db", []string{"the environment has no FROM_URL"}},
	} {
		said := h.want(1, c.says, "copy", c.from, c.to)
		if strings.Contains(said, "s3cret") || strings.Contains(said, "goroutine") {
			t.Error(said)
		}
	}
	if text, err := os.ReadFile(filepath.Join(h.folder, "diary")); err != nil || !strings.HasPrefix(string(text), "my diary my") {
		t.Error("the diary:", err)
	}
}

// Addresses may stand in the environment, and no password is shown.
func TestACopyShowsNoPassword(t *testing.T) {
	h := newHost(t, "sqlite:atrium.db", "atrium.key")
	h.want(0, nil, "migrate")
	h.env["FROM_URL"] = "sqlite:atrium.db"
	h.env["TO_URL"] = strings.Replace(dbtest.URL(t, dbtest.Postgres), "postgres@", "postgres:s3cret@", 1)
	said := h.want(0, []string{"ATRIUM_DATABASE_URL=postgres://postgres:xxxxx@127.0.0.1", "Copied and compared: 0 accounts"}, "copy", "env:FROM_URL", "env:TO_URL")
	if strings.Contains(said, "s3cret") {
		t.Error(said)
	}
}
