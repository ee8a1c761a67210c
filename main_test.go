package atrium_test

import (
	"testing"

	"atrium/base/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
