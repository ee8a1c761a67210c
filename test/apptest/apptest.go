// Package apptest starts the real program for tests: a real database, a real
// mail server to send to, a free port of this machine. People in it act as
// browsers without JavaScript do: they open pages and send the forms they find.
//
//	w := apptest.New(t, dbtest.SQLite)
//	acme := w.Account("Acme", "ann")            // Ann registers
//	bob := acme.Member("bob", "invoices")       // Ann invites, Bob accepts from his mail
//	bob.Get(acme.Path("/emails")).Denied("View Emails")
package apptest

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"atrium"
	"atrium/base/access/accesstest"
	"atrium/base/clock/clocktest"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
)

// A World is one running Atrium and the people around it.
type World struct {
	T       *testing.T
	App     *atrium.App
	DB      *db.DB
	Clock   *clocktest.Clock
	URL     string // the base URL
	Mail    *MailServer
	Secrets string // path of the key file
	dbURL   string
	log     *logBuffer
	stop    func()

	unaudited atomic.Bool
	ours      atomic.Bool // what is asked is the test's own
}

// Unaudited runs fn, in which forms may succeed without changing anything, and
// so without a row in the audit.
func (w *World) Unaudited(fn func()) {
	w.unaudited.Store(true)
	defer w.unaudited.Store(false)
	fn()
}

func (w *World) audited() int64 {
	w.T.Helper()
	return w.rows(`SELECT count(*) FROM audit`)
}

// auditedIn counts the audit rows of an account.
func (w *World) auditedIn(a id.Account) int64 {
	w.T.Helper()
	return w.rows(`SELECT count(*) FROM audit WHERE account_id = $1`, a)
}

func (w *World) rows(sql string, args ...any) int64 {
	w.T.Helper()
	n, err := db.One(w.T.Context(), w.DB.Across(), func(r db.Row) (int64, error) {
		var n int64
		err := r.Scan(&n)
		return n, err
	}, sql, args...)
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

// Option changes how New starts the program.
type Option func(*options)

type options struct {
	language string // "": to each their own
	settings []func(*config.Settings)
	noMail   bool
	served   bool
}

// With changes the settings.
func With(change func(*config.Settings)) Option {
	return func(o *options) { o.settings = append(o.settings, change) }
}

// WithoutMailServer starts the program without ATRIUM_SMTP_URL.
func WithoutMailServer() Option { return func(o *options) { o.noMail = true } }

// AsServed has passwords hashed as the program that is served does, for what goes on
// in such a one: at a log in there it would make cheaper hashes anew.
func AsServed() Option { return func(o *options) { o.served = true } }

// Speaking has the program speak this language to everybody.
func Speaking(language string) Option { return func(o *options) { o.language = language } }

// New starts the program on a fresh database of the engine; it stops with the test.
func New(t *testing.T, engine string, opts ...Option) *World {
	t.Helper()
	return start(t, dbtest.Migrated(t, engine, atrium.Schemas()), filepath.Join(t.TempDir(), "atrium.key"), clocktest.New(), nil, opts...)
}

// On is New on a database that is there.
func On(t *testing.T, dbURL string, opts ...Option) *World {
	t.Helper()
	return start(t, dbURL, filepath.Join(t.TempDir(), "atrium.key"), clocktest.New(), nil, opts...)
}

// Another starts a second process' worth of the program on the same database,
// key, clock and mail server.
func (w *World) Another(opts ...Option) *World {
	w.T.Helper()
	return start(w.T, w.dbURL, w.Secrets, w.Clock, w.Mail, opts...)
}

// Each runs fn on both databases.
func Each(t *testing.T, fn func(t *testing.T, w *World), opts ...Option) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) { fn(t, New(t, engine, opts...)) })
	}
}

func start(t *testing.T, dbURL, keyFile string, clock *clocktest.Clock, mail *MailServer, opts ...Option) *World {
	t.Helper()
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(l.Addr().String(), ":")
	if mail == nil && !o.noMail {
		mail = newMailServer(t)
	}
	w := &World{T: t, Clock: clock, URL: "http://localhost:" + port, Mail: mail, Secrets: keyFile, dbURL: dbURL, log: &logBuffer{}}
	s := config.Settings{Listen: l.Addr().String(), Base: w.URL, Database: config.URL(dbURL), Log: "info", From: "Atrium <atrium@host.example>", KeyFile: keyFile}
	if mail != nil {
		s.SMTP = config.URL("smtp://" + mail.Addr)
	}
	for _, change := range o.settings {
		change(&s)
	}
	makeKey(t, keyFile)
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: s.LogLevel()}))
	c := atrium.Config{Settings: s, Clock: clock, Log: log, Trace: w.trace()}
	if !o.served {
		c.Hashes = accesstest.Hashes()
	}
	w.App, err = atrium.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	w.DB = w.App.DB
	w.App.Routes.Language = o.language
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.App.Serve(ctx, l) }()
	w.stop = sync.OnceFunc(func() {
		http.DefaultClient.CloseIdleConnections() // those never used would be waited for
		stop()
		if err := <-done; err != nil {
			t.Errorf("stopping: %v", err)
		}
		if err := w.App.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	t.Cleanup(func() {
		w.stop()
		if t.Failed() {
			t.Logf("what the log warns of:\n%s", w.log.warnings())
		}
	})
	return w
}

// trace fails the test on statements that are not what they should be.
func (w *World) trace() func(sql string, across bool) {
	scoped, byKey := dbtest.Tracer(w.T), dbtest.ByKey(w.T, w.dbURL)
	return func(sql string, across bool) {
		scoped(sql, across)
		byKey(sql, across || w.ours.Load())
	}
}

// Stop stops the program before the test ends.
func (w *World) Stop() { w.stop() }

// Database is the address of the database.
func (w *World) Database() string { return w.dbURL }

// Exec changes the database past all rules, for what no page does yet.
func (w *World) Exec(sql string, args ...any) {
	w.T.Helper()
	w.ours.Store(true)
	defer w.ours.Store(false)
	err := w.DB.WriteGlobal(w.T.Context(), db.Lock{}, func(tx *db.Tx) error { return tx.ExecOne(w.T.Context(), sql, args...) })
	if err != nil {
		w.T.Fatal(err)
	}
}

// Waiting tells what jobs and mails wait, for messages.
func (w *World) Waiting() []string {
	rows, err := db.All(w.T.Context(), w.DB.Across(), func(r db.Row) (string, error) {
		var s string
		err := r.Scan(&s)
		return s, err
	}, `SELECT 'job ' || kind || ' ' || args || ' due ' || CAST(run_at AS TEXT) || ' attempt ' || CAST(attempt AS TEXT) || ' ' || error FROM jobs
		UNION ALL SELECT 'mail to ' || to_email || ' ' || state || ' ' || answer FROM emails`)
	if err != nil {
		return []string{err.Error()}
	}
	return append(rows, "it is "+strconv.FormatInt(w.Clock.Now().UnixMicro(), 10))
}

// DBCount asks the database for one number.
func (w *World) DBCount(sql string, args ...any) int64 {
	w.T.Helper()
	n, err := db.One(w.T.Context(), w.DB.Across(), func(r db.Row) (int64, error) {
		var n int64
		err := r.Scan(&n)
		return n, err
	}, sql, args...)
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}
