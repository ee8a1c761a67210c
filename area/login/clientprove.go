package login

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/ui"
)

func (c Client) askProof(q *web.Request, me access.Self) (web.Reply, error) {
	v := proveView{Email: me.User().Email, Next: web.Next(q.Query("next"))}
	if me.Session().Fresh(q.Now()) {
		return web.Redirect{To: v.Next}, nil
	}
	return proveReply(q, v), nil
}

func proveReply(q *web.Request, v proveView) web.Reply {
	return web.Page{Title: q.Printer().T("Is it you?"), Err: v.Err, Secret: true, Body: func(f ui.Frame) templ.Component { return provePage(f, v) }}
}

func (c Client) prove(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("password", "next")
	if err != nil {
		return nil, err
	}
	v := proveView{Email: me.User().Email, Next: web.Next(form.Text("next"))}
	t, err := c.Login.Prove(q.Context(), me, form.Raw("password"))
	if onForm(err) {
		v.Err = err
		return proveReply(q, v), nil
	}
	if err != nil {
		return nil, err
	}
	then := web.Done(v.Next, q.Printer().T("Thank you. For ten minutes you are not asked again."))
	return web.LogIn{Token: t, Remember: me.Session().Remember, Then: then}, nil
}
