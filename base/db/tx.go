package db

import (
	"context"
	"time"

	"atrium/base/id"
)

// A Tx is a transaction. It belongs to one goroutine and ends with the function
// it was given to.
type Tx struct {
	d        *DB
	s        session
	readOnly bool
	whole    bool // reads across accounts
	now      time.Time
	after    []func()
	broken   error // the first statement that failed: the transaction can't be committed
}

// Exec runs a statement and gives the number of rows it changed.
func (tx *Tx) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	list, err := tx.start(ctx, sql, args)
	if err != nil {
		return 0, err
	}
	n, err := tx.s.exec(ctx, sql, list)
	if err != nil {
		return 0, tx.fail(ctx, sql, err)
	}
	return n, nil
}

// ExecOne is Exec of a statement that must change a row: if it changes none,
// it is fault.NotFound.
func (tx *Tx) ExecOne(ctx context.Context, sql string, args ...any) error {
	n, err := tx.Exec(ctx, sql, args...)
	if err == nil && n == 0 {
		return errNoRow()
	}
	return err
}

// Later is Exec of a statement that always does the same and whose failure nobody
// tells from another's: an INSERT whose keys are new. On PostgreSQL it goes out in
// one message with what is asked next, COMMIT at last, and fails there.
func (tx *Tx) Later(ctx context.Context, sql string, args ...any) error {
	list, err := tx.start(ctx, sql, args)
	if err != nil {
		return err
	}
	if err := tx.s.later(ctx, sql, list); err != nil {
		return tx.fail(ctx, sql, err)
	}
	return nil
}

// Now is the transaction's time, the same whenever it is asked.
func (tx *Tx) Now() time.Time { return tx.now }

// NewID makes the id of a new K.
func NewID[K any](tx *Tx) id.ID[K] { return id.New[K](tx.d.ids) }

// AfterCommit has fn run once, when the transaction is known to be committed.
// Functions run in their order, before Write returns.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

func (tx *Tx) query(ctx context.Context, sql string, args []any) (rows, error) {
	list, err := tx.start(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return tx.s.query(ctx, sql, list)
}

// start is what comes before each statement.
func (tx *Tx) start(ctx context.Context, sql string, args []any) ([]any, error) {
	if tx.broken != nil {
		return nil, tx.broken
	}
	if err := tx.d.before(sql, tx.whole); err != nil {
		return nil, tx.fail(ctx, sql, err)
	}
	list, err := values(args)
	if err != nil {
		return nil, tx.fail(ctx, sql, err)
	}
	return list, nil
}

// failed never asks again: the whole transaction runs again, or nothing.
func (tx *Tx) failed(ctx context.Context, sql string, err error, _ *retry) (bool, error) {
	return false, tx.fail(ctx, sql, err)
}

// fail translates a statement's error. Unless it is a fault that a scan function
// or "no row" made, the transaction is broken by it.
func (tx *Tx) fail(ctx context.Context, sql string, err error) error {
	err = translate(ctx, sql, err)
	if tx.readOnly {
		err = onlyReading(err)
	}
	if tx.broken == nil && meaningOf(err) != nothing {
		tx.broken = err
	}
	return err
}
