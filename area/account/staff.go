package account

import (
	"time"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Staff is what staff see of accounts, and what they do with them.
type Staff struct{ Account *Account }

type (
	seeing  = access.StaffOn[access.SeeAccounts]
	editing = access.StaffOn[access.EditAccounts]
	closing = access.StaffOn[access.CloseAccounts]
)

// Routes adds the list of all accounts, the form that opens one, and of the
// record Summary, Profile, Notes, and what an account can become.
func (s Staff) Routes(r *web.Routes) {
	all := web.Staff[access.SeeAccounts](r)
	all.Menu(web.Entry{Label: "Accounts", Path: "/accounts", Icon: ui.IconBuilding, Rank: 20})
	all.Get("/accounts", s.all)
	open := web.Staff[access.EditAccounts](r)
	open.Get("/accounts/new", s.fresh)
	open.Post("/accounts/new", s.open)

	see, edit := web.StaffOn[access.SeeAccounts](r), web.StaffOn[access.EditAccounts](r)
	see.Tab(web.Entry{Label: "Summary", Path: "", Rank: 10})
	see.Get("", s.summary)
	see.Tab(web.Entry{Label: "Profile", Path: "/profile", Rank: 20})
	see.Get("/profile", s.details)
	edit.Post("/profile", s.change)
	see.Get("/profile/locks", s.toDetails)
	edit.Post("/profile/locks", s.lock)

	see.Tab(web.Entry{Label: "Notes", Path: "/notes", Rank: 120})
	see.Get("/notes", s.notes)
	edit.Post("/notes", s.addNote)
	edit.Get("/notes/{note}", s.askEditNote)
	edit.Post("/notes/{note}", s.editNote)
	edit.Post("/notes/{note}/pin", s.pinNote)
	edit.Get("/notes/{note}/delete", s.askDeleteNote)
	edit.Post("/notes/{note}/delete", s.deleteNote)

	closes := web.StaffOn[access.CloseAccounts](r)
	closes.Action(web.Entry{Label: "Change status", Path: "/status", Rank: 50})
	closes.Get("/status", s.askStatus)
	closes.Post("/status", s.setStatus)
	closes.Get("/delete", s.askDelete)
	closes.Post("/delete", s.delete)
}

// recordBase is the address of an account's record.
func recordBase(a id.Account) string { return "/staff/accounts/" + a.String() }

func (s Staff) all(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	v := allView{AccountSearch: searchFrom(q), Opens: in.Person().Role.Holds(access.NameEditAccounts)}
	found, err := s.Account.All(q.Context(), in, v.AccountSearch)
	if err != nil {
		return nil, err
	}
	v.Accounts, v.Next = found.Accounts, found.Next
	return web.Page{Title: q.Printer().T("Accounts"), Body: func(f ui.Frame) templ.Component { return allPage(f, v) }}, nil
}

// searchFrom reads a search out of the address. What is no filter is none.
func searchFrom(q *web.Request) access.AccountSearch {
	s := access.AccountSearch{Text: q.Query("q"), Country: q.Query("country"), After: q.Query("after")}
	if status := access.Status(q.Query("status")); status == access.Active || status == access.Inactive || status == access.Closed {
		s.Status = status
	}
	if s.TwoStep = access.Switched(q.Query("two-step")); s.TwoStep != access.On && s.TwoStep != access.Off {
		s.TwoStep = access.Either
	}
	if !ui.KnownCountry(s.Country) {
		s.Country = ""
	}
	if day, err := time.Parse(time.DateOnly, q.Query("since")); err == nil && day.Year() >= 1 {
		s.Since = day
	}
	return s
}

func (s Staff) fresh(q *web.Request, _ access.Staff[access.EditAccounts]) (web.Reply, error) {
	return s.freshPage(q, Order{Link: true}, "", nil)
}

// freshPage draws the form that opens an account, as it was typed.
func (s Staff) freshPage(q *web.Request, o Order, find string, err error) (web.Reply, error) {
	pick, e := q.Pick(o.User, find)
	if e != nil {
		return nil, e
	}
	p := q.Printer()
	pick.Label, pick.Hint = p.T("Owner"), p.T("Two letters of a name or an email address, or the whole address of somebody new.")
	v := orderView{Order: o, Pick: pick, Err: err}
	return web.Page{Title: p.T("New account"), Err: err, Body: func(f ui.Frame) templ.Component { return orderPage(f, v) }}, nil
}

func (s Staff) open(q *web.Request, in access.Staff[access.EditAccounts]) (web.Reply, error) {
	form, err := q.Form("name", "country", "zone", "user", "find", "do", "first", "last", "link")
	if err != nil {
		return nil, err
	}
	o := Order{Fresh: Fresh{Name: form.Text("name"), Country: form.Text("country"), TimeZone: form.Text("zone")},
		User: form.Text("user"), First: form.Text("first"), Last: form.Text("last"), Link: form.Text("link") == "yes"}
	if form.Text("do") == "find" {
		return s.freshPage(q, o, form.Text("find"), nil)
	}
	opened, err := s.Account.OpenFor(q.Context(), in, o)
	if fault.Is(err, fault.Invalid) {
		return s.freshPage(q, o, form.Text("find"), err)
	}
	if err != nil {
		return nil, err
	}
	return web.Done(recordBase(opened), q.Printer().T("The account is open. Its number is %s.", opened)), nil
}

func (s Staff) summary(q *web.Request, in seeing) (web.Reply, error) {
	record, err := s.Account.Record(q.Context(), in)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: q.Printer().T("Summary"), Body: func(f ui.Frame) templ.Component { return summaryPage(f, record) }}, nil
}

