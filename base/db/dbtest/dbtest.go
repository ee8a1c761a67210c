// Package dbtest gives tests real databases: SQLite files and a PostgreSQL
// server of the test's own, started from the machine's programs when it is
// first asked for. Nothing is skipped: without PostgreSQL's programs the tests
// fail.
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
//
//	func TestThing(t *testing.T) {
//		dbtest.Each(t, []fs.FS{thing.Schema}, func(t *testing.T, d *db.DB) { … })
//	}
package dbtest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"atrium/base/clock/clocktest"
	"atrium/base/db"
)

// The names of the two databases, as Open, URL and Migrated take them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Engines is both, or the one that a cluster speaks.
func Engines() []string {
	if Citus() != "" {
		return []string{Postgres}
	}
	return []string{SQLite, Postgres}
}

// Main runs the tests, stops PostgreSQL if it was started, tidies up, and exits.
func Main(m *testing.M, tidy ...func() error) {
	code := m.Run()
	for _, f := range append(tidy, servers.stop) {
		if err := f(); err != nil {
			fmt.Fprintln(os.Stderr, "dbtest:", err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// Each runs fn twice, as the subtests "sqlite" and "postgres", on an empty
// database with the schemas applied.
func Each(t *testing.T, schemas []fs.FS, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(engine, func(t *testing.T) { fn(t, Open(t, engine, schemas)) })
	}
}

// Open opens a fresh database with the schemas applied, closed with the test.
// Its clock is a clocktest.Clock, and each statement that names an account's
// table without account_id fails the test. The functions may change that.
func Open(t testing.TB, engine string, schemas []fs.FS, change ...func(*db.Options)) *db.DB {
	t.Helper()
	return Reopen(t, Migrated(t, engine, schemas), schemas, change...)
}

// Reopen is Open on a database that is there: as another process would.
func Reopen(t testing.TB, url string, schemas []fs.FS, change ...func(*db.Options)) *db.DB {
	t.Helper()
	o := db.Options{Clock: clocktest.New(), Schemas: schemas, Trace: Tracer(t)}
	for _, f := range change {
		f(&o)
	}
	d, err := db.Open(context.Background(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// Tracer is the Trace of Open: it fails the test on an unscoped statement.
func Tracer(t testing.TB) func(sql string, across bool) {
	return func(sql string, across bool) {
		if across {
			return
		}
		if table := db.Unscoped(sql); table != "" {
			t.Errorf("this statement names %s, a table of accounts, but not account_id:\n%s", table, sql)
		}
	}
}

// Clock is the clock of a database that Open opened.
func Clock(d *db.DB) *clocktest.Clock { return d.Clock().(*clocktest.Clock) }
