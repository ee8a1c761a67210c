package sharing

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

func (s Staff) person(q *web.Request, in manages) (Person, error) {
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return Person{}, err
	}
	return s.Sharing.Person(q.Context(), in, u)
}

func (s Staff) manage(q *web.Request, in manages) (web.Reply, error) {
	m, err := s.person(q, in)
	if err != nil {
		return nil, err
	}
	return s.managePage(q, in, m, asIs(q, m), nil)
}

// asIs is the form of Manage User as it is before anything is typed.
func asIs(q *web.Request, m Person) Managed {
	return Managed{First: m.FirstName, Last: m.LastName, Email: m.Email, All: wholly(q, m.Set), Perms: m.Set.Slugs(), Version: m.Version}
}

func (s Staff) managePage(q *web.Request, in manages, m Person, f Managed, err error) (web.Reply, error) {
	perms := permsOf(q, access.AsManager(in), f.All, f.Perms, err)
	perms.Staff, perms.Held = true, m.Set
	v := manageView{Base: s.base(in.Account()), Person: m, Form: f, Perms: perms, Err: err}
	return web.Page{Title: q.Printer().T("Manage User %s", m.Name()), Err: err, Body: func(f ui.Frame) templ.Component { return managePage(f, v) }}, nil
}

func (s Staff) save(q *web.Request, in manages) (web.Reply, error) {
	form, err := q.Form("first", "last", "email", "access", "perm*", "owner", "version")
	if err != nil {
		return nil, err
	}
	m, err := s.person(q, in)
	if err != nil {
		return nil, err
	}
	f := Managed{First: form.Text("first"), Last: form.Text("last"), Email: form.Text("email"), All: form.Text("access") == "all", Perms: form.All("perm"),
		Owner: form.Text("owner") != "" && !m.Owner, Version: version(form)}
	saved, err := s.Sharing.Manage(q.Context(), in, m.User, f)
	switch {
	case fault.CodeOf(err) == "member.changed":
		if m, err = s.person(q, in); err != nil { // as it is now
			return nil, err
		}
		return s.managePage(q, in, m, asIs(q, m), changedMeanwhile(q.Printer(), m.MemberInfo))
	case onForm(err):
		return s.managePage(q, in, m, f, err)
	case err != nil:
		return nil, err
	}
	back := s.base(in.Account()) + "/users"
	if f.Owner {
		return web.Redirect{To: back + "/" + m.User.String() + "/owner"}, nil
	}
	return web.Done(back, q.Printer().T("%s is saved.", saved.Name())), nil
}

func (s Staff) sendPasswordLink(q *web.Request, in manages) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	m, err := s.person(q, in)
	if err != nil {
		return nil, err
	}
	if _, err = s.Sharing.SendPasswordLink(q.Context(), in, m.User); onForm(err) || fault.Is(err, fault.Conflict) {
		return s.managePage(q, in, m, asIs(q, m), err)
	}
	if err != nil {
		return nil, err
	}
	return web.Done(s.base(in.Account())+"/users/"+m.User.String(), q.Printer().T("A link to set a password is on its way to %s.", m.Email)), nil
}

func (s Staff) askOwner(q *web.Request, in manages) (web.Reply, error) {
	m, err := s.person(q, in)
	if err != nil {
		return nil, err
	}
	return s.ownerPage(q, in, m, Handover{}, nil)
}

// ownerPage asks before a member is made the owner. Of who owns the account
// already there is nothing to ask.
func (s Staff) ownerPage(q *web.Request, in manages, m Person, h Handover, err error) (web.Reply, error) {
	owner, e := s.Sharing.CurrentOwner(q.Context(), in)
	if e != nil {
		return nil, e
	}
	v := ownerView{Base: s.base(in.Account()), Account: in.Card().Name, Owner: owner, New: m.MemberInfo, Form: h, Err: err}
	title := q.Printer().T("Make %s the owner of %s?", m.Name(), v.Account)
	return web.Page{Title: title, Err: err, Body: func(f ui.Frame) templ.Component { return ownerPage(f, v) }}, nil
}

func (s Staff) makeOwner(q *web.Request, in manages) (web.Reply, error) {
	form, err := q.Form("from", "former", "checked", "reason")
	if err != nil {
		return nil, err
	}
	m, err := s.person(q, in)
	if err != nil {
		return nil, err
	}
	from, _ := id.Parse[id.UserKind](form.Text("from")) // none is nobody, who owns nothing
	h := Handover{From: from, Remove: form.Text("former") == "remove", Checked: form.Text("checked") != "", Reason: form.Text("reason")}
	_, err = s.Sharing.MakeOwner(q.Context(), in, m.User, h)
	if onForm(err) || fault.Is(err, fault.Conflict) {
		return s.ownerPage(q, in, m, h, err)
	}
	if err != nil {
		return nil, err
	}
	return web.Done(s.base(in.Account())+"/users", q.Printer().T("%s is now the owner. Both were told by email.", m.Name())), nil
}

func (s Staff) askRemove(q *web.Request, in manages) (web.Reply, error) {
	m, err := s.person(q, in)
	if err != nil {
		return nil, err
	}
	if m.Owner {
		return s.managePage(q, in, m, asIs(q, m), fault.Conflictf("The owner can't be removed. Make somebody else the owner first.").WithCode("member.owner"))
	}
	p, base := q.Printer(), s.base(in.Account())
	v := ui.Confirmation{
		Title: p.T("Remove %s's access to %s?", m.Name(), in.Card().Name),
		Text: []string{
			p.T("%s is logged out of this account at once and can no longer open it. Their login and their other accounts stay. Both the user and the owner are told by email.", m.Name()),
		},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Remove"), Busy: p.T("Removing…"), Icon: ui.IconBin, Tone: ui.Bad},
		Keep: p.T("Keep access"), Back: base + "/users",
	}
	return web.Page{Title: v.Title, Body: func(f ui.Frame) templ.Component { return confirmPage(f, v) }}, nil
}
