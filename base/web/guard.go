package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A guard is the coarse limit per address, in memory: it keeps one address from
// taking the whole machine. Limits that matter are counted in the database.
// Addresses of this machine are not counted: they are the proxy's.
type guard struct {
	mu      sync.Mutex
	buckets map[string]*rate.Limiter
	emptied time.Time
}

const (
	guardRate  = 50  // requests a second from one address
	guardBurst = 300 // a browser opening many tabs
)

func newGuard() *guard { return &guard{buckets: map[string]*rate.Limiter{}} }

func (g *guard) allow(ip string, now time.Time) bool {
	if a, err := netip.ParseAddr(ip); err == nil && a.IsLoopback() {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Sub(g.emptied) > time.Minute { // a full bucket refills in six seconds
		clear(g.buckets)
		g.emptied = now
	}
	b := g.buckets[ip]
	if b == nil {
		b = rate.NewLimiter(guardRate, guardBurst)
		g.buckets[ip] = b
	}
	return b.AllowN(now, 1)
}
