package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"atrium/base/access"
)

// TestAnAnswerThatIsNotTheOneExpectedIsNoMeasurement asks a server that answers
// each call otherwise.
func TestAnAnswerThatIsNotTheOneExpectedIsNoMeasurement(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("a page")) })
	mux.HandleFunc("/pieces", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			w.Write([]byte(strings.Repeat("a piece ", 1000)))
			http.NewResponseController(w).Flush()
		}
	})
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/done")
		w.WriteHeader(http.StatusSeeOther)
		http.NewResponseController(w).Flush()
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	host := strings.TrimPrefix(s.URL, "http://")
	c, err := dial(host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	form := post(host, "/form", access.Token{}, nil, "/done")
	for range 2 { // one answer after the other, on one connection
		for _, good := range []call{get(host, "/page", ""), get(host, "/pieces", ""), form} {
			if err := c.ask(good); err != nil {
				t.Errorf("%.30q: %v", good.request, err)
			}
		}
	}
	elsewhere, other := form, get(host, "/nowhere", "")
	elsewhere.to = "/elsewhere"
	for _, bad := range []call{elsewhere, other} {
		c, err := dial(host)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.ask(bad); err == nil {
			t.Errorf("%.30q was answered %d and led to %q", bad.request, bad.status, bad.to)
		}
		c.Close()
	}
}

// toTest is a server in this process that tells which paths it is asked for.
func toTest(t *testing.T, asked func(path string)) *server {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked(r.URL.Path) }))
	t.Cleanup(s.Close)
	return &server{name: "test", address: s.Listener.Addr().String(), process: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}}
}

// TestEachCallIsMadeOnce sends a list on all connections together, and an answer
// that is not the one expected ends it.
func TestEachCallIsMadeOnce(t *testing.T) {
	got := make(chan string, 100)
	at := toTest(t, func(path string) { got <- path })
	var list []call
	want := map[string]bool{}
	for n := range cap(got) {
		path := "/" + strings.Repeat("a", n)
		want[path] = true
		list = append(list, call{request: ask{Method: "POST", Path: path}.request(at.address), status: 200})
	}
	sample, err := driveOnce(at, list, 10, 4)
	if err != nil || sample.rate <= 0 || sample.p50 <= 0 || sample.p99 < sample.p50 {
		t.Fatal(sample, err)
	}
	for range list {
		delete(want, <-got)
	}
	if len(want) > 0 {
		t.Error("never sent:", want)
	}
	list[1].status = 303
	if _, err := driveOnce(at, list[:2], 1, 1); err == nil {
		t.Error("a 200 was taken for a redirect")
	}
}

// Nobody is added to an account that they are in, twice, or to the one under
// load, whose list would grow.
func TestOrder(t *testing.T) {
	p, err := newPlan(10_000)
	if err != nil {
		t.Fatal(err)
	}
	o := p.order(5400)
	in := map[[2]int]bool{}
	for a, members := range p.accounts {
		for _, u := range members {
			in[[2]int{a, u}] = true
		}
	}
	for _, a := range o.Accepts {
		key := [2]int{a.Account, a.Person}
		if in[key] || a.Account == target || o.People[a.Person].Email != a.Email {
			t.Fatal(a)
		}
		in[key] = true
	}
	if len(o.Invites) != 5400 || len(o.Accepts) != 5400 || len(o.Accounts[o.Target].Members) != targetMembers {
		t.Error(len(o.Invites), len(o.Accepts), o.Accounts[o.Target])
	}
}
