package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/base/settings"
	"atrium/base/vault"
	"atrium/ui"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	plain  = "http://localhost:8080"
	secure = "https://clients.example.com"
)

// A site is a small Atrium: areas with a page behind each door, an account and
// the people around it.
type site struct {
	*Routes
	t      *testing.T
	h      http.Handler
	log    *journal
	acme   id.Account
	ann    access.Token // owns acme
	bob    access.Token // may see its invoices
	mia    access.Token // may manage its users
	sam    access.Token // is a stranger
	stan   access.Token // is staff
	answer func(q *Request) (Reply, error)
}

// journal keeps what was logged.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

func newSite(t *testing.T, base string, change ...func(*Options)) *site {
	t.Helper()
	u, err := url.Parse(base)
	ok(t, err)
	v, err := vault.Load(filepath.Join(t.TempDir(), "key"), true)
	ok(t, err)
	assets, err := ui.NewAssets()
	ok(t, err)
	s := &site{t: t, log: &journal{}, answer: func(q *Request) (Reply, error) { return saying(q, "Hello"), nil }}
	o := Options{DB: dbtest.Open(t, dbtest.SQLite, []fs.FS{access.Schema, settings.Schema}), Vault: v, Log: slog.New(slog.NewTextHandler(s.log, nil)), Assets: assets, BaseURL: u,
		OnLogin: func(context.Context, *db.Tx, access.Act) error { return nil }}
	for _, f := range change {
		f(&o)
	}
	o.Settings, err = settings.Open(t.Context(), o.DB, v, o.Log, &config.Settings{From: "no-reply@example.com"})
	ok(t, err)
	s.Routes = New(o)
	s.people()
	s.routes()
	s.h = s.Handler()
	return s
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// people fills the database.
func (s *site) people() {
	s.t.Helper()
	ctx := s.t.Context()
	logIn := func(tx *db.Tx, first string) (access.User, access.Token) {
		e, _ := access.ParseEmail(first + "@example.com")
		u, err := access.NewUser(ctx, tx, e, "", access.User{FirstName: first, Language: "en", TimeZone: "UTC"})
		if err != nil {
			s.t.Fatal(err)
		}
		token, err := accesstest.Session(ctx, tx, u.ID, false, u.As("127.0.0.1", ""))
		if err != nil {
			s.t.Fatal(err)
		}
		return u, token
	}
	ok(s.t, s.DB.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		var ann, bob, mia access.User
		ann, s.ann = logIn(tx, "Ann")
		bob, s.bob = logIn(tx, "Bob")
		mia, s.mia = logIn(tx, "Mia")
		_, s.sam = logIn(tx, "Sam")
		var err error
		if s.acme, err = access.OpenAccount(ctx, tx, ann.ID, access.NewAccount{Name: "Acme", Language: "en", TimeZone: "UTC"}); err != nil {
			return err
		}
		err = errors.Join(access.AddMember(ctx, tx, s.acme, bob.ID, access.SetOf(access.NameInvoices), ""), access.AddMember(ctx, tx, s.acme, mia.ID, 0, ""),
			tx.ExecOne(ctx, `UPDATE memberships SET manages = TRUE WHERE account_id = $1 AND user_id = $2`, s.acme, mia.ID))
		if err != nil {
			return err
		}
		e, _ := access.ParseEmail("stan@example.com")
		p, _, err := access.AddStaff(ctx, tx, e, "Stan Support", access.Administrator)
		if err != nil {
			return err
		}
		s.stan, err = accesstest.StaffSession(ctx, tx, p)
		return err
	}))
}

