package sharing

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/ui"
)

// people is "Who manages this account", for those who don't.
func (c Client) people(q *web.Request, in access.Member) (web.Reply, error) {
	owner, err := c.Sharing.Owner(q.Context(), in)
	if err != nil {
		return nil, err
	}
	asked, err := c.Sharing.AllAsked(q.Context(), in)
	if err != nil {
		return nil, err
	}
	m := in.Membership()
	v := peopleView{Offer: q.Settings().Offer(), Base: base(in.Account()), Account: m.AccountName(), Owner: owner, Rights: m.Rights(), Ask: askView{Base: base(in.Account()), May: unasked(missing(q, in), asked)}, Asked: asked}
	return web.Page{Title: q.Printer().T("Who manages this account"), Body: func(f ui.Frame) templ.Component { return peoplePage(f, v) }}, nil
}

func (c Client) askLeave(q *web.Request, in access.Leaving) (web.Reply, error) {
	p, name := q.Printer(), in.Membership().AccountName()
	if in.Membership().Rights().Owner {
		return web.Redirect{To: base(in.Account()) + web.PeoplePath}, nil // which says what to do first
	}
	v := ui.Confirmation{
		Title:  p.T("Leave %s?", name),
		Text:   []string{p.T("You can no longer open this account. Your login and your other accounts stay. To come back you need a new invitation.")},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Leave this account"), Busy: p.T("Leaving…"), Tone: ui.Bad},
		Keep: p.T("Stay"), Back: base(in.Account()) + "/users/people",
	}
	if in.Membership().Shut() {
		v.Back = "/accounts"
	}
	return web.Page{Title: v.Title, Body: func(f ui.Frame) templ.Component { return confirmPage(f, v) }}, nil
}

func (c Client) leave(q *web.Request, in access.Leaving) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	if err := c.Sharing.Leave(q.Context(), in); err != nil {
		return nil, err
	}
	return web.Done("/accounts", q.Printer().T("You have left %s.", in.Membership().AccountName())), nil
}

// peopleCard is on the Home of who does not manage users.
func (c Client) peopleCard(q *web.Request, in access.Member) (templ.Component, error) {
	if in.Membership().Rights().Manages() {
		return nil, nil
	}
	owner, err := c.Sharing.Owner(q.Context(), in)
	if err != nil {
		return nil, err
	}
	return peopleCard(q.Printer(), q.Settings().Offer(), base(in.Account()), owner, in.Membership().Rights()), nil
}

// managersCard is on the Home of who manages users.
func (c Client) managersCard(q *web.Request, in access.Manager) (templ.Component, error) {
	var members []access.MemberInfo
	var total int
	var invitations []Invitation
	var requests []Request
	err := q.Together(
		func() (err error) {
			members, total, err = c.Sharing.FirstMembers(q.Context(), in)
			return err
		},
		func() (err error) { invitations, err = c.Sharing.Invitations(q.Context(), in); return err },
		func() (err error) { requests, err = c.Sharing.Requests(q.Context(), in); return err },
	)
	if err != nil {
		return nil, err
	}
	asked := 0
	for _, r := range requestsOf(q, in, requests) {
		if r.Lock == "" {
			asked++
		}
	}
	pending := 0
	for _, i := range invitations {
		if i.State == Pending && !i.Void && !i.Expired(q.Now()) {
			pending++
		}
	}
	return managersCard(q.Printer(), q.Now(), q.Settings().Offer(), base(in.Account()), in.Actor().User, members, total, waiting{pending, asked}), nil
}
