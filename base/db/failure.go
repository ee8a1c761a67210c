package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"atrium/fault"
)

// A meaning is what a driver's error comes to, on either database.
type meaning uint8

const (
	nothing   meaning = iota // not an error of the database
	other                    // a mistake of ours
	duplicate                // a unique key is there already
	reference                // a foreign key leads nowhere
	check                    // a CHECK or NOT NULL refuses
	clash                    // another transaction was in the way
	readOnly                 // the server takes no writes: a standby, or our own Read
	readFile                 // SQLite's file takes no writes
	lost                     // no connection, or none any more
	full                     // no room
	unknown                  // a COMMIT without an answer
	ended                    // the caller's context is done, or the statement's time is up
)

const (
	sayConflict    = "Someone else changed this at the same moment. Reload the page and try again."
	sayUnavailable = "The database does not answer at the moment. Try again shortly."
	sayUnconfirmed = "We could not confirm that this was saved. Reload the page to see."
)

// comeBack is when somebody should try again: about as long as a planned
// switch-over takes.
const comeBack = 4 * time.Second

// codes is the one table of error codes: SQLite's extended or primary ones, and
// PostgreSQL's SQLSTATEs or their classes of two characters. Constraint names
// play no part.
var codes = []struct {
	meaning  meaning
	sqlite   []int
	postgres []string
}{
	{duplicate, []int{1555, 2067, 2579}, []string{"23505"}},
	{reference, []int{787}, []string{"23503"}},
	{check, []int{275, 1299}, []string{"23502", "23514"}},
	{clash, []int{5, 6}, []string{"40001", "40P01", "55P03"}},
	{readOnly, nil, []string{"25006"}},
	{readFile, []int{8}, nil},
	{lost, []int{10, 14}, []string{"08", "57P01", "57P02", "57P03", "53300"}},
	{full, []int{13}, []string{"53100"}},
}

// again tells whether running the whole thing again may help.
func (m meaning) again() bool { return m == clash || m == readOnly || m == lost }

// fault is what people are told, nil for a mistake of ours.
func (m meaning) fault() *fault.Error {
	switch m {
	case duplicate:
		return fault.Conflictf(sayConflict)
	case clash, readOnly, readFile, lost, full, ended:
		e := fault.Unavailablef(sayUnavailable)
		e.RetryAfter = comeBack
		return e
	case unknown:
		return fault.Unavailablef(sayUnconfirmed)
	default:
		return nil
	}
}

// A failure is a driver's error with its meaning. It is in the chain of every
// error that comes from the database.
type failure struct {
	meaning meaning
	sql     string
	err     error
}

func (f *failure) Error() string {
	if f.sql == "" {
		return f.err.Error()
	}
	return fmt.Sprintf("%v, in %.200q", f.err, f.sql)
}

func (f *failure) Unwrap() error { return f.err }

// meaningOf finds the failure in err's chain.
func meaningOf(err error) meaning {
	var f *failure
	if errors.As(err, &f) {
		return f.meaning
	}
	return nothing
}

// translate makes a driver's error into a fault, or into a plain error if it is
// our mistake. What is translated already, and "no row", stays as it is.
func translate(ctx context.Context, sql string, err error) error {
	if err == nil || meaningOf(err) != nothing {
		return err
	}
	if _, ok := fault.As(err); ok {
		return err
	}
	f := &failure{meaning: meaningOfDriver(ctx, err), sql: sql, err: err}
	if f.meaning == ended && ctx.Err() != nil {
		f.err = errors.Join(ctx.Err(), err)
	}
	if say := f.meaning.fault(); say != nil {
		return say.Because(f)
	}
	return f
}

// onlyReading makes a write that was refused our mistake, where only reading is
// allowed.
func onlyReading(err error) error {
	var f *failure
	if errors.As(err, &f) && (f.meaning == readOnly || f.meaning == readFile) {
		return &failure{meaning: other, sql: f.sql, err: f.err}
	}
	return err
}

// coded are SQLite's errors: ours, and those of its driver.
type coded interface {
	error
	Code() int
}

func meaningOfDriver(ctx context.Context, err error) meaning {
	var u unconfirmed
	if errors.As(err, &u) {
		return unknown
	}
	if errors.Is(err, errUndone) {
		return clash
	}
	if ctx.Err() != nil {
		return ended
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		for _, c := range codes {
			if slices.Contains(c.postgres, pg.Code) || slices.Contains(c.postgres, pg.Code[:2]) {
				return c.meaning
			}
		}
		return other
	}
	var lite coded
	if errors.As(err, &lite) {
		for _, c := range codes {
			if slices.Contains(c.sqlite, lite.Code()) || slices.Contains(c.sqlite, lite.Code()&0xff) {
				return c.meaning
			}
		}
		return other
	}
	return meaningOfConnection(err)
}

// meaningOfConnection judges errors that no server sent.
func meaningOfConnection(err error) meaning {
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.As(err, &connect):
		return lost
	case errors.Is(err, context.DeadlineExceeded):
		return ended
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, pgconn.ErrConnClosed), errors.As(err, &network):
		return lost
	}
	return other
}

// Dangling tells whether err is that a reference leads nowhere: to a row that was
// deleted, or from one that still refers to what is to be deleted.
func Dangling(err error) bool { return meaningOf(err) == reference }
