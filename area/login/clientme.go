package login

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// toProfile leads from the target of a form, typed as an address, to its page.
func toProfile(*web.Request, access.Self) (web.Reply, error) {
	return web.Redirect{To: "/me/profile"}, nil
}

func (c Client) profile(q *web.Request, me access.Self) (web.Reply, error) {
	return c.profilePage(q, me, profileView{Profile: profileOf(me.User()), Email: q.Query("email")})
}

// profilePage draws the two forms, one of them perhaps with what is wrong.
func (c Client) profilePage(q *web.Request, me access.Self, v profileView) (web.Reply, error) {
	awaited, err := c.Login.Awaited(q.Context(), me)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	v.User, v.Awaited = me.User(), awaited
	return web.Page{Title: q.Printer().T("Your Profile"), Err: v.failed(), Body: func(f ui.Frame) templ.Component { return profilePage(f, v) }}, nil
}

func (c Client) setProfile(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("first", "last", "language", "zone")
	if err != nil {
		return nil, err
	}
	p := Profile{First: form.Text("first"), Last: form.Text("last"), Language: form.Text("language"), Zone: form.Text("zone")}
	err = c.Login.SetProfile(q.Context(), me, p)
	if onForm(err) {
		return c.profilePage(q, me, profileView{Profile: p, ProfileErr: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done("/me/profile", q.Printer().Speaking(q.Settings().Language(p.Language)).T("Your profile is saved.")), nil
}

func (c Client) askEmail(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("email", "password", "accounts")
	if err != nil {
		return nil, err
	}
	typed, both := form.Text("email"), form.Text("accounts") == "yes"
	email, err := c.Login.AskEmail(q.Context(), me, typed, form.Raw("password"), both)
	if onForm(err) {
		return c.profilePage(q, me, profileView{Profile: profileOf(me.User()), Email: typed, Both: both, EmailErr: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done("/me/profile", q.Printer().T("We sent a link to %s. Open it within 60 minutes to confirm the new address.", email.Typed)), nil
}

func (c Client) cancelEmail(q *web.Request, me access.Self) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	p := q.Printer()
	err := c.Login.CancelEmail(q.Context(), me)
	if fault.Is(err, fault.NotFound) {
		return web.Redirect{To: "/me/profile", Flash: ui.Flash{Kind: ui.Info, Text: p.T("There was no change of your email address to cancel.")}}, nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done("/me/profile", p.T("Your email address stays %s.", me.User().Email)), nil
}

func (c Client) sendProof(q *web.Request, me access.Self) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	p, next := q.Printer(), back(q)
	then := web.Done("/me/profile", p.T("We sent the link to %s again. It works for 60 minutes.", me.User().Email))
	if next != "/" {
		then.To = next
	}
	err := c.Login.SendProof(q.Context(), me, next)
	switch kind := fault.KindOf(err); {
	case kind == fault.TooMany && next != "/":
		then.Flash = ui.Flash{Kind: ui.Warn, Text: p.Fault(err)}
	case kind == fault.Conflict:
		then.Flash = ui.Flash{Kind: ui.Info, Text: p.Fault(err)}
	case kind == fault.TooMany:
		return c.profilePage(q, me, profileView{Profile: profileOf(me.User()), ProofErr: err})
	case err != nil:
		return nil, err
	}
	return then, nil
}

func (c Client) sessions(q *web.Request, me access.Self) (web.Reply, error) {
	all, err := c.Login.Sessions(q.Context(), me)
	if err != nil {
		return nil, err
	}
	v := sessionsView{All: all, Here: me.Session().ID}
	return web.Page{Title: q.Printer().T("Sessions"), Body: func(f ui.Frame) templ.Component { return sessionsPage(f, v) }}, nil
}

func (c Client) endSession(q *web.Request, me access.Self) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	s, err := web.ID[access.Session](q, "session")
	if err != nil {
		return nil, err
	}
	if err := c.Login.EndSession(q.Context(), me, s); err != nil {
		return nil, err
	}
	p := q.Printer()
	if s == me.Session().ID {
		return web.LogOut{Then: web.Done("/login", p.T("You are logged out."))}, nil
	}
	return web.Done("/me/sessions", p.T("That browser is logged out.")), nil
}

func (c Client) endOthers(q *web.Request, me access.Self) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	n, err := c.Login.EndOthers(q.Context(), me)
	if err != nil {
		return nil, err
	}
	return web.Done("/me/sessions", q.Printer().N(int(n), "One other browser is logged out.", "%d other browsers are logged out.")), nil
}
