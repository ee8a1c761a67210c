package crash

import (
	"io"
	"slices"
	"strings"
	"testing"

	"atrium/base/db"
)

// contents is every row there is, to be put back: that is quicker than a fresh
// database of PostgreSQL.
type contents map[string]*rows

type rows struct {
	columns []string
	values  [][]any
}

// tables lists those that Atrium itself fills.
func tables() []string {
	var names []string
	for _, table := range db.Tables() {
		if !strings.HasPrefix(table.Name, "goose_") {
			names = append(names, table.Name)
		}
	}
	return names
}

func contentsOf(t *testing.T, d *db.DB) contents {
	t.Helper()
	c := contents{}
	err := d.Inspect(t.Context(), func(w *db.Whole) error {
		for _, table := range tables() {
			columns, err := w.Columns(t.Context(), table)
			if err != nil {
				return err
			}
			r := &rows{}
			for _, column := range columns {
				r.columns = append(r.columns, column.Name)
			}
			err = w.Each(t.Context(), table, columns, func(row []any) error {
				r.values = append(r.values, slices.Clone(row))
				return nil
			})
			if err != nil {
				return err
			}
			c[table] = r
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// putBack makes the database's rows these and no others.
func (c contents) putBack(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Refill(t.Context(), tables(), func(w *db.Whole) error {
		for _, table := range slices.Backward(tables()) { // quicker than Clear when there is little
			if _, err := w.Exec(t.Context(), `DELETE FROM `+table); err != nil {
				return err
			}
		}
		for _, table := range tables() {
			left := c[table].values
			err := w.Fill(t.Context(), table, c[table].columns, func() ([]any, error) {
				if len(left) == 0 {
					return nil, io.EOF
				}
				row := left[0]
				left = left[1:]
				return row, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
