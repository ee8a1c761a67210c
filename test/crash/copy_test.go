package crash

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// runCopy runs atrium copy to its end, in batches of a few rows, and tells
// whether it was killed.
func runCopy(t *testing.T, from, to string, env ...string) (said string, killed bool, err error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), program, "copy", "--batch=5", from, to)
	c.Dir = t.TempDir()
	c.Env = env
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err = c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		killed = exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	}
	return out.String(), killed, err
}

// within has the hook count only what this function of base/backup does.
func within(what, function string, n int) []string {
	return []string{"ATRIUM_TEST_HOOK_WITHIN=atrium/base/backup." + function, fmt.Sprintf("ATRIUM_TEST_%s_AT=%d", what, n)}
}

// kill -9 again and again, a statement later in each run: before a batch, in the
// midst of one, in place of its COMMIT and after it, until it is through. Nothing
// is lost, nothing is there twice, and nobody takes it for a database before.
func TestACopyKilledAtEveryTurn(t *testing.T) {
	for _, from := range dbtest.Engines() {
		s := prepare(t, from)
		for _, to := range dbtest.Engines() {
			t.Run(from+" to "+to, func(t *testing.T) {
				source, target := dbtest.Copy(t, s.dbURL), dbtest.URL(t, to)
				runs := 0
				for killed := true; killed; {
					runs++
					var said string
					var err error
					said, killed, err = runCopy(t, source, target, within("CRASH", "(*Copy).batch", runs)...)
					if !killed && err != nil {
						t.Fatalf("run %d: %v\n%s", runs, err, said)
					}
				}
				if runs < 8 {
					t.Errorf("it was killed in %d runs only", runs)
				}
				s.isCopied(t, source, target)
			})
		}
	}
}

// The same before the first batch and after the last.
func TestACopyKilledAtItsBeginningAndEnd(t *testing.T) {
	for _, to := range dbtest.Engines() {
		s := prepare(t, dbtest.SQLite)
		t.Run("to "+to, func(t *testing.T) {
			places := 0
			for _, function := range []string{"(*Copy).begin", "(*Copy).compare", "(*Copy).finish"} {
				source, target := dbtest.Copy(t, s.dbURL), dbtest.URL(t, to)
				for n := 1; ; n++ {
					said, killed, err := runCopy(t, source, target, within("CRASH", function, n)...)
					if !killed {
						// After the very last COMMIT it is whole, though nobody was told.
						if err != nil && !(function == "(*Copy).finish" && strings.Contains(said, "is not empty")) {
							t.Fatalf("%s %d: %v\n%s", function, n, err, said)
						}
						break
					}
					places++
				}
				s.isCopied(t, source, target)
			}
			if places < 20 {
				t.Errorf("it was killed at %d places only", places)
			}
		})
	}
}

// A statement that fails ends it with a sentence, and it goes on when it is run
// again; so does a COMMIT whose answer was lost.
func TestACopyThatFailsGoesOn(t *testing.T) {
	for _, to := range dbtest.Engines() {
		s := prepare(t, dbtest.Postgres)
		t.Run("to "+to, func(t *testing.T) {
			source, target := dbtest.Copy(t, s.dbURL), dbtest.URL(t, to)
			for n := 1; n <= 12; n++ {
				said, _, err := runCopy(t, source, target, within("FAIL", "(*Copy).batch", n)...)
				if err == nil || !strings.Contains(said, "it broke off in the table ") || !strings.Contains(said, "run the same again to go on") {
					t.Fatalf("%v:\n%s", err, said)
				}
			}
			if said, _, err := runCopy(t, source, target); err != nil {
				t.Fatalf("%v:\n%s", err, said)
			}
			s.isCopied(t, source, target)
		})
	}
}

// isCopied wants every row, all that must hold, and a program that starts.
func (s *scene) isCopied(t *testing.T, source, target string) {
	t.Helper()
	d := s.open(t, target)
	if changes := apptest.Look(t, s.open(t, source)).Changes(apptest.Look(t, d)); len(changes) != 0 {
		t.Errorf("%d rows are not the same: %.500q", len(changes), changes)
	}
	apptest.Holds(t, d)
	c := start(t, target, s.key)
	c.at(s.bob).Get(s.link).OK().Says("Acme")
	c.terminate()
	c.wait()
}
