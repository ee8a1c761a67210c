//go:build faults

package db_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/fault"
)

// twoWrites changes the balance in two statements and the COMMIT.
func twoWrites(t *testing.T, d *db.DB) error {
	return d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		if err := setBalance(t.Context(), tx, acme, 1); err != nil {
			return err
		}
		return setBalance(t.Context(), tx, acme, 2)
	})
}

func TestTheHookFailsTheNthStatement(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		for n, want := range map[int]int64{1: 0, 2: 0, 3: 0, 4: 2, 5: 2} {
			t.Run(engine+strconv.Itoa(n), func(t *testing.T) {
				armed := filepath.Join(t.TempDir(), "armed")
				t.Setenv("ATRIUM_TEST_FAIL_AT", strconv.Itoa(n))
				t.Setenv("ATRIUM_TEST_HOOK_ARMED", armed)
				d := dbtest.Open(t, engine, schemas())
				seed(t, d)
				if err := os.WriteFile(armed, nil, 0o600); err != nil {
					t.Fatal(err)
				}
				err := twoWrites(t, d)
				if (err != nil) != (n < 5) || fault.Is(err, fault.Unavailable) != (n == 4) {
					t.Errorf("statement %d: %v", n, err)
				}
				if n == 5 { // the first read after the transaction
					if _, err := balance(t.Context(), d.Auto(), acme); err == nil {
						t.Error("the fifth statement did not fail")
					}
				}
				wantBalance(t, d, acme, want)
			})
		}
	}
}

func TestTheHookPassesOverWhatItIsToldTo(t *testing.T) {
	t.Setenv("ATRIUM_TEST_HOOK_BUT", "SELECT balance")
	armed := filepath.Join(t.TempDir(), "armed")
	t.Setenv("ATRIUM_TEST_FAIL_AT", "1")
	t.Setenv("ATRIUM_TEST_HOOK_ARMED", armed)
	d := dbtest.Open(t, dbtest.SQLite, schemas())
	seed(t, d)
	if err := os.WriteFile(armed, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := balance(t.Context(), d.Auto(), acme); err != nil {
		t.Errorf("it was to be passed over: %v", err)
	}
	if err := twoWrites(t, d); err == nil {
		t.Error("the first that counts did not fail")
	}
}

func TestTheHookKillsAtTheNthStatement(t *testing.T) {
	if url := os.Getenv("ATRIUM_TEST_URL"); url != "" {
		if err := twoWrites(t, dbtest.Reopen(t, url, schemas())); err != nil {
			t.Error(err)
		}
		return
	}
	for _, engine := range dbtest.Engines() {
		for n, want := range map[int]int64{1: 0, 2: 0, 3: 0, 4: 2, 5: 2} {
			t.Run(engine+strconv.Itoa(n), func(t *testing.T) {
				url := dbtest.Migrated(t, engine, schemas())
				d := dbtest.Reopen(t, url, schemas())
				seed(t, d)
				c := exec.Command(os.Args[0], "-test.run=^TestTheHookKillsAtTheNthStatement$")
				c.Env = append(os.Environ(), "ATRIUM_TEST_URL="+url, "ATRIUM_TEST_CRASH_AT="+strconv.Itoa(n))
				out, err := c.CombinedOutput()
				var exit *exec.ExitError
				killed := errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
				if killed != (n < 5) || strings.Contains(string(out), "FAIL") {
					t.Errorf("%v\n%s", err, out)
				}
				wantBalance(t, d, acme, want)
			})
		}
	}
}

func TestTheHookListsWhatItCounts(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := dbtest.Migrated(t, engine, schemas())
			seed(t, dbtest.Reopen(t, url, schemas()))
			list := filepath.Join(t.TempDir(), "statements")
			t.Setenv("ATRIUM_TEST_HOOK_LOG", list)
			t.Setenv("ATRIUM_TEST_HOOK_WITHIN", "atrium/base/db_test.twoWrites")
			d := dbtest.Reopen(t, url, schemas())
			if err := twoWrites(t, d); err != nil {
				t.Fatal(err)
			}
			wantBalance(t, d, acme, 2) // beneath another function
			got, err := os.ReadFile(list)
			lines := strings.Split(strings.TrimSpace(string(got)), "\n")
			if err != nil || len(lines) != 4 || !strings.HasPrefix(lines[0], "UPDATE accounts SET balance") || lines[2] != "COMMIT" || lines[3] != "committed" {
				t.Errorf("%v, listed:\n%s", err, got)
			}
		})
	}
}
