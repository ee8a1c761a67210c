package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"atrium/base/access"
)

// A guard is the coarse limit per network, in memory: it keeps one browser from
// taking the whole machine. Limits that matter are counted in the database.
// Addresses of this machine are not counted: they are the proxy's.
type guard struct {
	mu      sync.Mutex
	buckets map[string]*rate.Limiter
	emptied time.Time
}

const (
	guardRate  = 50  // requests a second from one network
	guardBurst = 300 // a browser opening many tabs
)

func newGuard() *guard { return &guard{buckets: map[string]*rate.Limiter{}} }

func (g *guard) allow(ip string, now time.Time) bool {
	if a, err := netip.ParseAddr(ip); err == nil && a.IsLoopback() {
		return true
	}
	network := access.Network(ip)
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Sub(g.emptied) > time.Minute { // a full bucket refills in six seconds
		clear(g.buckets)
		g.emptied = now
	}
	b := g.buckets[network]
	if b == nil {
		b = rate.NewLimiter(guardRate, guardBurst)
		g.buckets[network] = b
	}
	return b.AllowN(now, 1)
}
