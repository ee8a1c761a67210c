package atrium_test

import (
	"log/slog"
	"path/filepath"
	"runtime"
	"testing"

	"atrium"
	"atrium/base/config"
)

// What reads the migrations keeps a dozen megabytes; without the first start giving
// them back, the heap grows to twice of that before they are collected.
func TestAFirstStartGivesBackWhatMigratingTook(t *testing.T) {
	d, err := atrium.OpenDB(t.Context(), atrium.Config{
		Settings: config.Settings{Database: config.URL("sqlite:" + filepath.Join(t.TempDir(), "first.db"))}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	opened := heap()
	runtime.GC()
	runtime.GC() // what pools held is gone after the second
	if left := opened - heap(); left > 3<<20 {
		t.Errorf("%.1f MB could be collected", float64(left)/(1<<20))
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
