package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"syscall"
	"testing"

	"atrium"
	"atrium/base/access"
	"atrium/base/config"
	"atrium/base/vault"
)

// opened is Atrium on a database that fill has filled.
func opened(b *testing.B, fill func(url string)) http.Handler {
	folder := b.TempDir()
	s := config.Settings{Listen: "127.0.0.1:0", Base: "http://127.0.0.1", Database: config.URL("sqlite:" + filepath.Join(folder, "atrium.db")),
		From: "Atrium <no-reply@localhost>", Log: "warn"}
	fill(string(s.Database))
	if _, err := vault.Load(s.SecretKeyFile(), true); err != nil {
		b.Fatal(err)
	}
	a, err := atrium.Open(context.Background(), atrium.Config{Settings: s, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { a.Close() })
	return a.Routes.Handler()
}

// answer answers a request without the network: what is left is Atrium's and the
// database's.
func answer(b *testing.B, h http.Handler, path string, c *http.Cookie) {
	b.ReportAllocs()
	before := used(b)
	for b.Loop() {
		q := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1"+path, nil)
		q.RemoteAddr = "127.0.0.1:1234"
		q.AddCookie(c)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code, w.Body)
		}
		b.ReportMetric(float64(w.Body.Len()), "bytes")
	}
	b.ReportMetric(float64(used(b)-before)/float64(b.N), "cpu-ns/op")
}

// benchmarkRequest answers one of who owns the account under load.
func benchmarkRequest(b *testing.B, path func(*bench) string) {
	h, e := open(b, 0)
	answer(b, h, path(&bench{entrance: e}), &http.Cookie{Name: "atrium", Value: e.token.Reveal()})
}

// open gives the program's handler on a new database, with as many changes
// prepared as there are to be.
func open(b *testing.B, writes int) (http.Handler, entrance) {
	p, err := newPlan(10_000)
	if err != nil {
		b.Fatal(err)
	}
	p.writes = writes
	return openOn(b, p)
}

// openOn does so on one that is as the plan says.
func openOn(b *testing.B, p plan) (h http.Handler, e entrance) {
	h = opened(b, func(url string) {
		var err error
		if e, err = seed(b.Context(), url, p); err != nil {
			b.Fatal(err)
		}
	})
	return h, e
}

// used is the CPU time of this process: on a busy machine it says more than
// the clock.
func used(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func BenchmarkJSON(b *testing.B) { benchmarkRequest(b, (*bench).jsonPath) }

func BenchmarkPage(b *testing.B) { benchmarkRequest(b, (*bench).pagePath) }

// BenchmarkGrown asks for the pages that grow with an account or a user, before
// and after.
func BenchmarkGrown(b *testing.B) {
	p, err := newGrowthPlan()
	if err != nil {
		b.Fatal(err)
	}
	h, e := openOn(b, p)
	g := e.grown
	first := "/a/" + g.first.String() + "/"
	of := func(o owner, path string) (string, access.Token) { return "/a/" + o.account.String() + path, o.token }
	for _, page := range []struct {
		name string
		ask  func() (string, access.Token)
	}{
		{"users/10", func() (string, access.Token) { return of(g.quiet, "/users") }},
		{"users/50", func() (string, access.Token) { return of(g.paged, "/users") }},
		{"users/200", func() (string, access.Token) { return of(g.large, "/users") }},
		{"home/10", func() (string, access.Token) { return of(g.quiet, "/") }},
		{"home/200", func() (string, access.Token) { return of(g.large, "/") }},
		{"activity/10", func() (string, access.Token) { return of(g.quiet, "/activity") }},
		{"activity/200", func() (string, access.Token) { return of(g.large, "/activity") }},
		{"visit/40", func() (string, access.Token) { return first, e.visitor }},
		{"visit/500", func() (string, access.Token) { return first, g.everywhere }},
		{"switch/40", func() (string, access.Token) { return "/accounts", e.visitor }},
		{"switch/500", func() (string, access.Token) { return "/accounts", g.everywhere }},
	} {
		b.Run(page.name, func(b *testing.B) {
			path, token := page.ask()
			answer(b, h, path, &http.Cookie{Name: "atrium", Value: token.Reveal()})
		})
	}
}
