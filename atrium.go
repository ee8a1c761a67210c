// Package atrium is the client area of a hosting company, put together: Open
// takes a configuration and gives a program that Run runs.
//
// The house has three rooms. area is what people can do, base is what every
// area stands on, plug is what Atrium talks to. This file is the list of areas;
// ARCHITECTURE.md tells the rest.
package atrium

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/alexedwards/argon2id"

	"atrium/area/account"
	"atrium/area/activity"
	"atrium/area/contact"
	"atrium/area/email"
	"atrium/area/host"
	"atrium/area/login"
	"atrium/area/sharing"
	"atrium/area/staff"
	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/backup"
	"atrium/base/clock"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/vault"
	"atrium/base/web"
	"atrium/ui"
)

// Config is what Open needs to know.
type Config struct {
	Settings config.Settings
	Clock    clock.Clock      // nil: the machine's
	Phones   clock.Clock      // what authenticator apps go by; nil: Clock
	Hashes   *argon2id.Params // what passwords are hashed with; nil: as access.NewPasswords says; tests only
	Log      *slog.Logger
	Trace    func(sql string, across bool) // sees every statement; tests only
}

// App is Atrium, open on its database. Its fields are what the commands use.
type App struct {
	DB     *db.DB
	Jobs   *job.Jobs
	Routes *web.Routes
	Staff  *staff.Staff

	log     *slog.Logger
	mail    *mail.Mail
	listen  string
	login   *login.Login
	share   *sharing.Sharing
	steps   *access.TwoStep
	acct    *account.Account
	host    *host.Host
	persons *contact.Contact
}

// Schemas lists every migration there is.
func Schemas() []fs.FS {
	return []fs.FS{access.Schema, audit.Schema, job.Schema, settings.Schema, mail.Schema, account.Schema, contact.Schema, backup.Schema}
}

