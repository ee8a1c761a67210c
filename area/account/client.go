package account

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/address"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Client is what users see of accounts.
type Client struct{ Account *Account }

// Routes adds Home, Account details and the page that opens an account.
func (c Client) Routes(r *web.Routes) {
	member := web.Member(r, "Home")
	member.Menu(web.Entry{Label: "Home", Path: "/", Icon: ui.IconHome, Rank: 10})
	member.Get("/", c.home)

	details := web.Require[access.Profile](r, "Account details")
	details.Menu(web.Entry{Group: "Account", Label: "Account details", Path: "/profile", Icon: ui.IconBuilding, Rank: 120})
	details.Card(30, c.detailsCard)
	details.Get("/profile", c.details)
	details.Post("/profile", c.change)

	user := web.User(r)
	user.Get("/accounts/new", c.fresh)
	user.Post("/accounts/new", c.open)
}

func base(a id.Account) string { return "/a/" + a.String() }

func (c Client) home(q *web.Request, in access.Member) (web.Reply, error) {
	m := in.Membership()
	v := homeView{Name: m.AccountName(), Number: m.Account().String(), Status: m.Status(), Rights: m.Rights(), Offer: q.Settings().Offer()}
	var err error
	if v.Cards, err = q.Cards(in); err != nil {
		return nil, err
	}
	if len(v.Cards) == 0 || m.Rights().Permissions() == 0 {
		owner, err := c.Account.Owner(q.Context(), in)
		if err != nil {
			return nil, err
		}
		v.Ask = owner.Name()
	}
	return web.Page{Title: q.Printer().T("Home"), Body: func(f ui.Frame) templ.Component { return homePage(f, v) }}, nil
}

// detailsCard is the address on Home.
func (c Client) detailsCard(q *web.Request, in access.To[access.Profile]) (templ.Component, error) {
	d, err := c.Account.Details(q.Context(), in)
	if err != nil {
		return nil, err
	}
	return detailsCard(q.Printer(), base(in.Account())+"/profile", d), nil
}

func (c Client) details(q *web.Request, in access.To[access.Profile]) (web.Reply, error) {
	d, err := c.Account.Details(q.Context(), in)
	if err != nil {
		return nil, err
	}
	return c.detailsPage(q, in, detailsView{Details: d, Login: loginAt(in, d)})
}

func (c Client) detailsPage(q *web.Request, in access.To[access.Profile], v detailsView) (web.Reply, error) {
	var err error
	if v.Payers, err = c.Account.Payers(q.Context(), in); err != nil {
		return nil, err
	}
	v.Person = in.Membership().Rights().Holds(access.NameContacts)
	v.Home, v.Account, v.Closed = base(in.Account())+"/", in.Membership().AccountName(), in.Membership().Status() == access.Closed
	return web.Page{Title: q.Printer().T("Account details"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return detailsPage(f, v) }}, nil
}

func (c Client) change(q *web.Request, in access.To[access.Profile]) (web.Reply, error) {
	v, saved, err := c.Account.changed(q, in)
	switch {
	case err != nil:
		return nil, err
	case !saved:
		return c.detailsPage(q, in, v)
	case v.Both && v.Login != "" && v.Email.Typed != v.Login:
		to := "/me/profile?" + url.Values{"email": {v.Email.Typed}}.Encode()
		return web.Done(to, q.Printer().T("The account details are saved. Now change your login's address, too.")), nil
	}
	return web.Done(base(in.Account())+"/profile", q.Printer().T("The account details are saved.")), nil
}

// loginAt is the address of the member's login, if it is the account's, too.
func loginAt(in access.To[access.Profile], d Details) string {
	mine, ok := access.ParseEmail(in.Actor().Email)
	if !ok || mine.Key != d.Email.Key || in.Actor().Kind != access.ByUser || in.Membership().Rights().Visiting {
		return ""
	}
	return mine.Typed
}

// changed does what the form of the details says, and tells whether it is saved.
// If not, it gives what the form is drawn again with.
func (a *Account) changed(q *web.Request, in access.To[access.Profile]) (v detailsView, saved bool, err error) {
	present, err := a.Details(q.Context(), in)
	if err != nil {
		return v, false, err
	}
	v, redraw, err := typedDetails(q, present)
	v.Login = loginAt(in, present)
	if err != nil || redraw {
		return v, false, err
	}
	now, err := a.Change(q.Context(), in, v.Details)
	switch {
	case fault.CodeOf(err) == detailsChanged:
		read, _ := v.Details.read()
		v.Details, v.Typed, v.Err = now, read.changes(now), err
		return v, false, nil
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.TooMany):
		v.Err = err
		return v, false, nil
	}
	return v, err == nil, err
}

// typedDetails reads the form of an account's details. What is locked and not in
// the form is as it is now. redraw is asked for when another country was chosen.
func typedDetails(q *web.Request, now Details) (v detailsView, redraw bool, err error) {
	form, err := q.Form(append(address.Names(), "name", "company", "email", "phone", "tax", "language", "zone", "topic*", "billing", "marketing", "login", "version", "do")...)
	if err != nil {
		return v, false, err
	}
	typed := Details{
		Name: form.Text("name"), Company: form.Text("company"), Email: access.Email{Typed: form.Text("email")}, Address: address.Typed(form.Text),
		Phone: form.Text("phone"), TaxID: form.Text("tax"), Language: form.Text("language"), TimeZone: form.Text("zone"),
		Topics: mail.ChoiceOf(form.All("topic")), Billing: payerFrom(form.Text("billing")),
		Marketing: now.Marketing.typed(form.Text("marketing") == "yes"), Locked: now.Locked, Version: version(form),
	}
	v = detailsView{Details: now.Locked.keep(typed, now, form.Has), Both: form.Text("login") == "yes"}
	return v, form.Text("do") == "country", nil
}

// version reads the version a form was drawn for; what is none matches none.
func version(f web.Form) int64 {
	v, err := strconv.ParseInt(f.Text("version"), 10, 64)
	if err != nil {
		return -1
	}
	return v
}

func (c Client) fresh(q *web.Request, me access.Self) (web.Reply, error) {
	return c.freshPage(q, freshView{Fresh: Fresh{TimeZone: me.User().TimeZone}})
}

func (c Client) freshPage(q *web.Request, v freshView) (web.Reply, error) {
	if q.Settings().Users.Managed {
		v.Ask = web.AskPath
	}
	return web.Page{Title: q.Printer().T("Open an account"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return freshPage(f, v) }}, nil
}

func (c Client) open(q *web.Request, me access.Self) (web.Reply, error) {
	form, err := q.Form("name", "country", "zone")
	if err != nil {
		return nil, err
	}
	typed := Fresh{Name: form.Text("name"), Country: form.Text("country"), TimeZone: form.Text("zone")}
	opened, err := c.Account.Open(q.Context(), me, typed)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooMany) {
		return c.freshPage(q, freshView{Fresh: typed, Err: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done(base(opened)+"/", q.Printer().T("Your account is open. Its number is %s.", opened)), nil
}