// routes adds a page behind each door. Behind /do is what the test says.
func (s *site) routes() {
	do := func(q *Request) (Reply, error) { return s.answer(q) }
	anyone := Anyone(s.Routes)
	anyone.Get("/do", func(q *Request, _ access.Actor) (Reply, error) { return do(q) })
	anyone.Post("/do", func(q *Request, _ access.Actor) (Reply, error) { return do(q) })
	anyone.PostFile("/file", func(q *Request, _ access.Actor) (Reply, error) { return do(q) })
	anyone.Get("/secret/{token}", func(q *Request, _ access.Actor) (Reply, error) { return do(q) })
	anyone.Post("/secret/{token}", func(q *Request, _ access.Actor) (Reply, error) { return do(q) })
	anyone.Get("/who", func(q *Request, by access.Actor) (Reply, error) {
		return saying(q, string(by.Kind)+" "+by.Email+" "+by.IP+" "+by.Agent), nil
	})
	user := User(s.Routes)
	user.Get("/me", func(q *Request, me access.Self) (Reply, error) { return saying(q, "I am "+me.User().Email), nil })
	user.Post("/me", func(q *Request, me access.Self) (Reply, error) { return do(q) })
	account := func(q *Request, a id.Account) (Reply, error) { return saying(q, "Inside "+a.String()), nil }

	member := Member(s.Routes, "Home")
	member.Menu(Entry{Label: "Home", Path: "/", Icon: ui.IconHome, Rank: 10})
	member.Menu(Entry{Group: "Account", Label: "For those who may not", Path: "/only", Rank: 90, Only: func(x access.Rights) bool { return !x.Manages() }})
	member.Get("/", func(q *Request, in access.Member) (Reply, error) {
		cards, err := q.Cards(in)
		if err != nil {
			return nil, err
		}
		return Page{Title: "Home", Body: func(f ui.Frame) templ.Component { return templ.Join(append(cards, ui.Layout(f))...) }}, nil
	})
	member.Post("/", func(q *Request, in access.Member) (Reply, error) { return do(q) })
	JSON(member, "/membership", func(_ *Request, in access.Member) (map[string]any, error) {
		return map[string]any{"account": in.Account(), "user": in.Actor().User}, nil
	})
	JSON(anyone, "/do", func(q *Request, _ access.Actor) (string, error) {
		_, err := do(q)
		return "done", err
	})
	invoices := Require[access.Invoices](s.Routes, "Invoices")
	invoices.Menu(Entry{Group: "Billing", Label: "Invoices", Path: "/invoices", Rank: 30})
	invoices.Card(20, func(*Request, access.To[access.Invoices]) (templ.Component, error) {
		return templ.Raw("<p>the invoices' card</p>"), nil
	})
	invoices.Get("/invoices", func(q *Request, in access.To[access.Invoices]) (Reply, error) { return account(q, in.Account()) })
	domains := Require[access.Domains](s.Routes, "Domains")
	domains.Menu(Entry{Group: "Domains", Label: "Domains", Path: "/domains", Rank: 20})
	domains.Card(10, func(*Request, access.To[access.Domains]) (templ.Component, error) {
		return templ.Raw("<p>the domains' card</p>"), nil
	})
	domains.Get("/domains", func(q *Request, in access.To[access.Domains]) (Reply, error) { return account(q, in.Account()) })
	domains.Post("/domains", func(q *Request, in access.To[access.Domains]) (Reply, error) { return do(q) })
	Managers(s.Routes, "Users").Get("/users", func(q *Request, in access.Manager) (Reply, error) { return account(q, in.Account()) })
	Owner(s.Routes, "Ownership").Get("/ownership", func(q *Request, in access.Owner) (Reply, error) { return account(q, in.Account()) })
	Staff[access.SeeAccounts](s.Routes).Get("/", func(q *Request, in access.Staff[access.SeeAccounts]) (Reply, error) {
		return saying(q, "Staff "+in.Person().Email), nil
	})
}

// saying is a page that says one thing.
func saying(q *Request, says string) Page {
	return Page{Title: "Test", Body: func(f ui.Frame) templ.Component {
		return templ.Join(ui.Plain(f), templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, "<p id=says>"+templ.EscapeString(says)+"</p>")
			return err
		}))
	}}
}

// A change is what a test sends beside method and path.
type change func(*http.Request)

func header(name, value string) change { return func(q *http.Request) { q.Header.Add(name, value) } }

func from(address string) change { return func(q *http.Request) { q.RemoteAddr = address } }

func cookie(name, value string) change {
	return func(q *http.Request) { q.AddCookie(&http.Cookie{Name: name, Value: value}) }
}

// as is a browser with somebody's session.
func (s *site) as(t access.Token) change {
	if t == s.stan {
		return cookie(s.staffCookieName(), t.Reveal())
	}
	return cookie(s.cookieName(), t.Reveal())
}

// do sends a request as a browser on our own pages does.
func (s *site) do(method, path string, changes ...change) *answer {
	s.t.Helper()
	return s.send(httptest.NewRequest(method, path, nil), changes...)
}

// post sends a form.
func (s *site) post(path, form string, changes ...change) *answer {
	s.t.Helper()
	q := httptest.NewRequest("POST", path, strings.NewReader(form))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.send(q, changes...)
}

func (s *site) send(q *http.Request, changes ...change) *answer {
	s.t.Helper()
	q.Host, q.RemoteAddr = s.BaseURL.Host, "127.0.0.1:50000"
	if q.Method != "GET" && q.Method != "HEAD" {
		q.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range changes {
		c(q)
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, q)
	return &answer{w, s.t, q.Method + " " + q.URL.Path}
}

// An answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t    *testing.T
	what string
}

func (a *answer) is(status int) *answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("%s answered %d, want %d:\n%s", a.what, a.Code, status, a.words())
	}
	return a
}

func (a *answer) find(selector string) *goquery.Selection {
	a.t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(a.Body.String()))
	ok(a.t, err)
	return d.Find(selector)
}

func (a *answer) words() string { return strings.Join(strings.Fields(a.find("html").Text()), " ") }

func (a *answer) says(words string) *answer {
	a.t.Helper()
	if !strings.Contains(a.words(), words) {
		a.t.Errorf("%s does not say %q:\n%s", a.what, words, a.words())
	}
	return a
}

func (a *answer) saysNot(words string) *answer {
	a.t.Helper()
	if strings.Contains(a.words(), words) {
		a.t.Errorf("%s says %q:\n%s", a.what, words, a.words())
	}
	return a
}

// has sees that the answer has this header.
func (a *answer) has(name, value string) *answer {
	a.t.Helper()
	if got := strings.Join(a.Header().Values(name), " + "); got != value {
		a.t.Errorf("%s: %s is %q, want %q", a.what, name, got, value)
	}
	return a
}

// cookie is a cookie that was set, nil if it was not.
func (a *answer) cookie(name string) *http.Cookie {
	for _, c := range a.Result().Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}
