package test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/test/apptest"
)

// What is tried with the address of a login, known@example.com, and with one that
// has none, nobody@example.com... of the same length.
const (
	withLogin    = "known@example.com"
	withoutLogin = "wrong@example.com"
)

// A try is one form sent for an address.
type try struct {
	email string
	took  time.Duration
	said  string // status, headers and page, without the address
}

// sending sends a form for an address.
type sending func(p *apptest.Person, email string) (*apptest.Response, error)

// tries sends the form for both addresses in turn, in random order, so that a busy
// machine is busy for both alike.
func tries(t *testing.T, w *apptest.World, before func(p *apptest.Person, email string), send sending) (known, unknown []try) {
	t.Helper()
	order := make([]string, 0, 2*tried)
	for range tried {
		order = append(order, withLogin, withoutLogin)
	}
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, email := range order {
		settle(t, w)
		forgetTries(t, w)
		p := w.Person("somebody")
		before(p, email)
		began := time.Now()
		r, err := send(p, email)
		took := time.Since(began)
		if err != nil {
			t.Fatal(err)
		}
		one := try{email, took, heard(r, email)}
		if email == withLogin {
			known = append(known, one)
		} else {
			unknown = append(unknown, one)
		}
	}
	return known, unknown
}

// forgetTries clears all limits.
func forgetTries(t *testing.T, w *apptest.World) {
	t.Helper()
	err := w.DB.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM limits`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// heard is an answer as far as it could tell two addresses apart: the value of a
// signed cookie is made of the address, and so its name alone counts.
func heard(r *apptest.Response, email string) string {
	h := r.Header.Clone()
	h.Del("Date")
	for i, c := range h["Set-Cookie"] {
		name, _, _ := strings.Cut(c, "=")
		h["Set-Cookie"][i] = name
	}
	var names []string
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	fmt.Fprintln(&b, r.Status)
	for _, name := range names {
		fmt.Fprintln(&b, name, h[name])
	}
	return strings.ReplaceAll(strings.ReplaceAll(b.String()+r.Body, email, "ADDRESS"), url.QueryEscape(email), "ADDRESS")
}

// surprise is how many standard deviations the rank sum of a is from what it would
// be on average if both were drawn from one distribution (Mann and Whitney), with
// ties.
func surprise(a, b []time.Duration) float64 {
	type value struct {
		took  time.Duration
		first bool
	}
	var all []value
	for _, d := range a {
		all = append(all, value{d, true})
	}
	for _, d := range b {
		all = append(all, value{d, false})
	}
	slices.SortFunc(all, func(x, y value) int { return int(x.took - y.took) })
	var ranks, ties float64
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && all[j].took == all[i].took {
			j++
		}
		same := float64(j - i)
		for _, v := range all[i:j] {
			if v.first {
				ranks += float64(i+j+1) / 2
			}
		}
		ties += same*same*same - same
		i = j
	}
	n, m := float64(len(a)), float64(len(b))
	all2 := n + m
	spread := math.Sqrt(n * m / 12 * (all2 + 1 - ties/(all2*(all2-1))))
	return math.Abs(ranks-n*(all2+1)/2) / spread
}

// tooSurprising is what chance alone exceeds once in two million runs, and what
// forty of each exceed by far when one of them leaves the password's hash out:
// 7.7, since then all of one come before all of the other.
const (
	tooSurprising = 5
	tried         = 40
)

func durations(all []try) (d []time.Duration) {
	for _, one := range all {
		d = append(d, one.took)
	}
	return d
}

func alike(t *testing.T, known, unknown []try) {
	t.Helper()
	for _, one := range append(slices.Clone(known), unknown...) {
		if one.said != known[0].said {
			t.Fatalf("%s is answered otherwise:\n%s\nand not:\n%s", one.email, one.said, known[0].said)
		}
	}
	if z := surprise(durations(known), durations(unknown)); z > tooSurprising {
		t.Errorf("how long it takes tells who has a login: %.1f standard deviations; with a login %v, without %v", z, durations(known), durations(unknown))
	}
}

// Neither what is answered nor how long that takes tells whether there is a login
// with an address: at log in, there or on an invitation's page, and when a link to
// set a new password is asked for.
func TestKnownAndUnknownAddressesAreAnsweredAlike(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		w.Account("Known's", "known")
		link := strings.TrimPrefix(acme.InviteLink("office@example.com", "domains"), w.URL)
		wrong := func(email string) url.Values {
			return url.Values{"email": {email}, "password": {"a wrong password"}}
		}
		forms := map[string]sending{
			"log in": func(p *apptest.Person, email string) (*apptest.Response, error) {
				return p.Send("/login", wrong(email))
			},
			"log in to accept": func(p *apptest.Person, email string) (*apptest.Response, error) {
				return p.Send(link+"/login", wrong(email))
			},
			"forgot": func(p *apptest.Person, email string) (*apptest.Response, error) {
				return p.Send("/forgot", url.Values{"email": {email}})
			},
		}
		for name, send := range forms {
			t.Run(name, func(t *testing.T) {
				known, unknown := tries(t, w, func(*apptest.Person, string) {}, send)
				alike(t, known, unknown)
			})
		}
		// The test would find a log in that leaves the password's hash out for an
		// address without login: as one does that is refused before, because of a limit.
		t.Run("a difference is found", func(t *testing.T) {
			known, refused := tries(t, w, func(p *apptest.Person, email string) {
				if email == withoutLogin {
					useUp(t, w, p, email)
				}
			}, forms["log in"])
			if refused[0].said == known[0].said || !strings.HasPrefix(refused[0].said, "429") {
				t.Error("that the answers differ is not found")
			}
			if z := surprise(durations(known), durations(refused)); z <= tooSurprising {
				t.Errorf("that one of them hashes no password is not found: %.1f standard deviations; %v and %v", z, durations(known), durations(refused))
			}
		})
	}, apptest.AsServed())
}

// useUp uses up the tries of an address.
func useUp(t *testing.T, w *apptest.World, p *apptest.Person, email string) {
	t.Helper()
	if r, err := p.Send("/login", url.Values{"email": {email}, "password": {"a wrong password"}}); err != nil || r.Status != http.StatusUnprocessableEntity {
		t.Fatal(r, err)
	}
	w.Exec(`UPDATE limits SET count = 10 WHERE name >= 'login:' AND name < 'login;'`)
}

// The rank test itself: samples of one distribution do not surprise, those of
// which one is later by what a hash takes do, also amid noise of that size.
func TestSurpriseFindsAShift(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	sample := func(shift time.Duration) (all []time.Duration) {
		for range tried {
			all = append(all, shift+time.Duration(random.ExpFloat64()*float64(10*time.Millisecond)).Round(time.Millisecond))
		}
		return all
	}
	for range 1000 {
		if z := surprise(sample(0), sample(0)); z > tooSurprising {
			t.Fatalf("nothing surprises by %.1f", z)
		}
		if z := surprise(sample(0), sample(30*time.Millisecond)); z <= tooSurprising {
			t.Fatalf("30 milliseconds surprise by %.1f only", z)
		}
	}
}
