package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"atrium"
	"atrium/base/config"
)

type copyTo struct {
	config.Settings
	From   config.URL `arg:"" help:"The database to copy: sqlite:FILE, postgres://…, or env:NAME for an address that the environment has under that name."`
	To     config.URL `arg:"" help:"The database to fill, written likewise: empty, or filled by a copy that did not come to its end."`
	Afresh bool       `help:"Empty what such a copy has left and begin again."`
	Batch  int        `placeholder:"ROWS" help:"Rows written in one transaction; 10000 unless told otherwise."`
}

// Run copies, shows how far it is, and says what is to be done next.
func (c *copyTo) Run(ctx context.Context) error {
	for _, u := range []*config.URL{&c.From, &c.To} {
		if err := fromEnvironment(u); err != nil {
			return err
		}
	}
	bar := newBar(os.Stdout)
	held, err := atrium.Copy(ctx, atrium.CopyConfig{From: c.From, To: c.To, Afresh: c.Afresh, Batch: c.Batch, Tell: bar.tell})
	bar.end()
	if err != nil {
		return err
	}
	fmt.Printf("Copied and compared: %d accounts and %d users, %d rows in all. Everybody stays logged in.\n", held.Rows["accounts"], held.Rows["users"], held.Total())
	c.Database = c.From
	fmt.Printf("Now set\n\n    ATRIUM_DATABASE_URL=%s\n    ATRIUM_SECRET_KEY_FILE=%s\n\n", c.To, keyFile(c.SecretKeyFile()))
	fmt.Print("start Atrium with them and run atrium doctor. The key file is in no database: without the one that\n" +
		"Atrium has had until now, nothing that is sealed opens. The old database is as it was; keep it until you are content.\n")
	return nil
}

// fromEnvironment follows an address env:NAME, so that no password needs to
// stand in the list of processes.
func fromEnvironment(u *config.URL) error {
	name, ok := strings.CutPrefix(string(*u), "env:")
	if !ok {
		return nil
	}
	value, ok := os.LookupEnv(name)
	if !ok {
		return fmt.Errorf("the environment has no %s", name)
	}
	*u = config.URL(value)
	return nil
}

// keyFile is the path of the key file, from wherever it is set.
func keyFile(path string) string {
	if path == "" {
		return "(the one used until now)"
	}
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}
