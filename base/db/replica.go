package db

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	replicaPatience = 5 * time.Second // then the primary is asked: somebody waits
	replicaGlance   = 2 * time.Second // how often it is seen whether the replica answers
)

// A replica is a server that follows the database's own, a little behind it.
// Nothing depends on it: whatever goes wrong there, the primary is asked.
type replica struct {
	engine engine
	log    *slog.Logger
	down   atomic.Bool
	stop   context.CancelFunc
	done   chan struct{} // closed when watch has ended
}

// openReplica makes the pool and looks whether the replica answers. That it
// does not is no error.
func openReplica(ctx context.Context, url string, conns int, log *slog.Logger) (*replica, error) {
	p, err := newPostgres(ctx, url, conns, replicaPatience)
	if err != nil {
		return nil, err
	}
	r := &replica{engine: p, log: log, done: make(chan struct{})}
	r.look(ctx)
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	go r.watch(watching)
	return r, nil
}

func (r *replica) close() error {
	r.stop()
	<-r.done
	return r.engine.close()
}

// watch looks now and then, so that one that is away costs nobody a wait and one
// that is back is used again.
func (r *replica) watch(ctx context.Context) {
	defer close(r.done)
	t := time.NewTicker(replicaGlance)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			r.look(ctx)
		}
	}
}

func (r *replica) look(ctx context.Context) {
	err := r.engine.ping(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		r.lost(err)
	case r.down.Swap(false):
		r.log.Info("the replica answers again: staff's searches and reports are read from it")
	}
}

// lost says once that the replica does not answer.
func (r *replica) lost(err error) {
	if !r.down.Swap(true) {
		r.log.Warn("the replica does not answer: staff's searches and reports are read from the primary", "error", err)
	}
}

// Replica is Across on the replica that Options name, where there is one and it
// answers; when it fails, the same is asked of the primary. What it reads may be
// a little old: it is for what staff look for in lists and reports, and never for
// what decides who may do what, nor for what is about to be changed. It belongs to
// one goroutine.
func (d *DB) Replica() Querier {
	if d.replica == nil || d.replica.down.Load() {
		return &d.across
	}
	return &onReplica{d: d}
}

// Replicated tells whether there is a replica, and whether it answered when it
// was last looked at.
func (d *DB) Replicated() (there, answers bool) {
	return d.replica != nil, d.replica != nil && !d.replica.down.Load()
}

// onReplica asks the replica until it fails, then the primary.
type onReplica struct {
	d    *DB
	left bool
}

func (o *onReplica) query(ctx context.Context, sql string, args []any) (rows, error) {
	if o.left {
		return o.d.across.query(ctx, sql, args)
	}
	return o.d.across.on(ctx, o.d.replica.engine, sql, args)
}

// failed leaves the replica for good: its connection is lost, it is slow, its
// rows went away under a long query, or its schema is not yet the primary's.
func (o *onReplica) failed(ctx context.Context, sql string, err error, r *retry) (bool, error) {
	if o.left {
		return o.d.across.failed(ctx, sql, err, r)
	}
	meant := translate(ctx, sql, err)
	m := meaningOf(meant)
	if m == nothing || ctx.Err() != nil {
		return false, meant
	}
	if m == lost || m == ended {
		o.d.replica.lost(err)
	}
	o.left = true
	return true, meant
}

// Position is how far the database's log of changes goes, for Behind; "" where
// there is none.
func (d *DB) Position(ctx context.Context) (string, error) {
	sql := d.engine.catalogue().position
	if sql == "" {
		return "", nil
	}
	return One(ctx, d.Auto(), scanString, sql)
}

// Behind tells of a replica, opened as a database of its own, how many bytes of
// changes it lacks up to a position, and whether it is a standby at all.
func (d *DB) Behind(ctx context.Context, position string) (bytes int64, standby bool, err error) {
	bytes, err = One(ctx, d.Auto(), scanInt, d.engine.catalogue().behind, position)
	return max(bytes, 0), bytes >= 0, err
}
