//go:build smoke

package main

import (
	"os/exec"
	"runtime"
	"slices"
	"testing"
	"time"
)

// TestNothingCostsMoreThanTwiceItsGoal drives each row that has a goal for a
// moment, beside the floor of the same round, and compares medians of CPU. It is
// the one test that measures, and has a tag of its own, so that scripts/test.sh
// runs it when nothing else runs; a row has up to five tries. make bench takes the real figures.
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
	tries   = 5
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
		rows = slices.DeleteFunc(rows, func(r *row) bool { return r.floor != nil && within(t, r) })
		if !slices.ContainsFunc(rows, func(r *row) bool { return r.floor != nil }) {
			return
		}
	}
	for _, r := range rows {
		if r.floor != nil {
			t.Errorf("%s: %.1f floors in %d tries: %.1f are allowed, the goal is %.1f", r.name, r.ratios, tries, 2*r.goal, r.goal)
		}
	}
}

// within tells whether the last rounds of a row were within twice its goal.
func within(t *testing.T, r *row) bool {
	got := median(r.ratios[len(r.ratios)-atATime:])
	t.Logf("%s: %.2f floors of %.1f that are allowed; the goal is %.1f", r.name, got, 2*r.goal, r.goal)
	return got <= 2*r.goal
}
