package id

import "time"

// At is before every id that is made at a time or later, as far as clocks go
// forward: for what begins at a time.
func At[K any](t time.Time) ID[K] { return ID[K](max(t.Sub(epoch).Milliseconds(), 0) << 12) }
