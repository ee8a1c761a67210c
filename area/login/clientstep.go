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
	return c.codePage(q, in, q.Query("with") == "recovery", nil)
}

// codePage asks for a code, or who has no app for a passkey.
func (c Client) codePage(q *web.Request, in access.Step, recovery bool, err error) (web.Reply, error) {
	p := q.Printer()
	factors, e := c.Login.Factors(q.Context(), in)
	if e != nil {
		return nil, e
	}
	if !factors.App && !recovery {
		return web.Redirect{To: factors.Instead()}, nil
	}
	form := ui.CodeForm{P: p, Err: err, Action: "/login/two-step", Email: in.User().Email, Recovery: recovery, Other: "/login/two-step?with=recovery", Back: "/login",
		Submit: ui.Button{Label: p.T("Log in"), Busy: p.T("Logging in…")}, Lost: p.T("Neither at hand? Ask our support to turn two-step login off.")}
	if recovery {
		form.Action, form.Other = form.Other, form.Action
	}
	if !factors.App {
		form.Other = ""
	}
	if factors.Passkeys > 0 {
		form.Passkey = "/login/two-step/passkey"
	}
	return web.Page{Title: p.T("Two-step login"), Err: err, Secret: true, Body: func(f ui.Frame) templ.Component { return codePage(f, form) }}, nil
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
		return c.codePage(q, in, q.Query("with") == "recovery", err)
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
