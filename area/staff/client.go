package staff

import (
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Client is what staff see of their own logins.
type Client struct{ Staff *Staff }

// Routes adds logging in and out, and the page behind a set-password link.
func (c Client) Routes(r *web.Routes) {
	anyone := web.Anyone(r)
	anyone.Get("/staff/login", c.login)
	anyone.Post("/staff/login", c.logIn)
	anyone.Get("/staff/two-step", c.askCode)
	anyone.Post("/staff/two-step", c.finishLogIn)
	anyone.Get("/staff/two-step/setup", c.setup)
	anyone.Post("/staff/two-step/setup", c.join)
	anyone.Post("/staff/logout", c.logOut)
	anyone.Get("/staff/set-password/{token}", c.link)
	anyone.Post("/staff/set-password/{token}", c.setPassword)
	c.visits(r)

	c.people(r)
	self := web.Staff[access.OwnLogin](r)
	self.Menu(web.Entry{Group: web.StaffOwn, Label: "Your login", Path: "/security", Icon: ui.IconShield, Rank: 100})
	self.Get("/security", c.security)
	self.Get("/security/two-step", c.replacement)
	self.Post("/security/two-step", c.beginReplacing)
	self.Get("/security/two-step/confirm", toSecurity)
	self.Post("/security/two-step/confirm", c.replace)
	self.Get("/security/sessions", toSecurity)
	self.Post("/security/sessions", c.endOthers)
	self.Post("/security/sessions/{session}", c.endSession)
	self.Get("/security/language", toSecurity)
	self.Post("/security/language", c.setLanguage)
	self.Get("/security/codes", toSecurity)
	self.Post("/security/codes", c.renewRecovery)
}

func (c Client) login(q *web.Request, _ access.Actor) (web.Reply, error) {
	return c.loginPage(q, loginView{Next: q.Query("next")})
}

func (c Client) loginPage(q *web.Request, v loginView) (web.Reply, error) {
	return web.Page{Title: q.Printer().T("Staff log in"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return loginPage(f, v) }}, nil
}

func (c Client) logIn(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("email", "password", "next")
	if err != nil {
		return nil, err
	}
	v := loginView{Email: form.Text("email"), Next: form.Text("next")}
	t, err := c.Staff.LogIn(q.Context(), v.Email, form.Raw("password"), v.Next, by)
	if onForm(err) {
		v.Err = err
		return c.loginPage(q, v)
	}
	if err != nil {
		return nil, err
	}
	return web.AskCode{Step: t, Staff: true, Then: web.Redirect{To: "/staff/two-step"}}, nil
}

// next is where staff go after logging in: only within their area.
func next(path string) string {
	if to := web.Next(path); strings.HasPrefix(to, "/staff/") {
		return to
	}
	return "/staff/"
}

func (c Client) logOut(q *web.Request, by access.Actor) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	t, _ := q.StaffToken()
	if err := c.Staff.LogOut(q.Context(), t, by); err != nil {
		return nil, err
	}
	return web.StaffLogOut{Then: web.Done("/staff/login", q.Printer().T("You are logged out."))}, nil
}

func (c Client) link(q *web.Request, _ access.Actor) (web.Reply, error) {
	person, err := c.Staff.Link(q.Context(), token(q))
	if err != nil {
		return nil, err
	}
	return c.passwordPage(q, passwordView{Person: person})
}

func (c Client) passwordPage(q *web.Request, v passwordView) (web.Reply, error) {
	return web.Page{Title: q.Printer().T("Set your password"), Err: v.Err, Secret: true, Body: func(f ui.Frame) templ.Component { return passwordPage(f, v) }}, nil
}

func (c Client) setPassword(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("password")
	if err != nil {
		return nil, err
	}
	err = c.Staff.SetPassword(q.Context(), token(q), form.Raw("password"), by)
	if fault.Is(err, fault.Invalid) {
		person, e := c.Staff.Link(q.Context(), token(q))
		if e != nil {
			return nil, e
		}
		return c.passwordPage(q, passwordView{Person: person, Err: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Known{Then: web.Done("/staff/login", q.Printer().T("Your password is set. Log in with it."))}, nil
}

// token reads the link's; what can't be one finds nothing.
func token(q *web.Request) access.Token {
	t, _ := access.ParseToken(q.Path("token"))
	return t
}
