package email

import (
	"net/url"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// refusalsBase is where the addresses are that refused mail.
const refusalsBase = "/staff/emails/suppressed"

type refusalsView struct {
	RefusalPage
	Text, After string
	Lifts       bool // who looks at it may let mails go to them again
}

func (v refusalsView) page(after string) string {
	values := url.Values{}
	if v.Text != "" {
		values.Set("q", v.Text)
	}
	if after != "" {
		values.Set("after", after)
	}
	u := url.URL{Path: refusalsBase, RawQuery: values.Encode()}
	return u.String()
}

func (v refusalsView) first() string {
	if v.After == "" {
		return ""
	}
	return v.page("")
}

func (v refusalsView) next() string {
	if v.Next == "" {
		return ""
	}
	return v.page(v.Next)
}

// liftHref is the page that asks before mails go to an address again.
func liftHref(r mail.Refusal) string {
	return refusalsBase + "/lift?" + url.Values{"email": {r.Key}}.Encode()
}

func (s Staff) refusals(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	v := refusalsView{Text: q.Query("q"), After: q.Query("after"), Lifts: in.Person().Role.Holds(access.NameRunJobs)}
	var err error
	if v.RefusalPage, err = s.Posts.Refusals(q.Context(), in, v.Text, v.After); err != nil {
		return nil, err
	}
	return web.Page{Title: q.Printer().T("Suppressed addresses"), Body: func(f ui.Frame) templ.Component { return refusalsPage(f, v) }}, nil
}

type liftView struct {
	mail.Refusal
	Reason string
	Err    error
}

func (s Staff) askLift(q *web.Request, in access.Staff[access.RunJobs]) (web.Reply, error) {
	return s.liftPage(q, in, q.Query("email"), "", nil)
}

func (s Staff) liftPage(q *web.Request, in access.Staff[access.RunJobs], key, reason string, wrong error) (web.Reply, error) {
	r, err := s.Posts.Refusal(q.Context(), access.Seeing(in), key)
	if fault.Is(err, fault.NotFound) {
		return gone(q), nil
	}
	if err != nil {
		return nil, err
	}
	v := liftView{r, reason, wrong}
	return web.Page{Title: q.Printer().T("Let mails go to %s again", r.Email), Err: wrong, Body: func(f ui.Frame) templ.Component { return liftPage(f, v) }}, nil
}

// gone is the answer for an address that takes mails, or takes them again.
func gone(q *web.Request) web.Reply {
	return web.Redirect{To: refusalsBase, Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().T("Mails go to this address: there is nothing to lift.")}}
}

func (s Staff) lift(q *web.Request, in access.Staff[access.RunJobs]) (web.Reply, error) {
	form, err := q.Form("email", "reason")
	if err != nil {
		return nil, err
	}
	key := form.Text("email")
	err = s.Posts.Lift(q.Context(), in, key, form.Text("reason"))
	switch {
	case fault.Is(err, fault.Invalid):
		return s.liftPage(q, in, key, form.Text("reason"), err)
	case fault.Is(err, fault.NotFound):
		return gone(q), nil
	case err != nil:
		return nil, err
	}
	return web.Done(refusalsBase, q.Printer().T("Mails go to this address again. Those that were not sent in the meantime are not sent by themselves.")), nil
}
