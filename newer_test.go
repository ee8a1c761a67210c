package atrium_test

import (
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"

	"atrium"
	"atrium/base/config"
	"atrium/base/db/dbtest"
)

// An older program would write rows without what a newer one keeps beside them.
func TestADatabaseOfANewerAtriumIsRefused(t *testing.T) {
	later := fstest.MapFS{"schema/20991231000000_later.sql": {Data: []byte("-- +goose Up\nCREATE TABLE later (id BIGINT);")}}
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := dbtest.Migrated(t, engine, append([]fs.FS{later}, atrium.Schemas()...))
			d, err := atrium.OpenDB(t.Context(), atrium.Config{Settings: config.Settings{Database: config.URL(url)}, Log: slog.New(slog.DiscardHandler)})
			if err == nil {
				d.Close()
			}
			if err == nil || !strings.Contains(err.Error(), "of a newer Atrium (migration 20991231000000): use that one") {
				t.Errorf("got %v", err)
			}
		})
	}
}
