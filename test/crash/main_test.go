// Package crash runs the real program as a process of its own and ends it where
// it hurts: kill -9 at every statement of an operation, a statement that fails,
// SIGTERM with requests in hand. What was saved is whole or not there.
package crash

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"atrium/base/db/dbtest"
)

// program is the real program with base/db's hook in it. TestMain builds it;
// go test gives it and the tests nothing else in common.
var program string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "atrium-crash-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program = filepath.Join(folder, "atrium")
	if out, err := exec.Command("go", "build", "-tags", "faults", "-o", program, "atrium/cmd/atrium").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
		os.RemoveAll(folder)
		os.Exit(1)
	}
	dbtest.Main(m, func() error { return os.RemoveAll(folder) })
}