// Open opens the database, brings it up to date and puts the areas together.
func Open(ctx context.Context, c Config) (*App, error) {
	s := c.Settings
	if err := s.Check(); err != nil {
		return nil, err
	}
	v, err := vault.Load(s.SecretKeyFile(), isNew(s.DatabaseFile()))
	if err != nil {
		return nil, err
	}
	d, err := OpenDB(ctx, c)
	if err != nil {
		return nil, err
	}
	a, err := assemble(ctx, c, d, v)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

// isNew tells whether an SQLite database is still to be made. Only then is a
// missing key file made too: beside an existing database it is lost, and a new
// one would open nothing that was sealed.
func isNew(file string) bool {
	if file == "" {
		return false
	}
	_, err := os.Stat(file)
	return errors.Is(err, fs.ErrNotExist)
}

// OpenDB opens the database and brings it up to date, without the areas. A copy
// that is not whole is refused.
func OpenDB(ctx context.Context, c Config) (*db.DB, error) {
	d, err := c.openDB(ctx)
	if err != nil {
		return nil, err
	}
	if err = backup.Unfinished(ctx, d); err == nil {
		err = upToDate(ctx, d)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// upToDate applies the migrations, and what of them only Go can do. A database of a
// newer Atrium is refused: this one does not keep what that has added.
func upToDate(ctx context.Context, d *db.DB) error {
	known, err := db.Versions(Schemas())
	if err != nil {
		return err
	}
	applied, err := d.Applied(ctx)
	if err != nil {
		return err
	}
	if err := db.NotNewer("the database", applied, known); err != nil {
		return err
	}
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	if len(applied) < len(known) { // what reads migrations keeps a dozen megabytes in pools: two collections free them
		runtime.GC()
		runtime.GC()
	}
	return access.FillTerms(ctx, d)
}

// openDB opens the database as it is.
func (c Config) openDB(ctx context.Context) (*db.DB, error) {
	return db.Open(ctx, string(c.Settings.Database), db.Options{Clock: clockOf(c), Schemas: Schemas(), Log: c.Log, Trace: c.Trace,
		Replica: string(c.Settings.DatabaseRead)})
}

func clockOf(c Config) clock.Clock {
	if c.Clock == nil {
		return clock.System{}
	}
	return c.Clock
}

// assemble is the list of areas.
func assemble(ctx context.Context, c Config, d *db.DB, v *vault.Vault) (*App, error) {
	s := c.Settings
	under := func(path string) string { return s.BaseURL().String() + path }
	jobs := job.New(d, c.Log)
	set, err := settings.Open(ctx, d, v, c.Log, &s)
	if err != nil {
		return nil, err
	}
	letters, err := mail.New(ctx, d, jobs, v, mailConfig(s, set))
	if err != nil {
		return nil, err
	}
	assets, err := ui.NewAssets()
	if err != nil {
		return nil, err
	}
	routes := web.New(web.Options{DB: d, Vault: v, Log: c.Log, Assets: assets, BaseURL: s.BaseURL(), Proxies: s.TrustedProxies(), Settings: set, OnLogin: noteLogin})
	company := func(ctx context.Context) string { return set.Current(ctx, d.Auto()).Company.Name }
	passwords := access.NewPasswords(settings.DefaultName, s.BaseURL().Hostname())
	passwords.Company = company
	if c.Hashes != nil {
		passwords.Params = *c.Hashes
	}
	passkeys := access.NewPasskeys(d, v, s.BaseURL(), company)
	twoStep := access.NewTwoStep(d, v, passwords, access.TwoStepOptions{Issuer: company, Passkeys: passkeys.Possible, Clock: c.Phones, Wrong: noteWrongCode})

	logins := login.New(d, jobs, letters, passwords, twoStep, passkeys, v, set, under)
	share := &sharing.Sharing{DB: d, Jobs: jobs, Mail: letters, Passwords: passwords, TwoStep: twoStep, Vault: v, Settings: set, URL: under}
	share.Work()
	contacts := contact.New(d, contact.Options{Mail: letters, Settings: set, URL: under})
	share.Listen()
	contacts.Listen(jobs)
	accounts := account.New(d, account.Options{Jobs: jobs, Mail: letters, URL: under, Settings: set, Contacts: contacts})
	emails := email.New(d, letters)
	doings := activity.New(d, set)
	people := staff.New(d, letters, passwords, twoStep, set, under)
	ours := host.New(d, jobs, letters, set)

	login.Client{Login: logins}.Routes(routes)
	login.Staff{Login: logins}.Routes(routes)
	sharing.Client{Sharing: share}.Routes(routes)
	sharing.Staff{Sharing: share}.Routes(routes)
	account.Client{Account: accounts}.Routes(routes)
	account.Staff{Account: accounts}.Routes(routes)
	contact.Client{Contact: contacts}.Routes(routes)
	contact.Staff{Contact: contacts}.Routes(routes)
	email.Client{Email: emails}.Routes(routes)
	email.Staff{Posts: email.NewPosts(d, letters)}.Routes(routes)
	activity.Client{Activity: doings}.Routes(routes)
	activity.Staff{Activity: doings}.Routes(routes)
	staff.Client{Staff: people}.Routes(routes)
	staff.OverviewClient{Overview: staff.NewOverview(d, jobs)}.Routes(routes)
	host.Staff{Host: ours}.Routes(routes)
	if s.DevMail {
		email.Dev{Mail: letters}.Routes(routes)
	}
	return &App{DB: d, Jobs: jobs, Routes: routes, Staff: people, log: c.Log, mail: letters, listen: s.Listen, login: logins, share: share, steps: twoStep, acct: accounts, host: ours, persons: contacts}, nil
}

func mailConfig(s config.Settings, set *settings.Store) mail.Config {
	return mail.Config{Settings: set, BaseURL: s.BaseURL().String(), Readable: s.DevMail}
}

// noteLogin writes the audit row of a log in to an account.
func noteLogin(ctx context.Context, tx *db.Tx, by access.Act) error {
	return audit.Write(ctx, tx, by, audit.Entry{Action: "member.login", Subject: by.Actor().Email})
}

// noteWrongCode writes the audit row of a code that was refused at two-step login.
func noteWrongCode(ctx context.Context, tx *db.Tx, by access.Act) error {
	e := audit.Entry{Action: "two-step.wrong", Subject: by.Actor().Email}
	if by.Actor().Kind == access.ByStaff {
		e.Action = "staff.two-step-wrong"
	}
	return audit.Write(ctx, tx, by, e)
}

// Run listens and serves until ctx is done. ready, if not nil, is told the
// address once requests are answered.
func (a *App) Run(ctx context.Context, ready func(address string)) error {
	l, err := net.Listen("tcp", a.listen)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w", a.listen, err)
	}
	if ready != nil {
		ready(l.Addr().String())
	}
	return a.Serve(ctx, l)
}

// grace is how long requests in hand may go on once Serve is told to stop.
const grace = 30 * time.Second

// Serve answers requests on l and works jobs until ctx is done; then it
// finishes those in hand.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	var protocols http.Protocols // HTTP/2 without TLS is for the proxy before it
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{
		Protocols: &protocols, Handler: a.Routes.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 20 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ConnContext: web.ConnContext, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	worked, served := make(chan error, 1), make(chan error, 1)
	go func() { worked <- a.Jobs.Run(work) }()
	go func() { served <- server.Serve(web.Listen(l)) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-served:
	case err = <-worked:
		worked <- nil // it is said once
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err = errors.Join(err, server.Shutdown(closing))
	stopWork()
	return errors.Join(err, <-worked)
}

// Close closes the database and the kept connections to the mail server.
func (a *App) Close() error {
	a.mail.Close()
	return a.DB.Close()
}
