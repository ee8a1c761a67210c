package login

import (
	"cmp"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

const securityPath = web.TwoStepPath

// toSecurity leads from the target of a form, typed as an address, to its page.
func toSecurity(q *web.Request, _ access.Self) (web.Reply, error) {
	return web.Redirect{To: withNext(securityPath, back(q))}, nil
}

// back is where somebody goes on once they have done what an account or an
// invitation asks of their login, "/" for nowhere. It goes along in the address of
// each step.
func back(q *web.Request) string { return web.Next(q.Query("next")) }

func (c Client) security(q *web.Request, me access.Self) (web.Reply, error) {
	return c.securityPage(q, me, securityView{})
}

// securityPage draws the password's form, perhaps with what is wrong, and what
// there is to two-step login.
func (c Client) securityPage(q *web.Request, me access.Self, v securityView) (web.Reply, error) {
	state, err := c.Login.TwoStepState(q.Context(), me)
	if err != nil {
		return nil, err
	}
	v.User, v.State, v.Passkeys, v.Next = me.User(), state, c.Login.Passkeys() != nil, back(q)
	return web.Page{Title: q.Printer().T("Password & two-step login"), Err: cmp.Or(v.PasswordErr, v.ReplaceErr), Body: func(f ui.Frame) templ.Component { return securityPage(f, v) }}, nil
}

func (c Client) setPassword(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("current", "password")
	if err != nil {
		return nil, err
	}
	err = c.Login.SetPassword(q.Context(), me, form.Raw("current"), form.Raw("password"))
	if onForm(err) {
		return c.securityPage(q, me, securityView{PasswordErr: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done(securityPath, q.Printer().T("Your password is changed. Other browsers were logged out.")), nil
}

func (c Client) beginTwoStep(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("code")
	if err != nil {
		return nil, err
	}
	err = c.Login.BeginTwoStep(q.Context(), me, form.Text("code"))
	switch {
	case onForm(err):
		return c.securityPage(q, me, securityView{ReplaceErr: err})
	case fault.CodeOf(err) == "two-step.on":
		return web.Redirect{To: withNext(securityPath, back(q)), Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().Fault(err)}}, nil
	case err != nil:
		return nil, err
	}
	return web.Redirect{To: withNext("/me/security/two-step", back(q))}, nil
}

func (c Client) scan(q *web.Request, me access.Self) (web.Reply, error) {
	return c.scanPage(q, me, nil)
}

// scanPage shows the key that waits for its first code, if one does.
func (c Client) scanPage(q *web.Request, me access.Self, failed error) (web.Reply, error) {
	s, err := c.Login.Setup(q.Context(), me)
	if err != nil {
		return setupOver(q, err)
	}
	state, err := c.Login.TwoStepState(q.Context(), me)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	title, label := p.T("Turn on two-step login"), p.T("Turn on two-step login")
	if state.App {
		title, label = p.T("Replace your authenticator app"), p.T("Use this app from now on")
	}
	form := ui.KeyForm{P: p, Err: failed, Action: withNext("/me/security/two-step/confirm", back(q)), Key: s.Secret.Reveal(), Link: s.Link,
		Submit: ui.Button{Label: label, Busy: p.T("Checking…")}}
	v := scanView{Title: title, Form: form, Back: withNext(securityPath, back(q)), Replaces: state.App}
	return web.Page{Title: title, Err: failed, Secret: true, Body: func(f ui.Frame) templ.Component { return scanPage(f, v) }}, nil
}

// setupOver leads back when the key that was shown no longer waits for a code.
func setupOver(q *web.Request, err error) (web.Reply, error) {
	if !fault.Is(err, fault.NotFound) && fault.CodeOf(err) != access.SetupOver {
		return nil, err
	}
	return web.Redirect{To: withNext(securityPath, back(q)), Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().T("There is no key waiting to be confirmed. Begin again here.")}}, nil
}

func (c Client) turnOnTwoStep(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("code")
	if err != nil {
		return nil, err
	}
	done, err := c.Login.TurnOnTwoStep(q.Context(), me, form.Text("code"))
	if onForm(err) {
		return c.scanPage(q, me, err)
	}
	if err != nil {
		return setupOver(q, err)
	}
	title := q.Printer().T("Two-step login is on")
	if done.Replaced {
		title = q.Printer().T("Your new app is in use now")
	}
	return c.codesPage(q, me, title, done.Recovery, done.Replaced)
}

// codesPage shows recovery codes, this once. Made anew they end earlier ones.
func (c Client) codesPage(q *web.Request, me access.Self, title string, codes access.Recovery, anew bool) (web.Reply, error) {
	state, err := c.Login.TwoStepState(q.Context(), me)
	if err != nil {
		return nil, err
	}
	v := codesView{Title: title, Anew: anew, Codes: codes.Reveal(), Others: state.Others, Email: me.User().Email, Next: back(q)}
	return web.Page{Title: title, Secret: true, Body: func(f ui.Frame) templ.Component { return codesPage(f, v) }}, nil
}

func (c Client) renewRecovery(q *web.Request, me access.Self) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	codes, err := c.Login.RenewRecovery(q.Context(), me)
	if err != nil {
		return offAlready(q, err)
	}
	return c.codesPage(q, me, q.Printer().T("New recovery codes"), codes, true)
}

// offAlready leads back to the page when two-step login is off by now.
func offAlready(q *web.Request, err error) (web.Reply, error) {
	if fault.CodeOf(err) != access.TwoStepOff {
		return nil, err
	}
	return web.Redirect{To: securityPath, Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().Fault(err)}}, nil
}

func (c Client) askTurnOff(q *web.Request, me access.Self) (web.Reply, error) {
	if me.User().TwoStep.IsZero() {
		return web.Redirect{To: securityPath}, nil
	}
	return c.turnOffPage(q, me, nil)
}

// turnOffPage asks for a code or, of who has one, a passkey.
func (c Client) turnOffPage(q *web.Request, me access.Self, failed error) (web.Reply, error) {
	p := q.Printer()
	state, err := c.Login.TwoStepState(q.Context(), me)
	if err != nil {
		return nil, err
	}
	v := turnOffView{App: state.App, Err: failed}
	if v.Own, v.Shuts, err = c.Login.Asking(q.Context(), me); err != nil {
		return nil, err
	}
	access.SortAccounts(v.Own)
	access.SortAccounts(v.Shuts)
	if keys := c.Login.Passkeys(); keys != nil {
		question, err := keys.AskTurnOff(q.Context(), me)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		v.Form = ask(p, question, "/me/security/two-step/off/passkey", p.T("Use your passkey"))
	}
	return web.Page{Title: p.T("Turn off two-step login"), Err: failed, Secret: true, Body: func(f ui.Frame) templ.Component { return turnOffPage(f, v) }}, nil
}

func (c Client) turnOffTwoStep(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("code")
	if err != nil {
		return nil, err
	}
	err = c.Login.TurnOffTwoStep(q.Context(), me, form.Text("code"))
	if onForm(err) || fault.CodeOf(err) == askedFor {
		return c.turnOffPage(q, me, err)
	}
	if err != nil {
		return offAlready(q, err)
	}
	return twoStepIsOff(q), nil
}

func twoStepIsOff(q *web.Request) web.Reply {
	return web.Done(securityPath, q.Printer().T("Two-step login is off. The password alone opens your login now."))
}
