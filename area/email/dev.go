package email

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/ui"
)

// Dev shows every mail there is, one-time links readable. It exists only under
// `atrium demo` and --dev-mail, which refuse to start beyond this machine.
type Dev struct{ Mail *mail.Mail }

// Routes adds the list and the page of one mail.
func (d Dev) Routes(r *web.Routes) {
	anyone := web.Anyone(r)
	anyone.Get("/dev/mail", d.list)
	anyone.Get("/dev/mail/{account}/{email}", d.show)
	anyone.Get("/dev/mail/{account}/{email}/body", d.body)
}

// proxied tells whether the request came through a proxy, and so perhaps from
// another machine.
func proxied(h http.Header) bool {
	return slices.ContainsFunc([]string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Real-Ip"},
		func(name string) bool { return h.Get(name) != "" })
}

const devPage = 200

func (d Dev) list(q *web.Request, _ access.Actor) (web.Reply, error) {
	if proxied(q.Header()) {
		return nil, web.NoPage()
	}
	before, _ := id.Parse[mail.Message](q.Query("before"))
	list, err := d.Mail.Outbox(q.Context(), mail.ID(before), devPage)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: q.Printer().T("All mails"), Secret: true, Body: func(f ui.Frame) templ.Component { return devListPage(f, list) }}, nil
}

func (d Dev) find(q *web.Request) (mail.Message, error) {
	if proxied(q.Header()) {
		return mail.Message{}, web.NoPage()
	}
	account, _ := id.ParseAccount(q.Path("account")) // 0: of no account
	key, err := web.ID[mail.Message](q, "email")
	if err != nil {
		return mail.Message{}, err
	}
	return d.Mail.Open(q.Context(), account, mail.ID(key))
}

func (d Dev) show(q *web.Request, _ access.Actor) (web.Reply, error) {
	m, err := d.find(q)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: m.Subject, Secret: true, Body: func(f ui.Frame) templ.Component { return devShowPage(f, m) }}, nil
}

// body is the mail as mail programs show it. In the sandbox its links can't be
// followed: those of the text can.
func (d Dev) body(q *web.Request, _ access.Actor) (web.Reply, error) {
	m, err := d.find(q)
	return web.Sandboxed{HTML: []byte(m.HTML)}, err
}
