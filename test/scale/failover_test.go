package scale

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// back is how soon after the promotion pages and writes must be there again.
const back = 5 * time.Second

// Two Atriums are at work on a pair of databases when the primary is killed with
// kill -9: one has both servers in its address, the other a switch before them
// which leads to the standby at once, before it takes writes. Nothing that was
// acknowledged is lost, nobody is told what is not so, and work goes on.
func TestTheStandbyTakesOver(t *testing.T) {
	p := dbtest.NewPair(t)
	way := newSwitch(t, p.Primary.Address())
	p.Create("atrium")
	w := apptest.On(t, both(p))
	second := w.Another(apptest.With(func(s *config.Settings) {
		s.Database = config.URL(strings.Replace(p.Primary.URL("atrium"), p.Primary.Address(), way.address, 1))
	}))
	l := newLoad(t)
	var people []*apptest.Account
	for _, first := range []string{"ann", "bea", "cem", "dan"} {
		people = append(people, w.Account(first+"'s", first))
	}
	worlds := []*apptest.World{w, second}
	l.begun = time.Now()
	for i, a := range people {
		by := a.Owner.At(worlds[i%2])
		l.write(by, a, a.Owner.Open("Other of "+a.Name))
		l.read(by, a.Path("/contacts"))
	}
	var log []string
	note := func(format string, args ...any) {
		log = append(log, fmt.Sprintf("%6.2f s  ", l.since().Seconds())+fmt.Sprintf(format, args...))
	}
	l.waitFor(saved, 12)
	note("%d writes were acknowledged; the primary is killed with kill -9", l.tell(saved))
	p.Primary.Kill()
	way.lead(p.Standby.Address())
	l.waitFor(notSaved, 1)
	note("the first is told to come back later")
	p.Standby.Promote()
	promoted, before := l.since(), l.tell(saved)
	note("the standby is promoted")
	for i, world := range worlds {
		wantBack(t, people[i].Owner.At(world), people[i].Path("/contacts"), l, promoted)
		note("a page of process %d is there", i+1)
	}
	l.waitFor(saved, before+1)
	note("a write was acknowledged")
	if late := l.since() - promoted; late > back {
		t.Errorf("writes are back %v after the promotion", late)
	}
	l.waitFor(saved, before+12)
	l.end()
	note("%d writes were acknowledged, %d refused, %d of which it could not be said", l.tell(saved), l.tell(notSaved), l.tell(unconfirmed))
	t.Logf("\n%s", strings.Join(log, "\n"))

	l.wantTrue(addresses(t, w.DB))
	if said := second.Log(); !strings.Contains(said, "transaction runs again") || !strings.Contains(said, "SQLSTATE 25006") {
		t.Errorf("no write met the standby before it took writes and ran again")
	}
	arrive(t, w, l)
	w.Holds()
}

// both is an address with both servers, of which the one that takes writes is
// used.
func both(p *dbtest.Pair) string {
	url := p.Primary.URL("atrium") + "&target_session_attrs=read-write"
	return strings.Replace(url, p.Primary.Address(), p.Primary.Address()+","+p.Standby.Address(), 1)
}

func wantBack(t *testing.T, by *apptest.Person, path string, l *load, since time.Duration) {
	t.Helper()
	for by.Get(path).Status != 200 {
		time.Sleep(20 * time.Millisecond)
		if l.since() > since+4*back {
			break
		}
	}
	if late := l.since() - since; late > back {
		t.Errorf("pages are back %v after the promotion", late)
	}
}

// addresses are those of all contacts and invitations that are there.
func addresses(t *testing.T, d *db.DB) map[string]bool {
	t.Helper()
	list, err := db.All(t.Context(), d.Across(), func(r db.Row) (string, error) {
		var s string
		err := r.Scan(&s)
		return s, err
	}, `SELECT email FROM contacts UNION ALL SELECT email FROM invitations`)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, email := range list {
		there[email] = true
	}
	return there
}

// arrive waits for the mails of the acknowledged invitations. What was in hand when the database went is due again when its lease is
// over, to which the clock is moved. A mail whose sending could not be noted is
// sent again, as the same one.
func arrive(t *testing.T, w *apptest.World, l *load) {
	t.Helper()
	missing := ""
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		w.Clock.Add(time.Second)
		if missing = l.unmailed(w.Mail); missing == "" {
			return
		}
	}
	t.Errorf("no mail has come to %s, who was invited", missing)
}
