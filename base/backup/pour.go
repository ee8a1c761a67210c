package backup

import (
	"context"
	"io"
	"slices"

	"atrium/base/db"
)

// The limits of a batch. What a row takes is guessed by its text.
const (
	batchRows  = 10_000
	batchBytes = 16 << 20
)

// pour copies the rows that come after at, and moves it along.
func (c *Copy) pour(ctx context.Context, from *db.Whole, s source, at *place) error {
	c.done.Store(at.copied)
	first := max(0, slices.IndexFunc(s.tables, func(t table) bool { return t.name == at.table }))
	for _, t := range s.tables[first:] {
		if t.name != at.table {
			at.table, at.key = t.name, nil
		}
		if t.rows == 0 {
			continue
		}
		if err := c.pourTable(ctx, from, s, t, at); err != nil {
			return err
		}
	}
	return nil
}

func (c *Copy) pourTable(ctx context.Context, from *db.Whole, s source, t table, at *place) error {
	rows, err := from.Rows(ctx, t.name, t.columns, db.KeyOrder, at.key)
	if err != nil {
		return err
	}
	defer rows.Close()
	for {
		before := at.copied
		more, err := c.batch(ctx, rows, t, at)
		if err != nil {
			return err
		}
		if n := at.copied - before; n > 0 {
			c.tell(Copying, t.name, n, s.Total())
		}
		if !more {
			return nil
		}
	}
}

// batch copies some rows and notes it, in one transaction.
func (c *Copy) batch(ctx context.Context, rows *db.Cursor, t table, at *place) (more bool, err error) {
	next := *at
	most := int64(c.Batch)
	if most == 0 {
		most = batchRows
	}
	err = c.To.Load(ctx, func(w *db.Whole) error {
		size := 0
		more = true
		err := w.Fill(ctx, t.name, t.names(), func() ([]any, error) {
			if next.copied-at.copied == most || size > batchBytes {
				return nil, io.EOF
			}
			row, err := rows.Next()
			if err != nil {
				more = false
				return nil, err
			}
			next.copied++
			next.key = t.keyOf(row, next.key)
			size += sizeOf(row)
			return row, nil
		})
		if err != nil {
			return err
		}
		return moveOn(ctx, w, *at, next)
	})
	if err == nil {
		*at = next
	}
	return more, err
}
