package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A Whole is a transaction on the database as a whole: backups and checks. Its
// statements may read across accounts and have no deadline but their context's.
type Whole struct{ *Tx }

// Inspect runs fn on a snapshot of everything, which may take minutes. Unlike
// Read's, fn runs once, so it may have effects.
func (d *DB) Inspect(ctx context.Context, fn func(*Whole) error) error {
	return d.attempt(ctx, plan{readOnly: true, whole: true}, func(tx *Tx) error { return fn(&Whole{tx}) })
}

// Refill runs fn once in a transaction that has the named tables to itself:
// others wait to write them, and on PostgreSQL to read them. Nothing is kept
// unless every reference in what is written leads somewhere.
func (d *DB) Refill(ctx context.Context, tables []string, fn func(*Whole) error) error {
	c := d.engine.catalogue()
	return d.attempt(ctx, plan{whole: true}, func(tx *Tx) error {
		if _, err := tx.Exec(ctx, c.seize(tables)); err != nil {
			return err
		}
		w := &Whole{tx}
		if err := fn(w); err != nil || c.references == "" {
			return err
		}
		broken, err := All(ctx, w, scanString, c.references)
		if err == nil && len(broken) > 0 {
			err = errors.New(strings.Join(broken, "; "))
		}
		return err
	})
}

// Load runs fn once in a transaction that fills tables little by little, for as
// long as it takes. Every reference leads to what is there already, or is
// refused.
func (d *DB) Load(ctx context.Context, fn func(*Whole) error) error {
	return d.attempt(ctx, plan{whole: true}, func(tx *Tx) error { return fn(&Whole{tx}) })
}

// Applied is DB's, in this transaction.
func (w *Whole) Applied(ctx context.Context) ([]int64, error) { return listApplied(ctx, w.d, w) }

// A Type is what a column holds.
type Type string

// The types there are.
const (
	Bigint  Type = "BIGINT"
	Text    Type = "TEXT"
	Boolean Type = "BOOLEAN"
)

// A Column is a column of a table, as the database knows it.
type Column struct {
	Name string
	Type Type
	key  int64 // its place in the primary key, 0: none
}

// Columns lists the columns of a table: none if there is no such table.
func (w *Whole) Columns(ctx context.Context, table string) ([]Column, error) {
	list, err := All(ctx, w, func(r Row) (Column, error) {
		var c Column
		err := r.Scan(&c.Name, &c.Type, &c.key)
		return c, err
	}, w.d.engine.catalogue().columns, table)
	for _, c := range list {
		if c.Type != Bigint && c.Type != Text && c.Type != Boolean {
			return nil, fmt.Errorf("%s.%s is of the type %s, which Atrium does not use", table, c.Name, c.Type)
		}
	}
	return list, err
}

// Clear empties tables.
func (w *Whole) Clear(ctx context.Context, tables []string) error {
	for _, sql := range w.d.engine.catalogue().clear(tables) {
		if _, err := w.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// Fill inserts rows until next gives io.EOF. A value is int64, string, bool or
// nil, as its column's type says. An error, next's too, ends the transaction;
// the database's is in its own words.
func (w *Whole) Fill(ctx context.Context, table string, columns []string, next func() ([]any, error)) error {
	if _, err := w.start(ctx, `INSERT INTO `+quote(table), nil); err != nil {
		return err
	}
	var stopped error // why next gave no row: the server would only repeat it
	err := w.s.fill(ctx, table, columns, func() ([]any, error) {
		row, err := next()
		if err != nil && !errors.Is(err, io.EOF) {
			stopped = err
		}
		return row, err
	})
	if stopped != nil {
		err = stopped
	}
	if err != nil {
		w.broken = &failure{meaning: other, err: err}
	}
	return err
}

func names(columns []Column) []string {
	var list []string
	for _, c := range columns {
		list = append(list, c.Name)
	}
	return list
}

// Key lists the columns of the primary key, of all columns of a table.
func Key(columns []Column) []string {
	var list []string
	for place := int64(1); ; place++ {
		found := false
		for _, c := range columns {
			if c.key == place {
				list, found = append(list, c.Name), true
			}
		}
		if !found {
			return list
		}
	}
}
