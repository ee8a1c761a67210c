package staff

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// stepOver leads back to the password when the first step no longer holds.
func stepOver(q *web.Request, err error) (web.Reply, error) {
	if code := fault.CodeOf(err); code != access.StepOver && code != access.SetupOver {
		return nil, err
	}
	return web.Redirect{To: "/staff/login", Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().Fault(err)}}, nil
}

// onForm tells whether an error belongs beside the form that was sent.
func onForm(err error) bool {
	return fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooMany) || fault.Is(err, fault.Unavailable)
}

func (c Client) askCode(q *web.Request, by access.Actor) (web.Reply, error) {
	in, err := c.Staff.Step(q.Context(), q.StaffStepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	if in.Person().TwoStep.IsZero() {
		return web.Redirect{To: "/staff/two-step/setup"}, nil
	}
	return codeReply(q, in, nil), nil
}

func codeReply(q *web.Request, in access.StaffStep, err error) web.Reply {
	p := q.Printer()
	form := ui.CodeForm{P: p, Err: err, Action: "/staff/two-step", Email: in.Person().Email, Recovery: q.Query("with") == "recovery",
		Other: "/staff/two-step?with=recovery", Back: "/staff/login",
		Submit: ui.Button{Label: p.T("Log in"), Busy: p.T("Logging in…")}, Lost: p.T("Neither at hand? Ask an administrator to reset your two-step login.")}
	if form.Recovery {
		form.Action, form.Other = form.Other, form.Action
	}
	return web.Page{Title: p.T("Two-step login"), Err: err, Secret: true, Body: func(f ui.Frame) templ.Component { return codePage(f, form) }}
}

func (c Client) finishLogIn(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("code")
	if err != nil {
		return nil, err
	}
	in, err := c.Staff.Step(q.Context(), q.StaffStepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	had, _ := q.StaffToken()
	done, err := c.Staff.FinishLogIn(q.Context(), in, form.Text("code"), had)
	switch {
	case onForm(err):
		return codeReply(q, in, err), nil
	case fault.CodeOf(err) == access.TwoStepOff:
		return web.Redirect{To: "/staff/two-step/setup"}, nil
	case err != nil:
		return stepOver(q, err)
	}
	then := web.Redirect{To: next(in.Wish().Next)}
	if done.Recovery {
		p := q.Printer()
		then = web.Redirect{To: securityPath, Flash: ui.Flash{Kind: ui.Warn, Text: p.N(int(done.Left), "One recovery code is left.", "%d recovery codes are left.") + " " +
			p.T("You can make new ones here.")}}
	}
	return web.StaffLogIn{Token: done.Session, Then: then}, nil
}

func (c Client) setup(q *web.Request, by access.Actor) (web.Reply, error) {
	in, err := c.Staff.Step(q.Context(), q.StaffStepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	if !in.Person().TwoStep.IsZero() {
		return web.Redirect{To: "/staff/two-step"}, nil
	}
	return c.setupPage(q, in, nil)
}

// setupPage shows the key that waits for its first code.
func (c Client) setupPage(q *web.Request, in access.StaffStep, failed error) (web.Reply, error) {
	s, err := c.Staff.Setup(q.Context(), in)
	if fault.Is(err, fault.NotFound) {
		return web.Redirect{To: "/staff/login"}, nil
	}
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	form := ui.KeyForm{P: p, Err: failed, Action: "/staff/two-step/setup", Key: s.Secret.Reveal(), Link: s.Link,
		Submit: ui.Button{Label: p.T("Set up and log in"), Busy: p.T("Checking…")}}
	return web.Page{Title: p.T("Set up two-step login"), Err: failed, Secret: true, Body: func(f ui.Frame) templ.Component { return setupPage(f, form) }}, nil
}

func (c Client) join(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("code")
	if err != nil {
		return nil, err
	}
	in, err := c.Staff.Step(q.Context(), q.StaffStepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	had, _ := q.StaffToken()
	codes, session, err := c.Staff.JoinTwoStep(q.Context(), in, form.Text("code"), had)
	if onForm(err) {
		return c.setupPage(q, in, err)
	}
	if err != nil {
		return stepOver(q, err)
	}
	p := q.Printer()
	sheet := codesView{Title: p.T("Two-step login is set up"), Email: in.Person().Email, Codes: codes.Reveal(), Href: next(in.Wish().Next), Link: p.T("I have kept them: go on")}
	return web.StaffLogIn{Token: session, Then: web.Page{Title: sheet.Title, Secret: true, Body: func(f ui.Frame) templ.Component { return firstCodesPage(f, sheet) }}}, nil
}
