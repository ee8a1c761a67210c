package main

import (
	"errors"
	"fmt"
	"strings"
)

// rowsAtOnce is how many rows one INSERT holds.
const rowsAtOnce = 200

// A table inserts rows, many at once.
type table struct {
	s       *seeder
	into    string // INSERT INTO name (columns) VALUES
	columns int
	args    []any
	err     error // the first one
}

func (s *seeder) table(name string, columns ...string) *table {
	return &table{s: s, into: fmt.Sprintf("INSERT INTO %s (%s) VALUES ", name, strings.Join(columns, ", ")), columns: len(columns)}
}

// add adds a row; its error comes with done.
func (t *table) add(row ...any) {
	t.args = append(t.args, row...)
	if len(t.args) == rowsAtOnce*t.columns {
		t.flush()
	}
}

func (t *table) flush() {
	if len(t.args) == 0 || t.err != nil {
		return
	}
	var sql strings.Builder
	sql.WriteString(t.into)
	for i := range t.args {
		switch {
		case i == 0:
			sql.WriteString("(")
		case i%t.columns == 0:
			sql.WriteString("), (")
		default:
			sql.WriteString(", ")
		}
		fmt.Fprintf(&sql, "$%d", i+1)
	}
	sql.WriteString(")")
	_, t.err = t.s.tx.Exec(t.s.ctx, sql.String(), t.args...)
	t.args = t.args[:0]
}

// done writes what is left of the tables, in their order.
func done(tables ...*table) error {
	var errs []error
	for _, t := range tables {
		t.flush()
		errs = append(errs, t.err)
	}
	return errors.Join(errs...)
}
