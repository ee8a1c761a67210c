package atrium

import (
	"context"
	"errors"
	"fmt"

	"atrium/base/backup"
	"atrium/base/db"
	"atrium/fault"
)

// Backup writes the database to a file, as it is at this moment, while the
// program may be running. See the package backup.
func Backup(ctx context.Context, c Config, path string) (_ backup.Contents, err error) {
	known, err := db.Versions(Schemas())
	if err != nil {
		return backup.Contents{}, err
	}
	d, err := openAsItIs(ctx, c)
	if err != nil {
		return backup.Contents{}, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := backup.Unfinished(ctx, d); err != nil {
		return backup.Contents{}, err
	}
	return backup.Save(ctx, d, path, known)
}

// Restore fills the database from a backup, all of it or nothing, and brings it
// up to date. A database that somebody is in is refused unless replace is set.
// What Invariants finds broken afterwards was so in the backup.
func Restore(ctx context.Context, c Config, path string, replace bool) (_ backup.Contents, broken []string, err error) {
	known, err := db.Versions(Schemas())
	if err != nil {
		return backup.Contents{}, nil, err
	}
	f, err := backup.Open(ctx, path, known)
	if err != nil {
		return backup.Contents{}, nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	d, err := c.openDB(ctx)
	if err != nil {
		return f.Contents, nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := f.Restore(ctx, d, replace); err != nil {
		if !fault.Is(err, fault.Unavailable) { // then it may not be known
			err = fmt.Errorf("nothing was restored: %w", err)
		}
		return f.Contents, nil, err
	}
	if err := upToDate(ctx, d); err != nil {
		return f.Contents, nil, fmt.Errorf("the backup is restored, but the database can't be brought up to date: %w", err)
	}
	broken, err = Invariants(ctx, d)
	return f.Contents, broken, err
}

// openAsItIs opens a database that is there: it makes none and migrates none.
func openAsItIs(ctx context.Context, c Config) (*db.DB, error) {
	if file := c.Settings.DatabaseFile(); isNew(file) {
		return nil, fmt.Errorf("there is no database %s", file)
	}
	return c.openDB(ctx)
}
