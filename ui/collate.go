package ui

import (
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Comparer gives a function that orders words as the language does: "Ärzte"
// beside "Arzt", small letters beside capitals. It is safe for use by several
// goroutines.
func (p Printer) Comparer() func(a, b string) int {
	l := p.lists
	if l == nil {
		l = &Lists{}
	}
	pool, ok := l.collators.Load(p.Lang())
	if !ok {
		pool, _ = l.collators.LoadOrStore(p.Lang(), newCollators(p.tag()))
	}
	return func(a, b string) int {
		c := pool.(*sync.Pool).Get().(*collate.Collator)
		defer pool.(*sync.Pool).Put(c)
		return c.CompareString(a, b)
	}
}

// newCollators keeps collators, which are kilobytes each and belong to one
// goroutine at a time.
func newCollators(tag language.Tag) *sync.Pool {
	return &sync.Pool{New: func() any { return collate.New(tag, collate.IgnoreCase, collate.Numeric) }}
}
