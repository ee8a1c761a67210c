// Package text is what pages write between their tags. The code that text/templ
// generates calls it.
package text

import (
	"errors"
	"fmt"
	"strings"

	"github.com/a-h/templ"
)

// A Value is what may stand between braces in a template.
type Value interface {
	~string | ~bool | ~int | ~int8 | ~int16 | ~int32 | ~int64 |
		~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64
}

// Of is v as a text, and the errors of the function that gave it. It is
// templ.JoinStringErrs, which formats strings, too.
func Of[T Value](v T, errs ...error) (string, error) {
	if s, ok := any(v).(string); ok {
		return s, errors.Join(errs...)
	}
	return fmt.Sprint(v), errors.Join(errs...)
}

// Escape is s as HTML has it: templ.EscapeString, which looks for each of the five
// characters that it replaces in turn. Few texts have one.
func Escape[T ~string](s T) string {
	for i := range len(s) {
		switch s[i] {
		case '&', '<', '>', '"', '\'':
			return templ.EscapeString(s)
		}
	}
	return string(s)
}

// Classes are the names of a class attribute: strings, and templ.KV of a string
// and whether it is there. What else templ takes, templ does.
func Classes(list []any) string {
	if len(list) == 1 {
		if s, ok := list[0].(string); ok {
			return s
		}
	}
	var names []string
	for _, c := range list {
		switch c := c.(type) {
		case string:
			names = append(names, c)
		case templ.KeyValue[string, bool]:
			if c.Value {
				names = append(names, c.Key)
			}
		default:
			return templ.CSSClasses(list).String()
		}
	}
	return strings.Join(names, " ")
}
