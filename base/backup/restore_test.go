package backup_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"atrium/base/backup"
	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// Every pair of databases, each to itself too.
func TestWhatWasBackedUpComesBackTheSame(t *testing.T) {
	for _, from := range dbtest.Engines() {
		for _, to := range dbtest.Engines() {
			t.Run(from+" to "+to, func(t *testing.T) {
				d := dbtest.Open(t, from, schemas())
				fill(t, d, 13)
				first := saved(t, d, schemas())

				other := dbtest.Open(t, to, schemas())
				if err := restore(t, other, first, schemas(), false); err != nil {
					t.Fatal(err)
				}
				wantSame(t, "rows", lasting(t, other), lasting(t, d))
				if n := len(dump(t, other)) - len(lasting(t, other)); n != 0 {
					t.Errorf("%d rows of sessions and limits came along", n)
				}
				if second := saved(t, other, schemas()); unpack(t, second) != unpack(t, first) {
					t.Error("the backup of the restored is another")
				}
			})
		}
	}
}

func TestABackupGoesIntoADatabaseWithoutTables(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			d := dbtest.Open(t, engine, schemas())
			fill(t, d, 5)
			fresh := dbtest.Reopen(t, dbtest.URL(t, engine), schemas())
			if err := restore(t, fresh, saved(t, d, schemas()), schemas(), false); err != nil {
				t.Fatal(err)
			}
			wantSame(t, "rows", lasting(t, fresh), lasting(t, d))
		})
	}
}

func TestWhatTheProgramKeepsForItselfIsNobodysData(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
		path := saved(t, d, schemas())
		write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO jobs (id, lane, kind, args, period, run_at, created_at) VALUES (1, '', 'tidy', '', 60, 0, 0)`)
			return err
		})
		if err := restore(t, d, path, schemas(), false); err != nil {
			t.Error(err)
		}
	})
}

func TestADatabaseThatSomebodyIsInIsReplacedOnlyWhenAskedTo(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
		fill(t, d, 3)
		path, before := saved(t, d, schemas()), lasting(t, d)
		write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE users SET first_name = 'changed'`)
			return err
		})
		changed := dump(t, d)
		wantError(t, "not empty", restore(t, d, path, schemas(), false), "not empty", "users has 3 rows", "--replace")
		wantSame(t, "refused", dump(t, d), changed)
		if err := restore(t, d, path, schemas(), true); err != nil {
			t.Fatal(err)
		}
		wantSame(t, "replaced, sessions and limits emptied", dump(t, d), before)
	})
}

// later is a migration that comes after those there are.
func later() fs.FS {
	return fstest.MapFS{"schema/20991231000000_later.sql": {Data: []byte("-- +goose Up\nALTER TABLE users ADD COLUMN note TEXT NOT NULL DEFAULT '';\nUPDATE users SET note = first_name;")}}
}

func TestAnOlderBackupIsBroughtUpToDateInANewDatabase(t *testing.T) {
	newer := append(schemas(), later())
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			old := dbtest.Open(t, engine, schemas())
			fill(t, old, 5)
			path := saved(t, old, schemas())

			wantError(t, "into a newer one", restore(t, dbtest.Open(t, engine, newer), path, newer, true), "of an older Atrium", "into a new one")

			fresh := dbtest.Reopen(t, dbtest.URL(t, engine), newer)
			if err := restore(t, fresh, path, newer, false); err != nil {
				t.Fatal(err)
			}
			if n := countWhere(t, fresh, `note = first_name`); n != 5 {
				t.Errorf("%d of 5 users were brought up to date", n)
			}
			path = saved(t, fresh, newer)
			wantError(t, "a newer backup", restore(t, dbtest.Open(t, engine, schemas()), path, schemas(), true), "newer Atrium (migration 20991231000000)")
			wantError(t, "an older database", restore(t, old, path, newer, true), "of an older Atrium than the backup", "atrium migrate")
			_, err := backup.Save(t.Context(), fresh, path, known(t, schemas()))
			wantError(t, "an older program", err, "newer Atrium (migration 20991231000000)")
		})
	}
}

func countWhere(t *testing.T, d *db.DB, where string) int64 {
	t.Helper()
	n, err := db.One(t.Context(), d.Auto(), func(r db.Row) (int64, error) {
		var n int64
		err := r.Scan(&n)
		return n, err
	}, `SELECT count(*) FROM users WHERE `+where)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryTableLeftOutIsOneThereIs(t *testing.T) {
	for _, name := range backup.Passing() {
		i := slices.IndexFunc(db.Tables(), func(t db.Table) bool { return t.Name == name })
		if i < 0 || db.Tables()[i].Class != db.Control {
			t.Errorf("%s is left out of backups but is no control table", name)
		}
	}
}

// unpack gives the lines of a backup but the header, which has its time.
func unpack(t *testing.T, path string) string {
	t.Helper()
	packed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := strings.Cut(string(text), "\n")
	return lines[:strings.Index(lines, `"sha256"`)]
}
