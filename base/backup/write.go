package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"atrium/base/db"
)

// Save writes a backup of the database to a file that only its owner may read.
// The file is there when it is whole and safely on the disk, and not before; it
// takes the place of an earlier backup of its name and of nothing else. known
// are the versions of this program's migrations: a newer database is refused.
func Save(ctx context.Context, d *db.DB, path string, known []int64) (_ Contents, err error) {
	if err := replaceable(path); err != nil {
		return Contents{}, err
	}
	folder := filepath.Dir(path)
	f, err := os.CreateTemp(folder, ".atrium-backup-*") // made with mode 0600
	if err != nil {
		return Contents{}, err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	c, err := write(ctx, d, f, known)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return Contents{}, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return Contents{}, err
	}
	return c, syncFolder(folder)
}

// replaceable refuses a path where something is that is no backup: a mistyped
// name must not cost a database.
func replaceable(path string) error {
	i, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !i.Mode().IsRegular():
		return fmt.Errorf("%s is there already and is not a file", path)
	case i.Size() == 0:
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := newReader(context.Background(), f); errors.Is(err, errForeign) {
		return fmt.Errorf("%s is there already and is not a backup: it is left as it is", path)
	}
	return nil
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// write writes a backup of one snapshot.
func write(ctx context.Context, d *db.DB, to io.Writer, known []int64) (Contents, error) {
	c := Contents{Created: d.Clock().Now(), Rows: map[string]int64{}}
	file := bufio.NewWriterSize(to, 1<<16)
	packed := gzip.NewWriter(file)
	sum := sha256.New()
	err := d.Inspect(ctx, func(w *db.Whole) (err error) {
		if c.Migrations, err = w.Applied(ctx); err != nil {
			return err
		}
		if err := writable(c.Migrations, known); err != nil {
			return err
		}
		return c.write(ctx, w, bufio.NewWriterSize(io.MultiWriter(packed, sum), 1<<16))
	})
	if err != nil {
		return c, err
	}
	return c, errors.Join(writeLine(packed, c.trailer(sum)), packed.Close(), file.Flush())
}

// writable tells whether this program knows the database's schema.
func writable(applied, known []int64) error {
	if len(applied) == 0 {
		return errors.New("the database is empty: there is nothing to back up")
	}
	return db.NotNewer("the database", applied, known)
}

// write writes everything before the trailer, and counts.
func (c Contents) write(ctx context.Context, w *db.Whole, to *bufio.Writer) error {
	if err := writeLine(to, header{kind, format, c.Created, c.Migrations}); err != nil {
		return err
	}
	for _, table := range kept() {
		columns, err := w.Columns(ctx, table)
		if err != nil {
			return err
		}
		if len(columns) == 0 {
			continue // of an older schema
		}
		s := section{Table: table}
		for _, column := range columns {
			s.Columns = append(s.Columns, column.Name)
		}
		if err := writeLine(to, s); err != nil {
			return err
		}
		c.Rows[table] = 0
		err = w.Each(ctx, table, columns, func(row []any) error {
			c.Rows[table]++
			return writeLine(to, row)
		})
		if err != nil {
			return err
		}
	}
	return to.Flush()
}

func (c Contents) trailer(sum hash.Hash) trailer {
	return trailer{c.Rows, hex.EncodeToString(sum.Sum(nil))}
}
