package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"atrium"
	"atrium/base/backup"
	"atrium/base/config"
)

type saveTo struct {
	config.Settings
	To string `arg:"" name:"file" help:"The file to write; an earlier backup of this name is replaced."`
}

func (c *saveTo) Run(ctx context.Context) error {
	if err := c.Check(); err != nil {
		return err
	}
	made, err := atrium.Backup(ctx, atrium.Config{Settings: c.Settings, Log: logger(&c.Settings)}, c.To)
	if err != nil {
		return err
	}
	fmt.Printf("%s holds %s.\n", c.To, summary(made))
	fmt.Printf("The key file %s is not in it: keep a copy of it in another place.\n", c.SecretKeyFile())
	return nil
}

type restore struct {
	config.Settings
	From    string `arg:"" name:"file" help:"The backup."`
	Replace bool   `help:"Replace everything in a database that is not empty."`
}

func (c *restore) Run(ctx context.Context) error {
	if err := c.Check(); err != nil {
		return err
	}
	held, broken, err := atrium.Restore(ctx, atrium.Config{Settings: c.Settings, Log: logger(&c.Settings)}, c.From, c.Replace)
	if err != nil {
		return err
	}
	fmt.Printf("Restored: %s. Everybody logs in again.\n", summary(held))
	fmt.Printf("The key file is not in backups: put the copy you kept at %s, then run atrium doctor.\n", c.SecretKeyFile())
	for _, sentence := range broken {
		fmt.Println("This did not hold in the backup either:", sentence)
	}
	if len(broken) > 0 {
		return errors.New("what was restored is not as it should be")
	}
	return nil
}

func summary(c backup.Contents) string {
	return fmt.Sprintf("%d accounts and %d users, %d rows in all, as they were on %s UTC",
		c.Rows["accounts"], c.Rows["users"], c.Total(), c.Created.UTC().Format(time.DateTime))
}
