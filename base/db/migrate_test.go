package db_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/sys/unix"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// schema is a Schema of one migration.
func schema(name, up string) fs.FS {
	return fstest.MapFS{"schema/" + name: {Data: []byte("-- +goose Up\n" + up)}}
}

func TestMigratingAppliesWhatIsPending(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := dbtest.URL(t, engine)
			first := dbtest.Reopen(t, url, schemas())
			wantPending(t, first, 2)
			migrate(t, first)
			wantPending(t, first, 0)
			seed(t, first)

			more := append(schemas(), schema("20261122110000_more.sql", `ALTER TABLE accounts ADD COLUMN note TEXT NOT NULL DEFAULT '-';`))
			second := dbtest.Reopen(t, url, more)
			wantPending(t, second, 1)
			migrate(t, second)
			migrate(t, second)
			wantPending(t, second, 0)
			note, err := db.One(t.Context(), first.Auto(), scan[string], `SELECT note FROM accounts WHERE account_id = $1`, acme)
			if note != "-" || err != nil {
				t.Error(note, err)
			}
			migrate(t, first) // an older program beside a newer one
		})
	}
}

func TestAMigrationThatFailsLeavesNothing(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			d := dbtest.Reopen(t, dbtest.URL(t, engine), []fs.FS{
				schema("20261122110000_good.sql", `CREATE TABLE good (id BIGINT);`),
				schema("20261122120000_bad.sql", "CREATE TABLE bad (id BIGINT);\nCREATE TABLE good (id BIGINT);"),
			})
			if err := d.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "20261122120000") {
				t.Error(err)
			}
			wantPending(t, d, 1)
			if _, err := db.All(t.Context(), d.Auto(), scan[int64], `SELECT id FROM bad`); err == nil {
				t.Error("half a migration is there")
			}
		})
	}
}

func TestSeveralProcessesMigrateOnce(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := dbtest.URL(t, engine)
			var all [5]*db.DB
			for i := range all {
				all[i] = dbtest.Reopen(t, url, schemas())
			}
			together(t, len(all), func(i int) error { return all[i].Migrate(t.Context()) })
			wantPending(t, all[0], 0)
		})
	}
}

// Who has nothing to migrate does not wait for who does; who has something, does.
func TestOnlyWhoHasSomethingToMigrateWaits(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := dbtest.Migrated(t, engine, schemas())
			d := dbtest.Reopen(t, url, schemas())
			if onPostgres(d) {
				err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), `UPDATE goose_lock SET locked = TRUE, locked_by = 'another', lease_expires_at = lease_expires_at + INTERVAL '1 hour'`)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			} else {
				folder, err := os.Open(filepath.Dir(strings.TrimPrefix(url, "sqlite:")))
				if err != nil {
					t.Fatal(err)
				}
				defer folder.Close()
				if err := unix.Flock(int(folder.Fd()), unix.LOCK_EX); err != nil {
					t.Fatal(err)
				}
			}
			migrate(t, d)
			soon, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			more := dbtest.Reopen(t, url, append(schemas(), schema("20991122110000_more.sql", `CREATE TABLE more (id BIGINT);`)))
			if err := more.Migrate(soon); err == nil {
				t.Error("it did not wait")
			}
			wantPending(t, more, 1)
		})
	}
}

func TestSchemasThatDoNotFitTogetherAreRefused(t *testing.T) {
	a := schema("20261122110000_a.sql", `CREATE TABLE a (id BIGINT);`)
	for what, schemas := range map[string][]fs.FS{
		"the same version": {a, schema("20261122110000_b.sql", `CREATE TABLE b (id BIGINT);`)},
		"no file":          {a, fstest.MapFS{}},
		"b.sql":            {a, schema("b.sql", `CREATE TABLE b (id BIGINT);`)},
	} {
		d := dbtest.Reopen(t, dbtest.URL(t, dbtest.SQLite), schemas)
		if err := d.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestOneTextServesBothEngines(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO emails (account_id, id, subject) VALUES ($1, 1, 'x')`, acme)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		words, err := db.One(t.Context(), d.Auto(), scan[string], `SELECT words FROM emails WHERE account_id = $1`, acme)
		want := "sqlite"
		if onPostgres(d) {
			want = "postgres"
		}
		if err != nil || words != want {
			t.Errorf("%q, %v; want %q", words, err, want)
		}
	})
}

func TestMarkedTablesAreClusteredOnSQLite(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite, schemas())
	got, err := db.All(t.Context(), d.Auto(), scan[string], `SELECT name FROM pragma_table_list WHERE wr = 1 AND schema = 'main' ORDER BY name`)
	if err != nil || strings.Join(got, " ") != "accounts counters memberships users" {
		t.Error(got, err)
	}
}

func TestSQLiteHasNoStatistics(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite, schemas())
	seed(t, d)
	got, err := db.All(t.Context(), d.Auto(), scan[string], `SELECT name FROM sqlite_schema WHERE substr(name, 1, 11) = 'sqlite_stat'`)
	if err != nil || len(got) != 0 {
		t.Error(got, err)
	}
}

func migrate(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func wantPending(t *testing.T, d *db.DB, want int) {
	t.Helper()
	if got, err := d.Pending(t.Context()); got != want || err != nil {
		t.Errorf("%d pending, %v; want %d", got, err, want)
	}
}
