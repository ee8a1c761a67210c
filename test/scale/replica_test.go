package scale

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/config"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// reads has the program read from the standby what may be a little old.
func reads(p *dbtest.Pair) apptest.Option {
	return apptest.With(func(s *config.Settings) { s.DatabaseRead = config.URL(p.Standby.URL("atrium")) })
}

// The standby stands still while things happen: staff's lists show what it has,
// everything else goes by what is true now.
func TestAnOldReplicaDecidesNothing(t *testing.T) {
	p := dbtest.NewPair(t)
	w := apptest.On(t, p.Create("atrium"), reads(p))
	acme, staff := w.Account("Acme", "ann"), w.Staff("sam")
	bob, support := acme.Member("bob", "emails"), w.StaffAs("rita", access.Support)
	wantReady(t, w, acme.Owner, "")
	p.Follows()
	p.Standby.Pause()

	t.Run("a right taken away is refused at once, one given is there at once", func(t *testing.T) {
		bob.Get(acme.Path("/emails")).OK()
		change(acme, "contacts")
		bob.Get(acme.Path("/emails")).Denied("View Emails")
		bob.Get(acme.Path("/contacts")).OK()
	})
	t.Run("a member who was removed is a stranger at once", func(t *testing.T) {
		acme.Owner.Get(userIn(acme)+"/remove").OK().Submit("main form", nil).SeeOther()
		bob.Get(acme.Path("/contacts")).Is(http.StatusNotFound)
		bob.Get("/accounts").SaysNot("Acme")
	})
	t.Run("staff who are deactivated are out at once", func(t *testing.T) {
		support.Get("/staff/accounts").OK()
		rita := staff.Get("/staff/people").OK().Find("a:contains('Rita')").AttrOr("href", "")
		staff.Get(rita+"/deactivate").OK().Submit("main form", nil).SeeOther()
		support.Get("/staff/accounts").SeeOther()
	})
	t.Run("a new account has its pages at once, staff's list gets it once the standby has it", func(t *testing.T) {
		zoe := w.Account("Zebra", "zoe")
		zoe.Owner.Get("/accounts").OK().Says("Zebra")
		record := "/staff/accounts/" + zoe.Number.String()
		staff.Get(record).OK().Says("Zebra")
		for _, path := range []string{"/staff/accounts", "/staff/accounts?q=zebra", "/staff/users?q=zoe"} {
			staff.Get(path).OK().SaysNot("zoe@example.com").SaysNot("Zebra")
		}
		p.Standby.Resume()
		p.Follows()
		for _, path := range []string{"/staff/accounts", "/staff/accounts?q=zebra"} {
			staff.Get(path).OK().Says("Zebra")
		}
		staff.Get("/staff/users?q=zoe").OK().Says("zoe@example.com")
	})
	w.Holds()
}

// The replica goes away and comes back: lists go on, the log says so once each
// time, and whoever minds the machines can ask.
func TestListsAreReadFromThePrimaryWhileTheReplicaIsAway(t *testing.T) {
	p := dbtest.NewPair(t)
	way := newSwitch(t, p.Standby.Address())
	w := apptest.On(t, p.Create("atrium"), apptest.With(func(s *config.Settings) {
		s.DatabaseRead = config.URL(strings.Replace(p.Standby.URL("atrium"), p.Standby.Address(), way.address, 1))
	}))
	acme, staff := w.Account("Acme", "ann"), w.Staff("sam")
	p.Follows()
	wantReady(t, w, acme.Owner, "")
	staff.Get("/staff/accounts?q=acme").OK().Says("Acme")

	way.lead("")
	for range 3 {
		staff.Get("/staff/accounts?q=acme").OK().Says("Acme")
	}
	wantReady(t, w, acme.Owner, "the replica does not answer")
	way.lead(p.Standby.Address())
	wantReady(t, w, acme.Owner, "")
	for sentence, times := range map[string]int{"the replica does not answer": 1, "the replica answers again": 1} {
		if n := strings.Count(w.Log(), sentence); n != times {
			t.Errorf("the log says %d times that %s", n, sentence)
		}
	}
}

// wantReady waits until the program says of itself that it is ready, with these
// words about the replica.
func wantReady(t *testing.T, w *apptest.World, p *apptest.Person, words string) {
	t.Helper()
	var said string
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		said = strings.TrimPrefix(p.Get("/readyz").OK().Body, "ready\n")
		if words == "" && said == "" || words != "" && strings.Contains(said, words) {
			return
		}
	}
	t.Fatalf("it says %q", said)
}

// userIn is the page of an account's only member who is not its owner.
func userIn(a *apptest.Account) string {
	a.World.T.Helper()
	page := a.Owner.Get(a.Path("/users")).OK().Has("td a[href*='/users/']:not([href$='/remove'])")
	return page.Find("td a[href*='/users/']:not([href$='/remove'])").First().AttrOr("href", "")
}

// change has the owner give that member other permissions.
func change(a *apptest.Account, slugs ...string) {
	a.World.T.Helper()
	a.Owner.Get(userIn(a)).OK().Submit("main form", url.Values{"access": {"choose"}, "perm": slugs}).SeeOther()
}
