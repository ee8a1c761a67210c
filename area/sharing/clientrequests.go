package sharing

import (
	"slices"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// requestRoutes adds asking for a permission, asking for access to an account, and
// deciding on either.
func (c Client) requestRoutes(member web.Door[access.Member], managers web.Door[access.Manager], user web.Door[access.Self]) {
	member.Denied(c.way)
	member.Post("/requests", c.ask)
	managers.Get("/requests/{request}", c.request)
	managers.Post("/requests/{request}/approve", c.approve)
	managers.Post("/requests/{request}/decline", c.refuse)
	user.Get(web.AskPath, c.search)
	user.Post(web.AskPath, c.seek)
}

// way is what one can do about a missing permission: ask for it, or wait.
func (c Client) way(q *web.Request, in access.Member, missing access.Name) (templ.Component, error) {
	if !q.Settings().Offer().Set().Has(missing) || in.Membership().Status() == access.Closed {
		return nil, nil
	}
	if !q.Settings().Users.Managed {
		return hostCard(q.Printer(), byHost(q.Settings())), nil
	}
	asked, err := c.Sharing.Asked(q.Context(), in, missing)
	if fault.Is(err, fault.NotFound) {
		return askCard(q.Printer(), askView{Base: base(in.Account()), May: []access.Name{missing}, Wish: Wish{Permission: missing.Slug()}}), nil
	}
	if err != nil {
		return nil, err
	}
	return waitCard(q.Printer(), q.Now(), asked), nil
}

// missing are the permissions that a member could ask for.
func missing(q *web.Request, in access.Member) []access.Name {
	m := in.Membership()
	if m.Status() == access.Closed || !q.Settings().Users.Managed {
		return nil
	}
	return q.Settings().Offer().Set().Without(m.Rights().Permissions()).Names()
}

// unasked leaves out what was asked for already.
func unasked(missing []access.Name, asked []Request) []access.Name {
	return slices.DeleteFunc(missing, func(n access.Name) bool {
		return slices.ContainsFunc(asked, func(r Request) bool { return r.For == n.Slug() })
	})
}

func (c Client) ask(q *web.Request, in access.Member) (web.Reply, error) {
	form, err := q.Form("permission", "note")
	if err != nil {
		return nil, err
	}
	w := Wish{Permission: form.Text("permission"), Note: form.Text("note")}
	owner, err := c.Sharing.Ask(q.Context(), in, w)
	if code := fault.CodeOf(err); onForm(err) || code == requestOpen || code == requestHeld {
		v := askView{Base: base(in.Account()), May: missing(q, in), Wish: w, Err: err}
		return web.Page{Title: q.Printer().T("Ask for access"), Err: err, Body: func(f ui.Frame) templ.Component { return askPage(f, v) }}, nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(base(in.Account())+web.PeoplePath, q.Printer().T("We have told %s. You get an email when it is decided.", owner.Name())), nil
}

func (c Client) request(q *web.Request, in access.Manager) (web.Reply, error) {
	r, err := web.ID[requestKind](q, "request")
	if err != nil {
		return nil, err
	}
	return c.requestPage(q, in, r, requestView{})
}

// requestPage draws a request as it is now. v has what was typed, if anything was.
func (c Client) requestPage(q *web.Request, in access.Manager, r RequestID, v requestView) (web.Reply, error) {
	req, m, err := c.Sharing.Request(q.Context(), in, r)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	if v.Typed == nil {
		set := m.Set | req.Set()
		v.Typed = &Approval{All: set != 0 && wholly(q, set), Perms: set.Slugs()}
	}
	v.Base, v.Account, v.Offer, v.Member = base(in.Account()), in.Membership().AccountName(), q.Settings().Offer(), m
	v.Row = requestRowOf(q, in, req)
	v.Perms = permsOf(q, in, v.Typed.All, v.Typed.Perms, v.Err)
	v.Perms.Held = m.Set
	return web.Page{Title: p.T("Request from %s", req.By.Name()), Err: v.Err, Body: func(f ui.Frame) templ.Component { return requestPage(f, v) }}, nil
}

func requestRowOf(q *web.Request, in access.Manager, r Request) requestRow {
	row := requestRow{Request: r, Waits: r.Open(q.Now())}
	if err := hostManages(q.Settings(), in); err != nil {
		row.Lock = q.Printer().Fault(err)
	} else if err := mayDecide(in.Membership().Rights(), in.Actor().User, r, r.Asker); err != nil {
		row.Lock = q.Printer().Fault(err)
	}
	return row
}

// requestsOf are the rows of User Management.
func requestsOf(q *web.Request, in access.Manager, list []Request) []requestRow {
	var rows []requestRow
	for _, r := range list {
		rows = append(rows, requestRowOf(q, in, r))
	}
	return rows
}

func (c Client) approve(q *web.Request, in access.Manager) (web.Reply, error) {
	form, err := q.Form("access", "perm*", "version")
	if err != nil {
		return nil, err
	}
	r, err := web.ID[requestKind](q, "request")
	if err != nil {
		return nil, err
	}
	typed := &Approval{All: form.Text("access") == "all", Perms: form.All("perm"), Version: version(form)}
	d, err := c.Sharing.Approve(q.Context(), in, r, *typed)
	p := q.Printer()
	switch {
	case fault.CodeOf(err) == "member.changed":
		m, e := c.Sharing.Member(q.Context(), in, d.By.ID)
		if e != nil {
			return nil, e
		}
		return c.requestPage(q, in, r, requestView{Err: changedMeanwhile(p, m)})
	case onForm(err) || fault.Is(err, fault.Conflict):
		return c.requestPage(q, in, r, requestView{Err: err, Typed: typed})
	case err != nil:
		return nil, err
	}
	offer := q.Settings().Offer()
	return web.Done(base(in.Account())+"/users", p.T("%s now has %d of %d permissions.", d.By.Name(), offer.Count(d.Member.Set), offer.Len())), nil
}

func (c Client) refuse(q *web.Request, in access.Manager) (web.Reply, error) {
	form, err := q.Form("reason")
	if err != nil {
		return nil, err
	}
	r, err := web.ID[requestKind](q, "request")
	if err != nil {
		return nil, err
	}
	d, err := c.Sharing.Refuse(q.Context(), in, r, form.Text("reason"))
	if onForm(err) || fault.Is(err, fault.Conflict) {
		return c.requestPage(q, in, r, requestView{Err: err, Reason: form.Text("reason")})
	}
	if err != nil {
		return nil, err
	}
	return web.Done(base(in.Account())+"/users", q.Printer().T("The request of %s is declined. They get an email.", d.By.Name())), nil
}

func (c Client) search(q *web.Request, _ access.Self) (web.Reply, error) {
	return c.searchPage(q, searchView{})
}

func (c Client) searchPage(q *web.Request, v searchView) (web.Reply, error) {
	if !q.Settings().Users.Managed {
		v.Host = byHost(q.Settings())
	}
	return web.Page{Title: q.Printer().T("Ask for access"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return searchPage(f, v) }}, nil
}

func (c Client) seek(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("account", "note")
	if err != nil {
		return nil, err
	}
	w := Search{Account: form.Text("account"), Note: form.Text("note")}
	if err := c.Sharing.Seek(q.Context(), me, w); onForm(err) {
		return c.searchPage(q, searchView{Search: w, Err: err})
	} else if err != nil {
		return nil, err
	}
	return web.Done("/accounts", q.Printer().T("If there is such an account, its owner gets your request by email now. You get one when they have decided.")), nil
}
