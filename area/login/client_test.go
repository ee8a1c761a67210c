package login_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// form is a form's fields: name, value, name, value …
func form(fields ...string) url.Values {
	f := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		f.Add(fields[i], fields[i+1])
	}
	return f
}

func registration(change ...string) url.Values {
	f := form("first", "Ann", "last", "Archer", "email", "ann@example.com", "password", good, "account", "Archer GmbH", "country", "DE", "zone", "Europe/Berlin")
	for i := 0; i < len(change); i += 2 {
		f.Set(change[i], change[i+1])
	}
	return f
}

func leads(t *testing.T, r *apptest.Response, to string) {
	t.Helper()
	if got := r.SeeOther(); got != to {
		t.Errorf("%s leads to %q, want %q", r.Path, got, to)
	}
}

func holds(t *testing.T, r *apptest.Response, selector, want string) {
	t.Helper()
	f := r.Has(selector).Find(selector)
	if got := f.AttrOr("value", ""); got != want {
		t.Errorf("%s of %s holds %q, want %q", selector, r.Path, got, want)
	}
}

func says(t *testing.T, r *apptest.Response, selector, want string) {
	t.Helper()
	if got := strings.Join(strings.Fields(r.Has(selector).Find(selector).Text()), " "); !strings.Contains(got, want) {
		t.Errorf("%s of %s says %q, want %q", selector, r.Path, got, want)
	}
}

func TestRegisteringLeadsHome(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	p := w.Person("ann")
	says(t, p.Get("/register").OK(), "option[value=CI]", "Ivoire")
	home := p.Post("/register", registration())
	leads(t, home, "/a/10001/")
	says(t, home.Follow().OK(), ".note.ok", "Welcome!")
	page := p.Get("/me/profile").OK()
	holds(t, page, "#profile-first", "Ann")
	says(t, page, "#profile-zone option[selected]", "Europe/Berlin")
	says(t, page, ".note.info", "Confirm your email address")
	leads(t, p.Get("/register"), "/")
	leads(t, p.Get("/login?next=/me/sessions"), "/me/sessions")
}

func TestAFailingRegistrationKeepsWhatWasTypedButThePassword(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	page := w.Person("ann").Post("/register", registration("email", "ann@")).Is(http.StatusUnprocessableEntity)
	says(t, page, "title", "Error: ")
	says(t, page, "[role=alert] a[href='#email']", "name@example.com")
	says(t, page, "#email-error", "name@example.com")
	for selector, want := range map[string]string{"#email": "ann@", "#first": "Ann", "#account": "Archer GmbH", "#password": "", "[name=zone]": "Europe/Berlin"} {
		holds(t, page, selector, want)
	}
	holds(t, page, "#country option[selected]", "DE")
}

func TestLoggingInLeadsOnAndNeverElsewhere(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	w.Person("ann").Post("/register", registration()).SeeOther()
	for next, want := range map[string]string{"/a/10001/users?q=x": "/a/10001/users?q=x", "": "/", "//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/"} {
		leads(t, w.Person("ann").Post("/login", form("email", "ann@example.com", "password", good, "next", next)), want)
	}
	p := w.Person("ann")
	page := p.Get("/me/sessions").Follow().OK()
	holds(t, page, "[name=next]", "/me/sessions")
	page.Has("a[href='/forgot?next=%2Fme%2Fsessions']")
	p.Post("/me/profile", form("first", "Eve")).Is(http.StatusUnauthorized).Says("nothing was saved")
}

func TestAWrongPasswordIsSaid(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	w.Person("ann").Post("/register", registration()).SeeOther()
	p := w.Person("ann")
	wrong := form("email", "ann@example.com", "password", "wrong password", "next", "/")
	for range 10 {
		page := p.Post("/login", wrong).Is(http.StatusUnprocessableEntity)
		says(t, page, "[role=alert]", "The email address or the password is wrong.")
		holds(t, page, "#email", "ann@example.com")
	}
	p.Post("/login", form("email", "ann@example.com", "password", good)).Is(http.StatusTooManyRequests).Says("Try again in 15 minutes")
}

func TestLoggingOutMayLeadBack(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	p := w.Person("ann")
	p.Post("/register", registration()).SeeOther()
	leads(t, p.Post("/logout", form("next", "/invite/10001.x")), "/invite/10001.x")
	leads(t, p.Get("/me/profile"), "/login?next=%2Fme%2Fprofile")
	w.Unaudited(func() { says(t, p.Post("/logout", nil).Follow(), ".note.ok", "You are logged out.") })
}

func TestAForgottenPasswordLeadsBack(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	w.Person("ann").Post("/register", registration()).SeeOther()
	p := w.Person("ann")
	page := p.Get("/forgot?next=/invite/10001.x").OK().Submit("form[action='/forgot']", form("email", "ann@example.com"))
	leads(t, page, "/login?next=%2Finvite%2F10001.x")
	says(t, page.Follow(), ".note.ok", "If ann@example.com has a login")
	link := w.Mail.Wait(t, "ann@example.com", "Set a new password").Link(t, "/reset/")
	page = p.Get(link).OK().Has("meta[name=robots]")
	holds(t, page, "#email", "ann@example.com")
	if page.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("the link may travel as a referrer")
	}
	says(t, page.Submit("main form", form("password", "short", "made", "me")).Is(http.StatusUnprocessableEntity), "#password-error", "12")
	leads(t, page.Submit("main form", form("password", next, "made", "me")), "/login?next=%2Finvite%2F10001.x")
	p.Get(link).Is(http.StatusNotFound).Says("expired or was already used").Has("a[href='/forgot?next=%2Finvite%2F10001.x']")
	p.Get("/reset/nonsense").Is(http.StatusNotFound).Says("not complete")
	leads(t, p.Post("/login", form("email", "ann@example.com", "password", next)), "/")
}

