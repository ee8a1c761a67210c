package sharing

import (
	"strconv"

	"atrium/base/access"
	"atrium/ui"
)

// askView is the form that asks for one of the permissions that one may ask for.
type askView struct {
	Base string
	May  []access.Name
	Wish Wish
	Err  error
}

func (v askView) options(p ui.Printer) []ui.Option {
	all := []ui.Option{{Value: "", Label: p.T("Choose a permission")}}
	for _, n := range v.May {
		all = append(all, ui.Option{Value: n.Slug(), Label: p.Word(n.Label())})
	}
	return all
}

// searchView is the form that asks for access to an account.
type searchView struct {
	Search Search
	Host   error // why nobody here can be asked; nil: they can
	Err    error
}

type requestRow struct {
	Request
	Waits bool
	Lock  string // why who looks at it may not decide; "": they may
}

// waiting is how many invitations wait for others, and requests for who looks.
type waiting struct{ invitations, requests int }

// what is asked for, in words.
func (r requestRow) what(p ui.Printer) string {
	if n, ok := r.Permission(); ok {
		return p.Word(n.Label())
	}
	return p.T("Access to this account")
}

// requestView is the page of one request.
type requestView struct {
	Base, Account string
	Offer         access.Offer
	Row           requestRow
	Member        access.MemberInfo // who asks; zero: no member
	Perms         permsView
	Typed         *Approval // nil: nothing was typed yet
	Reason        string
	Err           error
}

func (v requestView) version() string { return strconv.FormatInt(v.Member.Version, 10) }

func (v requestView) path(rest string) string {
	return v.Base + "/requests/" + v.Row.ID.String() + rest
}
