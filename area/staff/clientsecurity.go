package staff

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

const securityPath = "/staff/security"

// own is the door to one's own staff login.
type own = access.Staff[access.OwnLogin]

func toSecurity(*web.Request, own) (web.Reply, error) { return web.Redirect{To: securityPath}, nil }

func (c Client) security(q *web.Request, in own) (web.Reply, error) {
	return c.securityPage(q, in, securityView{})
}

// securityPage draws what there is to one's own login, a form of it perhaps with
// what is wrong.
func (c Client) securityPage(q *web.Request, in own, v securityView) (web.Reply, error) {
	left, err := c.Staff.RecoveryLeft(q.Context(), in)
	if err != nil {
		return nil, err
	}
	if v.Sessions, err = c.Staff.Sessions(q.Context(), in); err != nil {
		return nil, err
	}
	v.Person, v.Left, v.Seat = in.Person(), left, in.Seat()
	return web.Page{Title: q.Printer().T("Your login"), Err: v.failed(), Body: func(f ui.Frame) templ.Component { return securityPage(f, v) }}, nil
}

func (c Client) endSession(q *web.Request, in own) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	s, err := web.ID[access.StaffSession](q, "session")
	if err != nil {
		return nil, err
	}
	if err := c.Staff.EndSession(q.Context(), in, s); err != nil {
		return nil, err
	}
	return web.Done(securityPath, q.Printer().T("That browser is logged out.")), nil
}

func (c Client) endOthers(q *web.Request, in own) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	n, err := c.Staff.EndOthers(q.Context(), in)
	if err != nil {
		return nil, err
	}
	return web.Done(securityPath, q.Printer().N(int(n), "One other browser is logged out.", "%d other browsers are logged out.")), nil
}

func (c Client) setLanguage(q *web.Request, in own) (web.Reply, error) {
	form, err := q.Form("language")
	if err != nil {
		return nil, err
	}
	err = c.Staff.SetLanguage(q.Context(), in, form.Text("language"))
	if onForm(err) {
		return c.securityPage(q, in, securityView{LanguageErr: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done(securityPath, q.Printer().Speaking(q.Settings().Language(form.Text("language"))).T("Your language is saved.")), nil
}

func (c Client) beginReplacing(q *web.Request, in own) (web.Reply, error) {
	form, err := q.Form("password")
	if err != nil {
		return nil, err
	}
	err = c.Staff.BeginReplacing(q.Context(), in, form.Raw("password"))
	if onForm(err) {
		return c.securityPage(q, in, securityView{ReplaceErr: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Redirect{To: "/staff/security/two-step"}, nil
}

func (c Client) replacement(q *web.Request, in own) (web.Reply, error) {
	return c.replacementPage(q, in, nil)
}

func (c Client) replacementPage(q *web.Request, in own, failed error) (web.Reply, error) {
	s, err := c.Staff.Replacement(q.Context(), in)
	if fault.Is(err, fault.NotFound) {
		return web.Redirect{To: securityPath}, nil
	}
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	form := ui.KeyForm{P: p, Err: failed, Action: "/staff/security/two-step/confirm", Key: s.Secret.Reveal(), Link: s.Link,
		Submit: ui.Button{Label: p.T("Use this authenticator"), Busy: p.T("Checking…")}}
	return web.Page{Title: p.T("Another authenticator"), Err: failed, Secret: true, Body: func(f ui.Frame) templ.Component { return replacementPage(f, form) }}, nil
}

func (c Client) replace(q *web.Request, in own) (web.Reply, error) {
	form, err := q.Form("code")
	if err != nil {
		return nil, err
	}
	codes, err := c.Staff.Replace(q.Context(), in, form.Text("code"))
	switch {
	case onForm(err):
		return c.replacementPage(q, in, err)
	case fault.CodeOf(err) == access.SetupOver:
		return web.Redirect{To: securityPath, Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().Fault(err)}}, nil
	case err != nil:
		return nil, err
	}
	return codesReply(q, in, q.Printer().T("The new authenticator counts now"), codes), nil
}

func codesReply(q *web.Request, in own, title string, codes access.Recovery) web.Reply {
	v := codesView{Title: title, Email: in.Person().Email, Codes: codes.Reveal(), Href: securityPath, Link: q.Printer().T("I have kept them")}
	return web.Page{Title: title, Secret: true, Body: func(f ui.Frame) templ.Component { return codesPage(f, v) }}
}

func (c Client) renewRecovery(q *web.Request, in own) (web.Reply, error) {
	form, err := q.Form("password")
	if err != nil {
		return nil, err
	}
	codes, err := c.Staff.RenewRecovery(q.Context(), in, form.Raw("password"))
	if onForm(err) {
		return c.securityPage(q, in, securityView{RenewErr: err})
	}
	if err != nil {
		return nil, err
	}
	return codesReply(q, in, q.Printer().T("New recovery codes"), codes), nil
}
