package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"

	"atrium/base/clock"
	"atrium/base/id"
)

// Options are what Open needs beside the address.
type Options struct {
	Clock   clock.Clock                   // nil is the machine's clock
	Schemas []fs.FS                       // each holds schema/*.sql; Migrate applies them as one
	Log     *slog.Logger                  // nil discards
	Trace   func(sql string, across bool) // told of each statement before it runs; nil outside tests
	Readers int                           // SQLite's reading connections; 0 is a sensible number
	Conns   int                           // PostgreSQL's connections; 0 is a sensible number, or what the URL says
	Replica string                        // address of a server that follows PostgreSQL's, for Replica; "": none
}

// A DB is an open database. It is safe for concurrent use.
type DB struct {
	engine  engine
	replica *replica // nil: none
	clock   clock.Clock
	ids     *id.Source
	schemas []fs.FS
	log     *slog.Logger
	trace   func(sql string, across bool)
	hook    hook

	auto, across auto
}

// Open opens "sqlite:path" or "postgres://…". It makes sure that the database
// answers, creates a missing SQLite file, and does not migrate. Its errors are
// sentences for the person who runs Atrium.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	d := &DB{clock: o.Clock, schemas: o.Schemas, log: o.Log, trace: o.Trace}
	if d.clock == nil {
		d.clock = clock.System{}
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	d.ids = id.NewSource(d.clock)
	d.auto, d.across = auto{d: d}, auto{d: d, across: true}
	d.hook.init()

	var err error
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "sqlite":
		d.engine, err = openSQLite(ctx, rest, o.Readers)
	case "postgres", "postgresql":
		d.engine, err = openPostgres(ctx, url, o.Conns)
	default:
		err = fmt.Errorf("the database's address must begin with sqlite: or postgres://, not %q", scheme+":")
	}
	if err != nil {
		return nil, err
	}
	if o.Replica != "" {
		if d.replica, err = openReplica(ctx, o.Replica, o.Conns, d.log); err != nil {
			return nil, errors.Join(fmt.Errorf("the replica: %w", err), d.engine.close())
		}
	}
	return d, nil
}

// Close waits for the statements in hand and closes the database.
func (d *DB) Close() error {
	if d.replica == nil {
		return d.engine.close()
	}
	return errors.Join(d.replica.close(), d.engine.close())
}

// Clock is the clock that transactions take their time from.
func (d *DB) Clock() clock.Clock { return d.clock }

// Ping asks the database once whether it answers.
func (d *DB) Ping(ctx context.Context) error { return translate(ctx, "", d.engine.ping(ctx)) }

// Auto runs single statements outside any transaction: on both databases a
// statement is a snapshot of its own. It only reads.
func (d *DB) Auto() Querier { return &d.auto }

// Across is Auto for reading the rows of many accounts: staff's searches and
// reports. On SQLite, too, its statements end when the context does.
func (d *DB) Across() Querier { return &d.across }

// SkipLocked ends a SELECT that takes rows of a control table to work on. On
// PostgreSQL it locks them and passes over those another process has locked;
// on SQLite, where there is one writer, it is empty.
func (d *DB) SkipLocked() string {
	if d.engine.locksRows() {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// before is told of every statement; its error is the statement's.
func (d *DB) before(sql string, across bool) error {
	if d.trace != nil {
		d.trace(sql, across)
	}
	return d.hook.before(sql)
}
