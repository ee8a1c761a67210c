package sharing

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/ui"
)

// Accounts lists the accounts that somebody is a member of.
func (s *Sharing) Accounts(ctx context.Context, me access.Self) ([]access.AccountInfo, error) {
	return access.AccountsOf(ctx, s.DB, me.User().ID)
}

// An AccountPage is a page of the accounts that somebody is a member of: their own
// first and closed ones last, by name.
type AccountPage struct {
	Part
	List  []access.AccountInfo
	Total int // how many there are
	Found int // of them, by the search
}

// AccountPage reads no more of the accounts than the page, but for the names that a
// search looks through. A page that there is not any more is the first.
func (s *Sharing) AccountPage(ctx context.Context, me access.Self, p Part) (AccountPage, error) {
	l, err := s.accountPage(ctx, me.User().ID, p)
	if err == nil && len(l.List) == 0 && p.Page > 1 {
		return s.accountPage(ctx, me.User().ID, p.first())
	}
	return l, err
}

func (s *Sharing) accountPage(ctx context.Context, u id.User, p Part) (l AccountPage, err error) {
	l.Part = p
	if p.Query == "" {
		l.List, l.Total, err = access.AccountPage(ctx, s.DB, u, p.skip(), perPage)
		l.Found = l.Total
		return l, err
	}
	called, total, err := access.AccountsCalled(ctx, s.DB, u, p.Query)
	if err != nil {
		return l, err
	}
	l.Found, l.Total = len(called), total
	l.List, err = access.AccountsIn(ctx, s.DB, u, cut(p, called))
	return l, err
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

func (c Client) accounts(q *web.Request, me access.Self) (web.Reply, error) {
	list, err := c.Sharing.AccountPage(q.Context(), me, partOf(q))
	if err != nil {
		return nil, err
	}
	v := accountsView{AccountPage: list, User: me.User(), Offer: q.Settings().Offer()}
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
