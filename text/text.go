// Package text is how pages are drawn: what the code that text/templ generates
// writes to, and what it calls.
package text

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// A Value is what may stand between braces in a template.
type Value interface {
	~string | ~bool | ~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64
}

// Put writes v between tags or into an attribute.
func Put[T Value](o *Out, v T) {
	if s, ok := any(v).(string); ok {
		o.Text(s)
		return
	}
	if n, ok := any(v).(int); ok {
		o.b = strconv.AppendInt(o.b, int64(n), 10)
		return
	}
	o.Text(sprint(v)) // not here, where each text would be copied for it
}

func sprint[T Value](v T) string { return fmt.Sprint(v) }

// PutURL writes an address into an attribute. Of strings only those that lead
// somewhere harmless are written, as templ.URL has it.
func PutURL[T ~string](o *Out, v T) {
	if safe, ok := any(v).(templ.SafeURL); ok {
		o.Text(string(safe))
		return
	}
	o.Text(string(templ.URL(string(v))))
}

// Escape is s as HTML has it.
func Escape(s string) string {
	if !strings.ContainsAny(s, special) {
		return s
	}
	return templ.EscapeString(s)
}
