package login

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/settings"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Client is what people see of logging in, and of their own login.
type Client struct{ Login *Login }

// Routes adds registering, logging in and out, the pages behind one-time links
// and one's own profile and sessions.
func (c Client) Routes(r *web.Routes) {
	anyone := web.Anyone(r)
	anyone.Get("/register", c.registration)
	anyone.Post("/register", c.register)
	anyone.Get("/login", c.start)
	anyone.Post("/login", c.logIn)
	anyone.Get("/login/two-step", c.askCode)
	anyone.Post("/login/two-step", c.finishLogIn)
	anyone.Get("/login/passkey", c.startPasskey)
	anyone.Post("/login/passkey", c.logInWithPasskey)
	anyone.Get("/login/two-step/passkey", c.askPasskeyStep)
	anyone.Post("/login/two-step/passkey", c.finishWithPasskey)
	anyone.Post("/logout", c.logOut)
	anyone.Get("/forgot", c.forgot)
	anyone.Post("/forgot", c.sendReset)
	anyone.Get("/reset/{token}", c.askReset)
	anyone.Post("/reset/{token}", c.reset)
	anyone.Get("/verify/{token}", c.askConfirm)
	anyone.Post("/verify/{token}", c.confirm)
	anyone.Get("/verify/{token}/disown", toConfirm)
	anyone.Post("/verify/{token}/disown", c.disown)
	anyone.Get("/undo/{token}", c.askUndo)
	anyone.Post("/undo/{token}", c.undo)

	user := web.User(r)
	fresh := user.Fresh()
	user.Get(web.ProvePath, c.askProof)
	user.Post(web.ProvePath, c.prove)
	user.Get(provePasskeyPath, toProve)
	user.Post(provePasskeyPath, c.proveWithPasskey)
	user.Post("/me/verify", c.sendProof)
	user.Get("/me/profile", c.profile)
	user.Post("/me/profile", c.setProfile)
	user.Get("/me/email", toProfile)
	user.Post("/me/email", c.askEmail)
	user.Post("/me/email/cancel", c.cancelEmail)
	user.Get("/me/security", c.security)
	user.Get("/me/password", toSecurity)
	user.Post("/me/password", c.setPassword)
	user.Get("/me/security/two-step", c.scan)
	fresh.Post("/me/security/two-step", c.beginTwoStep)
	user.Get("/me/security/two-step/confirm", toSecurity)
	user.Post("/me/security/two-step/confirm", c.turnOnTwoStep)
	user.Get("/me/security/codes", toSecurity)
	fresh.Post("/me/security/codes", c.renewRecovery)
	fresh.Get("/me/security/two-step/off", c.askTurnOff)
	fresh.Post("/me/security/two-step/off", c.turnOffTwoStep)
	user.Get("/me/security/two-step/off/passkey", toSecurity)
	fresh.Post("/me/security/two-step/off/passkey", c.turnOffWithPasskey)
	user.Get("/me/security/two-step/passkeys", toSecurity)
	fresh.Post("/me/security/two-step/passkeys", c.turnOnWithPasskeys)
	user.Get("/me/passkeys", toSecurity)
	fresh.Get("/me/passkeys/new", c.newPasskey)
	fresh.Post("/me/passkeys/new", c.addPasskey)
	user.Get("/me/passkeys/{passkey}", c.passkey)
	user.Post("/me/passkeys/{passkey}", c.renamePasskey)
	fresh.Get("/me/passkeys/{passkey}/remove", c.askRemovePasskey)
	fresh.Post("/me/passkeys/{passkey}/remove", c.removePasskey)
	user.Get("/me/sessions", c.sessions)
	user.Post("/me/sessions/{session}/logout", c.endSession)
	user.Post("/me/sessions/logout", c.endOthers)
}

// onForm tells whether an error belongs beside the form that was sent, with what
// was typed, rather than on a page of its own.
func onForm(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid:
		return !strings.HasPrefix(fault.CodeOf(err), "form.")
	case fault.TooMany, fault.Unavailable:
		return true
	}
	return false
}

