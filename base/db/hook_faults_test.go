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

func TestTheNthStatementFails(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		for n, want := range map[int]int64{1: 0, 2: 0, 3: 0, 4: 2} {
			t.Run(engine+strconv.Itoa(n), func(t *testing.T) {
				armed := filepath.Join(t.TempDir(), "armed")
				t.Setenv("ATRIUM_TEST_FAIL_AT", strconv.Itoa(n))
				t.Setenv("ATRIUM_TEST_HOOK_ARMED", armed)
				d := dbtest.Open(t, engine, schemas())
				seed(t, d)
				if err := os.WriteFile(armed, nil, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := twoWrites(t, d); (err != nil) != (n < 4) {
					t.Errorf("statement %d: %v", n, err)
				}
				if n == 4 { // the first read after the transaction
					if _, err := balance(t.Context(), d.Auto(), acme); err == nil {
						t.Error("the fourth statement did not fail")
					}
				}
				wantBalance(t, d, acme, want)
			})
		}
	}
}

func TestTheProcessDiesAtTheNthStatement(t *testing.T) {
	if url := os.Getenv("ATRIUM_TEST_URL"); url != "" {
		if err := twoWrites(t, dbtest.Reopen(t, url, schemas())); err != nil {
			t.Error(err)
		}
		return
	}
	for _, engine := range dbtest.Engines() {
		for n, want := range map[int]int64{1: 0, 2: 0, 3: 0, 4: 2} {
			t.Run(engine+strconv.Itoa(n), func(t *testing.T) {
				url := dbtest.Migrated(t, engine, schemas())
				d := dbtest.Reopen(t, url, schemas())
				seed(t, d)
				c := exec.Command(os.Args[0], "-test.run=^TestTheProcessDiesAtTheNthStatement$")
				c.Env = append(os.Environ(), "ATRIUM_TEST_URL="+url, "ATRIUM_TEST_CRASH_AT="+strconv.Itoa(n))
				out, err := c.CombinedOutput()
				var exit *exec.ExitError
				killed := errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
				if killed != (n < 4) || strings.Contains(string(out), "FAIL") {
					t.Errorf("%v\n%s", err, out)
				}
				wantBalance(t, d, acme, want)
			})
		}
	}
}
