//go:build smoke

package main

import (
	"os/exec"
	"runtime"
	"slices"
	"testing"
	"time"
)

// held are the rows that miss their goal by more than twice or nearly so, with what they cost
// when that was last looked at (bench/README.md tells why): they are held to
// twice that. An entry goes when its row is within twice its goal; none is added
// for what got slower.
var held = map[string]map[string]float64{
	"sqlite":   {rowPage: 6.6},
	"postgres": {rowPage: 8.6},
}

// TestNothingCostsMoreThanTwiceItsGoal drives each row that has a goal for a
// moment, beside the floor of the same round, and compares medians of CPU. It is
// the one test that measures, and has a tag of its own, so that scripts/test.sh
// runs it when nothing else runs; it has up to three tries. make bench takes the real figures.
func TestNothingCostsMoreThanTwiceItsGoal(t *testing.T) {
	bin := t.TempDir()
	for name, path := range map[string]string{"atrium": "atrium/cmd/atrium", "bench-floor": "atrium/bench/floor"} {
		if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin+"/"+name, path).CombinedOutput(); err != nil {
			t.Fatalf("building %s: %v\n%s", path, err, out)
		}
	}
	o := options{rounds: tries * atATime, core: runtime.NumCPU() - 1, bin: bin, writes: 360,
		load: load{conns: 16, warm: 200 * time.Millisecond, measured: 700 * time.Millisecond}}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) { smoke(t, o, engine) })
	}
}

const (
	tries   = 3
	atATime = 3 // rounds
)

func smoke(t *testing.T, o options, engine string) {
	b, err := newBench(t.Context(), o, engine, 2000)
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	s, err := b.serve(t.Context(), "warn")
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	rows := slices.DeleteFunc(b.rows(s.floor, s.atrium), func(r *row) bool { return r.floor != nil && r.goal == 0 })
	for try := range tries {
		for round := range atATime {
			for _, r := range rows {
				if err := r.measure(t.Context(), b, try*atATime+round); err != nil {
					t.Fatalf("%s: %v", r.name, err)
				}
			}
		}
		rows = slices.DeleteFunc(rows, func(r *row) bool { return r.floor != nil && within(t, engine, r) })
		if !slices.ContainsFunc(rows, func(r *row) bool { return r.floor != nil }) {
			return
		}
	}
	for _, r := range rows {
		if r.floor != nil {
			t.Errorf("%s: %.1f floors in three tries: %.1f are allowed, the goal is %.1f", r.name, r.ratios, bound(engine, r), r.goal)
		}
	}
}

// within tells whether the last rounds of a row were within its bound.
func within(t *testing.T, engine string, r *row) bool {
	got := median(r.ratios[len(r.ratios)-atATime:])
	t.Logf("%s: %.2f floors of %.1f that are allowed; the goal is %.1f", r.name, got, bound(engine, r), r.goal)
	return got <= bound(engine, r)
}

// bound is what a row may cost here.
func bound(engine string, r *row) float64 {
	if cost, ok := held[engine][r.name]; ok {
		return 2 * cost
	}
	return 2 * r.goal
}
