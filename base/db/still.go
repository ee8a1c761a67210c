package db

import (
	"context"
	"sync"
)

// Still gives a context to which the database stands still: single statements
// that are asked with it, from the first to end, see one state of SQLite, on one
// connection. That is cheaper than a snapshot for each: SQLite locks and unlocks
// its file once. A transaction that begins in between ends the state before it, so
// that what it wrote is seen after it. PostgreSQL would need a round trip more, so
// there each statement is a snapshot as before; but see Together.
//
// Between two statements the connection is nobody else's. So end comes before
// anything that may take long, such as drawing or sending; it may be called twice.
func (d *DB) Still(ctx context.Context) (_ context.Context, end func()) {
	switch e := d.engine.(type) {
	case *sqliteDB:
		t := &still{s: e}
		return context.WithValue(ctx, stillKey{}, t), t.end
	case *postgres:
		return context.WithValue(ctx, stillKey{}, &gathering{p: e}), func() {}
	}
	return ctx, func() {}
}

type stillKey struct{}

// A still is the connection that such a context holds. Statements that are asked
// while another's rows are read take another connection.
type still struct {
	s *sqliteDB

	mu    sync.Mutex
	c     *liteConn // nil: none is held
	busy  bool      // a statement runs, or takes the connection
	ended bool
}

// stillOf is the context's, nil if it has none of this database.
func (s *sqliteDB) stillOf(ctx context.Context) *still {
	t, _ := ctx.Value(stillKey{}).(*still)
	if t == nil || t.s != s {
		return nil
	}
	return t
}

// take gives the held connection, and holds one in a snapshot if there is none
// yet; free tells whether it may be used.
func (t *still) take(ctx context.Context) (c *liteConn, free bool, err error) {
	t.mu.Lock()
	free = !t.busy && !t.ended
	t.busy = t.busy || free
	c = t.c
	t.mu.Unlock()
	if !free || c != nil {
		return c, free, nil
	}
	if c, err = t.s.reading.take(ctx); err == nil {
		if _, err = c.exec(`BEGIN`, nil); err != nil {
			t.s.reading.give(c)
		}
	}
	if err != nil {
		t.give(nil)
		return nil, false, err
	}
	return c, true, nil
}

// give takes the connection back after a statement. One on which the statement
// failed is not held further.
func (t *still) give(c *liteConn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.c, t.busy = c, false
	if t.ended {
		t.drop()
	}
}

// pause ends the state, and the next statement begins another.
func (t *still) pause() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.busy {
		t.drop()
	}
}

func (t *still) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	if !t.busy {
		t.drop()
	}
}

func (t *still) drop() {
	if t.c != nil {
		t.s.reading.give(t.c)
		t.c = nil
	}
}
