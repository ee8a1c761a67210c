package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// rowOf is a row whose rounds took so many microseconds of CPU.
func rowOf(name string, micros ...int) *row {
	r := &row{name: name}
	for _, n := range micros {
		r.samples = append(r.samples, sample{cpu: time.Duration(n) * time.Microsecond})
	}
	return r
}

// A row that has grown is told by both ways of reading it, and misses its goal by
// either.
func TestGrowth(t *testing.T) {
	few := []*row{rowOf("same", 100, 200, 300), rowOf("in rounds", 100, 200, 300), rowOf("in medians", 100, 200, 300)}
	many := []*row{rowOf("same", 120, 200, 300), rowOf("in rounds", 130, 130, 390), rowOf("in medians", 90, 250, 270)}
	got := strings.Split(growthOf(few, many), "\n")[2:]
	want := []string{
		"| same | 200 µs | 200 µs | 1.00 | 1.00 | 1.00, 1.20 | 1.2, met |",
		"| in rounds | 200 µs | 130 µs | 0.65 | 1.30 | 0.65, 1.30 | 1.2, **missed** |",
		"| in medians | 200 µs | 250 µs | 1.25 | 0.90 | 0.90, 1.25 | 1.2, **missed** |",
		"",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}
