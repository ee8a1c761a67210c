package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The client reads answers of a known length and in chunks to their end, and
// takes no other status than the one that is wanted.
func TestAsk(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/chunks":
			for range 3 {
				io.WriteString(w, strings.Repeat("x", 5000))
				w.(http.Flusher).Flush()
			}
		case "/elsewhere":
			http.Redirect(w, r, "/", http.StatusSeeOther)
		}
	}))
	defer s.Close()
	address := s.Listener.Addr().String()
	c, err := dial(address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 2 {
		for path, status := range map[string]string{"/": "200", "/chunks": "200", "/elsewhere": "303"} {
			if err := c.askFor(ask{Method: "GET", Path: path}.request(address), status); err != nil {
				t.Error(path, err)
			}
		}
	}
	if err := c.ask(ask{Method: "POST", Path: "/elsewhere", Body: "a=b"}.request(address)); err == nil {
		t.Error("a redirect was taken for an answer")
	}
}

// Each request is sent once, on all connections together, and an answer that is
// not wanted is told.
func TestEach(t *testing.T) {
	got := make(chan string, 100)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.URL.Path }))
	defer s.Close()
	address := s.Listener.Addr().String()
	var requests [][]byte
	want := map[string]bool{}
	for n := range cap(got) {
		path := "/" + strings.Repeat("a", n)
		want[path] = true
		requests = append(requests, ask{Method: "POST", Path: path}.request(address))
	}
	q, err := newQueue(address, "200", 4)
	if err != nil {
		t.Fatal(err)
	}
	defer q.close()
	took, err := q.send(requests)
	if err != nil || len(took) != len(requests) {
		t.Fatal(took, err)
	}
	for _, d := range took {
		if d <= 0 || d > time.Minute {
			t.Error(d)
		}
	}
	for range requests {
		delete(want, <-got)
	}
	if len(want) > 0 {
		t.Error("never sent:", want)
	}
	q.status = "303"
	if _, err := q.send(requests[:1]); err == nil {
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
