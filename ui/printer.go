package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// A Printer says things in one person's language and time zone. It is a small
// value, free to make, and safe for use by several goroutines.
type Printer struct {
	tongue *tongue // nil: English, whose sentences are their own keys
	zone   *time.Location
	lists  *Lists // nil: each is made anew
}

// NewPrinter makes a printer. A language that is not there is English; no zone is UTC.
func NewPrinter(lang string, zone *time.Location) Printer {
	if zone == nil {
		zone = time.UTC
	}
	return Printer{tongue: tongueOf(lang), zone: zone}
}

// Speaking is the printer of another language, in the same time zone.
func (p Printer) Speaking(lang string) Printer {
	p.tongue = tongueOf(lang)
	return p
}

// Lang is the language's code, for the lang attribute.
func (p Printer) Lang() string {
	if p.tongue == nil {
		return English
	}
	return p.tongue.code
}

// Dir is the direction the language is written in, "ltr" or "rtl".
func (p Printer) Dir() string {
	if p.tongue != nil && p.tongue.rightToLeft {
		return "rtl"
	}
	return "ltr"
}

// tag names the language to x/text.
func (p Printer) tag() language.Tag {
	if p.tongue == nil {
		return language.English
	}
	return p.tongue.tag
}

// point is what stands between the whole digits of a number and the others.
func (p Printer) point() string {
	if p.tongue == nil {
		return "."
	}
	return p.tongue.point
}

// T says a sentence. The key is the English sentence with fmt's verbs for the
// args; numbers are grouped ("1,024"), so what only looks like a number (a
// year, an account's number) must be passed as a string or a Stringer with %s.
func (p Printer) T(key string, args ...any) string { return p.fill(p.Word(key), args) }

// Word says a sentence that has no verbs to fill in, or whose verbs the script
// fills in. Unlike T's, its key need not be a constant.
func (p Printer) Word(key string) string {
	if p.tongue == nil {
		return key
	}
	return p.tongue.say(key)
}

// N says a sentence about n things: one when n is 1, otherwise other; other
// languages have forms of their own for other. All may name n with %d (or
// %[1]d), and the further args after it.
func (p Printer) N(n int, one, other string, args ...any) string {
	form := other
	switch {
	case p.tongue != nil:
		form = p.tongue.count(n, one, other)
	case n == 1:
		form = one
	}
	if !strings.Contains(form, "%d") && !strings.Contains(form, "%[") {
		return p.fill(form, args) // "One invitation waits."
	}
	return p.fill(form, append([]any{n}, args...))
}

// fill puts the args into a sentence.
func (p Printer) fill(sentence string, args []any) string {
	if len(args) == 0 {
		return sentence
	}
	if text, ok := filled(sentence, args); ok {
		return text
	}
	if !grouped(args) {
		return fmt.Sprintf(sentence, args...)
	}
	return message.NewPrinter(p.tag()).Sprintf(sentence, args...)
}

// filled are the commonest sentences: with strings for %s and small numbers for %d,
// one after the other. Rows of lists have several, and fmt costs four times as much.
func filled(sentence string, args []any) (string, bool) {
	var room [128]byte
	b, used := room[:0], 0
	for {
		before, rest, found := strings.Cut(sentence, "%")
		b = append(b, before...)
		if !found {
			return string(b), used == len(args)
		}
		if rest == "" || used == len(args) {
			return "", false
		}
		switch arg := args[used].(type) {
		case string:
			if rest[0] != 's' {
				return "", false
			}
			b = append(b, arg...)
		case int:
			if rest[0] != 'd' || arg <= -1000 || arg >= 1000 {
				return "", false
			}
			b = strconv.AppendInt(b, int64(arg), 10)
		default:
			return "", false
		}
		sentence, used = rest[1:], used+1
	}
}

// grouped tells whether one of the numbers is written other than fmt does it.
// That is where the languages differ that there are; all have the same digits.
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
