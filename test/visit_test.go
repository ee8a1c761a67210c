package test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

// visit logs staff in as the account's owner.
func visit(a *apptest.Account, p *apptest.Person) {
	a.World.T.Helper()
	to := p.Get(record(a)).OK().Has("a[href$='/visit']").Path + "/visit"
	p.Get(to).OK().Submit("main form", url.Values{"reason": {"Ticket 4711"}}).SeeOther()
}

func record(a *apptest.Account) string { return "/staff/accounts/" + a.Number.String() }

func TestStaffActAsTheOwnerAndBothNamesAreKept(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Member("bob", "domains")
		stan := w.StaffAs("stan", access.Support)
		stan.Get(record(acme)+"/visit").OK().Submit("main form", url.Values{"reason": {" "}}).Is(422).Says("Say why.")
		visit(acme, stan)

		stan.Get(acme.Path("/")).OK().Says("Staff view: Stan Staff is acting as Ann Owner on Acme. Everything is logged.")
		stan.Get(acme.Path("/users")).Is(http.StatusForbidden).Says("Users tab")
		stan.Get(acme.Path("/")).OK().HasNot("a[href$='/users']").HasNot("a[href='/me/profile']").HasNot("a[href='/accounts']")
		if to := stan.Get("/me/profile").SeeOther(); !strings.HasPrefix(to, "/login") {
			t.Errorf("the owner's own login leads to %s", to)
		}
		stan.Get(acme.Path("/profile")).OK().Submit("main form", url.Values{"address1": {"Am Markt 1"}, "postcode": {"24103"}, "city": {"Kiel"}}).SeeOther()

		page := acme.Owner.Get(acme.Path("/activity")).OK().SaysNot("Stan")
		page.Says("Support, as Ann Owner changed the account's details: Address, Postcode, City").Says("logged in as the owner, for an hour at most").Says("Ticket 4711")
		w.Exec(`UPDATE audit SET subject = subject WHERE account_id = $1 AND action = 'account.details' AND actor_kind = 'staff'
			AND actor_name = 'Stan Staff' AND behalf = 'Ann Owner' AND user_id = 0 AND staff_id > 0`, acme.Number)

		to := stan.Get(acme.Path("/")).OK().Submit(".visit form", nil).SeeOther()
		if to != record(acme) {
			t.Errorf("returning leads to %s", to)
		}
		stan.Get(to).OK().Says("You have returned to the staff area.")
		if to := stan.Get(acme.Path("/")).SeeOther(); !strings.HasPrefix(to, "/login") {
			t.Errorf("after returning, the account leads to %s", to)
		}
		acme.Owner.Get(acme.Path("/activity")).OK().Says("stopped being logged in as the owner")
	})
}

// Whatever the visit stands on, it ends with it, on the very next request.
func TestAVisitEndsAtOnceWithWhatItStandsOn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, other := w.Account("Acme", "ann"), w.Account("Other", "sam")
		bob := acme.Member("bob", "domains")
		for i, c := range []struct {
			what string
			end  func(stan *apptest.Person)
		}{
			{"its hour", func(stan *apptest.Person) {
				w.Clock.Add(25 * time.Minute)
				stan.Get(acme.Path("/")).OK() // the staff session is in use
				w.Clock.Add(25 * time.Minute)
				stan.Get("/staff/accounts").OK()
				w.Clock.Add(10*time.Minute - time.Second)
				stan.Get(acme.Path("/")).OK()
				w.Clock.Add(time.Second)
			}},
			{"the role", func(p *apptest.Person) { w.Exec(`UPDATE staff SET role = 'billing' WHERE email = $1`, p.Email) }},
			{"the staff login", func(p *apptest.Person) { w.Exec(`UPDATE staff SET disabled_at = 1 WHERE email = $1`, p.Email) }},
			{"the staff session", func(p *apptest.Person) { p.Post("/staff/logout", nil).SeeOther() }},
			{"the ownership", func(*apptest.Person) {
				w.Exec(`UPDATE memberships SET owner = FALSE WHERE account_id = $1 AND owner`, acme.Number)
				w.Exec(`UPDATE memberships SET owner = TRUE WHERE account_id = $1 AND user_id = (SELECT id FROM users WHERE email = $2)`, acme.Number, bob.Email)
			}},
		} {
			stan := w.StaffAs("stan"+string(rune('a'+i)), access.Support)
			visit(acme, stan)
			form := stan.Get(acme.Path("/profile")).OK()
			if to := stan.Get(other.Path("/")).SeeOther(); !strings.HasPrefix(to, "/login") {
				t.Errorf("the visit opens another account: %s", to)
			}
			c.end(stan)
			form.Submit("main form", url.Values{"address1": {"Am Markt 1"}, "postcode": {"24103"}, "city": {"Kiel"}}).Is(http.StatusUnauthorized).Says("nothing was saved")
			stan.Get(acme.Path("/")).SeeOther()
			if to := stan.Get(acme.Path("/")).SeeOther(); !strings.HasPrefix(to, "/login") && to != record(acme) {
				t.Errorf("without %s the account leads to %s", c.what, to)
			}
		}
	})
}

// Time that staff spend as the owner is not the owner's.
func TestAVisitIsNoLoginOfTheOwner(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Owner.Get(acme.Path("/")).OK()
		stan := w.Staff("stan")
		w.Clock.Add(10 * time.Minute)
		visit(acme, stan)
		w.Clock.Add(10 * time.Minute)
		stan.Get(acme.Path("/")).OK()
		w.Exec(`UPDATE memberships SET joined_at = joined_at WHERE account_id = $1 AND owner AND seen_at < $2`, acme.Number, w.Clock.Now().Add(-15*time.Minute))
	})
}
