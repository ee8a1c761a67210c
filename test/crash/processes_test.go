package crash

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"atrium"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// A hundred people accept one link through two processes, one of which may be
// killed meanwhile: one of them is in, the others are told that it was used.
func TestAHundredPeopleThroughTwoProcesses(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) { hundredAccept(t, engine, false) })
		t.Run(engine+" one is killed", func(t *testing.T) { hundredAccept(t, engine, true) })
	}
}

func hundredAccept(t *testing.T, engine string, kill bool) {
	w := apptest.New(t, engine)
	w.Clock.Set(time.Now())
	acme, people := w.Account("Acme", "ann"), w.Crowd("bob", 100)
	link := strings.TrimPrefix(acme.InviteLink(people[0].Email, "domains"), w.URL)
	settle(t, w.DB)
	w.Stop()

	children := []*child{start(t, w.Database(), w.Secrets), start(t, w.Database(), w.Secrets)}
	answers := make([]*apptest.Response, len(people)) // nil: its process was killed
	var all sync.WaitGroup
	for i, p := range people {
		by := children[i%2].at(p)
		all.Go(func() { answers[i], _ = by.Send(link+"/accept", nil) })
	}
	if kill {
		time.Sleep(20 * time.Millisecond)
		children[0].cmd.Process.Kill()
	}
	all.Wait()

	won := 0
	for i, r := range answers {
		switch {
		case r == nil && kill && i%2 == 0:
		case r == nil:
			t.Errorf("request %d was not answered", i)
		case r.Status == http.StatusSeeOther:
			won++
		default:
			r.Is(http.StatusConflict).Says("was already used")
		}
	}
	d := dbtest.Reopen(t, w.Database(), atrium.Schemas())
	if n := count(t, d, `SELECT count(*) FROM memberships WHERE account_id = $1`, acme.Number); n != 2 {
		t.Errorf("there are %d members, want 2", n)
	}
	if won != 1 && !(kill && won == 0) { // the winner's answer may be lost
		t.Errorf("%d have won", won)
	}
	apptest.Holds(t, d)
}
