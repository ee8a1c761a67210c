package login

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

const provePasskeyPath = web.ProvePath + "/passkey"

// toProve leads from the target of a form, typed as an address, to its page.
func toProve(*web.Request, access.Self) (web.Reply, error) {
	return web.Redirect{To: web.ProvePath}, nil
}

func (c Client) askProof(q *web.Request, me access.Self) (web.Reply, error) {
	v := proveView{Next: web.Next(q.Query("next"))}
	if me.Session().Fresh(q.Now()) {
		return web.Redirect{To: v.Next}, nil
	}
	return c.provePage(q, me, v)
}

// provePage asks for the password or, of who has one, a passkey.
func (c Client) provePage(q *web.Request, me access.Self, v proveView) (web.Reply, error) {
	p := q.Printer()
	v.Email = me.User().Email
	if keys := c.Login.Passkeys(); keys != nil {
		question, err := keys.AskProof(q.Context(), me)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		v.Form = ask(p, question, provePasskeyPath, p.T("Use your passkey"))
	}
	return web.Page{Title: p.T("Is it you?"), Err: v.Err, Secret: true, Body: func(f ui.Frame) templ.Component { return provePage(f, v) }}, nil
}

func (c Client) prove(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("password", "next")
	if err != nil {
		return nil, err
	}
	v := proveView{Next: web.Next(form.Text("next"))}
	t, err := c.Login.Prove(q.Context(), me, form.Raw("password"))
	if onForm(err) {
		v.Err = err
		return c.provePage(q, me, v)
	}
	if err != nil {
		return nil, err
	}
	return proved(q, me, t, v.Next), nil
}

func proved(q *web.Request, me access.Self, t access.Token, next string) web.Reply {
	then := web.Done(next, q.Printer().T("Thank you. For ten minutes you are not asked again."))
	return web.LogIn{Token: t, Remember: me.Session().Remember, Then: then}
}
