// Package test holds what is true of the whole program: who may import whom,
// who may open which page, what no account may see of another, and what holds
// after every race and every crash.
package test

import (
	"testing"

	"atrium/base/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
