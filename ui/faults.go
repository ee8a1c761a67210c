package ui

import "atrium/fault"

// A FieldError is what is wrong with one field of a form, in the person's words.
type FieldError struct {
	Name string // of the field in the form
	Text string
	Code string // stable machine word; may be empty
}

// Fault gives the sentence a person may read about err. An error that is not a
// fault.Error says nothing of itself. A nil error is "".
func (p Printer) Fault(err error) string {
	if err == nil {
		return ""
	}
	e, ok := fault.As(err)
	switch {
	case ok && e.Public != "":
		return p.T(e.Public, e.Args...)
	case ok && len(e.Fields) > 0:
		return p.T(e.Fields[0].Public, e.Fields[0].Args...)
	}
	return p.T("Something went wrong on our side.")
}

// FieldErrors gives what err says about single fields, in the form's order.
func (p Printer) FieldErrors(err error) []FieldError {
	e, ok := fault.As(err)
	if !ok {
		return nil
	}
	all := make([]FieldError, 0, len(e.Fields))
	for _, f := range e.Fields {
		all = append(all, FieldError{Name: f.Name, Text: p.T(f.Public, f.Args...), Code: f.Code})
	}
	return all
}
