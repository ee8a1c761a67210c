package email

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/ui"
)

// Client is what members see of their account's emails.
type Client struct{ Email *Email }

// Routes adds the history and the page of one email.
func (c Client) Routes(r *web.Routes) {
	in := web.Require[access.Emails](r, "Emails")
	in.Menu(web.Entry{Group: "Account", Label: "Emails", Path: "/emails", Icon: ui.IconMail, Rank: 130})
	in.Card(40, c.card)
	in.Get("/emails", c.list)
	in.Get("/emails/{email}", c.show)
	in.Get("/emails/{email}/body", c.body)
}

// onHome is how many emails Home shows.
const onHome = 5

func base(a id.Account) string { return "/a/" + a.String() + "/emails" }

func (c Client) card(q *web.Request, in access.To[access.Emails]) (templ.Component, error) {
	latest, err := c.Email.Latest(q.Context(), in, onHome)
	if err != nil {
		return nil, err
	}
	return card(q.Printer(), q.Now(), base(in.Account()), latest), nil
}

func (c Client) list(q *web.Request, in access.To[access.Emails]) (web.Reply, error) {
	before, _ := id.Parse[mail.Message](q.Query("before")) // what is no id starts with the latest
	list, err := c.Email.List(q.Context(), in, mail.ID(before))
	if err != nil {
		return nil, err
	}
	v := newListView(base(in.Account()), in.Membership().AccountName(), list, before != 0)
	return web.Page{Title: q.Printer().T("Emails"), Body: func(f ui.Frame) templ.Component { return listPage(f, v) }}, nil
}

func (c Client) show(q *web.Request, in access.To[access.Emails]) (web.Reply, error) {
	m, err := c.email(q, in)
	if err != nil {
		return nil, err
	}
	v := showView{Base: base(in.Account()), Message: m}
	return web.Page{Title: m.Subject, Body: func(f ui.Frame) templ.Component { return showPage(f, v) }}, nil
}

// body is the frame's document, which may hold whatever the mail held.
func (c Client) body(q *web.Request, in access.To[access.Emails]) (web.Reply, error) {
	m, err := c.email(q, in)
	return web.Sandboxed{HTML: unlinked(m.HTML)}, err
}

func (c Client) email(q *web.Request, in access.To[access.Emails]) (mail.Message, error) {
	key, err := web.ID[mail.Message](q, "email")
	if err != nil {
		return mail.Message{}, err
	}
	return c.Email.Find(q.Context(), in, mail.ID(key))
}
