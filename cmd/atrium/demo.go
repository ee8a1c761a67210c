package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"atrium"
	"atrium/base/clock"
	"atrium/base/config"
)

type demo struct {
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to answer on, of this machine only."`
	Today  string `placeholder:"DATE" help:"The day the demo plays on, 2026-11-22 unless told otherwise, or \"now\"."`
}

// Run fills a new database in a temporary folder and serves it. Nothing of the
// environment counts: a demo touches nothing that is in use.
func (c *demo) Run(ctx context.Context) error {
	today, err := c.day()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "atrium-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s := config.Settings{Listen: c.Listen, Base: "http://localhost" + c.Listen[max(0, lastColon(c.Listen)):], Log: "warn",
		Database: config.URL("sqlite:" + filepath.Join(dir, "atrium.db")), From: "no-reply@localhost", DevMail: true}
	cfg := atrium.Config{Settings: s, Log: logger(&s), Clock: atrium.DemoClock(today), Phones: clock.System{}}
	quiet := cfg
	quiet.Log = slog.New(slog.DiscardHandler)
	if err := atrium.FillDemo(ctx, quiet, today); err != nil {
		return err
	}
	a, err := atrium.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Run(ctx, func(string) { fmt.Printf(welcome, s.Base, atrium.DemoPassword, atrium.DemoSecret().Reveal()) })
}

// demoCode prints what an authenticator app shows that knows the demo's key: of
// everybody in the demo who has two-step login on, and of nobody else anywhere.
type demoCode struct{}

func (demoCode) Run() error {
	code, err := atrium.DemoSecret().Code(clock.System{}.Now())
	if err != nil {
		return err
	}
	fmt.Println(code)
	return nil
}

func lastColon(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == ':' {
			return i
		}
	}
	return -1
}

func (c *demo) day() (time.Time, error) {
	switch c.Today {
	case "":
		return atrium.DemoDay(), nil
	case "now":
		return time.Now().UTC(), nil
	}
	day, err := time.Parse(time.DateOnly, c.Today)
	if err != nil {
		return day, fmt.Errorf("--today takes a date like 2026-11-22, or now")
	}
	return day.Add(10 * time.Hour), nil
}

const welcome = `
Atrium's demo runs at %[1]s  (Ctrl-C ends it; nothing is kept)

Everyone's password is  %[2]s

  maja@nordlicht-studio.example    owns Nordlicht Studio GmbH: start here, User Management
  tomasz@wrona-web.example         an agency: Webmaster in four accounts, owner of one
  priya@raman-accounting.example   an accountant: sees invoices and what they are for
  sofia@rossi.example              holds all permissions in Café Amsel, and is not its owner
  amir@haddad.example              may change one account's details and read its emails
  lena@hoffmann.example            a developer with nothing of her own
  helga@stadtchor.example          has two-step login on, as all staff have

Mails, with their links:  %[1]s/dev/mail
The staff area:           %[1]s/staff/
  admin@host.example      an administrator      support@host.example    Support
  billing@host.example    Billing

Two-step login asks for a code. The present one is printed by   atrium demo-code
or shown by your authenticator app, given the key   %[3]s
`
