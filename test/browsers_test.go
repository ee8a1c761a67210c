package test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"atrium/base/config"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// A wayIn is a way to log in, in a world where ann has a login and is logged in.
type wayIn struct {
	name  string
	ready func(*entry)                  // what ann sets up before
	enter func(*entry, *apptest.Person) // ann logs in, at a browser
	staff bool
}

type entry struct {
	w     *apptest.World
	acme  *apptest.Account // somebody else's
	ann   *apptest.Person
	phone *apptest.Authenticator
	codes []string
}

func (e *entry) password() url.Values {
	return url.Values{"email": {e.ann.Email}, "password": {apptest.Password}}
}

// first takes the first step at /login.
func (e *entry) first(at *apptest.Person) *apptest.Response {
	return at.Get("/login").OK().Submit("form[action^='/login']", e.password()).Follow()
}

// invited opens an invitation's page and logs in there.
func (e *entry) invited(at *apptest.Person) *apptest.Response {
	return at.Get(e.acme.InviteLink("office@example.com", "domains")).OK().Submit("form[action$='/login']", e.password())
}

const keyForm = "form[data-passkey]"

// withKey answers a page that asks for a passkey.
func (e *entry) withKey(page *apptest.Response) {
	page.OK().Submit(keyForm, e.phone.Answer(page, keyForm)).SeeOther()
}

func (e *entry) addPasskey() { e.ann.Verify(); e.phone = e.ann.AddPasskey("Phone") }

func (e *entry) turnOnTwoStep() { e.ann.TurnOnTwoStep() }

// waysIn are all there are. That they are is asked by TestEveryWayInIsTried.
func waysIn() []wayIn {
	return []wayIn{
		{name: "POST /login", enter: func(e *entry, at *apptest.Person) { e.first(at) }},
		{name: "POST /login/two-step", ready: (*entry).turnOnTwoStep, enter: func(e *entry, at *apptest.Person) {
			e.first(at).OK().Submit("main form", url.Values{"code": {at.Code()}}).SeeOther()
		}},
		{name: "POST /login/two-step with a recovery code", ready: func(e *entry) {
			e.turnOnTwoStep()
			e.codes = recoveryCodes(e.ann.Post("/me/security/codes", nil).OK())
		}, enter: func(e *entry, at *apptest.Person) {
			e.first(at).OK()
			at.Post("/login/two-step?with=recovery", url.Values{"code": {e.codes[0]}}).SeeOther()
			e.codes = e.codes[1:]
		}},
		{name: "POST /login/passkey", ready: (*entry).addPasskey, enter: func(e *entry, at *apptest.Person) { e.withKey(at.Get("/login/passkey")) }},
		{name: "POST /login/two-step/passkey", ready: func(e *entry) {
			e.addPasskey()
			e.ann.Get("/me/security").Submit("form[action$='/two-step/passkeys']", nil).OK()
		}, enter: func(e *entry, at *apptest.Person) { e.withKey(e.first(at).Follow()) }},
		{name: "POST /invite/{token}/login", enter: func(e *entry, at *apptest.Person) { e.invited(at).SeeOther() }},
		{name: "POST /invite/{token}/two-step", ready: (*entry).turnOnTwoStep, enter: func(e *entry, at *apptest.Person) {
			e.invited(at).Follow().OK().Submit("main form", url.Values{"code": {at.Code()}}).SeeOther()
		}},
		{name: "POST /staff/two-step", staff: true, enter: func(_ *entry, at *apptest.Person) { at.LogInStaff() }},
	}
}

