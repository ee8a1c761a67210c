package email

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Client is what members see of their account's emails.
type Client struct{ Email *Email }

// Routes adds the history, the page of one email, and where the links lead by
// which emails are switched off.
func (c Client) Routes(r *web.Routes) {
	in := web.Require[access.Emails](r, "Emails")
	in.Menu(web.Entry{Group: "Account", Label: "Emails", Path: "/emails", Icon: ui.IconMail, Rank: 130})
	in.Card(40, c.card)
	in.Get("/emails", c.list)
	in.Get("/emails/{email}", c.show)
	in.Get("/emails/{email}/body", c.body)
	in.Post("/emails/{email}/again", c.again)
	c.readingRoutes(r)
	anyone := web.Anyone(r)
	anyone.Get(mail.OptOutPath+"{subscription}", c.subscription)
	anyone.Post(mail.OptOutPath+"{subscription}", c.subscribe)
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
	v := listView{wish: readWish(q), Base: base(in.Account())}
	var err error
	if v.Found, err = c.Email.List(q.Context(), in, v.filter(q.Printer()), v.mark()); err != nil {
		return nil, err
	}
	name := in.Membership().AccountName()
	return web.Page{Title: q.Printer().T("Emails"), Body: func(f ui.Frame) templ.Component { return listPage(f, v, name) }}, nil
}

func (c Client) show(q *web.Request, in access.To[access.Emails]) (web.Reply, error) {
	m, err := c.email(q, in)
	if err != nil {
		return nil, err
	}
	v := showView{Base: base(in.Account()), Message: m, Again: true, Images: showsImages(q)}
	if v.Tries, err = c.Email.Tries(q.Context(), in, m.ID); err != nil {
		return nil, err
	}
	return web.Page{Title: m.Subject, Body: func(f ui.Frame) templ.Component { return showPage(f, v) }}, nil
}

// showsImages tells whether somebody has asked to see a mail with its images.
func showsImages(q *web.Request) bool { return q.Query("images") == "show" }

// framed is the frame's document, which may hold whatever the mail held.
func framed(q *web.Request, m mail.Message) web.Reply {
	return web.Sandboxed{HTML: unlinked(m.HTML), Images: showsImages(q)}
}

func (c Client) body(q *web.Request, in access.To[access.Emails]) (web.Reply, error) {
	m, err := c.email(q, in)
	return framed(q, m), err
}

func (c Client) email(q *web.Request, in access.To[access.Emails]) (mail.Message, error) {
	key, err := web.ID[mail.Message](q, "email")
	if err != nil {
		return mail.Message{}, err
	}
	return c.Email.Find(q.Context(), in, mail.ID(key))
}

func (c Client) again(q *web.Request, in access.To[access.Emails]) (web.Reply, error) {
	return again(q, base(in.Account()), func(key mail.ID) (mail.ID, error) { return c.Email.Resend(q.Context(), in, key) })
}

// again ends on the page of the mail that is on its way, or says why none is.
func again(q *web.Request, base string, resend func(mail.ID) (mail.ID, error)) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	key, err := web.ID[mail.Message](q, "email")
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	sent, err := resend(mail.ID(key))
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.TooMany) {
		return web.Redirect{To: base + "/" + key.String(), Flash: ui.Flash{Kind: ui.Warn, Text: p.Fault(err)}}, nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(base+"/"+sent.String(), p.T("The email is sent again now, and tried for three days.")), nil
}
