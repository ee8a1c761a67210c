package sharing

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Client is what members see of sharing.
type Client struct{ Sharing *Sharing }

// Routes adds User Management, Who manages this account, requests for access,
// handing the account over, Switch Account and the invitation page.
func (c Client) Routes(r *web.Routes) {
	pages := managing{Sharing: c.Sharing}
	managers := web.Managers(r, "User Management")
	managers.Menu(web.Entry{Group: "Account", Label: "User Management", Path: web.UsersPath, Icon: ui.IconUsers, Rank: 100})
	managers.Card(20, c.managersCard)
	managers.Get("/users", c.users)
	managers.Post("/users", c.invite)
	managers.Get("/users/{user}", c.permissions)
	managers.Post("/users/{user}", c.setPermissions)
	managers.Get("/users/{user}/remove", c.askRemove)
	managers.Post("/users/{user}/remove", pages.remove)
	managers.Get("/invites/{invite}", pages.invitation)
	managers.Post("/invites/{invite}", pages.amend)
	managers.Post("/invites/{invite}/resend", pages.resend)
	managers.Post("/invites/{invite}/link", pages.newLink)
	managers.Get("/invites/{invite}/cancel", pages.askCancel)
	managers.Post("/invites/{invite}/cancel", pages.cancel)

	member := web.Member(r, "Who manages this account")
	member.Menu(web.Entry{Group: "Account", Label: "Who manages this account", Path: web.PeoplePath, Icon: ui.IconUsers, Rank: 100,
		Only: func(x access.Rights) bool { return !x.Manages() }})
	member.Card(20, c.peopleCard)
	member.Get("/users/people", c.people)
	web.JSON(member, "/membership", c.membership)

	leaving := web.Leaving(r, "Who manages this account")
	leaving.Get(web.LeavePath, c.askLeave)
	leaving.Post(web.LeavePath, c.leave)

	member.Get("/handover/{token}", c.offer)
	member.Post("/handover/{token}/accept", c.takeOwnership)
	member.Post("/handover/{token}/decline", c.declineOwnership)

	owner := web.Owner(r, "Ownership")
	owner.Fresh().Get("/handover", c.handover)
	owner.Fresh().Post("/handover", c.offerOwnership)
	owner.Post("/handover/cancel", c.cancelOffer)

	rules := web.Owner(r, "Access rules")
	rules.Get(rulesPath, c.rules)
	for _, rule := range access.AllRules() {
		rules.Get(rulePath(rule), c.toRules)
		rules.Fresh().Post(rulePath(rule), c.setRule(rule))
	}

	guest := web.Anyone(r)
	guest.Get("/invite/{token}", c.welcome)
	guest.Get("/invite/{token}/decline", c.askDecline)
	guest.Post("/invite/{token}/decline", c.decline)
	guest.Post("/invite/{token}/login", c.acceptWithLogin)
	guest.Get("/invite/{token}/two-step", c.askCode)
	guest.Post("/invite/{token}/two-step", c.acceptWithStep)
	guest.Post("/invite/{token}/new", c.acceptWithNewLogin)
	guest.Post("/invite/{token}/ask", c.askAgain)
	guest.Get("/", c.start)

	user := web.User(r)
	user.Post("/invite/{token}/accept", c.accept)
	user.Get("/accounts", c.accounts)

	c.requestRoutes(member, managers, user)
	c.reachRoutes(managers, owner)
}

func (c Client) users(q *web.Request, in access.Manager) (web.Reply, error) {
	return c.usersPage(q, in, Draft{Key: newFormKey()}, nil)
}

