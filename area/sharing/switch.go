package sharing

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/ui"
)

// Accounts lists the accounts that somebody is a member of.
func (s *Sharing) Accounts(ctx context.Context, me access.Self) ([]access.AccountInfo, error) {
	return access.AccountsOf(ctx, s.DB, me.User().ID)
}

// start leads to the account used last, else one's own, else the chooser.
func (c Client) start(q *web.Request, _ access.Actor) (web.Reply, error) {
	s, ok := q.Session()
	if !ok {
		return web.Redirect{To: "/login"}, nil
	}
	all, err := c.Sharing.Accounts(q.Context(), s.Self(q.IP(), q.Agent()))
	if err != nil {
		return nil, err
	}
	if first, ok := landing(s.User, all); ok {
		return web.Redirect{To: base(first.Account) + "/"}, nil
	}
	return web.Redirect{To: "/accounts"}, nil
}

// landing is where logging in leads: the account used last, else one's own. A
// closed account is nobody's first choice, and one that asks for two-step login
// only where there is no other: it then says what to do.
func landing(u access.User, all []access.AccountInfo) (access.AccountInfo, bool) {
	open := slices.DeleteFunc(slices.Clone(all), func(a access.AccountInfo) bool { return a.Status == access.Closed })
	if slices.ContainsFunc(open, func(a access.AccountInfo) bool { return !a.Shut(u) }) {
		open = slices.DeleteFunc(open, func(a access.AccountInfo) bool { return a.Shut(u) })
	}
	if len(open) == 0 {
		return access.AccountInfo{}, false
	}
	return slices.MaxFunc(open, func(a, b access.AccountInfo) int {
		if c := a.Used.Compare(b.Used); c != 0 {
			return c
		}
		if a.Owner != b.Owner {
			if a.Owner {
				return 1
			}
			return -1
		}
		return cmp.Compare(b.Account, a.Account)
	}), true
}

// searchFrom is how many accounts there are before a search is offered.
const searchFrom = 10

func (c Client) accounts(q *web.Request, me access.Self) (web.Reply, error) {
	all, err := c.Sharing.Accounts(q.Context(), me)
	if err != nil {
		return nil, err
	}
	web.SortAccounts(q.Printer(), all)
	v := accountsView{User: me.User(), Offer: q.Settings().Offer(), Total: len(all), Search: len(all) > searchFrom, Query: q.Query("q")}
	for _, a := range all {
		if matches(v.Query, a.Name, a.Account.String()) {
			v.Rows = append(v.Rows, a)
		}
	}
	return web.Page{Title: q.Printer().T("Switch Account"), Body: func(f ui.Frame) templ.Component { return accountsPage(f, v) }}, nil
}

// matches tells whether one of the texts contains the query, folded.
func matches(query string, texts ...string) bool {
	query = access.Fold(strings.TrimSpace(query))
	if query == "" {
		return true // without folding every name of the list
	}
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(access.Fold(t), query) })
}
