package sharing

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// askCode is the page between "I have a login" and the account, for who has
// two-step login on.
func (c Client) askCode(q *web.Request, by access.Actor) (web.Reply, error) {
	_, w, err := c.open(q, by)
	if err != nil {
		return nil, err
	}
	step, err := c.Sharing.Step(q.Context(), q.StepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	factors, err := c.Sharing.TwoStep.Factors(q.Context(), step)
	if err != nil {
		return nil, err
	}
	if !factors.App && factors.Passkeys > 0 && q.Query("with") != "recovery" {
		return web.Redirect{To: factors.Instead()}, nil // and back here
	}
	return codePage(q, w, step, factors, nil), nil
}

// stepOver leads back to the invitation when the first step no longer holds.
func stepOver(q *web.Request, err error) (web.Reply, error) {
	if fault.CodeOf(err) != access.StepOver {
		return nil, err
	}
	return web.Redirect{To: "/invite/" + q.Path("token"), Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().Fault(err)}}, nil
}

func codePage(q *web.Request, w Welcome, step access.Step, factors access.Factors, err error) web.Reply {
	p, path := q.Printer(), "/invite/"+q.Path("token")
	form := ui.CodeForm{P: p, Err: err, Action: path + "/two-step", Email: step.User().Email, Recovery: q.Query("with") == "recovery",
		Other: path + "/two-step?with=recovery", Back: path,
		Submit: ui.Button{Label: p.T("Log in and accept"), Busy: p.T("Logging in…")}, Lost: p.T("Neither at hand? Ask our support to turn two-step login off.")}
	if form.Recovery {
		form.Action, form.Other = form.Other, form.Action
	}
	if factors.Passkeys > 0 {
		form.Passkey = factors.Instead() // and back to the invitation
	}
	return web.Page{Title: p.T("Join %s", w.Card.Name), Err: err, Secret: true, Body: func(f ui.Frame) templ.Component { return stepPage(f, form) }}
}

func (c Client) acceptWithStep(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("code")
	if err != nil {
		return nil, err
	}
	in, w, err := c.open(q, by)
	if err != nil {
		return nil, err
	}
	step, err := c.Sharing.Step(q.Context(), q.StepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	factors, err := c.Sharing.TwoStep.Factors(q.Context(), step)
	if err != nil {
		return nil, err
	}
	t, passed, err := c.Sharing.AcceptWithStep(q.Context(), in, step, form.Text("code"), old(q))
	if to, ok := entered(q, w, err); ok {
		if passed.Recovery {
			p := q.Printer()
			to.Flash = ui.Flash{Kind: ui.Warn, Text: to.Flash.Text + " " + p.N(int(passed.Left), "One recovery code is left.", "%d recovery codes are left.")}
		}
		return web.LogIn{Token: t, Then: to}, nil
	}
	if fault.CodeOf(err) == access.StepOver {
		return stepOver(q, err)
	}
	return c.refused(q, by, err, func(w Welcome) web.Reply { return codePage(q, w, step, factors, err) })
}
