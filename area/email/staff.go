package email

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Staff is what staff see of the mails of all accounts.
type Staff struct{ Posts *Posts }

// Routes adds the list of all mails, the tab of an account's record, and what
// Overview says of mails.
func (s Staff) Routes(r *web.Routes) {
	see := web.Staff[access.SeeAccounts](r)
	see.Menu(web.Entry{Label: "Emails", Path: "/emails", Icon: ui.IconMail, Rank: 50})
	see.Overview(10, s.trouble)
	see.Get("/emails", s.all)
	see.Get("/emails/{email}", s.showOfNone)
	see.Get("/emails/{email}/body", s.bodyOfNone)
	see.Get("/emails/suppressed", s.refusals)
	run := web.Staff[access.RunJobs](r)
	run.Post("/emails/{email}/again", s.againOfNone)
	run.Get("/emails/suppressed/lift", s.askLift)
	run.Post("/emails/suppressed/lift", s.lift)

	on := web.StaffOn[access.SeeAccounts](r)
	on.Tab(web.Entry{Label: "Emails", Path: "/emails", Rank: 90})
	on.Get("/emails", s.list)
	on.Get("/emails/{email}", s.show)
	on.Get("/emails/{email}/body", s.body)
	web.StaffOn[access.RunJobs](r).Post("/emails/{email}/again", s.again)
}

// staffBase is where the mails of an account are, or those of none.
func staffBase(a id.Account) string {
	if a == 0 {
		return "/staff/emails"
	}
	return "/staff/accounts/" + a.String() + "/emails"
}

func (s Staff) trouble(q *web.Request, in access.Staff[access.SeeAccounts]) (templ.Component, error) {
	t, err := s.Posts.Trouble(q.Context(), in)
	if err != nil || len(t.Failed) == 0 && t.Waiting == 0 && t.Refused == 0 {
		return nil, err
	}
	return troubleCard(q.Printer(), q.Now(), t, in.Person().Role.Holds(access.NameRunJobs)), nil
}

func (s Staff) all(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	v := allView{State: mail.State(q.Query("state"))}
	if v.State != mail.Failed && v.State != mail.Queued {
		v.State = ""
	}
	before := parseMark(q.Query("before")) // what is no mark starts with the latest
	page, err := s.Posts.All(q.Context(), in, v.State, before)
	if err != nil {
		return nil, err
	}
	v.Emails = page.Emails
	if before != (mail.Mark{}) {
		v.Newest = v.page(mail.Mark{})
	}
	if page.Next != (mail.Mark{}) {
		v.Older = v.page(page.Next)
	}
	return web.Page{Title: q.Printer().T("Emails"), Body: func(f ui.Frame) templ.Component { return allPage(f, v) }}, nil
}

// parseMark reads what formatMark writes: "0abc…-10001".
func parseMark(s string) mail.Mark {
	text, account, _ := strings.Cut(s, "-")
	key, ok := id.Parse[mail.Message](text)
	if !ok {
		return mail.Mark{}
	}
	a, _ := id.ParseAccount(account) // "0" is none
	return mail.Mark{ID: mail.ID(key), Account: a}
}

func formatMark(m mail.Mark) string { return m.ID.String() + "-" + m.Account.String() }

// page is the address of a page of the list.
func (v allView) page(before mail.Mark) string {
	values := url.Values{}
	if v.State != "" {
		values.Set("state", string(v.State))
	}
	if before != (mail.Mark{}) {
		values.Set("before", formatMark(before))
	}
	u := url.URL{Path: "/staff/emails", RawQuery: values.Encode()}
	return u.String()
}

func (s Staff) list(q *web.Request, in access.StaffOn[access.SeeAccounts]) (web.Reply, error) {
	before, _ := id.Parse[mail.Message](q.Query("before")) // what is no id starts with the latest
	list, err := s.Posts.List(q.Context(), in, mail.ID(before))
	if err != nil {
		return nil, err
	}
	v := newListView(staffBase(in.Account()), in.Card().Name, list, before != 0)
	return web.Page{Title: q.Printer().T("Emails"), Body: func(f ui.Frame) templ.Component { return recordListPage(f, v) }}, nil
}

func (s Staff) show(q *web.Request, in access.StaffOn[access.SeeAccounts]) (web.Reply, error) {
	m, err := s.find(q, in)
	if err != nil {
		return nil, err
	}
	v := showView{Base: staffBase(in.Account()), Message: m, Again: in.Person().Role.Holds(access.NameRunJobs)}
	return web.Page{Title: m.Subject, Body: func(f ui.Frame) templ.Component { return recordShowPage(f, v) }}, nil
}

func (s Staff) body(q *web.Request, in access.StaffOn[access.SeeAccounts]) (web.Reply, error) {
	m, err := s.find(q, in)
	return web.Sandboxed{HTML: unlinked(m.HTML)}, err
}

func (s Staff) find(q *web.Request, in access.StaffOn[access.SeeAccounts]) (mail.Message, error) {
	key, err := web.ID[mail.Message](q, "email")
	if err != nil {
		return mail.Message{}, err
	}
	return s.Posts.Find(q.Context(), in, mail.ID(key))
}

func (s Staff) showOfNone(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	m, err := s.findOfNone(q, in)
	if err != nil {
		return nil, err
	}
	v := showView{Base: staffBase(0), Message: m, Again: in.Person().Role.Holds(access.NameRunJobs)}
	return web.Page{Title: m.Subject, Body: func(f ui.Frame) templ.Component { return showPage(f, v) }}, nil
}

func (s Staff) bodyOfNone(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	m, err := s.findOfNone(q, in)
	return web.Sandboxed{HTML: unlinked(m.HTML)}, err
}

func (s Staff) findOfNone(q *web.Request, in access.Staff[access.SeeAccounts]) (mail.Message, error) {
	key, err := web.ID[mail.Message](q, "email")
	if err != nil {
		return mail.Message{}, err
	}
	return s.Posts.FindOfNone(q.Context(), in, mail.ID(key))
}

func (s Staff) again(q *web.Request, in access.StaffOn[access.RunJobs]) (web.Reply, error) {
	return runAgain(q, in.Account(), func(key mail.ID) error { return s.Posts.RunAgain(q.Context(), in, key) })
}

func (s Staff) againOfNone(q *web.Request, in access.Staff[access.RunJobs]) (web.Reply, error) {
	return runAgain(q, 0, func(key mail.ID) error { return s.Posts.RunAgainOfNone(q.Context(), in, key) })
}

// runAgain ends on the mail's page, which then says what became of it.
func runAgain(q *web.Request, account id.Account, again func(mail.ID) error) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	key, err := web.ID[mail.Message](q, "email")
	if err != nil {
		return nil, err
	}
	p, to := q.Printer(), staffBase(account)+"/"+key.String()
	err = again(mail.ID(key))
	if fault.Is(err, fault.Conflict) {
		return web.Redirect{To: to, Flash: ui.Flash{Kind: ui.Warn, Text: p.Fault(err)}}, nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(to, p.T("The email is sent again now, and tried for three days.")), nil
}
