package db

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A litePool is some connections to one file, opened when they are first needed.
// Whoever wants one queues.
type litePool struct {
	open  func() (*liteConn, error)
	turns chan struct{} // a place in it for each connection

	mu     sync.Mutex
	free   []*liteConn // the one used last is used next: what it has read is near
	closed bool
}

func newLitePool(conns int, path string, pragmas []string) *litePool {
	return &litePool{turns: make(chan struct{}, conns), open: func() (*liteConn, error) { return openLite(path, pragmas...) }}
}

// take waits for a connection, for as long as ctx and patience last.
func (p *litePool) take(ctx context.Context) (*liteConn, error) {
	if err := p.queue(ctx); err != nil {
		return nil, err
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		<-p.turns
		return nil, errors.New("the database is closed")
	}
	if n := len(p.free); n > 0 {
		c := p.free[n-1]
		p.free = p.free[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	c, err := p.open()
	if err != nil {
		<-p.turns
	}
	return c, err
}

func (p *litePool) queue(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case p.turns <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case p.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return context.DeadlineExceeded
	}
}

// give takes a connection back and rolls back what is open on it.
func (p *litePool) give(c *liteConn) {
	if !c.idle() {
		c.exec(`ROLLBACK`, nil)
	}
	keep := c.idle()
	p.mu.Lock()
	if keep = keep && !p.closed; keep {
		p.free = append(p.free, c)
	}
	p.mu.Unlock()
	if !keep {
		c.close()
	}
	<-p.turns
}

// close closes what is free now, and what is given back later then.
func (p *litePool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var errs []error
	for _, c := range p.free {
		errs = append(errs, c.close())
	}
	p.free = nil
	return errors.Join(errs...)
}
