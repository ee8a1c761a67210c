// Package fault is how Atrium says no. An error that a person may read is a
// *fault.Error with a Public sentence; every other error is Internal and is
// logged, never shown.
//
// Public sentences are translation keys: English with fmt verbs, whose values
// travel in Args. One table in base/web turns kinds into HTTP status codes and
// one in base/db turns driver errors into kinds.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of no it is.
type Kind uint8

const (
	Internal    Kind = iota // ours: logged, shown as a page with the request's id
	Invalid                 // the input is wrong, and Fields or Public say how
	NotFound                // does not exist, or not for this actor
	Denied                  // exists, but the actor may not
	Conflict                // the state changed meanwhile; Public says what it is now
	TooMany                 // a limit was reached; RetryAfter says for how long
	Unavailable             // something Atrium needs does not answer; trying again may help
)

// An Error carries what a person is told, and apart from it what the log is told.
type Error struct {
	Kind       Kind
	Code       string        // stable machine word, e.g. "invite.pending"; may be empty
	Public     string        // the sentence for people: a translation key
	Args       []any         // values of Public's verbs
	Fields     []Field       // what is wrong with which field, in the form's order
	RetryAfter time.Duration // of TooMany and Unavailable; zero when unknown
	Err        error         // the cause, for the log only
}

// A Field is one sentence about one field of a form.
type Field struct {
	Name   string // the field's name in the form
	Code   string // stable machine word; may be empty
	Public string // the sentence: a translation key
	Args   []any
}

// Error is for logs. It must never reach a person.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(fmt.Sprintf(e.Public, e.Args...))
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Name, fmt.Sprintf(f.Public, f.Args...))
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return strings.TrimSpace(b.String())
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// WithCode returns the error with its machine word set.
func (e *Error) WithCode(code string) *Error { e.Code = code; return e }

// Because returns the error with its cause set, for the log.
func (e *Error) Because(err error) *Error { e.Err = err; return e }

// As finds the *Error in err's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// KindOf gives err's kind: Internal for any error that is not a *Error.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// Is tells whether err is of kind k. A nil error is of no kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// CodeOf gives err's machine word, or "".
func CodeOf(err error) string {
	if e, ok := As(err); ok {
		return e.Code
	}
	return ""
}

func newf(k Kind, public string, args []any) *Error {
	return &Error{Kind: k, Public: public, Args: args}
}

// Invalidf is an input error about the whole form.
func Invalidf(public string, args ...any) *Error { return newf(Invalid, public, args) }

// NotFoundf says that something is not there.
func NotFoundf(public string, args ...any) *Error { return newf(NotFound, public, args) }

// Deniedf says that the actor may not.
func Deniedf(public string, args ...any) *Error { return newf(Denied, public, args) }

// Conflictf says that the state is another than the actor saw.
func Conflictf(public string, args ...any) *Error { return newf(Conflict, public, args) }

// TooManyf says that a limit is reached, and for how long.
func TooManyf(after time.Duration, public string, args ...any) *Error {
	e := newf(TooMany, public, args)
	e.RetryAfter = after
	return e
}

// Unavailablef says that something does not answer.
func Unavailablef(public string, args ...any) *Error { return newf(Unavailable, public, args) }

// Fields collects what is wrong with a form. The zero value is an empty list.
type Fields []Field

// Add notes a sentence about a field.
func (f *Fields) Add(name, public string, args ...any) {
	*f = append(*f, Field{Name: name, Public: public, Args: args})
}

// AddCode is Add with a machine word.
func (f *Fields) AddCode(name, code, public string, args ...any) {
	*f = append(*f, Field{Name: name, Code: code, Public: public, Args: args})
}

// Err is nil when nothing is wrong, otherwise an Invalid error with all fields.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: f[0].Code, Fields: f}
}

// FieldErr is an Invalid error about one field.
func FieldErr(name, code, public string, args ...any) *Error {
	return &Error{Kind: Invalid, Code: code, Fields: Fields{{Name: name, Code: code, Public: public, Args: args}}}
}
