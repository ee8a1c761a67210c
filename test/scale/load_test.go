package scale

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"atrium/test/apptest"
)

// A load is people who add contacts, one after another, and now and then invite
// somebody, and who remember what they were told of each.
type load struct {
	t       *testing.T
	begun   time.Time
	stop    chan struct{}
	running sync.WaitGroup

	mu      sync.Mutex
	told    map[string]answer // by the address that was added or invited
	reading []reading
}

// An answer is what somebody was told of an address.
type answer int

const (
	saved       answer = iota // it is there
	notSaved                  // it is not
	unconfirmed               // it may be
)

// A reading is a page that was asked for.
type reading struct {
	asked, answered time.Duration // since the load began
	status          int
}

func newLoad(t *testing.T) *load {
	return &load{t: t, begun: time.Now(), stop: make(chan struct{}), told: map[string]answer{}}
}

func (l *load) since() time.Duration { return time.Since(l.begun) }

// invited is the domain of those who are invited.
const invited = "invited.example.com"

// write has an owner add a contact every so often, to each of the accounts as
// many as it can have; each sixth time it is an invitation.
func (l *load) write(by *apptest.Person, accounts ...*apptest.Account) {
	l.running.Go(func() {
		for n := range 48 * len(accounts) {
			a := accounts[n%len(accounts)]
			email := fmt.Sprintf("%s-%d@example.com", strings.ToLower(by.First), n)
			path, form := a.Path("/contacts/new"), url.Values{"name": {by.First}, "email": {email}, "country": {"DE"}}
			if n%6 == 0 {
				email = fmt.Sprintf("%s-%d@%s", strings.ToLower(by.First), n, invited)
				path, form = a.Path("/users"), url.Values{"email": {email}, "access": {"choose"}, "perm": {"invoices"}}
			}
			r, err := by.Send(path, form)
			if err != nil {
				l.t.Errorf("adding %s was not answered: %v", email, err)
				return
			}
			l.note(email, r)
			select {
			case <-l.stop:
				return
			case <-time.After(150 * time.Millisecond):
			}
		}
	})
}

// note judges an answer: a page that is whole, and true.
func (l *load) note(email string, r *apptest.Response) {
	l.mu.Lock()
	defer l.mu.Unlock()
	unsure := strings.Contains(r.Body, "We could not confirm that this was saved.")
	switch {
	case r.Status == http.StatusBadGateway: // the proxy's, of a process that was killed meanwhile
		l.told[email] = unconfirmed
		return
	case r.Status == http.StatusSeeOther:
		l.told[email] = saved
	case unsure && (r.Status == http.StatusServiceUnavailable || r.Status == http.StatusConflict): // with what is there
		l.told[email] = unconfirmed
	case r.Status == http.StatusServiceUnavailable:
		l.told[email] = notSaved
		wantComeBack(l.t, r)
	default:
		l.t.Errorf("adding %s was answered %d: %.300s", email, r.Status, r.Body)
	}
	if r.Status != http.StatusSeeOther && !strings.HasSuffix(strings.TrimSpace(r.Body), "</html>") {
		l.t.Errorf("half a page for %s:\n%s", email, r.Body)
	}
}

func wantComeBack(t *testing.T, r *apptest.Response) {
	if r.Header.Get("Retry-After") == "" {
		t.Errorf("%s answers %d and does not say when to come back", r.Path, r.Status)
	}
}

// read has somebody open a page again and again.
func (l *load) read(by *apptest.Person, path string) {
	l.running.Go(func() {
		for {
			asked := l.since()
			r := by.Get(path)
			if r.Status == http.StatusBadGateway {
				continue // the proxy's, of a process that was killed meanwhile
			}
			if r.Status != http.StatusOK && r.Status != http.StatusServiceUnavailable || !strings.HasSuffix(strings.TrimSpace(r.Body), "</html>") {
				l.t.Errorf("%s was answered %d:\n%s", path, r.Status, r.Body)
				return
			}
			if r.Status != http.StatusOK {
				wantComeBack(l.t, r)
			}
			l.mu.Lock()
			l.reading = append(l.reading, reading{asked, l.since(), r.Status})
			l.mu.Unlock()
			select {
			case <-l.stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
}

// tell counts the answers of a kind.
func (l *load) tell(a answer) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, told := range l.told {
		if told == a {
			n++
		}
	}
	return n
}

// waitFor waits until so many answers of a kind were given.
func (l *load) waitFor(a answer, n int) {
	l.t.Helper()
	for end := time.Now().Add(30 * time.Second); l.tell(a) < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatalf("only %d of %d answers of the kind %d came", l.tell(a), n, a)
		}
	}
}

func (l *load) end() {
	close(l.stop)
	l.running.Wait()
}

// wantTrue compares what people were told with what is there.
func (l *load) wantTrue(there map[string]bool) {
	l.t.Helper()
	for _, email := range slices.Sorted(maps.Keys(l.told)) {
		switch told := l.told[email]; {
		case told == saved && !there[email]:
			l.t.Errorf("%s was acknowledged and is lost", email)
		case told == notSaved && there[email]:
			l.t.Errorf("%s was refused and is there", email)
		}
	}
}

// unmailed is somebody whose invitation was acknowledged and to whom no mail has
// come, or "". A mail may come twice, as the same.
func (l *load) unmailed(m *apptest.MailServer) string {
	l.t.Helper()
	for _, email := range slices.Sorted(maps.Keys(l.told)) {
		if l.told[email] != saved || !strings.HasSuffix(email, invited) {
			continue
		}
		letters := m.To(email)
		if len(letters) == 0 {
			return email
		}
		for _, other := range letters[1:] {
			if other.MessageID != letters[0].MessageID {
				l.t.Errorf("two mails came to %s for one invitation", email)
			}
		}
	}
	return ""
}
