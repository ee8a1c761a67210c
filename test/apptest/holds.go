package apptest

import (
	"testing"

	"atrium"
	"atrium/base/db"
)

// Holds fails the test unless all that must always be true of the data is.
func (w *World) Holds() {
	w.T.Helper()
	Holds(w.T, w.DB)
}

// Holds fails the test unless all that must always be true of a database is.
func Holds(t testing.TB, d *db.DB) {
	t.Helper()
	broken, err := atrium.Invariants(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for _, sentence := range broken {
		t.Error("this does not hold: " + sentence)
	}
}
