package atrium

import (
	"context"
	"errors"
	"fmt"
	"os"

	"atrium/base/backup"
	"atrium/base/config"
	"atrium/base/db"
)

// CopyConfig is what Copy needs to know.
type CopyConfig struct {
	From, To config.URL
	Afresh   bool                  // empty a half copy and begin again
	Batch    int                   // rows in a transaction; 0: as many as are quick
	Tell     func(backup.Progress) // may be nil
}

// Copy copies one database into another, which is empty or a half copy of the
// first: ended at whatever moment, it goes on when it is called again. Both are
// in nobody else's use. Until all is compared and Invariants hold, the other
// can't be opened by Open. See backup.Copy.
func Copy(ctx context.Context, c CopyConfig) (_ backup.Contents, err error) {
	var none backup.Contents
	if err := c.check(ctx); err != nil {
		return none, err
	}
	known, err := db.Versions(Schemas())
	if err != nil {
		return none, err
	}
	from, err := openAsItIs(ctx, c.side(c.From))
	if err != nil {
		return none, fmt.Errorf("the database to copy: %w", err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := c.side(c.To).openDB(ctx)
	if err != nil {
		return none, fmt.Errorf("the database to copy to: %w", err)
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	copying := backup.Copy{From: from, To: to, Known: known, Afresh: c.Afresh, Batch: c.Batch, Tell: c.Tell, Sound: Invariants}
	return copying.Run(ctx)
}

func (c CopyConfig) side(u config.URL) Config {
	return Config{Settings: config.Settings{Database: u}}
}

// check refuses addresses that are wrong or the same, and databases in use.
func (c CopyConfig) check(ctx context.Context) error {
	for _, side := range []struct {
		name string
		url  config.URL
	}{{"FROM", c.From}, {"TO", c.To}} {
		if err := side.url.CheckDatabase(); err != nil {
			return fmt.Errorf("%s: %w", side.name, err)
		}
		used, err := db.InUse(ctx, string(side.url))
		if err != nil {
			return fmt.Errorf("whether somebody uses %s can't be told: %w", side.url, err)
		}
		if used {
			return fmt.Errorf("%s, %s, is in use: stop Atrium everywhere, and what else has it open, and run this again", side.name, side.url)
		}
	}
	if c.From == c.To || sameFile(c.From, c.To) {
		return errors.New("FROM and TO are the same database")
	}
	return nil
}

func sameFile(a, b config.URL) bool {
	fileA, fileB := config.Settings{Database: a}, config.Settings{Database: b}
	i, err := os.Stat(fileA.DatabaseFile())
	j, err2 := os.Stat(fileB.DatabaseFile())
	return err == nil && err2 == nil && os.SameFile(i, j)
}
