package ui

import (
	"golang.org/x/text/collate"
)

// Comparer gives a function that orders words as the language does: "Ärzte"
// beside "Arzt", small letters beside capitals. It is for one list; make
// another for another goroutine.
func (p Printer) Comparer() func(a, b string) int {
	return collate.New(p.tag(), collate.IgnoreCase, collate.Numeric).CompareString
}
