// Command atrium runs the client area of a hosting company. `atrium --help`
// lists what it can do.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"text/tabwriter"
	_ "time/tzdata" // time zones, also where the machine has none

	"github.com/alecthomas/kong"

	"atrium"
	"atrium/area/staff"
	"atrium/base/access"
	"atrium/base/config"
)

type commands struct {
	Serve    serve      `cmd:"" default:"withargs" help:"Run Atrium."`
	Demo     demo       `cmd:"" help:"Run Atrium with filled demo data, on this machine only."`
	DemoCode demoCode   `cmd:"" help:"Print the present code of the demo's two-step logins."`
	Staff    staffAdmin `cmd:"" help:"Look after the logins of staff."`
	Migrate  migrate    `cmd:"" help:"Bring the database up to date and stop."`
	Backup   saveTo     `cmd:"" help:"Write the whole database to a file. Atrium may be running."`
	Restore  restore    `cmd:"" help:"Fill the database from a backup. Stop Atrium before."`
	Copy     copyTo     `cmd:"" help:"Copy the whole database into another one. Stop Atrium before."`
	Doctor   doctor     `cmd:"" help:"Check all that Atrium needs and say what is wrong."`
	Config   show       `cmd:"" help:"Print the settings in force and where each comes from."`
	Version  version    `cmd:"" help:"Print the version."`
}

// garbage is how much the heap grows before it is collected, in percent. Three times
// Go's own: at 200 a page costs a twentieth more CPU, and 5 MB less are resident. Little
// lives, so that the heap is small and would be collected each few requests
// (bench/README.md). GOGC in the environment wins.
const garbage = 300

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	k := kong.Parse(&c, kong.Name("atrium"), kong.Description("The client area of a hosting company."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "atrium:", err)
		os.Exit(1)
	}
}

// logger writes structured lines to standard error.
func logger(s *config.Settings) *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: s.LogLevel()}))
}

type serve struct{ config.Settings }

func (c *serve) Run(ctx context.Context) error {
	log := logger(&c.Settings)
	a, err := atrium.Open(ctx, atrium.Config{Settings: c.Settings, Log: log})
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Run(ctx, func(at string) { log.Info("atrium is running", "address", c.BaseURL().String(), "listening", at) })
}

type staffAdmin struct {
	Add staffAdd `cmd:"" help:"Add someone to the staff, or let them set a new password: prints a link that works for 24 hours."`
}

type staffAdd struct {
	config.Settings
	Email string `arg:"" help:"Email address of the person."`
	Name  string `help:"Name of the person." placeholder:"NAME"`

	Role string `default:"administrator" enum:"administrator,billing,support,read-only" help:"Role of somebody new: ${enum}." placeholder:"ROLE"`

	ResetTwoStep bool `help:"Also take two-step login from somebody who has lost phone and recovery codes: they set it up again."`
}

func (c *staffAdd) Run(ctx context.Context) error {
	a, err := atrium.Open(ctx, atrium.Config{Settings: c.Settings, Log: logger(&c.Settings)})
	if err != nil {
		return err
	}
	defer a.Close()
	link, err := a.Staff.Add(ctx, staff.Newcomer{Email: c.Email, Name: c.Name, Role: access.StaffRole(c.Role), ResetTwoStep: c.ResetTwoStep})
	if err != nil {
		return err
	}
	fmt.Printf("%s can set a password within 24 hours at\n%s\n", c.Email, link)
	return nil
}

type migrate struct{ config.Settings }

func (c *migrate) Run(ctx context.Context) error {
	if err := c.Check(); err != nil {
		return err
	}
	d, err := atrium.OpenDB(ctx, atrium.Config{Settings: c.Settings, Log: logger(&c.Settings)})
	if err != nil {
		return err
	}
	fmt.Println("The database is up to date.")
	return d.Close()
}

type show struct{ config.Settings }

func (c *show) Run() error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, s := range c.Sources() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", s.Name, s.Value, s.From)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return c.Check()
}

type version struct{}

func (version) Run() error {
	fmt.Println("atrium", buildVersion())
	return nil
}

// buildVersion is what the Go tool stamped into the binary.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown"
	}
	return info.Main.Version
}
