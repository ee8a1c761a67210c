package host

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/settings"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// A form is a section's, with its page.
type form[S settings.Section] struct {
	path   string // under /staff
	title  string // a translation key
	fields []string
	read   func(f typed, now S) S // what the form says; now is what is in force
	draw   func(ui.Frame, view[S]) templ.Component
}

// A view is a section's form as it is drawn.
type view[S settings.Section] struct {
	Now    S
	Typed  typed
	Latest settings.Change
	Set    *settings.Snapshot
	Err    error
}

// typed is what was typed into a form. The zero one is a form not sent yet.
type typed struct {
	web.Form
	sent bool
}

// text is what was typed, or else what is stored.
func (t typed) text(name, stored string) string {
	if t.sent {
		return t.Text(name)
	}
	return stored
}

// digits is text of a number; 0 is "" where that is allowed.
func (t typed) digits(name string, stored int) string { return t.text(name, strconv.Itoa(stored)) }

func (t typed) orNone(name string, stored int) string {
	if stored == 0 {
		return t.text(name, "")
	}
	return t.digits(name, stored)
}

// on tells whether a value of a box or a radio button is chosen.
func (t typed) on(name, value string, stored bool) bool {
	if !t.sent {
		return stored
	}
	for _, v := range t.All(name) {
		if v == value {
			return true
		}
	}
	return false
}

// number is what was typed into a field; what is no number is -1, which no
// setting takes.
func (t typed) number(name string) int {
	n, err := strconv.Atoi(t.Text(name))
	if err != nil {
		return -1
	}
	return n
}

// numberOrNone is number, and 0 for nothing.
func (t typed) numberOrNone(name string) int {
	if t.Text(name) == "" {
		return 0
	}
	return t.number(name)
}

func (t typed) version() int64 {
	v, err := strconv.ParseInt(t.Text("version"), 10, 64)
	if err != nil {
		return -1
	}
	return v
}

// serve adds a form's page and its target.
func serve[S settings.Section](r web.Door[Proof], h *Host, x form[S]) {
	r.Get(x.path, func(q *web.Request, _ Proof) (web.Reply, error) { return x.page(q, q.Settings(), typed{}, nil) })
	r.Post(x.path, func(q *web.Request, in Proof) (web.Reply, error) {
		sent, err := q.Form(append(x.fields, "version")...)
		if err != nil {
			return nil, err
		}
		t := typed{sent, true}
		err = Save(q.Context(), in, h, x.read(t, settings.Of[S](q.Settings().Settings)), t.version())
		switch {
		case fault.CodeOf(err) == settings.Changed:
			return x.page(q, h.Now(q.Context()), typed{}, err)
		case onForm(err):
			return x.page(q, q.Settings(), t, err)
		case err != nil:
			return nil, err
		}
		p := q.Printer()
		return web.Done("/staff"+x.path, p.T("Saved: %s.", p.Word(x.title))), nil
	})
}

func onForm(err error) bool {
	return fault.Is(err, fault.Invalid) && !strings.HasPrefix(fault.CodeOf(err), "form.") || fault.Is(err, fault.TooMany)
}

func (x form[S]) page(q *web.Request, set *settings.Snapshot, t typed, err error) (web.Reply, error) {
	v := view[S]{Now: settings.Of[S](set.Settings), Typed: t, Latest: settings.Latest[S](set), Set: set, Err: err}
	p := q.Printer()
	return web.Page{Title: p.T("Settings: %s", p.Word(x.title)), Err: err, Body: func(f ui.Frame) templ.Component { return x.draw(f, v) }}, nil
}
