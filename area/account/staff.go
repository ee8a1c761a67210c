package account

import (
	"net/url"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/ui"
)

// Staff is what staff see of accounts.
type Staff struct{ Account *Account }

// Routes adds the list of all accounts.
func (s Staff) Routes(r *web.Routes) {
	see := web.Staff[access.SeeAccounts](r)
	see.Menu(web.Entry{Label: "Accounts", Path: "/accounts", Icon: ui.IconBuilding, Rank: 20})
	see.Get("/accounts", s.all)

	record := web.StaffOn[access.SeeAccounts](r)
	record.Tab(web.Entry{Label: "Summary", Path: "", Rank: 10})
	record.Get("", s.summary)
}

// recordBase is the address of an account's record.
func recordBase(a id.Account) string { return "/staff/accounts/" + a.String() }

func (s Staff) all(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	search := access.AccountSearch{Text: q.Query("q"), After: q.Query("after")}
	found, err := s.Account.All(q.Context(), in, search)
	if err != nil {
		return nil, err
	}
	v := allView{AccountSearch: search, Accounts: found.Accounts}
	if search.After != "" {
		v.Newest = page(search.Text, "")
	}
	if found.Next != "" {
		v.Older = page(search.Text, found.Next)
	}
	return web.Page{Title: q.Printer().T("Accounts"), Body: func(f ui.Frame) templ.Component { return allPage(f, v) }}, nil
}

func (s Staff) summary(q *web.Request, in access.StaffOn[access.SeeAccounts]) (web.Reply, error) {
	record, err := s.Account.Record(q.Context(), in)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: q.Printer().T("Summary"), Body: func(f ui.Frame) templ.Component { return summaryPage(f, record) }}, nil
}

// page is the address of a page of the list.
func page(text, after string) string {
	values := url.Values{}
	if text != "" {
		values.Set("q", text)
	}
	if after != "" {
		values.Set("after", after)
	}
	u := url.URL{Path: "/staff/accounts", RawQuery: values.Encode()}
	return u.String()
}
