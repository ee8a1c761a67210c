package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// An Order is the order in which rows are read.
type Order uint8

// The orders.
const (
	AnyOrder Order = iota // the quickest for reading all
	KeyOrder              // that of the primary key
)

// A Cursor reads the rows of a table one by one. While it is open, its
// transaction can't do anything else.
type Cursor struct {
	ctx   context.Context
	w     *Whole
	query string
	found rows
	shelf *shelf
}

// Rows begins to read a table: in the order of its primary key what comes after
// a key, nil for all of it. A row has int64, string, bool and nil, on both
// databases alike. However large the table is, it takes the same memory.
func (w *Whole) Rows(ctx context.Context, table string, columns []Column, order Order, after []any) (*Cursor, error) {
	query := `SELECT ` + quote(names(columns)...) + ` FROM ` + quote(table)
	key := Key(columns)
	if len(after) > 0 {
		if len(after) != len(key) || order != KeyOrder {
			return nil, fmt.Errorf("a key of %s has %d columns, not %d", table, len(key), len(after))
		}
		places := make([]string, len(after))
		for i := range after {
			places[i] = fmt.Sprintf("$%d", i+1)
		}
		query += ` WHERE (` + quote(key...) + `) > (` + strings.Join(places, ", ") + `)`
	}
	if order == KeyOrder && len(key) > 0 {
		query += ` ORDER BY ` + quote(key...)
	}
	found, err := w.query(ctx, query, after)
	if err != nil {
		return nil, w.fail(ctx, query, err)
	}
	return &Cursor{ctx, w, query, found, newShelf(table, columns)}, nil
}

// Next gives the next row, in a slice that is used again for the one after it,
// and io.EOF after the last. Text that PostgreSQL could not hold is an error.
func (c *Cursor) Next() ([]any, error) {
	if !c.found.Next() {
		c.found.Close()
		if err := c.found.Err(); err != nil {
			return nil, c.w.fail(c.ctx, c.query, err)
		}
		return nil, io.EOF
	}
	if err := c.found.Scan(c.shelf.targets...); err != nil {
		return nil, fmt.Errorf("%s: %w", c.shelf.table, err)
	}
	return c.shelf.row()
}

// Close ends it, read to the end or not.
func (c *Cursor) Close() { c.found.Close() }

// Each gives fn the rows of a table in the order of the primary key, as a Cursor
// does.
func (w *Whole) Each(ctx context.Context, table string, columns []Column, fn func(row []any) error) error {
	c, err := w.Rows(ctx, table, columns, KeyOrder, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	for {
		row, err := c.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = fn(row)
		}
		if err != nil {
			return err
		}
	}
}

// A shelf is where one row after another is scanned to.
type shelf struct {
	table   string
	columns []Column
	targets []any
	values  []any
}

func newShelf(table string, columns []Column) *shelf {
	s := &shelf{table: table, columns: columns, values: make([]any, len(columns))}
	for _, c := range columns {
		switch c.Type {
		case Bigint:
			s.targets = append(s.targets, new(sql.NullInt64))
		case Text:
			s.targets = append(s.targets, new(sql.NullString))
		case Boolean:
			s.targets = append(s.targets, new(sql.NullBool))
		}
	}
	return s
}

// row is what was scanned last.
func (s *shelf) row() ([]any, error) {
	for i, target := range s.targets {
		s.values[i] = nil
		switch v := target.(type) {
		case *sql.NullInt64:
			if v.Valid {
				s.values[i] = v.Int64
			}
		case *sql.NullString:
			if !v.Valid {
				continue
			}
			if !utf8.ValidString(v.String) || strings.IndexByte(v.String, 0) >= 0 {
				return nil, fmt.Errorf("%s.%s holds text that is not UTF-8 without NUL", s.table, s.columns[i].Name)
			}
			s.values[i] = v.String
		case *sql.NullBool:
			if v.Valid {
				s.values[i] = v.Bool
			}
		}
	}
	return s.values, nil
}
