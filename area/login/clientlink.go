package login

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

func (c Client) forgot(q *web.Request, _ access.Actor) (web.Reply, error) {
	return forgotReply(q, forgotView{Next: web.Next(q.Query("next"))}), nil
}

func forgotReply(q *web.Request, v forgotView) web.Reply {
	return web.Page{Title: q.Printer().T("Forgot your password?"), Err: v.Err, Secret: v.Next != "/",
		Body: func(f ui.Frame) templ.Component { return forgotPage(f, v) }}
}

func (c Client) sendReset(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("email", "next")
	if err != nil {
		return nil, err
	}
	v := forgotView{Email: form.Text("email"), Next: web.Next(form.Text("next"))}
	err = c.Login.Forgot(q.Context(), by, v.Email, v.Next)
	if onForm(err) {
		v.Err = err
		return forgotReply(q, v), nil
	}
	if err != nil {
		return nil, err
	}
	text := q.Printer().T("If %s has a login, a link to set a new password is on its way. It works for 60 minutes.", v.Email)
	if _, ok := q.Session(); ok {
		return web.Done("/me/profile", text), nil
	}
	return web.Done(withNext("/login", v.Next), text), nil
}

// token reads the one-time link in the path.
func token(q *web.Request) (access.Token, error) {
	t, ok := access.ParseToken(q.Path("token"))
	if !ok {
		return t, fault.NotFoundf("This link is not complete. Open it from the email again.").WithCode(deadLink)
	}
	return t, nil
}

// deadReply answers a link that does not work, with what helps.
func deadReply(q *web.Request, err error, href, link string) (web.Reply, error) {
	if fault.CodeOf(err) != deadLink {
		return nil, err
	}
	p := q.Printer()
	v := deadView{Text: p.Fault(err), Href: href, Link: link}
	return web.Page{Title: p.T("This link does not work"), Status: http.StatusNotFound, Secret: true,
		Body: func(f ui.Frame) templ.Component { return deadPage(f, v) }}, nil
}

func (c Client) askReset(q *web.Request, _ access.Actor) (web.Reply, error) {
	return c.resetPage(q, web.Next(q.Query("next")), Renewal{Made: Made(q.Query("made"))}, nil)
}

func (c Client) resetPage(q *web.Request, next string, typed Renewal, failed error) (web.Reply, error) {
	t, err := token(q)
	if err != nil {
		return deadReset(q, next, err)
	}
	of, err := c.Login.ResetOf(q.Context(), t)
	if err != nil {
		return deadReset(q, next, err)
	}
	v := resetView{Of: of, Typed: typed, Action: withNext(q.Self(), next), Err: failed}
	return web.Page{Title: q.Printer().T("Set a new password"), Secret: true, Err: failed, Body: func(f ui.Frame) templ.Component { return resetPage(f, v) }}, nil
}

func deadReset(q *web.Request, next string, err error) (web.Reply, error) {
	return deadReply(q, err, withNext("/forgot", next), q.Printer().T("Send a new link"))
}

func (c Client) reset(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("password", "made", "first", "last", "passkey*")
	if err != nil {
		return nil, err
	}
	next := web.Next(q.Query("next"))
	typed := Renewal{Password: form.Raw("password"), Made: Made(form.Text("made")), First: form.Text("first"), Last: form.Text("last"), Language: q.Asked()}
	for _, key := range form.All("passkey") {
		if k, ok := id.Parse[access.Passkey](key); ok {
			typed.Drop = append(typed.Drop, k)
		}
	}
	t, err := token(q)
	if err == nil {
		err = c.Login.Reset(q.Context(), by, t, typed)
	}
	switch {
	case onForm(err):
		return c.resetPage(q, next, typed, err)
	case err != nil:
		return deadReset(q, next, err)
	}
	return web.Known{Then: web.Done(withNext("/login", next), q.Printer().T("Your password was changed. Log in with the new one."))}, nil
}

func (c Client) askConfirm(q *web.Request, _ access.Actor) (web.Reply, error) {
	t, err := token(q)
	if err != nil {
		return deadConfirm(q, err)
	}
	claim, err := c.Login.Claim(q.Context(), t)
	if err != nil {
		return deadConfirm(q, err)
	}
	if s, ok := q.Session(); !ok || s.User.ID != claim.User.ID {
		return foreignReply(q, claim, http.StatusOK), nil
	}
	return web.Page{Title: q.Printer().T("Confirm email address"), Secret: true, Body: func(f ui.Frame) templ.Component {
		f.Verify = "" // this is the page that it asks for
		return confirmPage(f, claim, withNext(q.Self(), back(q)))
	}}, nil
}

