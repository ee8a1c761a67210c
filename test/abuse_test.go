package test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/area/staff"
	"atrium/base/access"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// A form that another site's page has the browser send is refused on every
// route, with the cookies of who may do it.
func TestNoFormOfAnotherSiteIsTaken(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	acme, staff := w.Account("Acme", "ann"), w.Staff("stan")
	acme.Member("bob", "emails")
	paths := newPaths(t, w, acme)
	settle(t, w)
	before := apptest.Look(t, w.DB)
	forms := 0
	for _, row := range w.App.Routes.Rows() {
		if row.Method == "GET" {
			continue
		}
		forms++
		person := acme.Owner
		if strings.HasPrefix(row.Path, "/staff/") {
			person = staff
		}
		for name, header := range map[string]http.Header{
			"another site":           {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
			"a sister host":          {"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://evil.example"}},
			"a page without origin":  {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"null"}},
			"an old browser":         {"Sec-Fetch-Site": nil, "Origin": {"https://evil.example"}},
			"an old one, no origin":  {"Sec-Fetch-Site": nil, "Origin": {"null"}},
			"our host, another port": {"Sec-Fetch-Site": nil, "Origin": {"http://localhost:1"}},
		} {
			header.Set("Content-Type", "application/x-www-form-urlencoded")
			path := paths.fill(row.Path)
			r := person.Do(row.Method, path, strings.NewReader(url.Values(formOf(path)).Encode()), header)
			if r.Status != http.StatusForbidden || !strings.Contains(r.Body, "This form was sent from another site, so nothing was done.") {
				t.Errorf("%s %s from %s: got %d", row.Method, row.Path, name, r.Status)
			}
		}
	}
	if forms < 20 {
		t.Errorf("only %d routes take forms", forms)
	}
	unchanged(t, w, before)
}

// Atrium answers to the one host that the host has configured: a name that
// somebody else points at it gets nothing.
func TestOnlyTheConfiguredHostIsAnswered(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	acme := w.Account("Acme", "ann")
	acme.Member("bob", "emails")
	paths := newPaths(t, w, acme)
	settle(t, w)
	before := apptest.Look(t, w.DB)
	own := strings.TrimPrefix(w.URL, "http://")
	for _, row := range w.App.Routes.Rows() {
		for _, host := range []string{"evil.example", "localhost", "localhost:1", own + ".evil.example", "evil.example:" + own[strings.Index(own, ":")+1:]} {
			path := paths.fill(row.Path)
			header := http.Header{"Host": {host}, "Content-Type": {"application/x-www-form-urlencoded"}}
			r := acme.Owner.Do(row.Method, path, strings.NewReader(url.Values(formOf(path)).Encode()), header)
			if r.Status != http.StatusMisdirectedRequest || r.Header.Get("Set-Cookie") != "" || strings.Contains(r.Body, "Acme") {
				t.Errorf("%s %s for the host %s: got %d", row.Method, row.Path, host, r.Status)
			}
		}
	}
	unchanged(t, w, before)
}

// Opening a page changes nothing, whoever opens it: mail scanners, prefetching
// browsers and impatient people open everything, with GET and with HEAD.
func TestOpeningPagesChangesNothing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, staff := w.Account("Acme", "ann"), w.Staff("stan")
		bob := acme.Member("bob", "emails")
		paths, links := newPaths(t, w, acme), livingLinks(t, w, acme)
		for _, p := range []*apptest.Person{acme.Owner, bob} {
			p.Get(acme.Path("/")).OK() // being there the first time is a log in to the account
		}
		settle(t, w)
		before := apptest.Look(t, w.DB)
		opened := 0
		for _, row := range w.App.Routes.Rows() {
			if row.Method != "GET" {
				continue
			}
			path, ok := links[row.Path]
			if !ok {
				path = paths.fill(row.Path)
			}
			for _, p := range []*apptest.Person{w.Person("nobody"), acme.Owner, bob, staff} {
				p.Get(path)
				p.Do("HEAD", path, nil, nil)
				opened++
			}
		}
		if opened < 100 {
			t.Errorf("only %d pages were opened", opened)
		}
		unchanged(t, w, before)
		// The links were alive all the while, and still are.
		heir := w.Person("heir") // whom alone the offer of the account is for
		heir.LogIn()
		for route, path := range links {
			by := w.Person("guest")
			if strings.Contains(route, "/handover/") {
				by = heir
			}
			if r := by.Get(path); r.Status != http.StatusOK || r.Find("main form").Length() == 0 {
				t.Errorf("the link of %s answers %d after being looked at", route, r.Status)
			}
		}
	})
}

