package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"atrium/base/db"
)

// A File is a backup that was read from beginning to end and found whole.
type File struct {
	Contents
	file *os.File
	sum  string
}

// Open reads the whole of a backup. One that is damaged, of a newer Atrium or no
// backup is refused. known are the versions of this program's migrations.
func Open(ctx context.Context, path string, known []int64) (_ *File, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
		}
	}()
	r, err := newReader(ctx, f)
	if err != nil {
		return nil, err
	}
	for {
		if _, err = r.section(); err != nil {
			break
		}
		for err == nil {
			_, err = r.next()
		}
		if !errors.Is(err, io.EOF) {
			return nil, err
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	made := r.head.Migrations
	if n := len(made); n > len(known) || !slices.Equal(made, known[:n]) {
		return nil, fmt.Errorf("the backup is of another, newer Atrium (migration %d): restore it with that one", made[n-1])
	}
	return &File{r.contents(), f, r.end.SHA256}, nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// Restore fills a database from the backup, all of it or nothing. The database
// has no tables yet, or those of the backup's schema; unless replace is set
// nobody may be in it. Then it is as it was, of an older schema perhaps: Migrate
// it.
func (f *File) Restore(ctx context.Context, d *db.DB, replace bool) error {
	if err := f.prepare(ctx, d); err != nil {
		return err
	}
	tables, err := existing(ctx, d)
	if err != nil {
		return err
	}
	return d.Refill(ctx, tables, func(w *db.Whole) error { return f.refill(ctx, w, tables, replace) })
}

// prepare gives the database the backup's schema, or makes sure that it has it.
func (f *File) prepare(ctx context.Context, d *db.DB) error {
	applied, err := d.Applied(ctx)
	switch last := f.Migrations[len(f.Migrations)-1]; {
	case err != nil:
		return err
	case len(applied) == 0:
		return d.MigrateTo(ctx, last)
	case slices.Equal(applied, f.Migrations):
		return nil
	case len(applied) > len(f.Migrations):
		return errors.New("the backup is of an older Atrium than the database: restore it into a new one, where it is then brought up to date")
	default:
		return errors.New("the database is of an older Atrium than the backup: bring it up to date first, with atrium migrate")
	}
}

// existing lists our tables that the database has: not all, if its schema is an
// older one.
func existing(ctx context.Context, d *db.DB) ([]string, error) {
	var list []string
	err := d.Inspect(ctx, func(w *db.Whole) error {
		for _, table := range ours() {
			columns, err := w.Columns(ctx, table)
			if err != nil {
				return err
			}
			if len(columns) > 0 {
				list = append(list, table)
			}
		}
		return nil
	})
	return list, err
}

func (f *File) refill(ctx context.Context, w *db.Whole, tables []string, replace bool) error {
	if !replace {
		if err := empty(ctx, w, tables); err != nil {
			return err
		}
	}
	if err := w.Clear(ctx, tables); err != nil {
		return err
	}
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r, err := newReader(ctx, f.file)
	for err == nil {
		var s section
		if s, err = r.section(); err == nil {
			err = fill(ctx, w, r, s)
		}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	if r.end.SHA256 != f.sum {
		return errors.New("the backup changed while it was read")
	}
	for _, table := range tables {
		if _, ok := r.rows[table]; !ok && slices.Contains(kept(), table) {
			return fmt.Errorf("the backup has no table %s", table)
		}
	}
	return nil
}

// empty refuses a database that somebody is in.
func empty(ctx context.Context, w *db.Whole, tables []string) error {
	held, err := firstHeld(ctx, w, tables)
	if err == nil && held != "" {
		err = fmt.Errorf("the database is not empty (%s); with --replace, all of it is replaced", held)
	}
	return err
}

// firstHeld says which table has how many rows, of a database that somebody is
// in. Control tables may hold what the program keeps for itself, and counters
// what a migration put there.
func firstHeld(ctx context.Context, w *db.Whole, tables []string) (string, error) {
	for _, t := range db.Tables() {
		if t.Class == db.Control || t.Name == "counters" || !slices.Contains(tables, t.Name) {
			continue
		}
		n, err := count(ctx, w, t.Name)
		if err != nil {
			return "", err
		}
		if n > 0 {
			return fmt.Sprintf("%s has %d rows", t.Name, n), nil
		}
	}
	return "", nil
}

// count counts the rows of a table.
func count(ctx context.Context, w *db.Whole, table string) (int64, error) {
	return db.One(ctx, w, func(r db.Row) (int64, error) {
		var n int64
		err := r.Scan(&n)
		return n, err
	}, `SELECT count(*) FROM `+table)
}

// fill fills one table.
func fill(ctx context.Context, w *db.Whole, r *reader, s section) error {
	columns, err := w.Columns(ctx, s.Table)
	if err != nil {
		return err
	}
	types, err := match(s, columns)
	if err != nil {
		return err
	}
	err = w.Fill(ctx, s.Table, s.Columns, func() ([]any, error) {
		row, err := r.next()
		if err != nil {
			return nil, err
		}
		for i, value := range row {
			if !fits(value, types[i]) {
				return nil, fmt.Errorf("a value is not of the type %s that %s has", types[i], s.Columns[i])
			}
		}
		return row, nil
	})
	if err != nil {
		return fmt.Errorf("the table %s can't be filled: %w", s.Table, err)
	}
	return nil
}

// match finds the types of a section's columns, which are those of the table.
func match(s section, columns []db.Column) ([]db.Type, error) {
	known := map[string]db.Type{}
	for _, c := range columns {
		known[c.Name] = c.Type
	}
	var types []db.Type
	for _, name := range s.Columns {
		t, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("the table %s has no column %q, or the backup has it twice", s.Table, name)
		}
		types = append(types, t)
		delete(known, name)
	}
	for name := range known {
		return nil, fmt.Errorf("the backup lacks the column %s of %s", name, s.Table)
	}
	return types, nil
}

func fits(value any, t db.Type) bool {
	switch value.(type) {
	case nil:
		return true
	case int64:
		return t == db.Bigint
	case string:
		return t == db.Text
	case bool:
		return t == db.Boolean
	}
	return false
}
