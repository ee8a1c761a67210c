package account

import (
	"strconv"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

type statusView struct {
	Base    string
	Now     access.Status
	Typed   StatusChange
	Owner   string // whom the mail goes to
	Err     error
	Choices []access.Status
}

func (v statusView) version() string { return strconv.FormatInt(v.Typed.Version, 10) }

type deleteView struct {
	Base, Name, Number string
	Typed              Deletion
	Err                error
}

func (s Staff) askStatus(q *web.Request, in closing) (web.Reply, error) {
	return s.statusPage(q, in, StatusChange{To: in.Card().Status}, nil)
}

func (s Staff) statusPage(q *web.Request, in closing, c StatusChange, err error) (web.Reply, error) {
	now, e := s.Account.Details(q.Context(), access.AsStaff[access.Profile](in))
	if e != nil {
		return nil, e
	}
	c.Version = now.Version
	v := statusView{Base: recordBase(in.Account()), Now: in.Card().Status, Typed: c, Err: err,
		Choices: []access.Status{access.Active, access.Inactive, access.Closed}}
	return web.Page{Title: q.Printer().T("Change status"), Err: err, Body: func(f ui.Frame) templ.Component { return statusPage(f, v) }}, nil
}

func (s Staff) setStatus(q *web.Request, in closing) (web.Reply, error) {
	form, err := q.Form("status", "reason", "version")
	if err != nil {
		return nil, err
	}
	c := StatusChange{To: access.Status(form.Text("status")), Reason: form.Text("reason"), Version: version(form)}
	err = s.Account.SetStatus(q.Context(), in, c)
	if fault.Is(err, fault.Invalid) || fault.CodeOf(err) == detailsChanged {
		return s.statusPage(q, in, c, err)
	}
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	said := p.T("The account is active.")
	switch c.To {
	case access.Inactive:
		said = p.T("The account is inactive.")
	case access.Closed:
		said = p.T("The account is closed.")
	}
	return web.Done(recordBase(in.Account()), said), nil
}

func (s Staff) askDelete(q *web.Request, in closing) (web.Reply, error) {
	return s.deletePage(q, in, Deletion{}, nil)
}

func (s Staff) deletePage(q *web.Request, in closing, d Deletion, err error) (web.Reply, error) {
	v := deleteView{Base: recordBase(in.Account()), Name: in.Card().Name, Number: in.Account().String(), Typed: d, Err: err}
	return web.Page{Title: q.Printer().T("Delete account"), Err: err, Body: func(f ui.Frame) templ.Component { return deletePage(f, v) }}, nil
}

func (s Staff) delete(q *web.Request, in closing) (web.Reply, error) {
	form, err := q.Form("number", "reason")
	if err != nil {
		return nil, err
	}
	d := Deletion{Number: form.Text("number"), Reason: form.Text("reason")}
	err = s.Account.Delete(q.Context(), in, d)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return s.deletePage(q, in, d, err)
	}
	if err != nil {
		return nil, err
	}
	return web.Done("/staff/accounts", q.Printer().T("The account %s is deleted.", in.Account())), nil
}
