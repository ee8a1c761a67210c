package login

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// stepOver leads back to the password when the first step no longer holds.
func stepOver(q *web.Request, err error) (web.Reply, error) {
	if fault.CodeOf(err) != access.StepOver {
		return nil, err
	}
	return web.Redirect{To: "/login", Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().Fault(err)}}, nil
}

func (c Client) askCode(q *web.Request, by access.Actor) (web.Reply, error) {
	in, err := c.Login.Step(q.Context(), q.StepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	return codeReply(q, in, q.Query("with") == "recovery", nil), nil
}

func codeReply(q *web.Request, in access.Step, recovery bool, err error) web.Reply {
	p := q.Printer()
	form := ui.CodeForm{P: p, Err: err, Action: "/login/two-step", Email: in.User().Email, Recovery: recovery, Other: "/login/two-step?with=recovery", Back: "/login",
		Submit: ui.Button{Label: p.T("Log in"), Busy: p.T("Logging in…")}, Lost: p.T("Neither at hand? Ask our support to turn two-step login off.")}
	if recovery {
		form.Action, form.Other = form.Other, form.Action
	}
	return web.Page{Title: p.T("Two-step login"), Err: err, Secret: true, Body: func(f ui.Frame) templ.Component { return codePage(f, form) }}
}

func (c Client) finishLogIn(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("code")
	if err != nil {
		return nil, err
	}
	in, err := c.Login.Step(q.Context(), q.StepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	done, err := c.Login.FinishLogIn(q.Context(), in, form.Text("code"), old(q))
	if onForm(err) {
		return codeReply(q, in, q.Query("with") == "recovery", err), nil
	}
	if err != nil {
		return stepOver(q, err)
	}
	then := web.Redirect{To: in.Wish().Next}
	if done.Recovery {
		p := q.Printer()
		then.Flash = ui.Flash{Kind: ui.Warn, Text: p.N(int(done.Left), "One recovery code is left.", "%d recovery codes are left.") + " " +
			p.T("You get new ones under Password & two-step login.")}
		if then.To == "/" {
			then.To = "/me/security" // where the message is shown: "/" leads on
		}
	}
	return web.LogIn{Token: done.Session, Remember: in.Wish().Remember, Then: then}, nil
}
