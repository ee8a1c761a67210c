package scale

import (
	"flag"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

var forEach = flag.Duration("for", time.Second, "how long throughput is measured for each number of processes")

// How many requests one, two and three processes answer behind the proxy, told
// and not judged: the machine is shared by the database, the proxy, the load and
// all that runs beside this test. make bench-scale takes longer and shows it.
func TestThroughputOfOneTwoAndThreeProcesses(t *testing.T) {
	w := apptest.New(t, dbtest.Postgres)
	w.Clock.Set(time.Now())
	acme := w.Account("Acme", "ann")
	for _, first := range []string{"bob", "cyd", "dan"} {
		acme.Member(first, "invoices", "domains")
	}
	w.Stop()
	f := newFleet(t, w, 3, nil)
	ann := f.at(acme.Owner)
	for _, path := range []string{"/api/v1/accounts/" + acme.Number.String() + "/membership", acme.Path("/users")} {
		for n := 1; n <= 3; n++ {
			f.mu.Lock()
			f.size = n
			f.mu.Unlock()
			t.Logf("%-40s %d processes %6.0f requests/s", path, n, throughput(t, ann, path))
		}
	}
}

// throughput has sixteen browsers ask for a page again and again.
func throughput(t *testing.T, by *apptest.Person, path string) float64 {
	t.Helper()
	var done atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for range 16 {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for time.Since(begun) < *forEach {
				q, err := http.NewRequest("GET", by.World.URL+path, nil)
				if err != nil {
					t.Error(err)
					return
				}
				for _, c := range by.Cookies() {
					q.AddCookie(c)
				}
				r, err := client.Do(q)
				if err != nil || r.StatusCode != http.StatusOK {
					t.Errorf("%s: %v, %v", path, r, err)
					return
				}
				io.Copy(io.Discard, r.Body)
				r.Body.Close()
				done.Add(1)
			}
		})
	}
	all.Wait()
	return float64(done.Load()) / time.Since(begun).Seconds()
}
