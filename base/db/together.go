package db

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
)

// Together runs functions that read, as if one after the other; the first error is
// its own. On PostgreSQL, in a context of Still, what they ask first goes to the
// server in one message, then what those who ask more ask next, and so on: a page
// waits as often as its longest function asks, not as often as all of them. A
// function may call Together itself.
//
// They run in turn, never at once: each until it asks. So they need no locks, but
// none may count on what another has read, and none may start a goroutine that asks
// with the same context. Transactions in them run at once, as ever.
func (d *DB) Together(ctx context.Context, fns ...func() error) error {
	g, _ := ctx.Value(stillKey{}).(*gathering)
	if g == nil || g.p != d.engine {
		for _, fn := range fns {
			if err := fn(); err != nil {
				return err
			}
		}
		return nil
	}
	return g.together(ctx, fns)
}

// A gathering is a page on PostgreSQL, whose functions ask together.
type gathering struct {
	p       *postgres
	running *strand // nil: none does
	ready   []*strand
	asked   []*question // what the strands wait for
}

// A strand is a function that runs until it asks, and goes on with the answer.
type strand struct {
	resume func() (struct{}, bool)
	stop   func()
	pause  func(struct{}) bool // false: stopped
}

// A question is a statement of a strand, and what the server answers.
type question struct {
	by   *strand
	sql  string
	args []any
	rows rows
	err  error
}

var errStopped = errors.New("another function of the page panicked")

func (g *gathering) together(ctx context.Context, fns []func() error) error {
	failed, left, caller := make([]error, len(fns)), len(fns), g.running
	strands := make([]*strand, len(fns))
	for i, fn := range fns {
		strands[i] = newStrand(func() {
			failed[i] = fn()
			if left--; left == 0 && caller != nil {
				g.ready = append(g.ready, caller)
			}
		})
	}
	g.ready = append(g.ready, strands...)
	if caller != nil {
		defer stopAll(strands)
		if len(fns) > 0 && !g.wait() {
			return errStopped
		}
		return firstError(failed)
	}
	defer g.clear(strands)
	for g.run(); left > 0; g.run() {
		g.ask(ctx)
	}
	return firstError(failed)
}

func newStrand(fn func()) *strand {
	s := &strand{}
	s.resume, s.stop = iter.Pull(func(pause func(struct{}) bool) {
		s.pause = pause
		defer func() {
			if p := recover(); p != nil {
				panic(fmt.Sprintf("%v\n\n%s", p, debug.Stack())) // else the stack would be that of who called Together
			}
		}()
		fn()
	})
	return s
}

// stopAll ends what still runs, because something panicked.
func stopAll(strands []*strand) {
	for _, s := range strands {
		s.stop()
	}
}

func (g *gathering) clear(strands []*strand) {
	g.running, g.ready, g.asked = nil, nil, nil
	stopAll(strands)
}

func firstError(list []error) error {
	if i := slices.IndexFunc(list, func(err error) bool { return err != nil }); i >= 0 {
		return list[i]
	}
	return nil
}

// run has strands run until all wait or have ended.
func (g *gathering) run() {
	for len(g.ready) > 0 {
		g.running = g.ready[0]
		g.ready = g.ready[1:]
		g.running.resume()
		g.running = nil
	}
}

// wait gives the turn to others until somebody has made the running strand ready
// again. It is false if nobody will.
func (g *gathering) wait() bool {
	s := g.running
	return s.pause(struct{}{})
}

// query is a statement of the running strand.
func (g *gathering) query(sql string, args []any) (rows, error) {
	q := &question{by: g.running, sql: sql, args: args}
	g.asked = append(g.asked, q)
	if !g.wait() {
		return nil, errStopped
	}
	return q.rows, q.err
}

// ask has the server answer what is asked, and goes on with who asked.
func (g *gathering) ask(ctx context.Context) {
	asked := g.asked
	g.asked = nil
	g.p.ask(ctx, asked...)
	for _, q := range asked {
		g.ready = append(g.ready, q.by)
	}
}
