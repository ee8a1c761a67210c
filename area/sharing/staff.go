package sharing

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/ui"
)

// Staff is what staff see of who may use an account: the Users tab of its record.
type Staff struct{ Sharing *Sharing }

type (
	seeing  = access.StaffOn[access.SeeAccounts]
	manages = access.StaffOn[access.ManageUsers]
)

// Routes adds the Users tab, Associate User and Manage User.
func (s Staff) Routes(r *web.Routes) {
	see := web.StaffOn[access.SeeAccounts](r)
	see.Tab(web.Entry{Label: "Users", Path: "/users", Also: "/invites", Rank: 30})
	see.Get("/users", s.users)
	see.Get(rulesPath, s.rules)

	manage := web.StaffOn[access.ManageUsers](r)
	manage.Get("/users/associate", s.associate)
	manage.Post("/users/associate", s.sendAssociation)
	manage.Get("/users/{user}", s.manage)
	manage.Post("/users/{user}", s.save)
	manage.Post("/users/{user}/password-link", s.sendPasswordLink)
	manage.Get("/users/{user}/owner", s.askOwner)
	manage.Post("/users/{user}/owner", s.makeOwner)
	manage.Get("/users/{user}/remove", s.askRemove)

	for _, rule := range access.AllRules() {
		manage.Post(rulePath(rule), s.liftRule(rule))
	}

	pages := s.managing()
	manage.Post("/users/{user}/remove", asManager(pages.remove))
	manage.Get("/invites/{invite}", asManager(pages.invitation))
	manage.Post("/invites/{invite}", asManager(pages.amend))
	manage.Post("/invites/{invite}/resend", asManager(pages.resend))
	manage.Post("/invites/{invite}/link", asManager(pages.newLink))
	manage.Get("/invites/{invite}/cancel", asManager(pages.askCancel))
	manage.Post("/invites/{invite}/cancel", asManager(pages.cancel))
}

func (s Staff) managing() managing { return managing{s.Sharing, true} }

func (s Staff) base(a id.Account) string { return s.managing().base(a) }

// asManager has staff use a page of the account's managers.
func asManager(page func(*web.Request, access.Manager) (web.Reply, error)) func(*web.Request, manages) (web.Reply, error) {
	return func(q *web.Request, in manages) (web.Reply, error) { return page(q, access.AsManager(in)) }
}

func (s Staff) users(q *web.Request, in seeing) (web.Reply, error) {
	team, err := s.Sharing.Team(q.Context(), in, partOf(q))
	if err != nil {
		return nil, err
	}
	v := teamView{Base: s.base(in.Account()), Manages: in.Person().Role.Holds(access.NameManageUsers)}
	v.People = peopleOf(q, team.Members, func(m access.MemberInfo) memberRow {
		row := memberRow{MemberInfo: m, Shut: team.Shuts && !m.TwoStep}
		if v.Manages {
			row.Acts = staffActions(q.Printer(), v.Base, m)
		}
		return row
	})
	for _, i := range team.Invitations {
		row := inviteRow{Invitation: i, Expired: i.Expired(q.Now()), Lock: !v.Manages, Closed: !v.Manages, Delivery: team.Deliveries[ref(i.ID)]}
		v.Invites = append(v.Invites, row)
	}
	asked, err := s.Sharing.RequestsFor(q.Context(), in)
	if err != nil {
		return nil, err
	}
	for _, r := range asked {
		v.Asked = append(v.Asked, requestRow{Request: r, Waits: r.State == Pending})
	}
	return web.Page{Title: q.Printer().T("Users"), Body: func(f ui.Frame) templ.Component { return teamPage(f, v) }}, nil
}

func (s Staff) associate(q *web.Request, in manages) (web.Reply, error) {
	return s.associatePage(q, in, associating{Association: Association{Invite: true, Key: newFormKey()}}, nil)
}

// associating is the form of Associate User as it was sent, and whose address it
// comes to.
type associating struct {
	Association
	Find    string
	Address string
}

// associatePage draws Associate User, with the form as it was typed.
func (s Staff) associatePage(q *web.Request, in manages, a associating, err error) (web.Reply, error) {
	pick, e := q.Pick(a.User, a.Find)
	if e != nil {
		return nil, e
	}
	p := q.Printer()
	pick.Label, pick.Hint = p.T("Select User"), p.T("Two letters of a name or an email address, or the whole address of somebody new.")
	manager := access.AsManager(in)
	perms := permsOf(q, manager, a.All, a.Perms, err)
	perms.Staff = true
	v := associateView{Base: s.base(in.Account()), Form: a.Association, Pick: pick, Perms: perms, Problem: s.managing().problem(q, manager, a.Address, err)}
	return web.Page{Title: p.T("Associate User"), Err: err, Body: func(f ui.Frame) templ.Component { return associatePage(f, v) }}, nil
}

func (s Staff) sendAssociation(q *web.Request, in manages) (web.Reply, error) {
	form, err := q.Form("user", "find", "do", "first", "last", "access", "perm*", "invite", "reason", "key")
	if err != nil {
		return nil, err
	}
	a := associating{Find: form.Text("find")}
	a.Association = Association{User: form.Text("user"), First: form.Text("first"), Last: form.Text("last"), All: form.Text("access") == "all", Perms: form.All("perm"),
		Invite: form.Text("invite") != "no", Reason: form.Text("reason"), Key: form.Text("key")}
	if form.Text("do") == "find" {
		return s.associatePage(q, in, a, nil)
	}
	done, err := s.Sharing.Associate(q.Context(), in, a.Association)
	if a.Address = done.Email.Typed; onForm(err) {
		return s.associatePage(q, in, a, err)
	}
	if err != nil {
		return nil, err
	}
	p, back := q.Printer(), s.base(in.Account())+"/users"
	if a.Invite {
		return web.Done(back, p.T("Invitation sent to %s. It works until %s.", done.Invitation.Email.Typed, p.DateTime(done.Invitation.Expires()))), nil
	}
	return web.Done(back, p.T("%s now has access. No email was sent.", done.User.Name())), nil
}
