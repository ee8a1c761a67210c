package host_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/test/apptest"
)

// later turns the clock on, once the use of the person's last page has been noted:
// that happens after the answer, before the next one on the same connection.
func later(p *apptest.Person, by time.Duration) {
	p.World.T.Helper()
	p.Get("/healthz").OK()
	p.World.Clock.Add(by)
}

// out tells whether a page leads to logging in.
func out(p *apptest.Person, path string) bool {
	r := p.Get(path)
	return r.Status == http.StatusSeeOther && strings.Contains(r.Header.Get("Location"), "login")
}

func TestUsersStayLoggedInAsLongAsTheHostSays(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		ann, home := acme.Owner, acme.Path("/")
		save(jonas, "/sessions", url.Values{"user_idle_minutes": {"15"}}).SeeOther()
		later(ann, 4*time.Minute) // so early that it is not noted as use
		ann.Get(home).OK()
		if later(ann, 11*time.Minute); !out(ann, home) || !out(ann, "/me/sessions") {
			t.Error("who was logged in already stays so")
		}
		jonas.LogInStaff()
		save(jonas, "/sessions", url.Values{"user_idle_minutes": {"1440"}, "user_most_hours": {"25"}}).SeeOther()
		if !out(ann, home) {
			t.Error("who was logged out is in again because sessions live longer")
		}
		ann.LogIn()
		later(ann, 24*time.Hour-time.Second)
		ann.Get(home).OK()
		later(ann, 59*time.Minute)
		ann.Get(home).OK()
		if later(ann, time.Minute+time.Second); !out(ann, home) {
			t.Error("in use for 25 hours one is still logged in")
		}
		w.Holds()
	})
}

func TestARememberedBrowserIsForgottenWhenTheHostSays(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		ann := w.Account("Acme", "ann").Owner
		remember := func() *apptest.Response {
			return ann.Get("/login").OK().Submit("main form", url.Values{"email": {ann.Email}, "password": {apptest.Password}, "remember": {"yes"}})
		}
		ann.LogOut()
		ann.Get("/login").Says("Stay logged in for 30 days.")
		if cookie := remember().Header.Get("Set-Cookie"); !strings.Contains(cookie, "Max-Age=31536000") {
			t.Errorf("the cookie is %s", cookie)
		}
		save(jonas, "/sessions", url.Values{"remembered_idle_days": {"1"}, "remembered_most_days": {"2"}}).SeeOther()
		later(ann, 23*time.Hour)
		ann.Get("/me/sessions").OK()
		later(ann, 23*time.Hour)
		ann.Get("/me/sessions").OK()
		if later(ann, 2*time.Hour); !out(ann, "/me/sessions") {
			t.Error("after two days one is still logged in")
		}
		ann.Get("/login").Says("Stay logged in for a day.")
		remember().SeeOther()
		if later(ann, 24*time.Hour); !out(ann, "/me/sessions") {
			t.Error("after a day without use one is still logged in")
		}
	})
}

func TestStaffStayLoggedInAsLongAsTheHostSays(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		save(jonas, "/sessions", url.Values{"staff_idle_minutes": {"60"}, "staff_most_hours": {"2"}}).SeeOther()
		later(jonas, 59*time.Minute)
		jonas.Get("/staff/accounts").OK()
		jonas.Get("/staff/accounts/" + acme.Number.String()).OK()
		later(jonas, 59*time.Minute)
		jonas.Get("/staff/accounts/" + acme.Number.String()).OK()
		if later(jonas, 2*time.Minute); !out(jonas, "/staff/accounts") || !out(jonas, "/staff/accounts/"+acme.Number.String()) {
			t.Error("after two hours they are still logged in")
		}
		jonas.LogInStaff()
		save(jonas, "/sessions", url.Values{"staff_idle_minutes": {"15"}}).SeeOther()
		if later(jonas, 15*time.Minute); !out(jonas, "/staff/accounts") {
			t.Error("after a quarter of an hour without use they are still logged in")
		}
		jonas.LogInStaff()
		save(jonas, "/sessions", url.Values{"staff_idle_minutes": {"60"}, "staff_most_hours": {"24"}}).SeeOther()
		jonas.Get("/staff/accounts").OK()
	})
}

func TestAVisitEndsWithTheStaffSession(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		acme := w.Account("Acme", "ann")
		record := "/staff/accounts/" + acme.Number.String()
		save(jonas, "/sessions", url.Values{"staff_idle_minutes": {"20"}}).SeeOther()
		jonas.Get(record+"/visit").OK().Submit("main form", url.Values{"reason": {"Asked for help"}}).SeeOther()
		jonas.Get(acme.Path("/")).OK()
		later(jonas, 20*time.Minute)
		if to := jonas.Get(acme.Path("/")).SeeOther(); to != record {
			t.Errorf("it leads to %s", to)
		}
	})
}

func TestLengthsOfSessionsThatAreWrongAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		page := save(jonas, "/sessions", url.Values{"user_idle_minutes": {"5"}, "staff_idle_minutes": {"an hour"}}).Is(http.StatusUnprocessableEntity)
		page.Says("Enter a number from 15 to 1,440.").Says("Enter a number from 15 to 60.").Has("input[name=user_idle_minutes][value='5']").Has("input[name=staff_idle_minutes][value='an hour']")
		save(jonas, "/sessions", url.Values{"user_idle_minutes": {"90"}, "user_most_hours": {"1"}}).Is(http.StatusUnprocessableEntity).Says("This is longer than the time after which")
		save(jonas, "/sessions", url.Values{"user_idle_minutes": {"30"}}).Follow().Says("Saved: Sessions.")
		want := `Jonas Staff sessions {"user_idle_minutes":720} {"user_idle_minutes":30}`
		if got := audits(w, "settings.changed"); len(got) != 1 || got[0] != want {
			t.Errorf("the audit has %q", got)
		}
	})
}
