package sharing

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// managing is the pages of who manages an account's users that are the same for
// its managers, in the account, and for staff, in its record.
type managing struct {
	*Sharing
	staff bool
}

// base is where the account's pages are.
func (m managing) base(a id.Account) string {
	if m.staff {
		return "/staff/accounts/" + a.String()
	}
	return base(a)
}

// problem adds to an error the link that helps: to the member or the invitation
// that is in the way.
func (m managing) problem(q *web.Request, in access.Manager, address string, err error) problem {
	p := problem{Err: err}
	email, ok := access.ParseEmail(address)
	if !ok {
		return p
	}
	manage := q.Printer().T("Manage permissions")
	if m.staff {
		manage = q.Printer().T("Manage User")
	}
	switch fault.CodeOf(err) {
	case memberCode:
		if member, err := m.Sharing.MemberByEmail(q.Context(), in, email); err == nil {
			p.Href, p.Link = m.base(in.Account())+"/users/"+member.User.String(), manage
		}
	case invitedCode:
		if inv, err := m.Sharing.PendingFor(q.Context(), in, email); err == nil {
			p.Href, p.Link = m.base(in.Account())+"/invites/"+inv.ID.String(), q.Printer().T("Resend it or change its permissions")
		}
	}
	return p
}

func (m managing) find(q *web.Request, in access.Manager) (Invitation, error) {
	i, err := web.ID[access.InvitationKind](q, "invite")
	if err != nil {
		return Invitation{}, err
	}
	return m.Sharing.Invitation(q.Context(), in, i)
}

func (m managing) invitation(q *web.Request, in access.Manager) (web.Reply, error) {
	inv, err := m.find(q, in)
	if err != nil {
		return nil, err
	}
	return m.invitationPage(q, in, inv, wholly(q, inv.Set), inv.Set.Slugs(), nil)
}

func (m managing) invitationPage(q *web.Request, in access.Manager, inv Invitation, all bool, slugs []string, err error) (web.Reply, error) {
	deliveries, e := m.Sharing.Deliveries(q.Context(), in, []Invitation{inv})
	if e != nil {
		return nil, e
	}
	perms := permsOf(q, in, all, slugs, err)
	perms.Staff = m.staff
	v := invitationView{
		Row: invitesOf(q, in, []Invitation{inv}, deliveries)[0], Base: m.base(in.Account()), Err: err,
		Version: inv.Version, Editable: inv.State == Pending && hostManages(q.Settings(), in) == nil && within(in, inv) == nil,
		Perms: perms,
	}
	return web.Page{Title: q.Printer().T("Invitation to %s", inv.Email.Typed), Err: err, Body: func(f ui.Frame) templ.Component { return invitationPage(f, v) }}, nil
}

func (m managing) amend(q *web.Request, in access.Manager) (web.Reply, error) {
	form, err := q.Form("access", "perm*", "version")
	if err != nil {
		return nil, err
	}
	inv, err := m.find(q, in)
	if err != nil {
		return nil, err
	}
	all, slugs := form.Text("access") == "all", form.All("perm")
	changed, err := m.Sharing.Amend(q.Context(), in, inv.ID, all, slugs, version(form))
	switch {
	case fault.CodeOf(err) == inviteChanged || fault.CodeOf(err) == inviteGone:
		return m.present(q, in, inv.ID, err)
	case onForm(err):
		return m.invitationPage(q, in, inv, all, slugs, err)
	case err != nil:
		return nil, err
	}
	p := q.Printer()
	return web.Done(m.base(in.Account())+"/users", p.T("The invitation to %s now gives %d of %d permissions.", changed.Email.Typed, q.Settings().Offer().Count(changed.Set), q.Settings().Offer().Len())), nil
}

// present shows the invitation as it is now, to who came too late.
func (m managing) present(q *web.Request, in access.Manager, i access.InvitationID, why error) (web.Reply, error) {
	inv, err := m.Sharing.Invitation(q.Context(), in, i)
	if err != nil {
		return nil, err
	}
	return m.invitationPage(q, in, inv, wholly(q, inv.Set), inv.Set.Slugs(), why)
}

