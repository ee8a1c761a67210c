package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"atrium/base/db"
)

// A source is what is to be copied.
type source struct {
	Contents
	tables []table // in the order in which they can be filled
	print  string  // tells it from others; holds nothing of its rows
}

// A table is one of them.
type table struct {
	name    string
	columns []db.Column
	key     []int // the places of the primary key's columns among all
	rows    int64
}

func (t table) names() []string {
	var list []string
	for _, c := range t.columns {
		list = append(list, c.Name)
	}
	return list
}

// keyOf is a row's key, in the slice of the one before if there is one.
func (t table) keyOf(row, into []any) []any {
	into = into[:0]
	for _, i := range t.key {
		into = append(into, row[i])
	}
	return into
}

// carried lists the tables that a copy copies: all that hold anything but the
// mark of the copy itself. People stay logged in.
func carried() []string {
	return slices.DeleteFunc(ours(), func(t string) bool { return t == "copies" })
}

// ready refuses to copy what is not of this program's schema, or half a copy.
func (c *Copy) ready(ctx context.Context) error {
	applied, err := c.From.Applied(ctx)
	if err != nil {
		return err
	}
	if err := db.NotNewer("the database to copy", applied, c.Known); err != nil {
		return err
	}
	switch {
	case len(applied) == 0:
		return errors.New("the database to copy has no tables: there is nothing to copy")
	case len(applied) < len(c.Known):
		return errors.New("the database to copy is of an older Atrium: bring it up to date first, with atrium migrate")
	}
	return Unfinished(ctx, c.From)
}

// look finds out what is to be copied.
func (c *Copy) look(ctx context.Context, w *db.Whole) (source, error) {
	s := source{Contents: Contents{Created: c.From.Clock().Now(), Rows: map[string]int64{}}}
	var err error
	if s.Migrations, err = w.Applied(ctx); err != nil {
		return s, err
	}
	sum := sha256.New()
	fmt.Fprintln(sum, s.Migrations)
	for _, name := range carried() {
		t, err := lookAt(ctx, w, name)
		if err != nil {
			return s, err
		}
		if len(t.columns) == 0 {
			continue // not of this program
		}
		first, err := firstRow(ctx, w, t)
		if err != nil {
			return s, err
		}
		fmt.Fprintln(sum, t.name, t.names(), t.rows)
		sum.Write(first)
		s.tables = append(s.tables, t)
		s.Rows[name] = t.rows
	}
	s.print = hex.EncodeToString(sum.Sum(nil))
	return s, nil
}

// lookAt gives a table without columns if there is none.
func lookAt(ctx context.Context, w *db.Whole, name string) (table, error) {
	t := table{name: name}
	var err error
	if t.columns, err = w.Columns(ctx, name); err != nil {
		return t, err
	}
	if len(t.columns) == 0 {
		return t, nil
	}
	key := db.Key(t.columns)
	if len(key) == 0 {
		return t, fmt.Errorf("the table %s has no primary key", name)
	}
	for _, k := range key {
		t.key = append(t.key, slices.Index(t.names(), k))
	}
	t.rows, err = count(ctx, w, name)
	return t, err
}

// firstRow is the first row's digest, if there is one.
func firstRow(ctx context.Context, w *db.Whole, t table) ([]byte, error) {
	rows, err := w.Rows(ctx, t.name, t.columns, db.KeyOrder, nil)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	row, err := rows.Next()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(canonical(nil, row))
	return digest[:], nil
}
