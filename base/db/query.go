package db

import (
	"context"
	"slices"

	"atrium/fault"
)

// A Querier is something that One and All can ask: a *Tx, Auto, Across or Replica.
type Querier interface {
	query(ctx context.Context, sql string, args []any) (rows, error)
	// failed gives a failure its meaning, and says whether to ask again.
	failed(ctx context.Context, sql string, err error, r *retry) (again bool, _ error)
}

// A Row is one found row, to be scanned in the order of the columns.
type Row interface{ Scan(...any) error }

// One runs a query and scans its first row. Without a row it is fault.NotFound.
func One[T any](ctx context.Context, q Querier, scan func(Row) (T, error), sql string, args ...any) (T, error) {
	var r retry
	for {
		v, err := one(ctx, q, scan, sql, args)
		if err == nil {
			return v, nil
		}
		again, err := q.failed(ctx, sql, err, &r)
		if !again {
			return v, err
		}
	}
}

func one[T any](ctx context.Context, q Querier, scan func(Row) (T, error), sql string, args []any) (T, error) {
	var none T
	rs, err := q.query(ctx, sql, args)
	if err != nil {
		return none, err
	}
	defer rs.Close()
	if !rs.Next() {
		if err := rs.Err(); err != nil {
			return none, err
		}
		return none, errNoRow()
	}
	v, err := scan(rs)
	if err != nil {
		return none, err
	}
	rs.Close() // what comes after the first row may still fail
	return v, rs.Err()
}

// All runs a query and scans every row. Without rows the list is empty.
func All[T any](ctx context.Context, q Querier, scan func(Row) (T, error), sql string, args ...any) ([]T, error) {
	var r retry
	for {
		list, err := all(ctx, q, scan, sql, args)
		if err == nil {
			return list, nil
		}
		again, err := q.failed(ctx, sql, err, &r)
		if !again {
			return nil, err
		}
	}
}

func all[T any](ctx context.Context, q Querier, scan func(Row) (T, error), sql string, args []any) ([]T, error) {
	rs, err := q.query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	var list []T
	for rs.Next() {
		v, err := scan(rs)
		if err != nil {
			return nil, err
		}
		if list = append(list, v); len(list) == 2 {
			list = slices.Grow(list, 14) // where there are two there are often more
		}
	}
	rs.Close()
	return list, rs.Err()
}

func errNoRow() error { return fault.NotFoundf("What you are looking for is not here.") }

// auto runs single statements. Since they only read, they may run again.
type auto struct {
	d      *DB
	across bool
}

func (a *auto) query(ctx context.Context, sql string, args []any) (rows, error) {
	return a.on(ctx, a.d.engine, sql, args)
}

// on runs the statement on one of the two servers.
func (a *auto) on(ctx context.Context, e engine, sql string, args []any) (rows, error) {
	if err := a.d.before(sql, a.across); err != nil {
		return nil, err
	}
	list, err := values(args)
	if err != nil {
		return nil, err
	}
	return e.query(ctx, a.across, sql, list)
}

func (a *auto) failed(ctx context.Context, sql string, err error, r *retry) (bool, error) {
	err = onlyReading(translate(ctx, sql, err))
	return meaningOf(err).again() && r.wait(ctx), err
}
