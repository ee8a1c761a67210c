package job

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func schemas() []fs.FS { return []fs.FS{Schema} }

func each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, schemas(), fn)
}

// newJobs are the jobs of one process, on real time short enough for tests.
func newJobs(d *db.DB) *Jobs {
	j := New(d, slog.New(slog.DiscardHandler))
	j.poll = 10 * time.Millisecond
	return j
}

// ask is a job of the tests.
type ask struct{ N int }

func (ask) Kind() string { return "test.ask" }

// told is a fact of the tests.
type told struct{ What string }

func (told) Kind() string { return "test.told" }

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) error {
	t.Helper()
	return d.WriteGlobal(t.Context(), db.Lock{}, fn)
}

func enqueue(t *testing.T, j *Jobs, a Args, opts ...Option) {
	t.Helper()
	err := write(t, j.db, func(tx *db.Tx) error { return j.Enqueue(t.Context(), tx, a, opts...) })
	if err != nil {
		t.Fatal(err)
	}
}

func drain(t *testing.T, j *Jobs) {
	t.Helper()
	if err := j.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// run starts the jobs and gives what stops them.
func run(t *testing.T, j *Jobs) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- j.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// eventually waits until ok, at most ten seconds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within ten seconds", what)
		}
	}
}

// state is a row as the tests see it.
type state struct {
	kind, args, key, error string
	attempt, tries         int64
	runAt, failedAt        time.Time
}

func rows(t *testing.T, d *db.DB) []state {
	t.Helper()
	list, err := db.All(t.Context(), d.Auto(), func(r db.Row) (state, error) {
		var s state
		return s, r.Scan(&s.kind, &s.args, &s.key, &s.error, &s.attempt, &s.tries, db.Time(&s.runAt), db.Time(&s.failedAt))
	}, `SELECT kind, args, unique_key, error, attempt, tries, run_at, failed_at FROM jobs ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func wantRows(t *testing.T, d *db.DB, n int) []state {
	t.Helper()
	list := rows(t, d)
	if len(list) != n {
		t.Fatalf("%d rows are left, not %d: %+v", len(list), n, list)
	}
	return list
}

// A log is what workers noted, in their order.
type log struct {
	mu   sync.Mutex
	list []string
}

func (l *log) note(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, s)
}

func (l *log) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.list...)
}

var errBusy = errors.New("the other side is busy")
