package crash

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// A scene is a prepared database that nobody has open: Ann owns Acme and has
// invited Bob, who has a login and an account of his own. Every child begins
// with a copy of it.
type scene struct {
	engine string
	dbURL  string
	key    string
	mail   *apptest.MailServer
	acme   *apptest.Account
	bob    *apptest.Person
	link   string // path of Bob's invitation
	rows   contents
}

func prepare(t *testing.T, engine string) *scene {
	t.Helper()
	w := apptest.New(t, engine, apptest.AsServed())
	w.Clock.Set(time.Now()) // the children go by the machine's clock
	acme, bobs := w.Account("Acme", "ann"), w.Account("Bob's", "bob")
	acme.Owner.Get(acme.Path("/")).OK()
	bobs.Owner.Get(bobs.Path("/")).OK()
	s := &scene{engine: engine, dbURL: w.Database(), key: w.Secrets, mail: w.Mail, acme: acme, bob: bobs.Owner}
	s.link = strings.TrimPrefix(acme.InviteLink("bob@example.com", "domains", "emails"), w.URL)
	settle(t, w.DB)
	s.rows = contentsOf(t, w.DB)
	w.Stop()
	return s
}

// open opens a database to look at it as a whole.
func (s *scene) open(t *testing.T, dbURL string) *db.DB {
	t.Helper()
	return dbtest.Reopen(t, dbURL, atrium.Schemas(), func(o *db.Options) { o.Clock, o.Trace = nil, nil })
}

// smtp is the setting of the mail server. A process that is to be killed has
// none: its mails wait for the next.
func (s *scene) smtp() string { return "ATRIUM_SMTP_URL=smtp://" + s.mail.Addr }

// settle waits until nothing is left to do in the background. A job that a
// killed process had in hand comes due again after half a minute.
func settle(t *testing.T, d *db.DB) {
	t.Helper()
	for end := time.Now().Add(45 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if count(t, d, `SELECT count(*) FROM jobs WHERE period = 0 AND failed_at = 0`) == 0 {
			return
		}
	}
	t.Fatal("work is left to do")
}

// An operation is one request, and what it comes to.
type operation struct {
	name string
	send func(s *scene, c *child) (*apptest.Response, error)
	// again is sending it once more when it was saved and its answer lost.
	again func(t *testing.T, s *scene, c *child)
	mails map[string]string // what arrives because of it: address -> subject
}

func operations() []operation {
	return []operation{register(), invite(), accept(), acceptWithLogin(), acceptWithNewLogin()}
}

func guest(c *child) *apptest.Person { return c.at((&apptest.World{T: c.t}).Person("guest")) }

func post(by *apptest.Person, path string, form url.Values) (*apptest.Response, error) {
	return by.Send(path, form)
}

// must is for requests whose process is not to die.
func must(t *testing.T, r *apptest.Response, err error) *apptest.Response {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// logIn logs a guest in and opens where that leads.
func logIn(t *testing.T, c *child, email, next string) *apptest.Response {
	t.Helper()
	g := guest(c)
	r, err := post(g, "/login", url.Values{"email": {email}, "password": {apptest.Password}, "next": {next}})
	must(t, r, err).SeeOther()
	return g.Get(next)
}

func newLogin(first, email string) url.Values {
	return url.Values{"first": {first}, "last": {"New"}, "email": {email}, "password": {apptest.Password}}
}

func register() operation {
	send := func(_ *scene, c *child) (*apptest.Response, error) {
		form := newLogin("Rita", "rita@example.com")
		form.Set("account", "Rita's")
		form.Set("country", "DE")
		return post(guest(c), "/register", form)
	}
	return operation{
		name: "register", send: send,
		again: func(t *testing.T, s *scene, c *child) {
			r, err := send(s, c)
			must(t, r, err).Is(http.StatusUnprocessableEntity).Says("This address already has a login.")
			logIn(t, c, "rita@example.com", "/accounts").OK().Says("Rita's")
		},
		mails: map[string]string{"rita@example.com": "Confirm your email address"},
	}
}

func invite() operation {
	send := func(s *scene, c *child) (*apptest.Response, error) {
		form := url.Values{"email": {"new@example.com"}, "access": {"choose"}, "perm": {"invoices"}, "key": {"one form"}}
		return post(c.at(s.acme.Owner), s.acme.Path("/users"), form)
	}
	return operation{
		name: "invite", send: send,
		again: func(t *testing.T, s *scene, c *child) {
			r, err := send(s, c)
			must(t, r, err).SeeOther()
		},
		mails: map[string]string{"new@example.com": "Acme has invited you"},
	}
}

// leadsIn is sending an acceptance again: it ends in the account.
func leadsIn(send func(*scene, *child) (*apptest.Response, error)) func(*testing.T, *scene, *child) {
	return func(t *testing.T, s *scene, c *child) {
		t.Helper()
		r, err := send(s, c)
		if to := must(t, r, err).SeeOther(); to != s.acme.Path("/") {
			t.Errorf("it leads to %s", to)
		}
	}
}

func accept() operation {
	send := func(s *scene, c *child) (*apptest.Response, error) {
		return post(c.at(s.bob), s.link+"/accept", nil)
	}
	return operation{name: "accept", send: send, again: leadsIn(send), mails: map[string]string{"ann@example.com": "can now work in Acme"}}
}

func acceptWithLogin() operation {
	send := func(s *scene, c *child) (*apptest.Response, error) {
		return post(guest(c), s.link+"/login", url.Values{"email": {s.bob.Email}, "password": {apptest.Password}})
	}
	return operation{name: "accept with login", send: send, again: leadsIn(send), mails: map[string]string{"ann@example.com": "can now work in Acme"}}
}

func acceptWithNewLogin() operation {
	send := func(s *scene, c *child) (*apptest.Response, error) {
		return post(guest(c), s.link+"/new", newLogin("Dora", "dora@example.com"))
	}
	return operation{
		name: "accept with new login", send: send, again: leadsIn(send),
		mails: map[string]string{"ann@example.com": "can now work in Acme", "dora@example.com": "Confirm your email address"},
	}
}
