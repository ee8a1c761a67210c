package sharing

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// rulesPath is where the access rules are, in the account and in its record.
const rulesPath = "/users/rules"

// rulePath is where a rule is switched.
func rulePath(rule access.Rule) string { return rulesPath + "/" + string(rule) }

// rulesView is the page of the access rules.
type rulesView struct {
	RuleBook
	Base    string // of the account, or of its record
	Account string
	SetUp   string // where the owner sets two-step login up, and back
	Staff   bool   // staff look at it, in the record
	Manages bool   // who of them may switch a rule off
	Lift    access.Rule
	Reason  string // typed by staff, to Lift
	Err     error
}

func (c Client) rules(q *web.Request, in access.Owner) (web.Reply, error) {
	return c.rulesPage(q, in, nil)
}

func (c Client) rulesPage(q *web.Request, in access.Owner, wrong error) (web.Reply, error) {
	p := q.Printer()
	b, err := c.Sharing.RuleBook(q.Context(), in)
	if err != nil {
		return nil, err
	}
	v := rulesView{RuleBook: b, Base: base(in.Account()), Account: in.Membership().AccountName(), SetUp: web.SetUpTwoStep(base(in.Account()) + rulesPath), Err: wrong}
	return web.Page{Title: p.T("Access rules"), Err: wrong, Body: func(f ui.Frame) templ.Component { return rulesPage(f, v) }}, nil
}

// toRules leads from the target of a form, typed as an address, to its page.
func (c Client) toRules(_ *web.Request, in access.Owner) (web.Reply, error) {
	return web.Redirect{To: base(in.Account()) + rulesPath}, nil
}

// setRule is the target of the forms that switch this rule.
func (c Client) setRule(rule access.Rule) func(*web.Request, access.Owner) (web.Reply, error) {
	return func(q *web.Request, in access.Owner) (web.Reply, error) {
		form, err := q.Form("on")
		if err != nil {
			return nil, err
		}
		on := form.Text("on") == "yes"
		err = c.Sharing.SetRule(q.Context(), in, rule, on)
		if fault.CodeOf(err) == ownerFirst {
			return c.rulesPage(q, in, err)
		}
		if err != nil {
			return nil, err
		}
		return web.Done(base(in.Account())+rulesPath, ruleSaid(q.Printer(), rule, on)), nil
	}
}

// ruleSaid is what is said once a rule is switched.
func ruleSaid(p ui.Printer, rule access.Rule, on bool) string {
	switch {
	case rule == access.InvitedRule && on:
		return p.T("From now on an invitation is accepted only with the invited email address, confirmed.")
	case rule == access.InvitedRule:
		return p.T("Invitations are accepted with any email address again.")
	case on:
		return p.T("From now on everybody who works in this account needs two-step login. Who has none was mailed how to set it up.")
	}
	return p.T("Two-step login is no longer asked for in this account.")
}
