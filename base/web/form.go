package web

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"atrium/fault"
)

// A Form is what was sent, strictly read: only the fields the handler named,
// each once, in valid text. A form that Atrium drew always fits.
type Form struct{ values map[string][]string }

// bodyLimit is how much a form may send.
const bodyLimit = 64 << 10

// Form reads the form's fields. A name that ends in * may come several times.
// Anything else (a field it does not know, one sent twice, NUL, text that is not
// UTF-8, a body that is too large or no form) is refused with its own sentence.
func (q *Request) Form(fields ...string) (Form, error) {
	if kind, _, err := mime.ParseMediaType(q.r.Header.Get("Content-Type")); q.r.ContentLength != 0 && (err != nil || kind != "application/x-www-form-urlencoded") {
		return Form{}, httpError{http.StatusUnsupportedMediaType, "This address only understands forms."}
	}
	if err := q.r.ParseForm(); err != nil {
		return Form{}, damaged(err)
	}
	f := Form{q.r.PostForm}
	return f, f.strict(fields)
}

// strict refuses what a form that Atrium drew does not have.
func (f Form) strict(fields []string) error {
	for name, values := range f.values {
		many := slices.Contains(fields, name+"*")
		if !many && (!slices.Contains(fields, name) || strings.HasSuffix(name, "*")) {
			return fault.Invalidf("The form has a field that does not belong to it. Go back and send it again.").WithCode("form.unknown")
		}
		if !many && len(values) > 1 {
			return errDoubled()
		}
		if slices.ContainsFunc(values, func(v string) bool { return !clean(v) }) {
			return fault.Invalidf("The form contains characters that are not text. Go back and type it again.").WithCode("form.text")
		}
	}
	return nil
}

func errDoubled() error {
	return fault.Invalidf("The form has the same field twice. Go back and send it again.").WithCode("form.doubled")
}

// Text is a field's value with the spaces around it taken off and line ends
// made "\n".
func (f Form) Text(name string) string { return strings.TrimSpace(f.Raw(name)) }

// Raw is a field's value as it was typed, for passwords, but for line ends.
func (f Form) Raw(name string) string {
	if len(f.values[name]) == 0 {
		return ""
	}
	return strings.ReplaceAll(f.values[name][0], "\r\n", "\n")
}

// Has tells whether a field was sent, if only empty.
func (f Form) Has(name string) bool { return len(f.values[name]) > 0 }

// All is every value of a field that may come several times.
func (f Form) All(name string) []string { return f.values[name] }