// livingLinks is one unspent link for each page that is opened by one.
func livingLinks(t *testing.T, w *apptest.World, a *apptest.Account) map[string]string {
	t.Helper()
	carl := w.Account("Carl's", "carl").Owner
	carl.Get("/me/profile").Submit("form[action$='/me/email']", url.Values{"email": {"carl@new.example"}, "password": {apptest.Password}})
	change := w.Mail.Wait(t, "carl@new.example", "onfirm").Link(t, "/verify/")
	carl.Post(strings.TrimPrefix(change, w.URL), nil).SeeOther()
	undo := w.Mail.Wait(t, carl.Email, "was changed").Link(t, "/undo/")
	fresh := w.Account("Fresh", "fred").Owner
	verify := w.Mail.Wait(t, fresh.Email, "onfirm").Link(t, "/verify/")
	w.Person("guest").Get("/forgot").Submit("main form", url.Values{"email": {fresh.Email}})
	reset := w.Mail.Wait(t, fresh.Email, "password").Link(t, "/reset/")
	password, err := w.App.Staff.Add(t.Context(), staff.Newcomer{Email: "new@staff.example", Name: "New Staff", Role: access.Administrator})
	if err != nil {
		t.Fatal(err)
	}
	invite := a.InviteLink("looked-at@example.com", "domains")
	heir := a.Member("heir", "domains")
	handover := offer(a, heir)
	links := map[string]string{"/a/{account}/handover/{token}": handover, "/invite/{token}": invite, "/invite/{token}/decline": invite + "/decline",
		"/verify/{token}": verify, "/undo/{token}": undo, "/reset/{token}": reset, "/staff/set-password/{token}": password}
	for _, row := range w.App.Routes.Rows() {
		opened := strings.Contains(row.Path, "{token}") && !strings.HasSuffix(row.Path, "/two-step") && !strings.HasSuffix(row.Path, "/disown") // which needs the password too, or leads to the link's page
		if opened && row.Method == "GET" && links[row.Path] == "" {
			t.Fatalf("%s is opened by a link that this test does not make", row.Path)
		}
	}
	return links
}

// Headers beyond all measure are refused before anything is done with them.
func TestOversizedHeadersAreRefused(t *testing.T) {
	w := apptest.New(t, dbtest.Postgres)
	ann := w.Account("Acme", "ann").Owner
	many := http.Header{}
	for i := range 2000 {
		many.Set("X-Part-"+string(rune('A'+i%26))+strings.Repeat("x", i/26), "some words of no use to anybody")
	}
	for name, r := range map[string]*apptest.Response{
		"a header of 64 KB": ann.Do("GET", "/accounts", nil, http.Header{"X-Large": {strings.Repeat("x", 64<<10)}}),
		"a cookie of 64 KB": ann.Do("GET", "/accounts", nil, http.Header{"Cookie": {"atrium=" + strings.Repeat("x", 64<<10)}}),
		"2000 headers":      ann.Do("GET", "/accounts", nil, many),
		"a path of 64 KB":   ann.Get("/accounts/" + strings.Repeat("x", 64<<10)),
	} {
		if r.Status != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s: got %d", name, r.Status)
		}
	}
	for name, header := range map[string]http.Header{
		"a long User-Agent":    {"User-Agent": {strings.Repeat("Mozilla ", 2000)}},
		"a User-Agent of junk": {"User-Agent": {"\xff\xfe"}},
		"a session of junk":    {"Cookie": {`atrium="; DROP TABLE users`}},
		"a flash of junk":      {"Cookie": {"atrium_flash=e30.AAAA"}},
		"forged addresses":     {"X-Forwarded-For": {"127.0.0.1, ::1, junk"}, "Forwarded": {"for=127.0.0.1"}},
	} {
		if r := ann.Do("GET", "/login", nil, header); r.Status >= 400 {
			t.Errorf("%s: got %d", name, r.Status)
		}
	}
	ann.Get("/accounts").OK()
	form := url.Values{"email": {ann.Email}, "password": {apptest.Password}}
	for _, agent := range []string{"\xff\xfe", strings.Repeat("ä", 2000)} { // kept with the session
		header := http.Header{"User-Agent": {agent}, "Content-Type": {"application/x-www-form-urlencoded"}}
		ann.Do("POST", "/login", strings.NewReader(form.Encode()), header).SeeOther()
	}
}

