// Package scale runs Atrium as it is run when one machine is not enough: several
// processes on one PostgreSQL, a standby that takes over, a replica that staff's
// lists are read from.
package scale

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"atrium/base/db/dbtest"
)

// program is the real program. TestMain builds it; go test gives it and the tests
// nothing else in common.
var program string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "atrium-scale-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program = filepath.Join(folder, "atrium")
	if out, err := exec.Command("go", "build", "-o", program, "atrium/cmd/atrium").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
		os.RemoveAll(folder)
		os.Exit(1)
	}
	dbtest.Main(m, func() error { return os.RemoveAll(folder) })
}