func TestAnAddressIsConfirmedByTheButtonOnly(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	p := w.Person("ann")
	p.Post("/register", registration()).SeeOther()
	link := w.Mail.Wait(t, "ann@example.com", "Confirm your email address").Link(t, "/verify/")
	for range 2 {
		p.Get(link).OK().Says("ann@example.com").HasNot("form[action='/me/verify']")
	}
	says(t, p.Get("/me/profile"), "#h-email + .tag", "Not confirmed")
	page := p.Get(link).Submit("main form", nil).Follow().Says("Your email address ann@example.com is confirmed.").HasNot("form[action='/me/verify']")
	says(t, page, "#h-email + .tag", "Confirmed")
	p.Get(link).Is(http.StatusNotFound).Says("it is confirmed")
	w.Unaudited(func() { p.Post("/me/verify", nil).Follow().Says("confirmed already") })
}

func TestTheLinkIsSentAgainOnceAMinute(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	p := w.Person("ann")
	p.Post("/register", registration()).SeeOther()
	p.Post("/me/verify", nil).Follow().Says("We sent the link to ann@example.com again.")
	p.Post("/me/verify", nil).Is(http.StatusTooManyRequests).Says("You can send it again in a minute.")
}

func TestTheProfileHasTwoForms(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	p := w.Person("ann")
	p.Post("/register", registration()).SeeOther()
	page := p.Get("/me/profile").OK().Submit("form[action='/me/profile']", form("first", "Anna", "last", "")).Follow()
	holds(t, page.Says("Hello, Anna!"), "#profile-first", "Anna")
	page = page.Submit("form[action='/me/profile']", form("first", "", "last", "Archer")).Is(http.StatusUnprocessableEntity)
	holds(t, page.Has("#profile-first-error"), "#profile-last", "Archer")

	page = page.Submit("form[action='/me/email']", form("email", "new@example.com", "password", "wrong")).Is(http.StatusUnprocessableEntity)
	holds(t, page.Has("#email-password-error"), "#email-email", "new@example.com")
	page = page.Submit("form[action='/me/email']", form("email", "new@example.com", "password", good)).Follow().Says("We are waiting for you to confirm new@example.com")
	page.Submit("form[action='/me/email/cancel']", nil).Follow().HasNot("form[action='/me/email/cancel']")
	w.Unaudited(func() { p.Post("/me/email/cancel", nil).Follow().Says("There was no change") })

	page = p.Get("/me/security").Submit("form[action='/me/password']", form("current", good, "password", "short")).Is(http.StatusUnprocessableEntity)
	holds(t, page.Has("#password-password-error"), "#password-current", "")
	page.Submit("form[action='/me/password']", form("current", good, "password", next)).Follow().Says("Your password is changed.")
	leads(t, p.Get("/me/password"), "/me/security")
}

func TestUndoLeadsToANewPassword(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	p, guest := w.Person("ann"), w.Person("guest")
	p.Post("/register", registration()).SeeOther()
	p.Post("/me/email", form("email", "new@example.com", "password", good)).SeeOther()
	p.Get(w.Mail.Wait(t, "new@example.com", "Confirm").Link(t, "/verify/")).OK().Submit("main form", nil).Follow().Says("new@example.com is the email address of your login now.")
	link := w.Mail.Wait(t, "ann@example.com", "was changed").Link(t, "/undo/")
	page := guest.Get(link).OK().Submit("main form", nil).Follow().OK().Says("The old address is back")
	holds(t, page, "#email", "ann@example.com")
	leads(t, p.Get("/me/profile"), "/login?next=%2Fme%2Fprofile")
	page.Submit("main form", form("password", next, "made", "me")).SeeOther()
	guest.Get(link).Is(http.StatusNotFound)
	leads(t, guest.Post("/login", form("email", "ann@example.com", "password", next)), "/")
}

func TestSessionsAreLoggedOutOneByOneOrAllOthers(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	p := w.Person("ann")
	p.Post("/register", registration()).SeeOther()
	for range 3 {
		w.Person("ann").Post("/login", form("email", "ann@example.com", "password", good)).SeeOther()
	}
	page := p.Get("/me/sessions").OK().Says("Firefox on Linux").Says("This browser")
	page = page.Submit("li form[action^='/me/sessions/']", nil).Follow().Says("That browser is logged out.")
	p.Post("/me/sessions/0123456789a/logout", nil).Is(http.StatusNotFound)
	page.Submit("form[action='/me/sessions/logout']", nil).Follow().Says("2 other browsers are logged out.").HasNot("form[action='/me/sessions/logout']")
}

func TestStaffFindUsersByNameAndAddress(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	w.Account("Acme", "ann")
	w.Account("Other", "bob").Owner.Open("Third")
	leads(t, w.Person("eve").Get("/staff/users"), "/staff/login?next=%2Fstaff%2Fusers")
	staff := w.Staff("stan")
	page := staff.Get("/staff/users").OK().HasNot(".pager")
	says(t, page, "tbody tr:nth-child(1)", "ann@example.com")
	says(t, page, "tbody tr:nth-child(2) [data-l=Accounts]", "2")
	says(t, page, "tbody tr:nth-child(2) [data-l='Last login']", "just now")
	says(t, staff.Get("/staff/users?q=bob").OK().HasNot("tbody tr:nth-child(2)"), "tbody", "Bob")
	staff.Get("/staff/users?q=%25").OK().Says("with “%”")
	says(t, staff.Get("/staff/users?after=ann@example.com").OK(), "tbody tr:nth-child(1)", "bob@example.com")
}