// Who logs in with a browser for the first time is told by mail, whichever way
// they came, and never again for that browser.
func TestALogInFromANewBrowserIsMailedOnce(t *testing.T) {
	for _, way := range waysIn() {
		t.Run(strings.NewReplacer("/", " ", "{", "", "}", "").Replace(way.name), func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				e := &entry{w: w, acme: w.Account("Other", "olga")}
				e.ann = w.Person("ann")
				if way.staff {
					e.ann = w.Staff("ann")
				} else {
					e.ann = w.Account("Acme", "ann").Owner
				}
				if way.ready != nil {
					way.ready(e)
				}
				there := e.ann.Elsewhere()
				out := func() { there.LogOut() }
				if way.staff {
					out = func() { there.Post("/staff/logout", nil).SeeOther() }
				}
				told := func(want int) {
					t.Helper()
					settle(t, w)
					if n := len(notices(w, e.ann.Email)); n != want {
						t.Fatalf("told %d times, want %d", n, want)
					}
				}
				told(0) // the browser in which the login was made is known
				way.enter(e, there)
				told(1)
				l := notices(w, e.ann.Email)[0].Words()
				for _, words := range []string{"Firefox on Linux", "127.0.0.1", "in which you had not logged in before"} {
					if !strings.Contains(l, words) {
						t.Errorf("the mail lacks %q: %s", words, l)
					}
				}
				out()
				way.enter(e, there)
				told(1)
				if n := w.DBCount(`SELECT count(*) FROM audit WHERE action IN ('browser.new', 'staff.browser-new')`); n != 1 {
					t.Errorf("%d rows in the audit", n)
				}
				w.Holds()
			})
		})
	}
}

// notices are the mails that tell of a log in from a new browser.
func notices(w *apptest.World, to string) (all []apptest.Letter) {
	for _, l := range w.Mail.To(to) {
		if l.Subject == "Log in from a new browser" {
			all = append(all, l)
		}
	}
	return all
}

// Every door at which a session is opened is one of the ways above, or makes the
// login, which is no log in from a new browser.
func TestEveryWayInIsTried(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	tried := map[string]bool{"POST /register": true, "POST /invite/{token}/new": true, "POST /staff/two-step/setup": true, // make a login, or set it up
		"POST /staff/login": true, // opens a step
		"POST /logout":      true, "POST /staff/logout": true}
	for _, way := range waysIn() {
		tried[strings.TrimSuffix(way.name, " with a recovery code")] = true
	}
	for _, row := range w.App.Routes.Rows() {
		name := row.Method + " " + row.Path
		door := row.Door == "anyone" && (strings.Contains(row.Path, "/login") || strings.Contains(row.Path, "two-step") || strings.HasSuffix(row.Path, "/new"))
		if row.Method == "POST" && door && !tried[name] {
			t.Errorf("%s opens a session, perhaps, and nobody has tried how it tells of a new browser", name)
		}
	}
}

func TestThoseWhoMakeALoginAreNotToldOfTheirBrowser(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		for _, p := range []*apptest.Person{acme.Owner, bob} {
			p.LogOut()
			p.LogIn().SeeOther()
			settle(t, w)
			if n := len(notices(w, p.Email)); n != 0 {
				t.Errorf("%s was told %d times", p.Email, n)
			}
		}
	})
}

// What ends the other sessions makes their browsers unknown too; the one at hand
// stays known.
func TestOtherBrowsersAreForgottenWithTheirSessions(t *testing.T) {
	ways := map[string]func(*apptest.World, *apptest.Person){
		"log out all others": func(_ *apptest.World, ann *apptest.Person) {
			ann.Get("/me/sessions").Submit("form[action='/me/sessions/logout']", nil).SeeOther()
		},
		"change the password": func(_ *apptest.World, ann *apptest.Person) {
			ann.Get("/me/security").Submit("form[action='/me/password']", url.Values{"current": {apptest.Password}, "password": {"another long passphrase"}}).SeeOther()
			ann.Get("/me/security").Submit("form[action='/me/password']", url.Values{"current": {"another long passphrase"}, "password": {apptest.Password}}).SeeOther()
		},
		"reset the password": func(w *apptest.World, ann *apptest.Person) {
			ann.Get(resetLink(w, ann)).Submit("main form", url.Values{"password": {apptest.Password}}).SeeOther()
		},
	}
	for name, forget := range ways {
		t.Run(name, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				ann := w.Account("Acme", "ann").Owner
				ann.Verify()
				there := ann.Elsewhere()
				there.LogIn().SeeOther()
				forget(w, ann)
				if r := ann.Get("/login"); r.Status == http.StatusSeeOther {
					ann.LogOut()
				}
				ann.LogIn().SeeOther()
				settle(t, w)
				if n := len(notices(w, ann.Email)); n != 1 {
					t.Errorf("the browser at hand was forgotten: told %d times", n)
				}
				there.LogIn().SeeOther()
				settle(t, w)
				if n := len(notices(w, ann.Email)); n != 2 {
					t.Errorf("the other browser is still known: told %d times", n)
				}
			})
		})
	}
}