// usersPage draws User Management, with the form as it was typed when err says
// what is wrong with it.
func (c Client) usersPage(q *web.Request, in access.Manager, d Draft, err error) (web.Reply, error) {
	var members Members
	var invitations []Invitation
	var states map[string]mail.Delivery
	var requests []Request
	e := q.Together(
		func() (err error) { members, err = c.Sharing.Members(q.Context(), in, partOf(q)); return err },
		func() (err error) {
			invitations, states, err = c.Sharing.InvitationsWithMails(q.Context(), in)
			return err
		},
		func() (err error) { requests, err = c.Sharing.Requests(q.Context(), in); return err },
	)
	if e != nil {
		return nil, e
	}
	v := usersView{
		Requests: requestsOf(q, in, requests),
		Base:     base(in.Account()),
		Account:  in.Membership().AccountName(),
		Owner:    in.Membership().Rights().Owner,
		Host:     hostManages(q.Settings(), in),
		People:   peopleOf(q, members, func(m access.MemberInfo) memberRow { return ownRow(q, in, m) }),
		Invites:  invitesOf(q, in, invitations, states),
		Form:     inviteForm{Draft: d, Perms: permsOf(q, in, d.All, d.Perms, err), Problem: managing{Sharing: c.Sharing}.problem(q, in, d.Email, err)},
	}
	return web.Page{Title: q.Printer().T("User Management"), Err: err, Body: func(f ui.Frame) templ.Component { return usersPage(f, v) }}, nil
}

func (c Client) invite(q *web.Request, in access.Manager) (web.Reply, error) {
	form, err := q.Form("email", "access", "perm*", "message", "key")
	if err != nil {
		return nil, err
	}
	d := Draft{Email: form.Text("email"), All: form.Text("access") == "all", Perms: form.All("perm"), Message: form.Text("message"), Key: form.Text("key")}
	inv, err := c.Sharing.Invite(q.Context(), in, d)
	if onForm(err) {
		return c.usersPage(q, in, d, err)
	}
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	return web.Done(base(in.Account())+"/users", p.T("Invitation sent to %s. It works until %s.", inv.Email.Typed, p.DateTime(inv.Expires()))), nil
}

// onForm tells whether an error belongs beside the form that was sent.
func onForm(err error) bool {
	return fault.Is(err, fault.Invalid) && !strings.HasPrefix(fault.CodeOf(err), "form.") || fault.Is(err, fault.TooMany)
}

func (c Client) permissions(q *web.Request, in access.Manager) (web.Reply, error) {
	m, err := c.member(q, in)
	if err != nil {
		return nil, err
	}
	return c.permissionsPage(q, in, m, granted(q, m), nil)
}

// granted is the form of Manage Permissions before anything is changed in it.
func granted(q *web.Request, m access.MemberInfo) Grant {
	return Grant{All: wholly(q, m.Set), Perms: m.Set.Slugs(), Managing: m.Managing, Version: m.Version}
}

func (c Client) member(q *web.Request, in access.Manager) (access.MemberInfo, error) {
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return access.MemberInfo{}, err
	}
	return c.Sharing.Member(q.Context(), in, u)
}

func (c Client) permissionsPage(q *web.Request, in access.Manager, m access.MemberInfo, g Grant, err error) (web.Reply, error) {
	p := q.Printer()
	if e := touchable(q, in, m); e != nil {
		return c.untouchable(q, in, m, e)
	}
	perms := permsOf(q, in, g.All, g.Perms, err)
	perms.Held = m.Set
	v := permissionsView{Base: base(in.Account()), Member: m, Err: err, Perms: perms, Before: m.Set, Shut: in.Membership().AsksTwoStep() && !m.TwoStep, Lets: letsManage(in), Managing: g.Managing,
		Sensitive: m.Set.Has(access.NameManageProducts) || m.Set.Has(access.NameProductSSO)}
	return web.Page{Title: p.T("Permissions of %s", m.Name()), Err: err, Body: func(f ui.Frame) templ.Component { return permissionsPage(f, v) }}, nil
}

// untouchable is the page of a member whose permissions nobody here may change.
func (c Client) untouchable(q *web.Request, in access.Manager, m access.MemberInfo, why error) (web.Reply, error) {
	v := untouchableView{Base: base(in.Account()), Member: m, Why: why}
	return web.Page{Title: q.Printer().T("Permissions of %s", m.Name()), Body: func(f ui.Frame) templ.Component { return untouchablePage(f, v) }}, nil
}

