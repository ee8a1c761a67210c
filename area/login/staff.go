package login

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Staff is what staff see of logins, and do to them.
type Staff struct{ Login *Login }

// Routes adds the list of users, the search of the field Select User, the page of
// each user and what can be done there.
func (s Staff) Routes(r *web.Routes) {
	see := web.Staff[access.SeeAccounts](r)
	see.Menu(web.Entry{Label: "Users", Path: "/users", Icon: ui.IconUsers, Rank: 30})
	see.Get("/users", s.users)
	see.Get("/users/{user}", s.user)

	web.Staff[access.EditAccounts](r).Get("/users/find", s.find)

	manage := web.Staff[access.ManageUsers](r)
	manage.Get("/users/new", s.askCreate)
	manage.Post("/users/new", s.create)
	manage.Post("/users/{user}", s.edit)
	manage.Post("/users/{user}/password", s.sendPasswordLink)
	manage.Post("/users/{user}/logout", s.logOutEverywhere)
	manage.Get("/users/{user}/deactivate", s.askDeactivate)
	manage.Post("/users/{user}/deactivate", s.deactivate)
	manage.Post("/users/{user}/activate", s.activate)
	manage.Get("/users/{user}/two-step-off", s.askTwoStepOff)
	manage.Post("/users/{user}/two-step-off", s.twoStepOff)
	manage.Get("/users/{user}/delete", s.askDelete)
	manage.Post("/users/{user}/delete", s.delete)
}

const (
	perPage   = 25
	usersBase = "/staff/users"
)

func userPath(u id.User) string { return usersBase + "/" + u.String() }

// Users finds users, 25 at a time: see access.SearchUsers.
func (l *Login) Users(ctx context.Context, _ access.Staff[access.SeeAccounts], search, after string) (users []access.UserLine, next string, err error) {
	return access.SearchUsers(ctx, l.db, search, after, perPage)
}

func (s Staff) users(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	v := usersView{Query: q.Query("q"), Manages: in.Person().Role.Holds(access.NameManageUsers)}
	users, next, err := s.Login.Users(q.Context(), in, v.Query, q.Query("after"))
	if err != nil {
		return nil, err
	}
	v.Users = users
	if next != "" {
		v.After = usersBase + "?" + url.Values{"q": {v.Query}, "after": {next}}.Encode()
	}
	return web.Page{Title: q.Printer().T("Users"), Body: func(f ui.Frame) templ.Component { return usersPage(f, v) }}, nil
}

func (s Staff) user(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return nil, err
	}
	return s.userPage(q, in, u, nil, nil)
}

// userPage draws a user's page, with what was typed into its form and what is
// wrong with that.
func (s Staff) userPage(q *web.Request, in access.Staff[access.SeeAccounts], u id.User, typed *Naming, wrong error) (web.Reply, error) {
	user, err := s.Login.User(q.Context(), in, u)
	if err != nil {
		return nil, err
	}
	access.SortAccounts(user.Accounts)
	v := userPageView{UserView: user, Form: Naming{user.FirstName, user.LastName, user.Email}, Manages: in.Person().Role.Holds(access.NameManageUsers), Offer: q.Settings().Offer(), Err: wrong}
	if typed != nil {
		v.Form = *typed
	}
	return web.Page{Title: user.Name(), Err: wrong, Body: func(f ui.Frame) templ.Component { return userPage(f, v) }}, nil
}

func (s Staff) askCreate(q *web.Request, _ manages) (web.Reply, error) {
	return createReply(q, createView{Send: true}), nil
}

func createReply(q *web.Request, v createView) web.Reply {
	return web.Page{Title: q.Printer().T("New user"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return createPage(f, v) }}
}

func (s Staff) create(q *web.Request, in manages) (web.Reply, error) {
	form, err := q.Form("first", "last", "email", "send")
	if err != nil {
		return nil, err
	}
	v := createView{Naming: Naming{form.Text("first"), form.Text("last"), form.Text("email")}, Send: form.Text("send") != "no"}
	u, err := s.Login.CreateUser(q.Context(), in, v.Naming, v.Send)
	if onForm(err) {
		v.Err = err
		return createReply(q, v), nil
	}
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	text := p.T("%s has a login now. No email was sent.", u.Name())
	if v.Send {
		text = p.T("%s has a login now. A link to set a password is on its way to %s.", u.Name(), u.Email)
	}
	return web.Done(userPath(u.ID), text), nil
}

func (s Staff) edit(q *web.Request, in manages) (web.Reply, error) {
	form, err := q.Form("first", "last", "email")
	if err != nil {
		return nil, err
	}
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return nil, err
	}
	n := Naming{form.Text("first"), form.Text("last"), form.Text("email")}
	user, err := s.Login.EditUser(q.Context(), in, u, n)
	if onForm(err) {
		return s.userPage(q, access.Seeing(in), u, &n, err)
	}
	if err != nil {
		return nil, err
	}
	return web.Done(userPath(u), q.Printer().T("%s is saved.", user.Name())), nil
}

// act does something to the user of the path that needs no more than a click, and
// returns to their page. Why it could not be done is said there.
func (s Staff) act(q *web.Request, do func(u id.User) (done string, err error)) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return nil, err
	}
	done, err := do(u)
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.TooMany) {
		return web.Redirect{To: userPath(u), Flash: ui.Flash{Kind: ui.Warn, Text: q.Printer().Fault(err)}}, nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(userPath(u), done), nil
}

func (s Staff) sendPasswordLink(q *web.Request, in manages) (web.Reply, error) {
	return s.act(q, func(u id.User) (string, error) {
		user, err := s.Login.SendPasswordLink(q.Context(), in, u)
		return q.Printer().T("A link to set a password is on its way to %s.", user.Email), err
	})
}

func (s Staff) logOutEverywhere(q *web.Request, in manages) (web.Reply, error) {
	return s.act(q, func(u id.User) (string, error) {
		n, err := s.Login.LogOutEverywhere(q.Context(), in, u)
		return q.Printer().N(int(n), "One browser was logged out.", "%d browsers were logged out."), err
	})
}

func (s Staff) activate(q *web.Request, in manages) (web.Reply, error) {
	return s.act(q, func(u id.User) (string, error) {
		return q.Printer().T("The login is active again. The user was told by email."), s.Login.Activate(q.Context(), in, u)
	})
}
