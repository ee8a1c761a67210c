package ui

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// A Language is one that Atrium's words exist in.
type Language struct {
	Code string // BCP 47, e.g. "en"
	Name string // in the language itself
}

// Languages lists the languages a person may choose.
func Languages() []Language { return []Language{{Code: "en", Name: "English"}} }

// A Printer says things in one person's language and time zone. It is a small
// value, free to make, and safe for use by several goroutines.
type Printer struct {
	lang  string
	zone  *time.Location
	lists *Lists // nil: each is made anew
}

// NewPrinter makes a printer. A language that is not there is English; no zone is UTC.
func NewPrinter(lang string, zone *time.Location) Printer {
	p := Printer{lang: "en", zone: zone}
	for _, l := range Languages() {
		if l.Code == lang {
			p.lang = lang
		}
	}
	if zone == nil {
		p.zone = time.UTC
	}
	return p
}

// Lang is the language's code, for the lang attribute.
func (p Printer) Lang() string {
	if p.lang == "" {
		return "en"
	}
	return p.lang
}

// Dir is the direction the language is written in, "ltr" or "rtl".
func (p Printer) Dir() string {
	switch p.lang {
	case "ar", "fa", "he", "ur":
		return "rtl"
	}
	return "ltr"
}

// T says a sentence. The key is the English sentence with fmt's verbs for the
// args; numbers are grouped ("1,024"), so what only looks like a number (a
// year, an account's number) must be passed as a string or a Stringer with %s.
func (p Printer) T(key string, args ...any) string {
	switch {
	case len(args) == 0:
		return p.Word(key)
	case p.Lang() == "en" && !grouped(args):
		return fmt.Sprintf(key, args...)
	}
	return message.NewPrinter(language.Make(p.Lang())).Sprintf(key, args...)
}

// Word says a sentence that has no verbs to fill in, or whose verbs the script
// fills in. Unlike T's, its key need not be a constant. In English, so far the
// only language, a sentence is its own key.
func (p Printer) Word(key string) string { return key }

// grouped tells whether English would write one of the numbers other than fmt does.
func grouped(args []any) bool {
	for _, a := range args {
		switch n := a.(type) {
		case string, fmt.Stringer:
		case int:
			if n <= -1000 || n >= 1000 {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// N says a sentence about n things: one when n is 1, otherwise other. Both may
// name n with %d (or %[1]d), and the further args after it.
func (p Printer) N(n int, one, other string, args ...any) string {
	if n == 1 {
		other = one
	}
	if !strings.Contains(other, "%d") && !strings.Contains(other, "%[") {
		return p.T(other, args...) // "One invitation waits."
	}
	return p.T(other, append([]any{n}, args...)...)
}
