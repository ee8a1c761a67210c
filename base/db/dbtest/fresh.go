package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"atrium/base/db"
)

// URL is the address of a fresh and empty database, removed with the test.
func URL(t testing.TB, engine string) string {
	t.Helper()
	if engine == SQLite {
		return "sqlite:" + filepath.Join(t.TempDir(), "atrium.db")
	}
	if Citus() != "" {
		return createSchema(t)
	}
	return createDatabase(t, "template0")
}

// Migrated is the address of a fresh database with the schemas applied, removed
// with the test. The migrations run once for each set of schemas; what tests
// get are copies.
func Migrated(t testing.TB, engine string, schemas []fs.FS) string {
	t.Helper()
	if engine == Postgres && Citus() != "" {
		return migratedSchema(t, schemas)
	}
	master, err := masters.of(engine, schemas)
	if err != nil {
		t.Fatal(err)
	}
	if engine == Postgres {
		return createDatabase(t, master)
	}
	return copyFile(t, master)
}

// Copy is the address of a fresh database with everything that is in the one at
// url, which nobody has open. It is removed with the test.
func Copy(t testing.TB, url string) string {
	t.Helper()
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return copyFile(t, path)
	}
	name, _, _ := strings.Cut(path.Base(url), "?")
	return createDatabase(t, name)
}

// copyFile gives the address of a copy of a file of SQLite.
func copyFile(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "atrium.db")
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + to
}

// masters are the migrated databases that tests get copies of.
var masters = masterSet{made: map[string]func() (string, error){}}

type masterSet struct {
	mu   sync.Mutex
	made map[string]func() (string, error)
}

// of names the master: a file of SQLite, a database of PostgreSQL.
func (m *masterSet) of(engine string, schemas []fs.FS) (string, error) {
	sum, err := fingerprint(schemas)
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	make, ok := m.made[engine+sum]
	if !ok {
		make = sync.OnceValues(func() (string, error) { return newMaster(engine, sum, schemas) })
		m.made[engine+sum] = make
	}
	m.mu.Unlock()
	return make()
}

func newMaster(engine, sum string, schemas []fs.FS) (name string, err error) {
	ctx := context.Background()
	var url string
	if engine == Postgres {
		s, err := servers.running()
		if err != nil {
			return "", err
		}
		name = "master_" + sum
		if err := s.run(ctx, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE template0`, name)); err != nil {
			return "", err
		}
		url = s.url(name)
	} else {
		folder, err := servers.folder()
		if err != nil {
			return "", err
		}
		name = filepath.Join(folder, sum+".db")
		url = "sqlite:" + name
	}
	d, err := db.Open(ctx, url, db.Options{Schemas: schemas})
	if err != nil {
		return "", err
	}
	if err := d.Migrate(ctx); err != nil {
		d.Close()
		return "", err
	}
	return name, d.Close()
}

// fingerprint is the same for the same migrations.
func fingerprint(schemas []fs.FS) (string, error) {
	h := sha256.New()
	for _, schema := range schemas {
		files, err := fs.Glob(schema, "schema/*.sql")
		if err != nil {
			return "", err
		}
		for _, file := range files {
			text, err := fs.ReadFile(schema, file)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(h, "%s %d\n%s", file, len(text), text)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// createDatabase makes a database of PostgreSQL, dropped with the test.
func createDatabase(t testing.TB, template string) string {
	t.Helper()
	s, err := servers.running()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	name := fmt.Sprintf("test_%d", s.count.Add(1))
	if err := s.run(ctx, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s`, name, template)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.run(ctx, fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name)); err != nil {
			t.Error(err)
		}
	})
	return s.url(name)
}
