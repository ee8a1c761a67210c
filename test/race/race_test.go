// Package race has people do the same thing at the same moment, over HTTP and
// through two processes on one database. Whatever the order, there is one
// winner, the others are told what is true, and the invariants hold.
package race

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A pair is two processes' worth of Atrium on one database.
type pair struct {
	*apptest.World
	second *apptest.World
}

// each runs fn on both databases, with two processes on each.
func each(t *testing.T, fn func(t *testing.T, w pair)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			w := apptest.New(t, engine)
			p := pair{w, w.Another()}
			fn(t, p)
			settle(t, p)
			w.Holds()
		})
	}
}

// at gives the i-th racer's process: every other one goes to the second.
func (w pair) at(i int) *apptest.World {
	if i%2 == 1 {
		return w.second
	}
	return w.World
}

// An attempt is a form that is ready to be sent.
type attempt struct {
	by    *apptest.Person
	path  string
	form  url.Values
	after time.Duration // the head start that the others get
}

// race sends the forms at the same moment, the i-th through the i-th process,
// and gives the answers in their order. Nobody may be told that something is
// wrong on our side.
func (w pair) race(attempts ...attempt) []*apptest.Response {
	w.T.Helper()
	w.Clock.Add(time.Millisecond) // ids of two processes meet in one, and this is the next
	answers := make([]*apptest.Response, len(attempts))
	errs := make([]error, len(attempts))
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i, a := range attempts {
		by := a.by.At(w.at(i))
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			time.Sleep(a.after)
			answers[i], errs[i] = patient(by, a)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	for i, err := range errs {
		if err != nil {
			w.T.Fatalf("%s was not answered: %v", attempts[i].path, err)
		}
		if answers[i].Status >= 500 {
			w.T.Fatalf("%s answered %d:\n%s", attempts[i].path, answers[i].Status, answers[i].Find("body").Text())
		}
	}
	return answers
}

// patient sends a form, again when asked to come back because too many
// passwords are being checked.
func patient(by *apptest.Person, a attempt) (*apptest.Response, error) {
	for range 20 {
		r, err := by.Send(a.path, a.form)
		if err != nil || r.Status != http.StatusServiceUnavailable || !strings.Contains(r.Body, "Many people are logging in right now.") {
			return r, err
		}
		time.Sleep(time.Duration(rand.N(1000)) * time.Millisecond)
	}
	return by.Send(a.path, a.form)
}

// count counts the answers by status.
func count(answers []*apptest.Response) map[int]int {
	n := map[int]int{}
	for _, r := range answers {
		n[r.Status]++
	}
	return n
}

// winner is the one answer with 303; all others must be one of these.
func winner(t *testing.T, answers []*apptest.Response, others ...int) int {
	t.Helper()
	n := count(answers)
	for status := range n {
		if status != http.StatusSeeOther && !slices.Contains(others, status) {
			t.Fatalf("somebody was told %d: %v", status, n)
		}
	}
	if n[http.StatusSeeOther] != 1 {
		t.Fatalf("%d have won: %v", n[http.StatusSeeOther], n)
	}
	return slices.IndexFunc(answers, func(r *apptest.Response) bool { return r.Status == http.StatusSeeOther })
}

// number asks the database for one.
func number(t *testing.T, w pair, sql string, args ...any) int64 {
	t.Helper()
	n, err := db.One(t.Context(), w.DB.Across(), func(r db.Row) (int64, error) {
		var n int64
		err := r.Scan(&n)
		return n, err
	}, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// members counts an account's members.
func members(t *testing.T, w pair, a *apptest.Account) int64 {
	t.Helper()
	return number(t, w, `SELECT count(*) FROM memberships WHERE account_id = $1`, a.Number)
}

// invite invites somebody and gives the path of the link and of the invitation.
func invite(t *testing.T, w pair, a *apptest.Account, email string, slugs ...string) (link, invitation string) {
	t.Helper()
	link = strings.TrimPrefix(a.InviteLink(email, slugs...), w.URL)
	w.Clock.Add(4 * time.Minute) // no more than twenty an hour
	return link, a.Path("/invites/" + invitationID(t, w, a, email).String())
}

func invitationID(t *testing.T, w pair, a *apptest.Account, email string) access.InvitationID {
	t.Helper()
	e, _ := access.ParseEmail(email)
	return access.InvitationID(number(t, w, `SELECT max(id) FROM invitations WHERE account_id = $1 AND email_key = $2`, a.Number, e.Key))
}

// state is what has become of an address' latest invitation.
func state(t *testing.T, w pair, a *apptest.Account, email string) string {
	t.Helper()
	s, err := db.One(t.Context(), w.DB.Auto(), func(r db.Row) (string, error) {
		var s string
		err := r.Scan(&s)
		return s, err
	}, `SELECT state FROM invitations WHERE account_id = $1 AND id = $2`, a.Number, invitationID(t, w, a, email))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// settle waits until nothing is left to do in the background.
func settle(t *testing.T, w pair) {
	t.Helper()
	for range 3 {
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if number(t, w, `SELECT count(*) FROM jobs WHERE period = 0 AND failed_at = 0`) == 0 {
				return
			}
		}
		t.Logf("still to do: %q", w.Waiting())
		w.Clock.Add(time.Hour) // a mail that a machine in a hurry did not hand over in time was put off
	}
	t.Fatal("work is left to do")
}
