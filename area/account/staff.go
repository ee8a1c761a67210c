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
	see.Get("/", s.all)
}

func (s Staff) all(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	before, _ := id.ParseAccount(q.Query("before")) // what is no number starts with the newest
	search := Search{Text: q.Query("q"), Before: before}
	found, err := s.Account.All(q.Context(), in, search)
	if err != nil {
		return nil, err
	}
	v := allView{Search: search, Accounts: found.Accounts}
	if before != 0 {
		v.Newest = page(search.Text, 0)
	}
	if found.Next != 0 {
		v.Older = page(search.Text, found.Next)
	}
	return web.Page{Title: q.Printer().T("Accounts"), Body: func(f ui.Frame) templ.Component { return allPage(f, v) }}, nil
}

// page is the address of a page of the list.
func page(text string, before id.Account) string {
	values := url.Values{}
	if text != "" {
		values.Set("q", text)
	}
	if before != 0 {
		values.Set("before", before.String())
	}
	u := url.URL{Path: "/staff/", RawQuery: values.Encode()}
	return u.String()
}
