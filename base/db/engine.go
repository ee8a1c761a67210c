package db

import (
	"context"
	"database/sql"
	"time"

	"github.com/pressly/goose/v3/lock"
)

// An engine is one of the two databases. Its errors are the driver's own.
type engine interface {
	// query runs one reading statement. long says that it may take seconds and
	// must end with the context.
	query(ctx context.Context, long bool, sql string, args []any) (rows, error)
	begin(ctx context.Context, p plan) (session, error)
	ping(ctx context.Context) error
	close() error

	locksRows() bool                     // whether writers must lock rows to have one at a time
	dialect() dialect                    // how migrations are written
	handle() (*sql.DB, error)            // for migrations, to be closed after
	migrationLock() (lock.Locker, error) // has one process migrate at a time
	catalogue() catalogue                // how the database is asked about itself
}

// A session is a transaction of an engine.
type session interface {
	query(ctx context.Context, sql string, args []any) (rows, error)
	exec(ctx context.Context, sql string, args []any) (int64, error)
	// later is exec, now or with a later statement, whose error its own is then.
	later(ctx context.Context, sql string, args []any) error
	flush(ctx context.Context) error // runs what later has put off
	// fill inserts rows into columns of a table until next gives io.EOF.
	fill(ctx context.Context, table string, columns []string, next func() ([]any, error)) error
	commit() error // unconfirmed if it can't be known what happened
	// rollback undoes it. discard closes the connection: its server takes no writes.
	// An error says that what the transaction saw was never kept.
	rollback(discard bool) error
}

// rows is what both drivers' rows have.
type rows interface {
	Row
	Next() bool
	Err() error
	Close()
}

// patience is how long one statement may take, and how long one waits for a
// connection.
const patience = 15 * time.Second

// unconfirmed is the error of a COMMIT that was sent and not answered.
type unconfirmed struct{ err error }

func (u unconfirmed) Error() string { return "COMMIT was not answered: " + u.err.Error() }
func (u unconfirmed) Unwrap() error { return u.err }
