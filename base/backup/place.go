package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"atrium/base/db"
	"atrium/fault"
)

// A place is how much of a copy is there: the mark's row.
type place struct {
	source string // what it is a copy of: its source's print
	table  string // those before it are whole; "" at the beginning
	key    []any  // of this one, the rows up to this key; nil: none
	copied int64  // rows, of all tables
}

// findPlace finds the mark, in a database of any age.
func findPlace(ctx context.Context, d *db.DB) (p place, found bool, err error) {
	err = d.Inspect(ctx, func(w *db.Whole) error {
		p, found, err = findPlaceIn(ctx, w)
		return err
	})
	return p, found, err
}

func findPlaceIn(ctx context.Context, w *db.Whole) (p place, found bool, err error) {
	columns, err := w.Columns(ctx, "copies")
	if err != nil || len(columns) == 0 {
		return p, false, err
	}
	p, err = db.One(ctx, w, scanPlace, `SELECT source, at_table, up_to, copied FROM copies`)
	if fault.Is(err, fault.NotFound) {
		return p, false, nil
	}
	return p, err == nil, err
}

func scanPlace(r db.Row) (place, error) {
	var p place
	var key string
	if err := r.Scan(&p.source, &p.table, &key, &p.copied); err != nil || key == "" {
		return p, err
	}
	var cells []cell
	if err := json.Unmarshal([]byte(key), &cells); err != nil {
		return p, err
	}
	for _, c := range cells {
		p.key = append(p.key, c.value)
	}
	return p, nil
}

// moveOn notes how much is there now. Where another process notes the same, one
// of the two fails.
func moveOn(ctx context.Context, w *db.Whole, from, to place) error {
	var key bytes.Buffer
	if err := writeLine(&key, to.key); err != nil {
		return err
	}
	n, err := w.Exec(ctx, `UPDATE copies SET at_table = $1, up_to = $2, copied = $3 WHERE source = $4 AND copied = $5`,
		to.table, key.String(), to.copied, from.source, from.copied)
	if err == nil && n == 0 {
		err = errors.New("another process copies into the same database")
	}
	return err
}

// begin makes To ready: migrated, empty and marked, or as far as an earlier run
// has come.
func (c *Copy) begin(ctx context.Context, s source) (place, error) {
	applied, err := c.To.Applied(ctx)
	if err != nil {
		return place{}, err
	}
	if err := db.NotNewer("the database to copy to", applied, c.Known); err != nil {
		return place{}, err
	}
	at, found, err := findPlace(ctx, c.To)
	switch {
	case err != nil:
		return at, err
	case found && !c.Afresh && at.source != s.print:
		return at, errors.New("the database to copy to is a half copy of another database, or of this one when other rows or another Atrium were there: with --afresh, the half copy is emptied and begun again")
	case found && !c.Afresh:
		return at, nil
	case !found && len(applied) > 0:
		if err := c.unused(ctx); err != nil {
			return at, err
		}
	}
	if err := c.To.Migrate(ctx); err != nil {
		return at, err
	}
	return c.mark(ctx, s)
}

// unused refuses a database with anything in it, before it is migrated.
func (c *Copy) unused(ctx context.Context) error {
	tables, err := existing(ctx, c.To)
	if err != nil {
		return err
	}
	return c.To.Inspect(ctx, func(w *db.Whole) error { return vacant(ctx, w, tables) })
}

func vacant(ctx context.Context, w *db.Whole, tables []string) error {
	held, err := firstHeld(ctx, w, tables)
	if err == nil && held != "" {
		err = fmt.Errorf("the database to copy to is not empty (%s): give one that is; what is there is never touched", held)
	}
	return err
}

// mark empties To, in which nobody has been or which is a half copy, and marks it.
func (c *Copy) mark(ctx context.Context, s source) (place, error) {
	at := place{source: s.print}
	tables, err := existing(ctx, c.To)
	if err != nil {
		return at, err
	}
	return at, c.To.Refill(ctx, tables, func(w *db.Whole) error {
		_, found, err := findPlaceIn(ctx, w)
		if err != nil {
			return err
		}
		if !found {
			if err := vacant(ctx, w, tables); err != nil {
				return err
			}
		}
		if err := w.Clear(ctx, tables); err != nil {
			return err
		}
		_, err = w.Exec(ctx, `INSERT INTO copies (source, begun_at) VALUES ($1, $2)`, at.source, w.Now())
		return err
	})
}