// What the program logs, even at its most talkative, holds no password, no
// session and no one-time link.
func TestNoSecretIsOnTheLog(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, staff := w.Account("Acme", "ann"), w.Staff("stan")
		bob := acme.Member("bob", "emails", "profile")
		w.Unaudited(func() {
			acme.Owner.Get(acme.Path("/users")).Submit("form#invite", url.Values{"email": {bob.Email}, "perm": {"domains"}})
			w.Person("x").Post("/login", url.Values{"email": {"a password typed as an address"}, "password": {"a wrong password 1"}})
			w.Person("x").Post("/login", url.Values{"email": {bob.Email}, "password": {"a wrong password 2"}, "unknown": {"a stray secret"}})
			w.Person("x").Post("/staff/login", url.Values{"email": {staff.Email}, "password": {"a wrong password 3"}})
			w.Person("x").Get("/no/such/page/a-secret-in-a-path?token=a-secret-in-a-query")
		})
		sessions := []string{acme.Owner.Session(), bob.Session()}
		links := livingLinks(t, w, acme)
		w.Person("cleo").Get(links["/invite/{token}"]).Submit("form[action$='/new']", url.Values{"first": {"Cleo"}, "email": {"cleo@example.com"}, "password": {"cleo's own password 7"}}).SeeOther()
		w.Person("late").Get(links["/invite/{token}"]).Is(410)
		w.Person("fred").Get(links["/reset/{token}"]).Submit("main form", url.Values{"password": {"fred's other password 8"}, "made": {"me"}})
		bob.LogOut()
		settle(t, w)
		secrets := append(sessions, apptest.Password, "a password typed as an address", "a wrong password", "a stray secret", "a-secret-in", "cleo's own password", "fred's other password")
		for _, link := range links {
			link = strings.TrimSuffix(strings.TrimPrefix(link, w.URL), "/decline")
			secrets = append(secrets, link, link[strings.LastIndexAny(link, "/.")+1:])
		}
		for _, secret := range secrets {
			if len(secret) < 10 {
				t.Fatalf("%q is no secret: the test has lost its subject", secret)
			}
			if _, after, found := strings.Cut(w.Log(), secret); found {
				t.Errorf("the log shows %q, before %.80q", secret, after)
			}
		}
		if !strings.Contains(w.Log(), "security: log in failed") || !strings.Contains(w.Log(), "GET /invite/{token}") {
			t.Errorf("the log lacks what should be on it:\n%s", w.Log())
		}
		w.Holds() // nor in the database
	}, apptest.With(func(s *config.Settings) { s.Log = "debug" }))
}

// settle waits until nothing is left to do in the background.
func settle(t *testing.T, w *apptest.World) {
	t.Helper()
	var left int64
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		var err error
		left, err = db.One(t.Context(), w.DB.Auto(), func(r db.Row) (int64, error) {
			var n int64
			err := r.Scan(&n)
			return n, err
		}, `SELECT count(*) FROM jobs WHERE period = 0 AND failed_at = 0`)
		if err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return
		}
	}
	t.Fatalf("%d jobs are still to be done", left)
}

// unchanged fails the test if anything differs from what was there.
func unchanged(t *testing.T, w *apptest.World, before apptest.Snapshot) {
	t.Helper()
	if changes := before.Changes(apptest.Look(t, w.DB)); len(changes) != 0 {
		t.Errorf("this was changed:\n%s", strings.Join(changes, "\n"))
	}
}
