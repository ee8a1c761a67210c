// Package scale runs Atrium as it is run when one machine is not enough: several
// processes on one PostgreSQL, a standby that takes over, a replica that staff's
// lists are read from.
package scale

import (
	"testing"

	"atrium/base/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
