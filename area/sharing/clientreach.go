package sharing

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/ui"
)

// reachPath is where one sees who can reach the account.
const reachPath = "/users/reach"

func (c Client) reachRoutes(managers web.Door[access.Manager], owner web.Door[access.Owner]) {
	managers.Get(reachPath, c.reach)
	owner.Post(reachPath+"/checked", c.reviewed)
	owner.Post(reachPath+"/reminders", c.setReminders)
}

func (c Client) reach(q *web.Request, in access.Manager) (web.Reply, error) {
	r, err := c.Sharing.Reach(q.Context(), in, q.Printer().Comparer())
	if err != nil {
		return nil, err
	}
	m := in.Membership()
	v := reachView{
		Base: base(in.Account()), Account: m.AccountName(), Host: q.Settings().Company.Name, Offer: q.Settings().Offer(),
		Rights: m.Rights(), Closed: m.Status() == access.Closed, Reach: r, Look: r.Look(q.Now()), Shuts: m.AsksTwoStep(),
		Requests: requestsOf(q, in, r.Requests),
		Invites:  invitesOf(q, in, r.Invitations, nil),
	}
	for _, one := range r.Members {
		row := ownRow(q, in, one.MemberInfo)
		if row.Lock != "" {
			row.Acts = nil // why stands in User Management
		}
		v.Members = append(v.Members, reachRow{row, one, unused(one, q.Now())})
	}
	return web.Page{Title: q.Printer().T("Who can reach this account"), Body: func(f ui.Frame) templ.Component { return reachPage(f, v) }}, nil
}

func (c Client) reviewed(q *web.Request, in access.Owner) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	if err := c.Sharing.Reviewed(q.Context(), in); err != nil {
		return nil, err
	}
	return web.Done(base(in.Account())+reachPath, q.Printer().T("Noted: you have looked through who can reach this account.")), nil
}

func (c Client) setReminders(q *web.Request, in access.Owner) (web.Reply, error) {
	form, err := q.Form("remind")
	if err != nil {
		return nil, err
	}
	on, said := form.Text("remind") == "yes", q.Printer().T("You get no reminder of this any more.")
	if on {
		said = q.Printer().T("You are reminded of this every three months.")
	}
	if err := c.Sharing.SetReminders(q.Context(), in, on); err != nil {
		return nil, err
	}
	return web.Done(base(in.Account())+reachPath, said), nil
}
