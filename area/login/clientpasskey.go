package login

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// answer reads what a passkey's form has brought.
func answer(form web.Form) access.Answer {
	return access.Answer{Asked: form.Raw("asked"), Said: form.Raw("answer")}
}

// ask is the form that asks for a passkey.
func ask(p ui.Printer, q access.Question, to, label string) ui.PasskeyForm {
	return ui.PasskeyForm{P: p, Action: to, Options: q.Options, Asked: q.Asked, Submit: ui.Button{Label: label, Busy: p.T("Checking…"), Icon: ui.IconKey}}
}

// keys asks for passkeys. Where browsers offer none, there is no such page.
func (c Client) keys() (*access.Passkeys, error) {
	keys := c.Login.Passkeys()
	if keys == nil {
		return nil, web.NoPage()
	}
	return keys, nil
}

func (c Client) startPasskey(q *web.Request, _ access.Actor) (web.Reply, error) {
	v := passkeyLogInView{Next: web.Next(q.Query("next"))}
	if _, ok := q.Session(); ok {
		return web.Redirect{To: v.Next}, nil
	}
	return c.passkeyPage(q, v)
}

// passkeyPage asks whoever is at the browser for a passkey, and ties the question
// to it.
func (c Client) passkeyPage(q *web.Request, v passkeyLogInView) (web.Reply, error) {
	keys, err := c.keys()
	if err != nil {
		return nil, err
	}
	browser := q.StepToken()
	if browser == (access.Token{}) {
		browser = access.NewToken()
	}
	question, err := keys.AskLogIn(q.Context(), browser)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	v.Form, v.Days = ask(p, question, "/login/passkey", p.T("Use your passkey")), q.Settings().Sessions.RememberedIdle
	page := web.Page{Title: p.T("Log in with a passkey"), Err: v.Err, Secret: true, Body: func(f ui.Frame) templ.Component { return passkeyLogInPage(f, v) }}
	return web.AskCode{Step: browser, Then: page}, nil
}

func (c Client) logInWithPasskey(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("asked", "answer", "remember", "next")
	if err != nil {
		return nil, err
	}
	if _, err := c.keys(); err != nil {
		return nil, err
	}
	v := passkeyLogInView{Remember: form.Text("remember") != "", Next: web.Next(form.Text("next"))}
	t, err := c.Login.LogInWithPasskey(q.Context(), by, q.StepToken(), answer(form), v.Remember, old(q))
	if onForm(err) {
		v.Err = err
		return c.passkeyPage(q, v)
	}
	if err != nil {
		return nil, err
	}
	return web.LogIn{Token: t, Remember: v.Remember, Then: web.Redirect{To: v.Next}}, nil
}

