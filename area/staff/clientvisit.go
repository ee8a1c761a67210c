package staff

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// visits adds Login as Owner, and the way back.
func (c Client) visits(r *web.Routes) {
	in := web.StaffOn[access.LoginAsOwner](r)
	in.Action(web.Entry{Label: "Login as Owner", Path: "/visit", Icon: ui.IconKey, Rank: 10})
	in.Get("/visit", c.askVisit)
	in.Post("/visit", c.visit)
	web.Anyone(r).Post(web.VisitEnd, c.endVisit)
}

func (c Client) askVisit(q *web.Request, in access.StaffOn[access.LoginAsOwner]) (web.Reply, error) {
	return c.visitPage(q, in, visitView{})
}

func (c Client) visitPage(q *web.Request, in access.StaffOn[access.LoginAsOwner], v visitView) (web.Reply, error) {
	owner, err := c.Staff.Owner(q.Context(), in)
	if err != nil {
		return nil, err
	}
	v.Owner, v.Record = owner, "/staff/accounts/"+in.Account().String()
	return web.Page{Title: q.Printer().T("Login as Owner"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return visitPage(f, v) }}, nil
}

func (c Client) visit(q *web.Request, in access.StaffOn[access.LoginAsOwner]) (web.Reply, error) {
	form, err := q.Form("reason")
	if err != nil {
		return nil, err
	}
	t, err := c.Staff.Visit(q.Context(), in, q.StaffSession(), form.Text("reason"))
	if fault.Is(err, fault.Invalid) {
		return c.visitPage(q, in, visitView{Reason: form.Text("reason"), Err: err})
	}
	if err != nil {
		return nil, err
	}
	return web.BeginVisit{Token: t}, nil
}

// endVisit is for anyone, since who has lost the right to visit may still leave.
func (c Client) endVisit(q *web.Request, by access.Actor) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	t, ok := q.VisitToken()
	if !ok {
		return web.Redirect{To: "/staff/"}, nil
	}
	if err := c.Staff.EndVisit(q.Context(), t, by); err != nil {
		return nil, err
	}
	return web.EndVisit{Then: web.Done("/staff/accounts/"+t.Account().String(), q.Printer().T("You have returned to the staff area."))}, nil
}