func (s Staff) details(q *web.Request, in seeing) (web.Reply, error) {
	d, err := s.Account.Details(q.Context(), access.AsStaff[access.Profile](in))
	if err != nil {
		return nil, err
	}
	return recordDetails(s, q, in, detailsView{Details: d})
}

func recordDetails[R access.StaffPermission](s Staff, q *web.Request, in access.StaffOn[R], v detailsView) (web.Reply, error) {
	var err error
	if v.Payers, err = s.Account.Payers(q.Context(), access.AsStaff[access.Profile](in)); err != nil {
		return nil, err
	}
	v.Home, v.Account, v.Host, v.Person, v.Closed = recordBase(in.Account()), in.Card().Name, true, true, !in.Person().Role.Holds(access.NameEditAccounts)
	failed := v.Err
	if failed == nil {
		failed = v.LockErr
	}
	return web.Page{Title: q.Printer().T("Profile"), Err: failed, Body: func(f ui.Frame) templ.Component { return recordDetailsPage(f, v) }}, nil
}

func (s Staff) change(q *web.Request, in editing) (web.Reply, error) {
	v, saved, err := s.Account.changed(q, access.AsStaff[access.Profile](in))
	if err != nil {
		return nil, err
	}
	if !saved {
		return recordDetails(s, q, in, v)
	}
	return web.Done(recordBase(in.Account())+"/profile", q.Printer().T("The account details are saved.")), nil
}

// toDetails leads from the target of the form with the locks to its page.
func (s Staff) toDetails(_ *web.Request, in seeing) (web.Reply, error) {
	return web.Redirect{To: recordBase(in.Account()) + "/profile"}, nil
}

func (s Staff) lock(q *web.Request, in editing) (web.Reply, error) {
	form, err := q.Form("lock*", "version")
	if err != nil {
		return nil, err
	}
	now, err := s.Account.SetLocks(q.Context(), in, LocksOf(form.All("lock")), version(form))
	if fault.CodeOf(err) == detailsChanged {
		return recordDetails(s, q, in, detailsView{Details: now, LockErr: err})
	}
	if err != nil {
		return nil, err
	}
	return web.Done(recordBase(in.Account())+"/profile", q.Printer().T("Saved. Members see these fields, and can't change them.")), nil
}
