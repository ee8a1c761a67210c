package contact

import (
	"strconv"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/address"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// pages are those of both faces: members and staff see the same, in another
// place.
type pages struct{ contacts *Contact }

// A place is where contacts are looked after: in the account, or in its record.
type place struct {
	Base    string // the address of the list
	Account string // the account's name
	Closed  bool   // a member looks at a closed account
	Writes  bool   // whether they may be changed here
}

type handler = func(*web.Request, access.To[access.Contacts], place) (web.Reply, error)

func (s pages) list(q *web.Request, in access.To[access.Contacts], at place) (web.Reply, error) {
	list, err := s.contacts.List(q.Context(), in)
	if err != nil {
		return nil, err
	}
	v := newListView(q.Printer(), at, list)
	return web.Page{Title: q.Printer().T("Contacts"), Body: func(f ui.Frame) templ.Component { return listPage(f, v) }}, nil
}

func (s pages) blank(q *web.Request, in access.To[access.Contacts], at place) (web.Reply, error) {
	if !at.Writes {
		return web.Redirect{To: at.Base}, nil
	}
	p, err := s.contacts.Blank(q.Context(), in)
	if err != nil {
		return nil, err
	}
	return formReply(q, formView{place: at, Person: p}), nil
}

func (s pages) add(q *web.Request, in access.To[access.Contacts], at place) (web.Reply, error) {
	typed, redraw, err := typed(q)
	if err != nil {
		return nil, err
	}
	v := formView{place: at, Person: typed}
	if redraw {
		return formReply(q, v), nil
	}
	p, err := s.contacts.Add(q.Context(), in, typed)
	if drawnAgain(err) {
		v.Err = err
		return formReply(q, v), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(at.Base, q.Printer().T("%s is a contact now.", p.Name)), nil
}

func (s pages) show(q *web.Request, in access.To[access.Contacts], at place) (web.Reply, error) {
	p, err := s.find(q, in)
	if err != nil {
		return nil, err
	}
	return formReply(q, formView{place: at, Person: p, Name: p.Name}), nil
}

func (s pages) find(q *web.Request, in access.To[access.Contacts]) (Person, error) {
	id, err := web.ID[Person](q, "contact")
	if err != nil {
		return Person{}, err
	}
	return s.contacts.Find(q.Context(), in, id)
}

func (s pages) change(q *web.Request, in access.To[access.Contacts], at place) (web.Reply, error) {
	typed, redraw, err := typed(q)
	if err != nil {
		return nil, err
	}
	was, err := s.find(q, in)
	if err != nil {
		return nil, err
	}
	typed.ID = was.ID
	v := formView{place: at, Person: typed, Name: was.Name}
	if redraw {
		return formReply(q, v), nil
	}
	p, err := s.contacts.Change(q.Context(), in, typed)
	switch {
	case fault.CodeOf(err) == changed:
		read, _ := typed.read()
		v.Person, v.Typed, v.Err = p, read.changes(p), err
		return formReply(q, v), nil
	case drawnAgain(err):
		v.Err = err
		return formReply(q, v), nil
	case err != nil:
		return nil, err
	}
	return web.Done(at.Base, q.Printer().T("The contact %s is saved.", p.Name)), nil
}

// drawnAgain tells whether the form is drawn again with what was typed.
func drawnAgain(err error) bool {
	return fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooMany) || fault.CodeOf(err) == full
}

// typed reads the form of a contact. redraw is asked for when another country
// was chosen.
func typed(q *web.Request) (p Person, redraw bool, err error) {
	form, err := q.Form(append(address.Names(), "name", "company", "email", "phone", "topic*", "billing", "version", "do")...)
	if err != nil {
		return Person{}, false, err
	}
	p = Person{
		Name: form.Text("name"), Company: form.Text("company"), Email: access.Email{Typed: form.Text("email")}, Phone: form.Text("phone"),
		Address: address.Typed(form.Text), Topics: mail.ChoiceOf(form.All("topic")), Billing: form.Text("billing") == "yes", Version: version(form),
	}
	return p, form.Text("do") == "country", nil
}

// version reads the version a form was drawn for; what is none matches none.
func version(f web.Form) int64 {
	v, err := strconv.ParseInt(f.Text("version"), 10, 64)
	if err != nil {
		return -1
	}
	return v
}

func formReply(q *web.Request, v formView) web.Reply {
	return web.Page{Title: v.title(q.Printer()), Err: v.Err, Body: func(f ui.Frame) templ.Component { return formPage(f, v) }}
}

func (s pages) askRemove(q *web.Request, in access.To[access.Contacts], at place) (web.Reply, error) {
	p, err := s.find(q, in)
	if err != nil {
		return nil, err
	}
	if !at.Writes {
		return web.Redirect{To: at.Base}, nil
	}
	return removeReply(q, removeView{place: at, Person: p}), nil
}

func removeReply(q *web.Request, v removeView) web.Reply {
	return web.Page{Title: q.Printer().T("Delete contact"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return removePage(f, v) }}
}

func (s pages) remove(q *web.Request, in access.To[access.Contacts], at place) (web.Reply, error) {
	form, err := q.Form("version")
	if err != nil {
		return nil, err
	}
	id, err := web.ID[Person](q, "contact")
	if err != nil {
		return nil, err
	}
	p, err := s.contacts.Remove(q.Context(), in, id, version(form))
	if fault.CodeOf(err) == changed {
		return removeReply(q, removeView{place: at, Person: p, Err: err}), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(at.Base, q.Printer().T("The contact %s is deleted.", p.Name)), nil
}
