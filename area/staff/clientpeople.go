package staff

import (
	"net/url"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

const peoplePath = "/staff/people"

// people adds the pages of those who say who is staff.
func (c Client) people(r *web.Routes) {
	door := web.Staff[access.ManageStaff](r)
	door.Menu(web.Entry{Group: "System", Label: "Staff", Path: "/people", Icon: ui.IconUsers, Rank: 300})
	door.Get("/people", c.list)
	door.Post("/people", c.invite)
	door.Get("/people/{person}", c.person)
	door.Post("/people/{person}", c.change)
	door.Post("/people/{person}/link", c.by(sendLink))
	door.Post("/people/{person}/uninvite", c.by(uninvite))
	door.Get("/people/{person}/deactivate", c.askDeactivate)
	door.Post("/people/{person}/deactivate", c.by(deactivate))
	door.Post("/people/{person}/activate", c.by(activate))
	door.Post("/people/{person}/logout", c.by(logOutEverywhere))
	door.Post("/people/{person}/sessions/{session}", c.by(logOut))
	door.Post("/people/{person}/two-step", c.resetTwoStep)
}

func (c Client) list(q *web.Request, in managing) (web.Reply, error) {
	return c.listPage(q, in, peopleView{New: Newcomer{Role: access.Support}})
}

func (c Client) listPage(q *web.Request, in managing, v peopleView) (web.Reply, error) {
	all, next, err := c.Staff.People(q.Context(), in, q.Query("after"))
	if err != nil {
		return nil, err
	}
	v.People, v.Me = all, in.Person().ID
	if next != "" {
		v.After = peoplePath + "?" + url.Values{"after": {next}}.Encode()
	}
	return web.Page{Title: q.Printer().T("Staff"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return peoplePage(f, v) }}, nil
}

func (c Client) invite(q *web.Request, in managing) (web.Reply, error) {
	form, err := q.Form("email", "name", "role")
	if err != nil {
		return nil, err
	}
	n := Newcomer{Email: form.Text("email"), Name: form.Text("name"), Role: access.StaffRole(form.Text("role"))}
	p, err := c.Staff.Invite(q.Context(), in, n)
	if onForm(err) {
		return c.listPage(q, in, peopleView{New: n, Err: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done(peoplePath, q.Printer().T("%s was sent a link to set a password. It works for 24 hours.", p.Email)), nil
}

func (c Client) person(q *web.Request, in managing) (web.Reply, error) {
	return c.personPage(q, in, personView{})
}

// personPage draws one of the staff, a form of it perhaps with what is wrong.
func (c Client) personPage(q *web.Request, in managing, v personView) (web.Reply, error) {
	p, err := web.ID[access.StaffPerson](q, "person")
	if err != nil {
		return nil, err
	}
	if v.Person, v.Sessions, err = c.Staff.Person(q.Context(), in, p); err != nil {
		return nil, err
	}
	v.Self, v.Seat = p == in.Person().ID, in.Seat()
	if v.ChangeErr == nil || fault.CodeOf(v.ChangeErr) == postChanged {
		v.Name, v.Role = v.Person.Name, v.Person.Role
	}
	return web.Page{Title: v.Person.Name, Err: v.failed(), Body: func(f ui.Frame) templ.Component { return personPage(f, v) }}, nil
}

func (c Client) change(q *web.Request, in managing) (web.Reply, error) {
	form, err := q.Form("name", "role", "seen-name", "seen-role")
	if err != nil {
		return nil, err
	}
	p, err := web.ID[access.StaffPerson](q, "person")
	if err != nil {
		return nil, err
	}
	v := personView{Name: form.Text("name"), Role: access.StaffRole(form.Text("role"))}
	seen := Post{form.Raw("seen-name"), access.StaffRole(form.Text("seen-role"))}
	err = c.Staff.Change(q.Context(), in, p, seen, Post{v.Name, v.Role})
	if onForm(err) || fault.Is(err, fault.Conflict) {
		v.ChangeErr = err
		return c.personPage(q, in, v)
	}
	if err != nil {
		return nil, err
	}
	return web.Done(q.Self(), q.Printer().T("Saved. It counts from their next click on.")), nil
}

// An act is what a button on a person's page does. It gives where that leads.
type act func(s *Staff, q *web.Request, in managing, p access.StaffID) (web.Reply, error)

// by is the handler of a button.
func (c Client) by(act act) func(*web.Request, managing) (web.Reply, error) {
	return func(q *web.Request, in managing) (web.Reply, error) { return c.do(q, in, act) }
}

func (c Client) do(q *web.Request, in managing, act act) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	p, err := web.ID[access.StaffPerson](q, "person")
	if err != nil {
		return nil, err
	}
	reply, err := act(c.Staff, q, in, p)
	if fault.Is(err, fault.Conflict) {
		return c.personPage(q, in, personView{ActErr: err})
	}
	return reply, err
}

func personPath(p access.StaffID) string { return peoplePath + "/" + p.String() }

func sendLink(s *Staff, q *web.Request, in managing, p access.StaffID) (web.Reply, error) {
	person, err := s.SendLink(q.Context(), in, p)
	return web.Done(personPath(p), q.Printer().T("%s was sent a link to set a password. It works for 24 hours.", person.Email)), err
}

func uninvite(s *Staff, q *web.Request, in managing, p access.StaffID) (web.Reply, error) {
	person, err := s.Uninvite(q.Context(), in, p)
	return web.Done(peoplePath, q.Printer().T("The invitation of %s is taken back.", person.Email)), err
}

func (c Client) askDeactivate(q *web.Request, in managing) (web.Reply, error) {
	key, err := web.ID[access.StaffPerson](q, "person")
	if err != nil {
		return nil, err
	}
	person, _, err := c.Staff.Person(q.Context(), in, key)
	if err != nil {
		return nil, err
	}
	if !person.Disabled.IsZero() || key == in.Person().ID {
		return web.Redirect{To: personPath(key)}, nil
	}
	p := q.Printer()
	ask := ui.Confirmation{
		Title: p.T("Deactivate %s's staff login?", person.Name),
		Text: []string{
			p.T("%s is logged out everywhere at once and can't log in to the staff area until an administrator activates the login again. No email is sent.", person.Name),
			p.T("If they are logged in as an account's owner, that ends too. What they did stays in the activity, and invitations they sent stay valid."),
		},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Deactivate"), Busy: p.T("Deactivating…"), Icon: ui.IconLock, Tone: ui.Bad},
		Keep: p.T("Keep active"), Back: personPath(key),
	}
	return web.Page{Title: ask.Title, Body: func(f ui.Frame) templ.Component { return askPage(f, ask) }}, nil
}

func deactivate(s *Staff, q *web.Request, in managing, p access.StaffID) (web.Reply, error) {
	return web.Done(personPath(p), q.Printer().T("The login is deactivated, and logged out everywhere.")), s.Deactivate(q.Context(), in, p)
}

func activate(s *Staff, q *web.Request, in managing, p access.StaffID) (web.Reply, error) {
	return web.Done(personPath(p), q.Printer().T("The login is active again.")), s.Activate(q.Context(), in, p)
}

func logOut(s *Staff, q *web.Request, in managing, p access.StaffID) (web.Reply, error) {
	key, err := web.ID[access.StaffSession](q, "session")
	if err != nil {
		return nil, err
	}
	return web.Done(personPath(p), q.Printer().T("That browser is logged out.")), s.EndOne(q.Context(), in, p, key)
}

func logOutEverywhere(s *Staff, q *web.Request, in managing, p access.StaffID) (web.Reply, error) {
	return web.Done(personPath(p), q.Printer().T("They are logged out everywhere.")), s.EndSessions(q.Context(), in, p)
}

func (c Client) resetTwoStep(q *web.Request, in managing) (web.Reply, error) {
	form, err := q.Form("reason")
	if err != nil {
		return nil, err
	}
	p, err := web.ID[access.StaffPerson](q, "person")
	if err != nil {
		return nil, err
	}
	reason := form.Text("reason")
	err = c.Staff.ResetTwoStep(q.Context(), in, p, reason)
	if onForm(err) {
		return c.personPage(q, in, personView{Reason: reason, ResetErr: err})
	}
	if fault.Is(err, fault.Conflict) {
		return c.personPage(q, in, personView{ActErr: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done(personPath(p), q.Printer().T("Two-step login is reset. They set it up when they log in next.")), nil
}
