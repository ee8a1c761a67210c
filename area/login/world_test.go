package login_test

import (
	"context"
	"io/fs"
	"log/slog"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"atrium/area/login"
	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/audit"
	"atrium/base/clock/clocktest"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/settings/settingstest"
	"atrium/base/vault"
	"atrium/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func schemas() []fs.FS {
	return []fs.FS{access.Schema, audit.Schema, job.Schema, settings.Schema, mail.Schema}
}

const (
	base = "http://localhost:8080"
	good = "correct donkey battery clip" // a password
	next = "quiet harbour violin moss"   // another
)

// world is logins on one database, with mails that can be read.
type world struct {
	t     *testing.T
	ctx   context.Context
	db    *db.DB
	jobs  *job.Jobs
	mail  *mail.Mail
	vault *vault.Vault
	login *login.Login

	passwords *access.Passwords
}

// meanwhile has fn run once, when the next new password has been checked and is about
// to be hashed.
func (w world) meanwhile(fn func()) {
	w.passwords.Company = func(context.Context) string {
		w.passwords.Company = nil
		fn()
		return "Atrium"
	}
}

func each(t *testing.T, fn func(*testing.T, world)) {
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d, base)) })
}

func newWorld(t *testing.T, d *db.DB, base string) world {
	t.Helper()
	v, err := vault.Load(filepath.Join(t.TempDir(), "key"), true)
	if err != nil {
		t.Fatal(err)
	}
	jobs := job.New(d, slog.New(slog.NewTextHandler(t.Output(), nil)))
	set := settingstest.Open(t, d, v)
	m, err := mail.New(t.Context(), d, jobs, v, mail.Config{Settings: set, BaseURL: base, Readable: true})
	if err != nil {
		t.Fatal(err)
	}
	p := accesstest.Passwords("Atrium")
	company := func(context.Context) string { return "Atrium" }
	two := access.NewTwoStep(d, v, p, access.TwoStepOptions{Issuer: company})
	l := login.New(d, jobs, m, p, two, access.NewPasskeys(d, v, must(t, base), company), v, set, func(path string) string { return base + path })
	return world{t: t, ctx: t.Context(), db: d, jobs: jobs, mail: m, vault: v, login: l, passwords: p}
}

func (w world) clock() *clocktest.Clock { return dbtest.Clock(w.db) }

func must(t *testing.T, base string) *url.URL {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// from is somebody who is not logged in.
func from(ip string) access.Actor {
	return access.Actor{Kind: access.Anonymous, IP: ip, Agent: "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0"}
}

func ann() login.Registration {
	return login.Registration{Country: "DE", NewLogin: access.NewLogin{
		FirstName: "Ann", LastName: "Archer", Email: "Ann@example.com", Password: good, Language: "en", TimeZone: "Europe/Berlin"}}
}

// register makes ann's login and gives her session.
func (w world) register() access.Self {
	w.t.Helper()
	t, _, err := w.login.Register(w.ctx, from("192.0.2.1"), ann(), access.Token{})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.self(t)
}

// logIn opens a session.
func (w world) logIn(email, password string) access.Token {
	w.t.Helper()
	o, err := w.login.LogIn(w.ctx, from("192.0.2.2"), email, password, access.Wish{}, access.Token{})
	if err != nil {
		w.t.Fatal(err)
	}
	return o.Session
}

func (w world) alive(t access.Token) bool {
	_, err := access.FindSession(w.ctx, w.db, access.DefaultLives(), t)
	return err == nil
}

func (w world) self(t access.Token) access.Self {
	w.t.Helper()
	s, err := access.FindSession(w.ctx, w.db, access.DefaultLives(), t)
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Self("192.0.2.1", "")
}

// again reads the session anew, as the next request would.
func (w world) again(me access.Self) access.User {
	w.t.Helper()
	u, err := access.FindUser(w.ctx, w.db.Auto(), me.User().ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// letters works the jobs and gives the mails of a kind, latest first.
func (w world) letters(kind string) []mail.Message {
	w.t.Helper()
	if err := w.jobs.Drain(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	all, err := w.mail.Outbox(w.ctx, 0, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	var found []mail.Message
	for _, m := range all {
		if m.Kind == kind {
			open, err := w.mail.Open(w.ctx, 0, m.ID)
			if err != nil {
				w.t.Fatal(err)
			}
			found = append(found, open)
		}
	}
	return found
}

// path is the path of the one-time link in the latest mail of a kind.
func (w world) path(kind string) string {
	w.t.Helper()
	all := w.letters(kind)
	if len(all) == 0 {
		w.t.Fatalf("there is no mail %s", kind)
	}
	link := regexp.MustCompile(`https?://[^/\s]+(/\w+/\S+)`).FindStringSubmatch(all[0].Text)
	if link == nil {
		w.t.Fatalf("the mail %s has no link:\n%s", kind, all[0].Text)
	}
	return link[1]
}

// token is the token of that link.
func (w world) token(kind string) access.Token {
	w.t.Helper()
	path, _, _ := strings.Cut(w.path(kind), "?")
	t, ok := access.ParseToken(path[strings.LastIndexByte(path, '/')+1:])
	if !ok {
		w.t.Fatalf("%s ends in no token", path)
	}
	return t
}

// audited lists what the audit of an account, or of none, says.
func (w world) audited(account id.Account) string {
	w.t.Helper()
	all, err := db.All(w.ctx, w.db.Auto(), func(r db.Row) (string, error) {
		var action string
		err := r.Scan(&action)
		return action, err
	}, `SELECT action FROM audit WHERE account_id = $1 ORDER BY id`, account)
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(all, " ")
}

func is(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.CodeOf(err) != code {
		t.Errorf("got %v (kind %d, code %q), want kind %d, code %q", err, fault.KindOf(err), fault.CodeOf(err), kind, code)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// mine sets a password for a login that one has made oneself.
func mine(password string) login.Renewal {
	return login.Renewal{Password: password, Made: login.MadeByMe}
}
