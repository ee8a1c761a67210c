package db_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

func wantInUse(t *testing.T, url string, want bool) {
	t.Helper()
	if used, err := db.InUse(t.Context(), url); used != want || err != nil {
		t.Errorf("%s in use: %v, %v; want %v", url, used, err, want)
	}
}

// Also one who does nothing has it open; who asks does not disturb them.
func TestADatabaseIsInUseWhileSomebodyHasItOpen(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := dbtest.Migrated(t, engine, schemas())
			wantInUse(t, url, false)
			d, err := db.Open(t.Context(), url, db.Options{Schemas: schemas()})
			if err != nil {
				t.Fatal(err)
			}
			wantInUse(t, url, true)
			if _, err := d.Applied(t.Context()); err != nil {
				t.Error(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			wantInUse(t, url, false)
		})
	}
}

func TestWhatCanNotBeOpenedIsInNobodysUse(t *testing.T) {
	folder := t.TempDir()
	foreign := filepath.Join(folder, "diary")
	if err := os.WriteFile(foreign, []byte(strings.Repeat("my diary ", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"sqlite:" + filepath.Join(folder, "none.db"), "sqlite:" + foreign, "sqlite:" + folder,
		"postgres://nobody@127.0.0.1:1/none", "postgres://%zz"} {
		wantInUse(t, url, false)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
		t.Error("something was made:", files, err)
	}
}
