package apptest

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/id"
)

// Password is everybody's.
const Password = "correct horse battery staple"

// A Person has a browser of their own.
type Person struct {
	World *World
	First string
	Email string
	Key   string    // of their authenticator app; "": none
	Asks  string    // the languages their browser asks for: its Accept-Language
	shown time.Time // what the last code was for
	http  *http.Client
}

// Person is somebody who has no login yet. Their address is first@example.com.
func (w *World) Person(first string) *Person {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.T.Fatal(err)
	}
	return &Person{World: w, First: strings.ToUpper(first[:1]) + first[1:], Email: first + "@example.com",
		http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Elsewhere is the person in another browser, whose code of their app comes after
// the last that they have shown.
func (p *Person) Elsewhere() *Person {
	there := p.World.Person(p.First)
	there.Email, there.Key, there.Asks, there.shown = p.Email, p.Key, p.Asks, p.shown
	return there
}

// Cookies are those of the person's browser.
func (p *Person) Cookies() []*http.Cookie {
	u, err := url.Parse(p.World.URL)
	if err != nil {
		p.World.T.Fatal(err)
	}
	return p.http.Jar.Cookies(u)
}

// Wear gives the person's browser cookies of another.
func (p *Person) Wear(cookies []*http.Cookie) {
	u, err := url.Parse(p.World.URL)
	if err != nil {
		p.World.T.Fatal(err)
	}
	p.http.Jar.SetCookies(u, cookies)
}

// An Account is an account and its owner.
type Account struct {
	World  *World
	Number id.Account
	Name   string
	Owner  *Person
}

// Account has somebody register, who then owns an account of this name.
func (w *World) Account(name, first string) *Account {
	w.T.Helper()
	p := w.Person(first)
	r := p.Get("/register").OK().Submit("form[action='/register'], form", url.Values{
		"first": {p.First}, "last": {"Owner"}, "email": {p.Email}, "password": {Password}, "account": {name}, "country": {"DE"}})
	return &Account{World: w, Name: name, Owner: p, Number: accountIn(w.T, r.SeeOther())}
}

// Open has somebody who has a login open another account.
func (p *Person) Open(name string) *Account {
	p.World.T.Helper()
	r := p.Get("/accounts/new").OK().Submit("main form", url.Values{"name": {name}, "country": {"DE"}})
	return &Account{World: p.World, Name: name, Owner: p, Number: accountIn(p.World.T, r.SeeOther())}
}

func accountIn(t testing.TB, path string) id.Account {
	t.Helper()
	rest, _ := strings.CutPrefix(path, "/a/")
	number, _, _ := strings.Cut(rest, "/")
	n, ok := id.ParseAccount(number)
	if !ok {
		t.Fatalf("%q leads to no account", path)
	}
	return n
}

// Path is a path in the account.
func (a *Account) Path(rest string) string { return "/a/" + a.Number.String() + rest }

// Invite has the owner invite an address with permissions.
func (a *Account) Invite(email string, slugs ...string) *Response {
	a.World.T.Helper()
	form := url.Values{"email": {email}, "access": {"choose"}, "perm": slugs}
	if len(slugs) == access.Total {
		form = url.Values{"email": {email}, "access": {"all"}}
	}
	return a.Owner.Get(a.Path("/users")).OK().Submit("form#invite", form)
}

// InviteLink invites an address and takes the link out of the mail that arrives.
func (a *Account) InviteLink(email string, slugs ...string) string {
	a.World.T.Helper()
	t, had := a.World.T, len(a.World.Mail.To(email))
	a.Invite(email, slugs...).SeeOther()
	for range 3000 {
		for _, l := range a.World.Mail.To(email)[had:] {
			if strings.Contains(l.Text, "/invite/"+a.Number.String()+".") {
				return l.Link(t, "/invite/")
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("no invitation of %s to %s arrived; waiting work: %v", a.Name, email, a.World.Waiting())
	return ""
}

// Member has the owner invite somebody new, who accepts from their mail.
func (a *Account) Member(first string, slugs ...string) *Person {
	a.World.T.Helper()
	p := a.World.Person(first)
	link := a.InviteLink(p.Email, slugs...)
	p.Get(link).OK().Submit("form[action$='/new']", url.Values{"first": {p.First}, "last": {"Member"}, "email": {p.Email}, "password": {Password}}).SeeOther()
	return p
}

// Join has somebody who is logged in invited to the account, and accept.
func (a *Account) Join(p *Person, slugs ...string) {
	a.World.T.Helper()
	link := a.InviteLink(p.Email, slugs...)
	p.Get(link).OK().Submit("form[action$='/accept']", nil).SeeOther()
}

// LetManage has the owner let a member invite and manage users, or no longer.
func (a *Account) LetManage(p *Person, yes bool) {
	a.World.T.Helper()
	email, _ := access.ParseEmail(p.Email)
	u := id.User(a.World.rows(`SELECT id FROM users WHERE email_key = $1`, email.Key))
	managing := []string{"yes"}
	if !yes {
		managing = nil
	}
	a.Owner.Get(a.Path("/users/"+u.String())).OK().Submit("form:has([name=version])", url.Values{"managing": managing}).SeeOther()
}

// LogIn logs in with the person's own address and password, if they aren't
// logged in.
func (p *Person) LogIn() *Response {
	p.World.T.Helper()
	page := p.Get("/login")
	if page.Status == http.StatusSeeOther {
		return page
	}
	return page.OK().Submit("form[action^='/login']", url.Values{"email": {p.Email}, "password": {Password}})
}

// LogOut logs out.
func (p *Person) LogOut() { p.World.T.Helper(); p.Post("/logout", nil).SeeOther() }

// Prove has somebody who is logged in prove who they are, if they are asked to.
func (p *Person) Prove() {
	p.World.T.Helper()
	if page := p.Get("/me/prove"); page.Status != http.StatusSeeOther {
		page.OK().Submit("form[action='/me/prove']", url.Values{"password": {Password}}).SeeOther()
	}
}

// TurnOnTwoStep has somebody who is logged in turn two-step login on.
func (p *Person) TurnOnTwoStep() {
	p.World.T.Helper()
	p.Prove()
	p.scan(nil)
}

// ReplaceApp puts another app in place of the one there was, with a code of that or
// a recovery code, and gives the page with the new recovery codes.
func (p *Person) ReplaceApp(code string) *Response {
	p.World.T.Helper()
	return p.scan(url.Values{"code": {code}})
}

func (p *Person) scan(begin url.Values) *Response {
	p.World.T.Helper()
	page := p.Get("/me/security").OK().Submit("form[action='/me/security/two-step']", begin).Follow().OK()
	p.Key = strings.ReplaceAll(page.Has(".key").Find(".key").Text(), " ", "")
	return page.Submit("form[action$='/confirm']", url.Values{"code": {p.Code()}}).OK()
}

// Get opens a path, or a link under the base URL.
func (p *Person) Get(path string) *Response {
	p.World.T.Helper()
	return p.Do("GET", path, nil, nil)
}

// Post sends a form that no page was opened for.
func (p *Person) Post(path string, form url.Values) *Response {
	p.World.T.Helper()
	return p.Do("POST", path, strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

// Do sends any request, as a browser on our own pages would. Header values
// given replace the browser's. A form that succeeds must leave a row in the
// audit, or the test fails; one of staff on an account's record, in the audit of
// that account.
func (p *Person) Do(method, path string, body io.Reader, header http.Header) *Response {
	p.World.T.Helper()
	if method == "GET" || method == "HEAD" || p.World.unaudited.Load() {
		return p.do(method, path, body, header)
	}
	before, account := p.World.audited(), recordOf(path)
	ofAccount := p.World.auditedIn(account)
	r := p.do(method, path, body, header)
	if r.Status < 400 && p.World.audited() == before {
		p.World.T.Errorf("%s %s answered %d and left nothing in the audit", method, r.Path, r.Status)
	}
	if account != 0 && r.Status < 400 && p.World.auditedIn(account) == ofAccount {
		p.World.T.Errorf("%s %s answered %d and left nothing in the audit of account %s", method, r.Path, r.Status, account)
	}
	return r
}

// recordOf is the account on whose record staff act by a path, zero for another
// path. Notes are for staff only, so the owner does not read of them; and nobody
// reads the activity of an account that is deleted.
func recordOf(path string) id.Account {
	rest, ok := strings.CutPrefix(path, "/staff/accounts/")
	number, rest, _ := strings.Cut(rest, "/")
	account, isNumber := id.ParseAccount(number)
	if !ok || !isNumber || strings.HasPrefix(rest, "notes") || rest == "delete" {
		return 0
	}
	return account
}

func (p *Person) do(method, path string, body io.Reader, header http.Header) *Response {
	p.World.T.Helper()
	r, err := p.send(method, path, body, header)
	if err != nil {
		p.World.T.Fatal(err)
	}
	return r
}

// Send posts a form from any goroutine, and says why there was no answer. It
// does not look at the audit.
func (p *Person) Send(path string, form url.Values) (*Response, error) {
	return p.send("POST", path, strings.NewReader(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

func (p *Person) send(method, path string, body io.Reader, header http.Header) (*Response, error) {
	if strings.HasPrefix(path, "/") {
		path = p.World.URL + path
	}
	q, err := http.NewRequestWithContext(p.World.T.Context(), method, path, body)
	if err != nil {
		return nil, err
	}
	q.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
	if p.Asks != "" {
		q.Header.Set("Accept-Language", p.Asks)
	}
	if method != "GET" && method != "HEAD" {
		q.Header.Set("Sec-Fetch-Site", "same-origin")
		q.Header.Set("Origin", p.World.URL)
	}
	for name, values := range header {
		q.Header[name] = values
	}
	q.Host = header.Get("Host") // "": the address's
	r, err := p.http.Do(q)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return &Response{person: p, t: p.World.T, Path: q.URL.Path, Status: r.StatusCode, Header: r.Header, Body: string(b)}, nil
}
