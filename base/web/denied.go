package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/fault"
	"atrium/ui"
)

// deniedPage names the page, the missing permission, what one may do here, and
// whom to ask.
func (q *Request) deniedPage(err error) Reply {
	var v denied
	_, drawErr := q.answer(func() (_ Reply, e error) { v, e = q.denied(err); return nil, e })
	if drawErr != nil {
		q.routes.Log.Error("what one can do is not known", "request", q.ID(), "account", int64(q.member.Account()), "err", drawErr)
		return q.errorPage(http.StatusInternalServerError, drawErr)
	}
	return Page{Title: q.Printer().T("Access denied"), Status: http.StatusForbidden, Body: func(f ui.Frame) templ.Component { return deniedPage(f, v) }}
}

func (q *Request) denied(err error) (denied, error) {
	p, m := q.Printer(), q.member
	v := denied{Page: p.Word(q.page), Account: m.AccountName(), Home: "/a/" + m.Account().String() + "/", Public: p.Fault(err)}
	for _, n := range m.Rights().Permissions().Names() {
		v.May = append(v.May, p.Word(n.Label()))
	}
	reads := []func() error{func() error {
		owner, err := access.FindOwner(q.Context(), q.routes.DB.Auto(), m.Account())
		v.Owner = owner.Name()
		return err
	}}
	slug, _ := strings.CutPrefix(fault.CodeOf(err), access.DeniedPrefix)
	n, missing := access.NameFrom(slug)
	if !missing {
		err := q.Together(reads...)
		return v, err
	}
	v.Permission, v.Explanation = p.Word(n.Label()), p.Word(n.Text().Explanation)
	reads = append(reads, func() (err error) { v.Elsewhere, err = q.elsewhere(n); return err })
	v.Ways = make([]templ.Component, len(q.routes.denials))
	for i, draw := range q.routes.denials {
		reads = append(reads, func() (err error) { v.Ways[i], err = draw(q, m, n); return err })
	}
	e := q.Together(reads...)
	v.Ways = slices.DeleteFunc(v.Ways, func(c templ.Component) bool { return c == nil })
	return v, e
}

// elsewhere is the same section of another account of the person's in which they
// hold the permission: of several the one that they were in last.
func (q *Request) elsewhere(n access.Name) (link, error) {
	s, in := q.Session()
	if !in {
		return link{}, nil
	}
	all, err := access.AccountsOf(q.Context(), q.routes.DB, s.User.ID)
	var last access.AccountInfo
	for _, a := range all {
		if a.Holds(n) && a.Status != access.Closed && (last.Account == 0 || a.Used.After(last.Used)) {
			last = a
		}
	}
	if err != nil || last.Account == 0 {
		return link{}, err
	}
	return link{Href: "/a/" + last.Account.String() + q.section(last.Rights, q.entryOf(last.Rights)), Text: last.Name}, nil
}

// A link leads somewhere; without Href it is none.
type link struct{ Href, Text string }
