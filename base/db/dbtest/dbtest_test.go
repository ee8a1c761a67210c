package dbtest_test

import (
	"io/fs"
	"os"
	"testing"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func schemas() []fs.FS { return []fs.FS{os.DirFS("../testdata")} }

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	for range 2 {
		dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
			err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
				return tx.ExecOne(t.Context(), `INSERT INTO users (id, email) VALUES (1, 'ann@example.com')`)
			})
			if err != nil {
				t.Error(err)
			}
			dbtest.Clock(d).Add(1)
		})
	}
}
