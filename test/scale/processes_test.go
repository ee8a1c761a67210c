package scale

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// jobsLeft counts what is to be done but for periodic work.
const jobsLeft = `SELECT count(*) FROM jobs WHERE period = 0 AND failed_at = 0`

// A right is taken and given through one process, and the next request, which
// another one gets, and the one after that, which the third gets, go by it. Ten
// wrong passwords are ten, whoever got them. Mails go once, periodic work is
// done once in its time.
func TestThreeProcessesAreOne(t *testing.T) {
	w := apptest.New(t, dbtest.Postgres)
	w.Clock.Set(time.Now())
	acme := w.Account("Acme", "ann")
	member := acme.Member("bob", "emails")
	manage := userIn(acme)
	w.Stop()
	f := newFleet(t, w, 3, nil)
	ann, bob := f.at(acme.Owner), f.at(member)

	t.Run("rights", func(t *testing.T) {
		for range 3 {
			for _, now := range []struct {
				permission string
				status     int
			}{{"contacts", http.StatusForbidden}, {"emails", http.StatusOK}} {
				r := ann.Get(manage).OK().Submit("main form", url.Values{"access": {"choose"}, "perm": {now.permission}})
				r.SeeOther()
				by := map[string]bool{r.Header.Get(which): true}
				for range 2 {
					page := bob.Get(acme.Path("/emails")).Is(now.status)
					by[page.Header.Get(which)] = true
				}
				if len(by) != 3 {
					t.Fatalf("these were the processes: %v", by)
				}
			}
		}
	})
	t.Run("limits", func(t *testing.T) {
		eve, by := f.at(w.Person("eve")), map[string]int{}
		try := func(password string) *apptest.Response {
			r, err := eve.Send("/login", url.Values{"email": {"ann@example.com"}, "password": {password}})
			if err != nil {
				t.Fatal(err)
			}
			by[r.Header.Get(which)]++
			return r
		}
		for range 10 {
			try("not the password").Is(http.StatusUnprocessableEntity)
		}
		for range 3 {
			try(apptest.Password).Is(http.StatusTooManyRequests)
		}
		if by["0"] < 4 || by["1"] < 4 || by["2"] < 4 {
			t.Errorf("these processes were asked: %v", by)
		}
	})
	t.Run("jobs", func(t *testing.T) {
		const most = 12
		guest := func(i int) string { return fmt.Sprintf("guest%d@example.com", i) }
		for i := range most {
			ann.Get(acme.Path("/users")).OK().Submit("form#invite", url.Values{"email": {guest(i)}, "access": {"choose"}, "perm": {"invoices"}}).SeeOther()
		}
		f.until(30*time.Second, 0, jobsLeft)
		for i := range most {
			if n := len(w.Mail.To(guest(i))); n != 1 {
				t.Errorf("%d mails came to %s", n, guest(i))
			}
		}
	})
	t.Run("periodic work", func(t *testing.T) {
		const kinds, done = `SELECT count(*) FROM jobs WHERE period > 0`, `SELECT sum(attempt) FROM jobs WHERE period > 0`
		f.until(30*time.Second, 0, kinds+` AND run_at <= $1`, time.Now()) // nothing is due
		before, n := f.number(done), f.number(kinds)
		f.exec(`UPDATE jobs SET run_at = 1 WHERE period > 0`)
		f.until(30*time.Second, 0, kinds+` AND run_at < $1`, time.Now().Add(time.Minute)) // or in hand
		if after := f.number(done); n == 0 || after != before+n {
			t.Errorf("%d kinds of periodic work were due, and were begun %d times", n, after-before)
		}
	})
	apptest.Holds(t, f.world.DB)
}

// Processes are killed with kill -9 one after another, each at another moment of
// the load: what was acknowledged is there, what a process had in hand is taken
// up by another, once its lease of half a minute is over, and nobody else waits.
func TestAProcessThatIsKilledLosesNothing(t *testing.T) {
	w := apptest.New(t, dbtest.Postgres)
	w.Clock.Set(time.Now())
	var people []*apptest.Account
	for _, first := range []string{"ann", "bea", "cem", "dan"} {
		people = append(people, w.Account(first+"'s", first))
	}
	others := map[*apptest.Account]*apptest.Account{}
	for _, a := range people {
		others[a] = a.Owner.Open("Other of " + a.Name)
	}
	w.Stop()
	gate := apptest.NewGate(t) // the first process' mails stay in its hand
	gate.Before(w.Mail)
	gate.Hold()
	f := newFleet(t, w, 3, map[int]string{0: gate.Addr})

	l := newLoad(t)
	for _, a := range people {
		l.write(f.at(a.Owner), a, others[a])
		l.read(f.at(a.Owner), a.Path("/contacts"))
	}
	l.waitFor(saved, 10)
	for end := time.Now().Add(20 * time.Second); gate.Held() == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the first process sends no mail")
		}
	}
	for i := range f.members {
		f.members[i].kill()
		l.waitFor(saved, l.tell(saved)+10+3*i) // the two others go on
		f.replace(i)
	}
	l.end()
	t.Logf("%d writes were acknowledged, %d refused, %d of which it could not be said", l.tell(saved), l.tell(notSaved), l.tell(unconfirmed))
	l.wantTrue(addresses(t, f.world.DB))
	f.until(60*time.Second, 0, jobsLeft)
	if email := l.unmailed(w.Mail); email != "" {
		t.Errorf("no mail has come to %s, who was invited", email)
	}
	apptest.Holds(t, f.world.DB)
}
