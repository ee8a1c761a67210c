// Package clocktest is a clock that tests set by hand. It is imported by tests
// and the test harness only, so it is in no released binary.
package clocktest

import (
	"sync"
	"time"
)

// Clock stands still until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// New makes a clock that stands at 2026-11-22 10:00 UTC.
func New() *Clock { return At(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)) }

// At makes a clock that stands at t.
func At(t time.Time) *Clock { return &Clock{now: t.UTC()} }

// Now is where the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock; a negative d moves it back.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t.UTC()
}