func (c Client) askPasskeyStep(q *web.Request, by access.Actor) (web.Reply, error) {
	in, err := c.Login.Step(q.Context(), q.StepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	return c.passkeyStepPage(q, in, nil)
}

func (c Client) passkeyStepPage(q *web.Request, in access.Step, failed error) (web.Reply, error) {
	keys, err := c.keys()
	if err != nil {
		return nil, err
	}
	question, err := keys.AskStep(q.Context(), in)
	if fault.Is(err, fault.NotFound) {
		return web.Redirect{To: "/login/two-step"}, nil
	}
	if err != nil {
		return nil, err
	}
	factors, err := c.Login.Factors(q.Context(), in)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	v := passkeyStepView{Form: ask(p, question, "/login/two-step/passkey", p.T("Use your passkey")), Email: in.User().Email, App: factors.App, Err: failed}
	return web.Page{Title: p.T("Two-step login"), Err: failed, Secret: true, Body: func(f ui.Frame) templ.Component { return passkeyStepPage(f, v) }}, nil
}

func (c Client) finishWithPasskey(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("asked", "answer")
	if err != nil {
		return nil, err
	}
	in, err := c.Login.Step(q.Context(), q.StepToken(), by)
	if err != nil {
		return stepOver(q, err)
	}
	t, err := c.Login.FinishWithPasskey(q.Context(), in, answer(form), old(q))
	if onForm(err) {
		return c.passkeyStepPage(q, in, err)
	}
	if err != nil {
		return stepOver(q, err)
	}
	return web.LogIn{Token: t, Remember: in.Wish().Remember, Then: web.Redirect{To: in.Wish().Next}}, nil
}

func (c Client) newPasskey(q *web.Request, me access.Self) (web.Reply, error) {
	return c.newPasskeyPage(q, me, q.Printer().Browser(q.Agent()), nil)
}

// newPasskeyPage asks to make a passkey, with the name that was typed.
func (c Client) newPasskeyPage(q *web.Request, me access.Self, name string, failed error) (web.Reply, error) {
	if _, err := c.keys(); err != nil {
		return nil, err
	}
	question, err := c.Login.AskPasskey(q.Context(), me)
	if fault.Is(err, fault.Conflict) {
		return passkeysWarn(q, err), nil
	}
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	v := newPasskeyView{Form: ask(p, question, "/me/passkeys/new", p.T("Make a passkey")), Name: name, Err: failed}
	v.Form.Create = true
	return web.Page{Title: p.T("Add a passkey"), Err: failed, Secret: true, Body: func(f ui.Frame) templ.Component { return newPasskeyPage(f, v) }}, nil
}

// passkeysWarn leads back to the list with why something can't be done.
func passkeysWarn(q *web.Request, err error) web.Reply {
	return web.Redirect{To: withNext(securityPath, back(q)), Flash: ui.Flash{Kind: ui.Warn, Text: q.Printer().Fault(err)}}
}

func (c Client) addPasskey(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("asked", "answer", "name")
	if err != nil {
		return nil, err
	}
	if _, err := c.keys(); err != nil {
		return nil, err
	}
	err = c.Login.AddPasskey(q.Context(), me, answer(form), form.Text("name"))
	switch {
	case onForm(err):
		return c.newPasskeyPage(q, me, form.Text("name"), err)
	case fault.Is(err, fault.Conflict):
		return passkeysWarn(q, err), nil
	case err != nil:
		return nil, err
	}
	return web.Done(securityPath, q.Printer().T("The passkey is added. It logs you in from now on.")), nil
}

func (c Client) passkey(q *web.Request, me access.Self) (web.Reply, error) {
	k, err := c.onePasskey(q, me)
	if err != nil {
		return nil, err
	}
	return passkeyReply(q, k, k.Name, nil), nil
}

// onePasskey is the one of the path.
func (c Client) onePasskey(q *web.Request, me access.Self) (access.Passkey, error) {
	k, err := web.ID[access.Passkey](q, "passkey")
	if err != nil {
		return access.Passkey{}, err
	}
	return c.Login.Passkey(q.Context(), me, k)
}

func passkeyReply(q *web.Request, k access.Passkey, typed string, failed error) web.Reply {
	return web.Page{Title: k.Name, Err: failed, Body: func(f ui.Frame) templ.Component { return passkeyPage(f, k, typed, failed) }}
}

func (c Client) renamePasskey(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("name")
	if err != nil {
		return nil, err
	}
	k, err := c.onePasskey(q, me)
	if err != nil {
		return nil, err
	}
	err = c.Login.RenamePasskey(q.Context(), me, k.ID, form.Text("name"))
	if onForm(err) {
		return passkeyReply(q, k, form.Text("name"), err), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(securityPath, q.Printer().T("The passkey has its new name.")), nil
}

func (c Client) askRemovePasskey(q *web.Request, me access.Self) (web.Reply, error) {
	k, err := c.onePasskey(q, me)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	v := ui.Confirmation{Title: p.T("Remove the passkey %s?", k.Name), Action: passkeyPath(k) + "/remove",
		Text: []string{p.T("It no longer opens your login. Delete it in your device or password manager too, where it stays listed otherwise. We tell you by email.")},
		Yes:  ui.Button{Label: p.T("Remove"), Busy: p.T("Removing…"), Tone: ui.Bad}, Keep: p.T("Keep it"), Back: securityPath}
	return web.Page{Title: v.Title, Body: func(f ui.Frame) templ.Component { return removePasskeyPage(f, v) }}, nil
}

func (c Client) removePasskey(q *web.Request, me access.Self) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	k, err := web.ID[access.Passkey](q, "passkey")
	if err != nil {
		return nil, err
	}
	err = c.Login.RemovePasskey(q.Context(), me, k)
	if fault.CodeOf(err) == access.LastPasskey {
		return passkeysWarn(q, err), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(securityPath, q.Printer().T("The passkey is removed.")), nil
}

func (c Client) turnOnWithPasskeys(q *web.Request, me access.Self) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	codes, err := c.Login.TurnOnWithPasskeys(q.Context(), me)
	if fault.Is(err, fault.Conflict) {
		return passkeysWarn(q, err), nil
	}
	if err != nil {
		return nil, err
	}
	return c.codesPage(q, me, q.Printer().T("Two-step login is on"), codes, false)
}

func (c Client) turnOffWithPasskey(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("asked", "answer")
	if err != nil {
		return nil, err
	}
	err = c.Login.TurnOffWithPasskey(q.Context(), me, answer(form))
	if onForm(err) || fault.CodeOf(err) == askedFor {
		return c.turnOffPage(q, me, err)
	}
	if err != nil {
		return nil, err
	}
	return twoStepIsOff(q), nil
}

func (c Client) proveWithPasskey(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("asked", "answer", "next")
	if err != nil {
		return nil, err
	}
	v := proveView{Next: web.Next(form.Text("next"))}
	t, err := c.Login.ProveWithPasskey(q.Context(), me, answer(form))
	if onForm(err) {
		v.Err = err
		return c.provePage(q, me, v)
	}
	if err != nil {
		return nil, err
	}
	return proved(q, me, t, v.Next), nil
}