// act runs what a button beside an invitation does, and shows the invitation
// when it was too late or too often.
func (m managing) act(q *web.Request, in access.Manager, do func(access.InvitationID) (web.Reply, error)) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	i, err := web.ID[access.InvitationKind](q, "invite")
	if err != nil {
		return nil, err
	}
	reply, err := do(i)
	if fault.CodeOf(err) == inviteGone || fault.Is(err, fault.TooMany) {
		return m.present(q, in, i, err)
	}
	return reply, err
}

func (m managing) resend(q *web.Request, in access.Manager) (web.Reply, error) {
	return m.act(q, in, func(i access.InvitationID) (web.Reply, error) {
		if _, err := m.Sharing.Resend(q.Context(), in, i); err != nil {
			return nil, err
		}
		return web.Done(m.base(in.Account())+"/users", q.Printer().T("New invitation sent. The earlier link no longer works.")), nil
	})
}

// newLink answers with the page itself and not with a redirect: the link is
// shown once and stored nowhere.
func (m managing) newLink(q *web.Request, in access.Manager) (web.Reply, error) {
	return m.act(q, in, func(i access.InvitationID) (web.Reply, error) {
		inv, link, err := m.Sharing.NewLink(q.Context(), in, i)
		if err != nil {
			return nil, err
		}
		rules, err := m.Sharing.Rules(q.Context(), in)
		if err != nil {
			return nil, err
		}
		v := linkView{Base: m.base(in.Account()), Email: inv.Email.Typed, Link: link, Expires: inv.Expires(), Only: rules.On(access.InvitedRule)}
		return web.Page{Title: q.Printer().T("Invitation link"), Secret: true, Body: func(f ui.Frame) templ.Component { return linkPage(f, v) }}, nil
	})
}

func (m managing) askCancel(q *web.Request, in access.Manager) (web.Reply, error) {
	inv, err := m.find(q, in)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	if inv.State != Pending && inv.State != Declined {
		return m.invitationPage(q, in, inv, false, inv.Set.Slugs(), gone(nil))
	}
	v := ui.Confirmation{
		Title: p.T("Cancel the invitation to %s?", inv.Email.Typed), Text: []string{p.T("The link stops working at once.")},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Cancel Invite"), Busy: p.T("Cancelling…"), Icon: ui.IconBin, Tone: ui.Bad},
		Keep: p.T("Keep invitation"), Back: m.base(in.Account()) + "/users",
	}
	if inv.State == Declined {
		v.Title, v.Text = p.T("Remove the declined invitation to %s from the list?", inv.Email.Typed), nil
		v.Yes.Label = p.T("Remove")
	}
	return web.Page{Title: v.Title, Body: func(f ui.Frame) templ.Component { return confirmPage(f, v) }}, nil
}

func (m managing) cancel(q *web.Request, in access.Manager) (web.Reply, error) {
	return m.act(q, in, func(i access.InvitationID) (web.Reply, error) {
		inv, err := m.Sharing.Cancel(q.Context(), in, i)
		if err != nil {
			return nil, err
		}
		p := q.Printer()
		if inv.State == Declined {
			return web.Done(m.base(in.Account())+"/users", p.T("The declined invitation to %s is no longer listed.", inv.Email.Typed)), nil
		}
		return web.Done(m.base(in.Account())+"/users", p.T("The invitation to %s is cancelled. Its link no longer works.", inv.Email.Typed)), nil
	})
}

func (m managing) remove(q *web.Request, in access.Manager) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return nil, err
	}
	member, err := m.Sharing.Remove(q.Context(), in, u)
	if err != nil {
		return nil, err
	}
	return web.Done(m.base(in.Account())+"/users", q.Printer().T("%s no longer has access.", member.Name())), nil
}