func (c Client) setPermissions(q *web.Request, in access.Manager) (web.Reply, error) {
	form, err := q.Form("access", "perm*", "managing", "version")
	if err != nil {
		return nil, err
	}
	m, err := c.member(q, in)
	if err != nil {
		return nil, err
	}
	g := Grant{All: form.Text("access") == "all", Perms: form.All("perm"), Managing: form.Text("managing") != "", Version: version(form)}
	changed, err := c.Sharing.SetPermissions(q.Context(), in, m.User, g)
	switch {
	case fault.CodeOf(err) == "member.changed":
		if m, err = c.member(q, in); err != nil { // as it is now
			return nil, err
		}
		p := q.Printer()
		err = changedMeanwhile(p, m)
		return c.permissionsPage(q, in, m, granted(q, m), err)
	case onForm(err):
		return c.permissionsPage(q, in, m, g, err)
	case err != nil:
		return nil, err
	}
	p := q.Printer()
	return web.Done(base(in.Account())+"/users", p.T("%s now has %d of %d permissions.", changed.Name(), q.Settings().Offer().Count(changed.Set), q.Settings().Offer().Len())), nil
}

// changedMeanwhile tells who changed a member since the form was drawn. Staff are
// called Support.
func changedMeanwhile(p ui.Printer, m access.MemberInfo) error {
	by := m.ChangedBy
	if by == "" {
		by = p.T("Support")
	}
	return fault.Conflictf("These permissions were changed by %s at %s. Check the current state below and save again.", by, p.DateTime(m.ChangedAt)).WithCode("member.changed")
}

// version reads the version a form was drawn for; what is none matches none.
func version(f web.Form) int64 {
	v, err := strconv.ParseInt(f.Text("version"), 10, 64)
	if err != nil {
		return -1
	}
	return v
}

func (c Client) askRemove(q *web.Request, in access.Manager) (web.Reply, error) {
	m, err := c.member(q, in)
	if err != nil {
		return nil, err
	}
	if e := touchable(q, in, m); e != nil {
		return c.untouchable(q, in, m, e)
	}
	p := q.Printer()
	v := ui.Confirmation{
		Title: p.T("Remove %s's access to %s?", m.Name(), in.Membership().AccountName()),
		Text: []string{p.T("%s is logged out of this account at once and can no longer open it. Their login and their other accounts stay. Contacts, tickets and past actions remain.",
			m.Name())},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Remove Access"), Busy: p.T("Removing…"), Icon: ui.IconBin, Tone: ui.Bad},
		Keep: p.T("Keep access"), Back: base(in.Account()) + "/users",
	}
	if m.Set.Has(access.NameManageProducts) || m.Set.Has(access.NameProductSSO) {
		v.Text = append(v.Text, p.T("They may know service passwords. Consider changing them."))
	}
	return web.Page{Title: p.T("Remove Access"), Body: func(f ui.Frame) templ.Component { return confirmPage(f, v) }}, nil
}

// touchable is nil if this manager may change this member's access.
func touchable(q *web.Request, in access.Manager, m access.MemberInfo) error {
	if err := hostManages(q.Settings(), in); err != nil {
		return err
	}
	return mayTouch(in, m)
}

// wholly tells whether a set has all that is on offer.
func wholly(q *web.Request, s access.Set) bool { return s.Holds(q.Settings().Offer().Set()) }

func base(a id.Account) string { return "/a/" + a.String() }

// A membershipJSON is what the API says about one's own membership.
type membershipJSON struct {
	Account struct {
		Number id.Account    `json:"number"`
		Name   string        `json:"name"`
		Status access.Status `json:"status"`
	} `json:"account"`
	User struct {
		ID    id.User `json:"id"`
		Email string  `json:"email"`
	} `json:"user"`
	Owner       bool     `json:"owner"`
	Permissions []string `json:"permissions"`
}

func (c Client) membership(_ *web.Request, in access.Member) (membershipJSON, error) {
	m := in.Membership()
	var out membershipJSON
	out.Account.Number, out.Account.Name, out.Account.Status = m.Account(), m.AccountName(), m.Status()
	out.User.ID, out.User.Email = in.Actor().User, in.Actor().Email
	out.Owner, out.Permissions = m.Rights().Owner, m.Rights().Permissions().Slugs()
	return out, nil
}