// resetLink asks for a link to set a new password, and takes it out of the mail.
func resetLink(w *apptest.World, p *apptest.Person) string {
	w.T.Helper()
	p.Get("/forgot").OK().Submit("main form", url.Values{"email": {p.Email}}).SeeOther()
	settle(w.T, w) // an earlier link is dead by now
	return w.Mail.Wait(w.T, p.Email, "Set a new password").Link(w.T, "/reset/")
}

// The cookie by which a browser is known opens nothing.
func TestTheCookieOfAKnownBrowserOpensNothing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		thief := w.Person("mallory")
		for _, c := range acme.Owner.Cookies() {
			if c.Name == "atrium_browser" {
				thief.Wear([]*http.Cookie{c})
			}
		}
		if len(thief.Cookies()) != 1 {
			t.Fatal("there is no such cookie")
		}
		thief.Get("/me/profile").SeeOther()
		thief.Get(acme.Path("/")).SeeOther()
		for range 10 {
			tryFrom(thief, "", acme.Owner.Email, "a wrong password").Is(422)
		}
		tryFrom(thief, "", acme.Owner.Email, apptest.Password).Is(429)
		w.Holds()
	})
}

// tryFrom sends an address and a password from an address of the network.
func tryFrom(p *apptest.Person, ip, email, password string) *apptest.Response {
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if ip != "" {
		header.Set("X-Forwarded-For", ip)
	}
	return p.Do("POST", "/login", strings.NewReader(url.Values{"email": {email}, "password": {password}}.Encode()), header)
}

// Somebody tries passwords for ann's login from many networks, from her own, and
// everybody's logins from everywhere, until every limit is reached. In the browser
// that she has logged in with she gets in all the same, and so she does in another
// once she has set a new password by the link in her mail.
func TestNobodyLocksAPersonOut(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const home, away = "198.51.100.7", "203.0.113.9"
		ann := w.Account("Acme", "ann").Owner
		ann.LogOut()
		tryFrom(ann, home, ann.Email, apptest.Password).SeeOther()
		ann.LogOut()
		for _, network := range []string{home, "203.0.113.1", "203.0.113.2", "2001:db8::1"} {
			mallory := w.Person("mallory")
			for range 10 {
				tryFrom(mallory, network, ann.Email, "a wrong password").Is(422)
			}
			tryFrom(mallory, network, ann.Email, apptest.Password).Is(429)
		}
		for name, count := range map[string]int{"login-to": 200, "login-all": 6000} {
			if n := w.DBCount(`SELECT count FROM limits WHERE name >= $1 AND name < $2`, name+":", name+";"); n < 40 {
				t.Errorf("%s: only %d tries were counted", name, n)
			}
			w.Exec(`UPDATE limits SET count = $1 WHERE name >= $2 AND name < $3`, count, name+":", name+";")
		}
		tryFrom(w.Person("mallory"), away, ann.Email, apptest.Password).Is(429)
		tryFrom(w.Person("mallory"), away, "nobody@example.com", apptest.Password).Is(429)
		tryFrom(ann, home, ann.Email, apptest.Password).SeeOther()
		ann.LogOut()

		phone := ann.Elsewhere()
		tryFrom(phone, away, ann.Email, apptest.Password).Is(429)
		phone.Get(resetLink(w, phone)).OK().Submit("main form", url.Values{"password": {"another long passphrase"}, "made": {"me"}}).SeeOther()
		for name, count := range map[string]int{"login-to": 200, "login-all": 6000} { // mallory goes on
			tryFrom(w.Person("mallory"), "203.0.113.3", ann.Email, "a wrong password")
			w.Exec(`UPDATE limits SET count = $1 WHERE name >= $2 AND name < $3`, count, name+":", name+";")
		}
		tryFrom(phone, away, ann.Email, "another long passphrase").SeeOther()
		phone.Get("/me/profile").OK()
		w.Holds()
	}, apptest.With(func(s *config.Settings) { s.Proxies = "127.0.0.1" }))
}
