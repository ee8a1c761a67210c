package db

import (
	"context"
	"testing"
	"time"
)

// Readers are those of PostgreSQL, of which the tests see more.
type Readers struct{ r *readers }

// ReadersOf has so many messages of readers under way at once at most, and sent told
// of each, how many statements it has, before it goes out.
func ReadersOf(t *testing.T, d *DB, most int, sent func(n int)) Readers {
	t.Helper()
	p, ok := d.engine.(*postgres)
	if !ok {
		t.Fatal("these readers are PostgreSQL's")
	}
	answer := p.answer
	p.readers = &readers{most: most, send: func(ctx context.Context, asked []*question) []*keptRows {
		sent(len(asked))
		return answer(ctx, asked)
	}}
	return Readers{p.readers}
}

// Waiting tells how many readers wait to be in a message.
func (r Readers) Waiting() int {
	r.r.mu.Lock()
	defer r.r.mu.Unlock()
	return len(r.r.waiting)
}

// UnderWay tells how many messages are under way.
func (r Readers) UnderWay() int {
	r.r.mu.Lock()
	defer r.r.mu.Unlock()
	return r.r.underWay
}

// Patience has PostgreSQL's readers wait so long for an answer.
func Patience(t *testing.T, d *DB, wait time.Duration) {
	t.Helper()
	p, ok := d.engine.(*postgres)
	if !ok {
		t.Fatal("these readers are PostgreSQL's")
	}
	p.patience = wait
}

// MostAsked is how many statements a message has at most.
const MostAsked = mostAsked

// Alone has each reader's message be its own, as on Citus.
func (r Readers) Alone() { r.r.alone = true }
