package db

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"
)

// A COMMIT of SQLite waits for the disk, and the next writer waits for the
// COMMIT. So whoever has written and sees others wait does not commit: it hands
// its transaction, still open, to the next, who works on in a savepoint of it.
// The last commits for all of them, once, and only then does any of them hear
// that its work is kept. It is the group commit of other databases, done above
// SQLite, which has one writer anyway.

// mostInGroup and longestGroup bound how long the first of a group may wait.
const (
	mostInGroup  = 32
	longestGroup = 10 * time.Millisecond
)

// A group is a transaction of one writer after another.
type group struct {
	c     *liteConn     // the writing one, in a transaction
	held  int           // how many have written and wait for the COMMIT
	since time.Time     // when the first of them began to wait
	ended chan struct{} // closed when err is what came of it
	err   error
}

// errUndone is what the others of a group get when one writer's fault was such
// that SQLite gave the whole transaction up: nothing of it is kept.
var errUndone = errors.New("another writer's error ended the transaction")

func (g *group) end(err error) error {
	g.err = err
	close(g.ended)
	return err
}

// hold counts one more who waits for the COMMIT.
func (g *group) hold() {
	if g.held == 0 {
		g.since = time.Now()
	}
	g.held++
}

// A queue lets one writer after the other write, in the order they came.
type queue struct {
	mu      sync.Mutex
	busy    bool
	waiting []chan *group // each holds one
	longest time.Duration // how long the first of a group may wait for others
}

// take waits for a turn, for as long as ctx and patience last, and gives the
// open group that the turn comes with, or nil.
func (q *queue) take(ctx context.Context) (*group, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	q.mu.Lock()
	if !q.busy {
		q.busy = true
		q.mu.Unlock()
		return nil, nil
	}
	mine := make(chan *group, 1)
	q.waiting = append(q.waiting, mine)
	q.mu.Unlock()

	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case g := <-mine:
		return g, nil
	case <-ctx.Done():
		return q.leave(mine, ctx.Err())
	case <-timer.C:
		return q.leave(mine, context.DeadlineExceeded)
	}
}

// leave gives up waiting, unless the turn has just come.
func (q *queue) leave(mine chan *group, why error) (*group, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, w := range q.waiting {
		if w == mine {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return nil, why
		}
	}
	return <-mine, nil
}

// full tells whether a group has to be committed whoever waits.
func (q *queue) full(g *group) bool {
	return g.held >= mostInGroup || g.held > 0 && time.Since(g.since) > q.longest
}

// pass gives the turn to the next who waits. With nobody there it ends, or, if a
// group is open, stays: false.
func (q *queue) pass(g *group) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		q.busy = g != nil
		return g == nil
	}
	q.waiting[0] <- g
	q.waiting = q.waiting[1:]
	return true
}

// passSoon is pass, but lets those queue first who are about to: a writer runs from
// its request to its COMMIT without a stop, so on one core nobody else would get
// as far, and each would commit alone.
func (q *queue) passSoon(g *group) bool {
	if q.pass(g) {
		return true
	}
	runtime.Gosched()
	return q.pass(g)
}

// A writing is one writer's transaction: a group's first, or a savepoint.
type writing struct {
	sqliteSession
	db     *sqliteDB
	group  *group
	nested bool
	alone  bool // works for long on the whole database: nobody is to wait for it
}

func (s *sqliteDB) write(ctx context.Context, p plan) (session, error) {
	g, err := s.writers.take(ctx)
	if err != nil {
		return nil, err
	}
	if g != nil && p.whole {
		s.commit(g)
		g = nil
	}
	w := &writing{db: s, group: g, nested: g != nil, alone: p.whole}
	if w.nested {
		_, err = g.c.exec(`SAVEPOINT writer`, nil)
	} else {
		w.group, err = s.beginGroup(ctx)
	}
	if err != nil {
		w.giveUp()
		return nil, err
	}
	w.c = w.group.c
	return w, nil
}

// beginGroup begins a transaction that others may go on with. The group is one
// also when it is an error, to be given up.
func (s *sqliteDB) beginGroup(ctx context.Context) (*group, error) {
	g := &group{ended: make(chan struct{})}
	c, err := s.writing.take(ctx)
	if err != nil {
		return g, err
	}
	g.c = c
	_, err = c.exec(`BEGIN IMMEDIATE`, nil)
	return g, err
}

// commit keeps what was written, at the latest with the next COMMIT. It leaves it
// open what happened when the disk fails in that.
func (w *writing) commit() error {
	if w.nested {
		if _, err := w.c.exec(`RELEASE writer`, nil); err != nil {
			w.giveUp()
			return err
		}
	}
	g := w.group
	g.hold()
	if !w.alone && !w.db.writers.full(g) && w.db.writers.passSoon(g) {
		<-g.ended
		return g.err
	}
	return w.db.finish(g)
}

// rollback undoes what this one wrote. What others of the group wrote is kept;
// since this one saw it, it waits for that, too.
func (w *writing) rollback(bool) error {
	if !w.nested {
		w.giveUp()
		return nil
	}
	_, err := w.c.exec(`ROLLBACK TO writer`, nil)
	if err == nil {
		_, err = w.c.exec(`RELEASE writer`, nil)
	}
	if err != nil { // SQLite has undone more than this
		w.giveUp()
		return nil
	}
	if !w.db.writers.full(w.group) && w.db.writers.pass(w.group) {
		<-w.group.ended
		return w.group.err
	}
	return w.db.finish(w.group)
}

// finish commits a group and lets the next begin another.
func (s *sqliteDB) finish(g *group) error {
	defer s.writers.pass(nil)
	return s.commit(g)
}

func (s *sqliteDB) commit(g *group) error {
	_, err := g.c.exec(`COMMIT`, nil)
	s.writing.give(g.c)
	return g.end(confirmed(err))
}

// giveUp undoes the whole group. The others of it run again.
func (w *writing) giveUp() {
	defer w.db.writers.pass(nil)
	if w.group.c != nil {
		w.db.writing.give(w.group.c) // which rolls back
	}
	w.group.end(errUndone)
}
