package email

import (
	"slices"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/ui"
)

// readingRoutes adds the page that says who gets which emails, and the one where a
// member chooses their own.
func (c Client) readingRoutes(r *web.Routes) {
	who := web.Require[access.Profile](r, "Who gets which emails")
	who.Menu(web.Entry{Group: "Account", Label: "Who gets which emails", Path: "/recipients", Icon: ui.IconUsers, Rank: 127})
	who.Get("/recipients", c.readers)

	mine := web.Member(r, "Your emails")
	mine.Menu(web.Entry{Group: "Account", Label: "Your emails", Path: "/my-emails", Icon: ui.IconMail, Rank: 135})
	mine.Get("/my-emails", c.mine)
	mine.Post("/my-emails", c.choose)
}

func accountBase(a id.Account) string { return "/a/" + a.String() }

func (c Client) readers(q *web.Request, in access.To[access.Profile]) (web.Reply, error) {
	all, err := c.Email.Readers(q.Context(), in)
	if err != nil {
		return nil, err
	}
	v := newReadersView(q.Printer(), all)
	v.Base, v.Account, v.Me, v.Contacts = accountBase(in.Account()), in.Membership().AccountName(), in.Actor().User, in.Membership().Rights().Holds(access.NameContacts)
	return web.Page{Title: q.Printer().T("Who gets which emails"), Body: func(f ui.Frame) templ.Component { return readersPage(f, v) }}, nil
}

func (c Client) mine(q *web.Request, in access.Member) (web.Reply, error) {
	r, err := c.Email.Mine(q.Context(), in)
	if err != nil {
		return nil, err
	}
	m := in.Membership()
	v := mineView{Base: accountBase(in.Account()), Account: m.AccountName(), Reader: r, Who: m.Rights().Holds(access.NameProfile), Chooses: !m.Rights().Visiting}
	return web.Page{Title: q.Printer().T("Your emails"), Body: func(f ui.Frame) templ.Component { return minePage(f, v) }}, nil
}

func (c Client) choose(q *web.Request, in access.Member) (web.Reply, error) {
	form, err := q.Form("topic*")
	if err != nil {
		return nil, err
	}
	if err := c.Email.Choose(q.Context(), in, mail.ChoiceOf(form.All("topic"))); err != nil {
		return nil, err
	}
	return web.Done(accountBase(in.Account())+"/my-emails", q.Printer().T("Saved: these emails are yours.")), nil
}

type readersView struct {
	Base, Account string
	Me            id.User
	Contacts      bool // whether contacts are shown
	Topics        []topicView
	Billing       *mail.Reader
}

// A topicView is who gets the emails of one topic, and who does not.
type topicView struct {
	mail.Topic
	Gets, Not []readerView
}

type readerView struct {
	mail.Reader
	Why   mail.Why
	Twice bool // another one who gets them has the same address
}

func newReadersView(p ui.Printer, all []mail.Reader) readersView {
	var v readersView
	for i, r := range all {
		if r.Billing {
			v.Billing = &all[i]
		}
	}
	compare := p.Comparer()
	for _, t := range mail.Topics() {
		one := topicView{Topic: t}
		getting := mail.Getting(all, t)
		for _, r := range all {
			view := readerView{Reader: r, Why: r.Why(t)}
			view.Twice = view.Why == "" && !slices.ContainsFunc(getting, func(g mail.Reader) bool { return g.Key == r.Key })
			if view.Why == "" && !view.Twice && !view.Refused {
				one.Gets = append(one.Gets, view)
			} else {
				one.Not = append(one.Not, view)
			}
		}
		for _, list := range [][]readerView{one.Gets, one.Not} {
			slices.SortStableFunc(list, func(a, b readerView) int { return compare(a.Name, b.Name) })
		}
		v.Topics = append(v.Topics, one)
	}
	return v
}

// href is where it is changed what the reader gets; "" where it is not by whoever looks.
func (v readersView) href(r readerView) string {
	switch {
	case r.Key == mail.AccountKey:
		return v.Base + "/profile"
	case r.User == v.Me:
		return v.Base + "/my-emails"
	case r.User != 0:
		return ""
	}
	_, contact := r.Contact()
	return v.Base + "/contacts/" + contact
}

// reason says why somebody gets emails of the topic, or why not.
func (r readerView) reason(p ui.Printer, t mail.Topic) string {
	need, _ := t.Needs()
	switch {
	case r.Why == mail.Forbidden:
		return p.T("Lacks the permission %s.", p.Word(need.Label()))
	case r.Why == mail.LoginOff:
		return p.T("The login is deactivated.")
	case r.Why == mail.Unwanted:
		return p.T("Switched off by the link in an email.")
	case r.Why == mail.Unchosen && r.User != 0:
		return p.T("Has not chosen these.")
	case r.Why == mail.Unchosen:
		return p.T("Not ticked.")
	case r.Refused:
		return p.T("The address has refused mail.")
	case r.Twice:
		return p.T("The same address gets them already.")
	case t == mail.Invoice && r.Billing:
		return p.T("Is the billing contact.")
	case r.Key == mail.AccountKey:
		return p.T("The account's own address.")
	case r.User == 0:
		return p.T("Is a contact.")
	case r.Rights.Owner && !r.Asked:
		return p.T("Is the owner.")
	}
	return p.T("Has chosen these.")
}

type mineView struct {
	Base, Account string
	mail.Reader
	Who     bool // may see who gets which emails
	Chooses bool
}

// ticked tells whether the member gets emails of the topic as far as they choose.
func (v mineView) ticked(t mail.Topic) bool { return getting(v.Reader).Has(t) }

// about says which emails these are, and what they need.
func (v mineView) about(p ui.Printer, t mail.Topic) string {
	if allowed(v.Reader, t) {
		return p.Word(t.Explanation())
	}
	need, _ := t.Needs()
	return p.T("You lack the permission for these: %s.", p.Word(need.Label()))
}
