package email

import (
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

// all has the mails that failed before the others, where nothing else is asked for.
func (s Staff) all(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	v := allView{listView: listView{wish: readWish(q), Base: staffBase(0), Accounts: true}, Runs: in.Person().Role.Holds(access.NameRunJobs)}
	var err error
	if v.Found, err = s.Posts.All(q.Context(), in, v.filter(q.Printer()), v.mark()); err != nil {
		return nil, err
	}
	if !v.filtered() && v.mark() == (mail.Mark{}) {
		if v.Trouble, err = s.Posts.Trouble(q.Context(), in); err != nil {
			return nil, err
		}
	}
	return web.Page{Title: q.Printer().T("Emails"), Body: func(f ui.Frame) templ.Component { return allPage(f, v) }}, nil
}

func (s Staff) list(q *web.Request, in access.StaffOn[access.SeeAccounts]) (web.Reply, error) {
	v := listView{wish: readWish(q), Base: staffBase(in.Account())}
	var err error
	if v.Found, err = s.Posts.List(q.Context(), in, v.filter(q.Printer()), v.mark()); err != nil {
		return nil, err
	}
	return web.Page{Title: q.Printer().T("Emails"), Body: func(f ui.Frame) templ.Component { return recordListPage(f, v) }}, nil
}

func (s Staff) show(q *web.Request, in access.StaffOn[access.SeeAccounts]) (web.Reply, error) {
	m, err := s.find(q, in)
	if err != nil {
		return nil, err
	}
	v, err := s.showView(q, in.Elsewhere(), m)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: m.Subject, Body: func(f ui.Frame) templ.Component { return recordShowPage(f, v) }}, nil
}

// showView is a mail as staff see it.
func (s Staff) showView(q *web.Request, in access.Staff[access.SeeAccounts], m mail.Message) (showView, error) {
	v := showView{Base: staffBase(m.Account), Message: m, Again: in.Person().Role.Holds(access.NameRunJobs), Images: showsImages(q)}
	var err error
	if v.Tries, err = s.Posts.Tries(q.Context(), in, m.Mark()); err != nil {
		return v, err
	}
	r, err := s.Posts.Refusal(q.Context(), in, m.To.Email)
	if fault.Is(err, fault.NotFound) {
		return v, nil
	}
	v.Refusal = &r
	if v.Again {
		v.Lift = liftHref(r)
	}
	return v, err
}

func (s Staff) body(q *web.Request, in access.StaffOn[access.SeeAccounts]) (web.Reply, error) {
	m, err := s.find(q, in)
	return framed(q, m), err
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
	v, err := s.showView(q, in, m)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: m.Subject, Body: func(f ui.Frame) templ.Component { return showPage(f, v) }}, nil
}

func (s Staff) bodyOfNone(q *web.Request, in access.Staff[access.SeeAccounts]) (web.Reply, error) {
	m, err := s.findOfNone(q, in)
	return framed(q, m), err
}

func (s Staff) findOfNone(q *web.Request, in access.Staff[access.SeeAccounts]) (mail.Message, error) {
	key, err := web.ID[mail.Message](q, "email")
	if err != nil {
		return mail.Message{}, err
	}
	return s.Posts.FindOfNone(q.Context(), in, mail.ID(key))
}

func (s Staff) again(q *web.Request, in access.StaffOn[access.RunJobs]) (web.Reply, error) {
	return again(q, staffBase(in.Account()), func(key mail.ID) (mail.ID, error) { return s.Posts.Resend(q.Context(), in, key) })
}

func (s Staff) againOfNone(q *web.Request, in access.Staff[access.RunJobs]) (web.Reply, error) {
	return again(q, staffBase(0), func(key mail.ID) (mail.ID, error) { return s.Posts.ResendOfNone(q.Context(), in, key) })
}
