// Package clock is the one place time comes from. Everything in Atrium that
// decides by time takes a Clock, so that tests and the demo can set it.
package clock

import "time"

// A Clock tells the time, in UTC and whole microseconds: what the database keeps.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now is the machine's time.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Ticking is a clock that stood at Start when it was made and ticks on from
// there. The demo uses it to begin on a fixed day.
type Ticking struct{ start, made time.Time }

// From makes a Ticking clock that now stands at start.
func From(start time.Time) Ticking { return Ticking{start: start, made: time.Now()} }

// Now is the start plus the time gone by since the clock was made.
func (t Ticking) Now() time.Time {
	return t.start.Add(time.Since(t.made)).UTC().Truncate(time.Microsecond)
}
