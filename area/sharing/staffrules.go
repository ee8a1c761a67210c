package sharing

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

func (s Staff) rules(q *web.Request, in seeing) (web.Reply, error) {
	return s.rulesPage(q, in, rulesView{})
}

func (s Staff) rulesPage(q *web.Request, in seeing, v rulesView) (web.Reply, error) {
	p := q.Printer()
	b, err := s.Sharing.RuleBookFor(q.Context(), in)
	if err != nil {
		return nil, err
	}
	v.RuleBook, v.Base, v.Account, v.Staff, v.Manages = b, s.base(in.Account()), in.Card().Name, true, in.Person().Role.Holds(access.NameManageUsers)
	return web.Page{Title: p.T("Access rules"), Err: v.Err, Body: func(f ui.Frame) templ.Component { return rulesPage(f, v) }}, nil
}

// liftRule is the target of the form by which staff switch this rule off.
func (s Staff) liftRule(rule access.Rule) func(*web.Request, manages) (web.Reply, error) {
	return func(q *web.Request, in manages) (web.Reply, error) {
		form, err := q.Form("reason")
		if err != nil {
			return nil, err
		}
		err = s.Sharing.LiftRule(q.Context(), in, rule, form.Text("reason"))
		if fault.Is(err, fault.Invalid) {
			return s.rulesPage(q, access.ToSee(in), rulesView{Lift: rule, Reason: form.Text("reason"), Err: err})
		}
		if err != nil {
			return nil, err
		}
		return web.Done(s.base(in.Account())+rulesPath, ruleSaid(q.Printer(), rule, false)), nil
	}
}