// old is the browser's session, to be ended by a new one.
func old(q *web.Request) access.Token {
	t, _ := q.Token()
	return t
}

func (c Client) registration(q *web.Request, _ access.Actor) (web.Reply, error) {
	if _, ok := q.Session(); ok {
		return web.Redirect{To: "/"}, nil
	}
	if q.Settings().Registration.Open != settings.Everybody {
		return closedReply(q), nil
	}
	return registerReply(q, Registration{}, nil), nil
}

func registerReply(q *web.Request, r Registration, err error) web.Reply {
	return web.Page{Title: q.Printer().T("Register"), Err: err, Body: func(f ui.Frame) templ.Component { return registerPage(f, r, err) }}
}

// closedReply says that nobody can register here, and what to do instead.
func closedReply(q *web.Request) web.Reply {
	invited := q.Settings().Registration.Open == settings.Invited
	return web.Page{Title: q.Printer().T("Register"), Status: http.StatusForbidden, Body: func(f ui.Frame) templ.Component { return closedPage(f, invited) }}
}

func (c Client) register(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("first", "last", "email", "password", "account", "country", "zone")
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	r := Registration{Account: form.Text("account"), Country: form.Text("country"), NewLogin: access.NewLogin{
		FirstName: form.Text("first"), LastName: form.Text("last"), Email: form.Text("email"), Password: form.Raw("password"),
		Language: q.Asked(), TimeZone: cmp.Or(form.Text("zone"), q.Settings().Region.TimeZone)}}
	t, account, err := c.Login.Register(q.Context(), by, r, old(q))
	switch {
	case fault.CodeOf(err) == Closed:
		return closedReply(q), nil
	case onForm(err):
		return registerReply(q, r, err), nil
	}
	if err != nil {
		return nil, err
	}
	home := "/a/" + account.String() + "/"
	return web.LogIn{Token: t, Then: web.Done(home, p.T("Welcome! Your login and your account are ready."))}, nil
}

func (c Client) start(q *web.Request, _ access.Actor) (web.Reply, error) {
	next := web.Next(q.Query("next"))
	if _, ok := q.Session(); ok {
		return web.Redirect{To: next}, nil
	}
	return c.loginReply(q, loginView{Next: next, Register: registers(q)}), nil
}

func registers(q *web.Request) bool { return q.Settings().Registration.Open == settings.Everybody }

func (c Client) loginReply(q *web.Request, v loginView) web.Reply {
	v.Passkeys = c.Login.Passkeys() != nil
	v.Days = q.Settings().Sessions.RememberedIdle
	return web.Page{Title: q.Printer().T("Log in"), Err: v.Err, Secret: v.Next != "/", Body: func(f ui.Frame) templ.Component { return loginPage(f, v) }}
}

func (c Client) logIn(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("email", "password", "remember", "next")
	if err != nil {
		return nil, err
	}
	v := loginView{Email: form.Text("email"), Remember: form.Text("remember") != "", Next: web.Next(form.Text("next")), Register: registers(q)}
	opened, err := c.Login.LogIn(q.Context(), by, v.Email, form.Raw("password"), access.Wish{Remember: v.Remember, Next: v.Next}, old(q))
	if onForm(err) {
		v.Err = err
		return c.loginReply(q, v), nil
	}
	if err != nil {
		return nil, err
	}
	if opened.Session == (access.Token{}) {
		return web.AskCode{Step: opened.Step, Then: web.Redirect{To: "/login/two-step"}}, nil
	}
	return web.LogIn{Token: opened.Session, Remember: v.Remember, Then: web.Redirect{To: v.Next}}, nil
}

func (c Client) logOut(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("next")
	if err != nil {
		return nil, err
	}
	then := web.Redirect{To: web.Next(form.Text("next"))}
	if then.To == "/" {
		then = web.Done("/login", q.Printer().T("You are logged out."))
	}
	if _, ok := q.Session(); ok {
		if err := c.Login.LogOut(q.Context(), by, old(q)); err != nil {
			return nil, err
		}
	}
	return web.LogOut{Then: then}, nil
}