// foreignReply asks who is not logged in with the login to do that, or to say that
// they have not made it.
func foreignReply(q *web.Request, claim Claim, status int) web.Reply {
	v := foreignView{Claim: claim, Self: "/verify/" + q.Path("token"), Next: back(q)}
	if s, ok := q.Session(); ok {
		v.As = &s.User
	}
	return web.Page{Title: q.Printer().T("Confirm email address"), Status: status, Secret: true, Body: func(f ui.Frame) templ.Component {
		f.Verify = ""
		return foreignPage(f, v)
	}}
}

// toConfirm leads from the target of a form, typed as an address, to its page.
func toConfirm(q *web.Request, _ access.Actor) (web.Reply, error) {
	return web.Redirect{To: withNext("/verify/"+q.Path("token"), back(q))}, nil
}

func (c Client) disown(q *web.Request, by access.Actor) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	t, err := token(q)
	if err != nil {
		return deadConfirm(q, err)
	}
	reset, err := c.Login.Disown(q.Context(), by, t)
	if err != nil {
		return deadConfirm(q, err)
	}
	to := "/reset/" + reset.Reveal() + "?made=" + string(MadeByOther)
	if next := back(q); next != "/" {
		to += "&next=" + url.QueryEscape(next)
	}
	return web.Redirect{To: to}, nil
}

// deadConfirm offers a new link to who needs one, and says so to who doesn't.
func deadConfirm(q *web.Request, err error) (web.Reply, error) {
	p := q.Printer()
	s, ok := q.Session()
	switch {
	case !ok:
		return deadReply(q, err, "/login", p.T("Log in"))
	case fault.CodeOf(err) == deadLink && !s.User.Verified.IsZero():
		err = fault.NotFoundf("This link has expired or was already used. Your email address is %s, and it is confirmed.", s.User.Email).WithCode(deadLink)
	}
	return deadReply(q, err, "/me/profile", p.T("Your Profile"))
}

func (c Client) confirm(q *web.Request, by access.Actor) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	t, err := token(q)
	if err != nil {
		return deadConfirm(q, err)
	}
	claim, err := c.Login.Confirm(q.Context(), by, t)
	if fault.CodeOf(err) == NotLoggedIn {
		return foreignReply(q, claim, http.StatusForbidden), nil
	}
	if err != nil {
		return deadConfirm(q, err)
	}
	p := q.Printer()
	text := p.T("Your email address %s is confirmed.", claim.Email)
	if claim.New {
		text = p.T("%s is the email address of your login now.", claim.Email)
	}
	if next := back(q); next != "/" {
		return web.Done(next, text), nil
	}
	return web.Done("/me/profile", text), nil
}

func (c Client) askUndo(q *web.Request, _ access.Actor) (web.Reply, error) {
	t, err := token(q)
	if err != nil {
		return deadUndo(q, err)
	}
	former, u, err := c.Login.UndoOf(q.Context(), t)
	if err != nil {
		return deadUndo(q, err)
	}
	p := q.Printer()
	v := ui.Confirmation{
		Title: p.T("Put %s back?", former),
		Text: []string{
			p.T("The email address of this login is %s now. It becomes %s again.", u.Email, former),
			p.T("Every browser is logged out, and you set a new password next."),
		},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Put the old address back"), Busy: p.T("Putting it back…")},
		Keep: p.T("Keep the new address"), Back: "/",
	}
	return web.Page{Title: v.Title, Secret: true, Body: func(f ui.Frame) templ.Component { return undoPage(f, v) }}, nil
}

func deadUndo(q *web.Request, err error) (web.Reply, error) {
	return deadReply(q, err, "/forgot", q.Printer().T("Set a new password"))
}

func (c Client) undo(q *web.Request, by access.Actor) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	t, err := token(q)
	if err != nil {
		return deadUndo(q, err)
	}
	reset, err := c.Login.Undo(q.Context(), by, t)
	if err != nil {
		return deadUndo(q, err)
	}
	return web.Done("/reset/"+reset.Reveal(), q.Printer().T("The old address is back, and every browser was logged out. Somebody may know your password: set a new one.")), nil
}
