package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// From one database to the other and back, with the program as people use it,
// while Atrium is running on the first.
func TestABackupMovesBetweenTheDatabases(t *testing.T) {
	for _, from := range dbtest.Engines() {
		t.Run("from "+from, func(t *testing.T) {
			to := dbtest.Postgres
			if from == to {
				to = dbtest.SQLite
			}
			w := lived(t, from)
			first := newHost(t, w.Database(), w.Secrets)
			first.want(0, []string{"moved.backup holds 1 accounts and 2 users", "The key file " + w.Secrets + " is not in it"}, "backup", "moved.backup")
			path := filepath.Join(first.folder, "moved.backup")
			if i, err := os.Stat(path); err != nil || i.Mode() != 0o600 {
				t.Error(i, err)
			}

			second := newHost(t, dbtest.URL(t, to), w.Secrets)
			second.want(0, []string{"Restored: 1 accounts and 2 users", "Everybody logs in again", "The key file is not in backups"}, "restore", path)
			second.want(0, []string{"opens all that is sealed"}, "doctor")
			there := apptest.Look(t, second.open())
			second.want(0, nil, "backup", "back.backup")

			third := newHost(t, dbtest.URL(t, from), w.Secrets)
			third.want(0, nil, "restore", filepath.Join(second.folder, "back.backup"))
			if changes := there.Changes(apptest.Look(t, third.open())); len(changes) != 0 {
				t.Errorf("%d rows are not the same: %.500q", len(changes), changes)
			}
		})
	}
}

func TestABackupThatIsNotWholeChangesNothing(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			h := settled(t, lived(t, engine), engine)
			path := filepath.Join(h.folder, "first.backup")
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			before := apptest.Look(t, h.open())
			flipped := slices.Clone(whole)
			flipped[len(flipped)/2] ^= 0x10
			for name, bad := range map[string][]byte{"half": whole[:len(whole)/2], "flipped": flipped, "foreign": []byte("PGDMP"), "empty": nil} {
				if err := os.WriteFile(filepath.Join(h.folder, name), bad, 0o600); err != nil {
					t.Fatal(err)
				}
				said := h.want(1, []string{"atrium: " + name + ": "}, "restore", "--replace", name)
				if !strings.Contains(said, "the backup is damaged") && !strings.Contains(said, "this is not a backup of Atrium") {
					t.Error(said)
				}
			}
			h.want(1, []string{"nothing was restored: the database is not empty", "--replace"}, "restore", path)
			h.want(1, []string{"no such file"}, "restore", "nowhere")
			if changes := before.Changes(apptest.Look(t, h.open())); len(changes) != 0 {
				t.Errorf("%d rows have changed: %.500q", len(changes), changes)
			}
			h.run(`UPDATE users SET first_name = 'changed'`)
			h.want(0, []string{"Restored: 1 accounts"}, "restore", "--replace", path)
			if changes := before.Changes(apptest.Look(t, h.open())); len(changes) != 0 {
				t.Errorf("%d rows have changed: %.500q", len(changes), changes)
			}
		})
	}
}

// A mistyped name must not cost the database or its keys.
func TestABackupReplacesNoDatabase(t *testing.T) {
	h := newHost(t, "sqlite:atrium.db", "atrium.key")
	h.want(0, nil, "migrate")
	if err := os.WriteFile(filepath.Join(h.folder, "atrium.key"), []byte("a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"atrium.db", "atrium.key"} {
		h.want(1, []string{name + " is there already and is not a backup"}, "backup", name)
	}
	h.want(0, []string{"0 accounts and 0 users"}, "backup", "b")
	h.want(0, nil, "backup", "b")
}

// What did not hold before does not hold afterwards, and that is said.
func TestARestoreTellsWhatIsBroken(t *testing.T) {
	h := settled(t, lived(t, dbtest.SQLite), dbtest.SQLite)
	h.run(`UPDATE memberships SET owner = FALSE`)
	h.want(0, nil, "backup", "b")
	h.want(1, []string{"Restored: 1 accounts", "did not hold in the backup either: Every account has exactly one owner"}, "restore", "--replace", "b")
}
