package main

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// Which of two sides comes first changes from round to round, so that neither always
// has what the machine does after the other.
func TestTurns(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	at := toTest(t, func(path string) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, path)
	})
	b := &bench{options: options{load: load{conns: 1, measured: 20 * time.Millisecond}}}
	var sides []side
	for _, path := range []string{"/few", "/many"} {
		c := call{request: ask{Method: "GET", Path: path}.request(at.address), status: 200}
		sides = append(sides, side{bench: b, rows: []*row{{name: path, server: at, call: c}}})
	}
	if err := turns(t.Context(), 3, sides...); err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Compact(asked), []string{"/few", "/many", "/few", "/many"}; !slices.Equal(got, want) {
		t.Error(got, want)
	}
	for _, s := range sides {
		if len(s.rows[0].samples) != 3 {
			t.Error(s.rows[0].name, s.rows[0].samples)
		}
	}
}
