package sharing

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

func (c Client) find(q *web.Request, in access.Manager) (Invitation, error) {
	i, err := web.ID[access.InvitationKind](q, "invite")
	if err != nil {
		return Invitation{}, err
	}
	return c.Sharing.Invitation(q.Context(), in, i)
}

func (c Client) invitation(q *web.Request, in access.Manager) (web.Reply, error) {
	inv, err := c.find(q, in)
	if err != nil {
		return nil, err
	}
	return c.invitationPage(q, in, inv, inv.Set == access.Everything, inv.Set.Slugs(), nil)
}

func (c Client) invitationPage(q *web.Request, in access.Manager, inv Invitation, all bool, slugs []string, err error) (web.Reply, error) {
	deliveries, e := c.Sharing.Deliveries(q.Context(), in, []Invitation{inv})
	if e != nil {
		return nil, e
	}
	v := invitationView{
		Row: invitesOf(q, in, []Invitation{inv}, deliveries)[0], Base: base(in.Account()), Err: err,
		Version: inv.Version, Editable: inv.State == Pending && within(in, inv) == nil,
		Perms: permsOf(in, all, slugs, err),
	}
	return web.Page{Title: q.Printer().T("Invitation to %s", inv.Email.Typed), Err: err, Body: func(f ui.Frame) templ.Component { return invitationPage(f, v) }}, nil
}

func (c Client) amend(q *web.Request, in access.Manager) (web.Reply, error) {
	form, err := q.Form("access", "perm*", "version")
	if err != nil {
		return nil, err
	}
	inv, err := c.find(q, in)
	if err != nil {
		return nil, err
	}
	all, slugs := form.Text("access") == "all", form.All("perm")
	changed, err := c.Sharing.Amend(q.Context(), in, inv.ID, all, slugs, version(form))
	switch {
	case fault.CodeOf(err) == inviteChanged || fault.CodeOf(err) == inviteGone:
		return c.present(q, in, inv.ID, err)
	case onForm(err):
		return c.invitationPage(q, in, inv, all, slugs, err)
	case err != nil:
		return nil, err
	}
	p := q.Printer()
	return web.Done(base(in.Account())+"/users", p.T("The invitation to %s now gives %d of %d permissions.", changed.Email.Typed, changed.Set.Len(), access.Total)), nil
}

// present shows the invitation as it is now, to who came too late.
func (c Client) present(q *web.Request, in access.Manager, i access.InvitationID, why error) (web.Reply, error) {
	inv, err := c.Sharing.Invitation(q.Context(), in, i)
	if err != nil {
		return nil, err
	}
	return c.invitationPage(q, in, inv, inv.Set == access.Everything, inv.Set.Slugs(), why)
}

// act runs what a button beside an invitation does, and shows the invitation
// when it was too late or too often.
func (c Client) act(q *web.Request, in access.Manager, do func(access.InvitationID) (web.Reply, error)) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	i, err := web.ID[access.InvitationKind](q, "invite")
	if err != nil {
		return nil, err
	}
	reply, err := do(i)
	if fault.CodeOf(err) == inviteGone || fault.Is(err, fault.TooMany) {
		return c.present(q, in, i, err)
	}
	return reply, err
}

func (c Client) resend(q *web.Request, in access.Manager) (web.Reply, error) {
	return c.act(q, in, func(i access.InvitationID) (web.Reply, error) {
		if _, err := c.Sharing.Resend(q.Context(), in, i); err != nil {
			return nil, err
		}
		return web.Done(base(in.Account())+"/users", q.Printer().T("New invitation sent. The earlier link no longer works.")), nil
	})
}

// newLink answers with the page itself and not with a redirect: the link is
// shown once and stored nowhere.
func (c Client) newLink(q *web.Request, in access.Manager) (web.Reply, error) {
	return c.act(q, in, func(i access.InvitationID) (web.Reply, error) {
		inv, link, err := c.Sharing.NewLink(q.Context(), in, i)
		if err != nil {
			return nil, err
		}
		v := linkView{Base: base(in.Account()), Email: inv.Email.Typed, Link: link, Expires: inv.Expires()}
		return web.Page{Title: q.Printer().T("Invitation link"), Secret: true, Body: func(f ui.Frame) templ.Component { return linkPage(f, v) }}, nil
	})
}

func (c Client) askCancel(q *web.Request, in access.Manager) (web.Reply, error) {
	inv, err := c.find(q, in)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	if inv.State != Pending && inv.State != Declined {
		return c.invitationPage(q, in, inv, false, inv.Set.Slugs(), gone(nil))
	}
	v := ui.Confirmation{
		Title: p.T("Cancel the invitation to %s?", inv.Email.Typed), Text: []string{p.T("The link stops working at once.")},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Cancel Invite"), Busy: p.T("Cancelling…"), Icon: ui.IconBin, Tone: ui.Bad},
		Keep: p.T("Keep invitation"), Back: base(in.Account()) + "/users",
	}
	if inv.State == Declined {
		v.Title, v.Text = p.T("Remove the declined invitation to %s from the list?", inv.Email.Typed), nil
		v.Yes.Label = p.T("Remove")
	}
	return web.Page{Title: v.Title, Body: func(f ui.Frame) templ.Component { return confirmPage(f, v) }}, nil
}

func (c Client) cancel(q *web.Request, in access.Manager) (web.Reply, error) {
	return c.act(q, in, func(i access.InvitationID) (web.Reply, error) {
		inv, err := c.Sharing.Cancel(q.Context(), in, i)
		if err != nil {
			return nil, err
		}
		p := q.Printer()
		if inv.State == Declined {
			return web.Done(base(in.Account())+"/users", p.T("The declined invitation to %s is no longer listed.", inv.Email.Typed)), nil
		}
		return web.Done(base(in.Account())+"/users", p.T("The invitation to %s is cancelled. Its link no longer works.", inv.Email.Typed)), nil
	})
}
