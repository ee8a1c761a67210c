package login

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// one finds the user of the path.
func (s Staff) one(q *web.Request, in manages) (UserView, error) {
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return UserView{}, err
	}
	return s.Login.User(q.Context(), access.Seeing(in), u)
}

func (s Staff) askDeactivate(q *web.Request, in manages) (web.Reply, error) {
	u, err := s.one(q, in)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	v := askView{Confirmation: ui.Confirmation{
		Title: p.T("Deactivate %s's login?", u.Name()),
		Text: []string{
			p.T("%s is logged out everywhere at once and can't log in until the login is activated again. They are told by email.", u.Name()),
			p.T("Their accounts and their access stay as they are. Invitations they sent can't be accepted meanwhile."),
		},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Deactivate"), Busy: p.T("Deactivating…"), Icon: ui.IconLock, Tone: ui.Bad},
		Keep: p.T("Keep active"), Back: userPath(u.ID),
	}, Reason: true, Optional: true}
	if n := u.owns(); n > 0 {
		v.Text = append(v.Text, p.N(n, "They own an account. Its other users work on as before; nobody but them and us manages it until it has another owner.",
			"They own %d accounts. Their other users work on as before; nobody but them and us manages these until they have another owner."))
	}
	return web.Page{Title: v.Title, Body: func(f ui.Frame) templ.Component { return askPage(f, v) }}, nil
}

func (s Staff) deactivate(q *web.Request, in manages) (web.Reply, error) {
	form, err := q.Form("reason")
	if err != nil {
		return nil, err
	}
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	err = s.Login.Deactivate(q.Context(), in, u, short(form.Text("reason")))
	if fault.Is(err, fault.Conflict) {
		return web.Redirect{To: userPath(u), Flash: ui.Flash{Kind: ui.Info, Text: p.Fault(err)}}, nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(userPath(u), p.T("The login is deactivated. The user was told by email.")), nil
}

// short cuts a reason to what is kept of it.
func short(reason string) string {
	r := []rune(reason)
	return string(r[:min(len(r), mostReason)])
}

// mostReason is how long a reason may be, in characters.
const mostReason = 500

func (s Staff) askTwoStepOff(q *web.Request, in manages) (web.Reply, error) {
	return s.twoStepPage(q, in, "", nil)
}

func (s Staff) twoStepPage(q *web.Request, in manages, typed string, wrong error) (web.Reply, error) {
	u, err := s.one(q, in)
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	v := askView{Confirmation: ui.Confirmation{
		Title: p.T("Turn off two-step login of %s?", u.Name()),
		Text: []string{
			p.T("The password alone is enough to log in then. Be sure that it is them who ask: this is what somebody who has stolen the password would want."),
			p.T("They are told by email, and turn it on again themselves."),
		},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Turn off"), Busy: p.T("Turning off…"), Icon: ui.IconShield, Tone: ui.Bad},
		Keep: p.T("Keep it on"), Back: userPath(u.ID),
	}, Reason: true, Typed: typed, Err: wrong}
	return web.Page{Title: v.Title, Err: wrong, Body: func(f ui.Frame) templ.Component { return askPage(f, v) }}, nil
}

func (s Staff) twoStepOff(q *web.Request, in manages) (web.Reply, error) {
	form, err := q.Form("reason")
	if err != nil {
		return nil, err
	}
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return nil, err
	}
	p, reason := q.Printer(), short(form.Text("reason"))
	err = s.Login.EndTwoStep(q.Context(), in, u, reason)
	switch {
	case onForm(err):
		return s.twoStepPage(q, in, reason, err)
	case fault.Is(err, fault.Conflict):
		return web.Redirect{To: userPath(u), Flash: ui.Flash{Kind: ui.Info, Text: p.Fault(err)}}, nil
	case err != nil:
		return nil, err
	}
	return web.Done(userPath(u), p.T("Two-step login is off. The user was told by email.")), nil
}

func (s Staff) askDelete(q *web.Request, in manages) (web.Reply, error) {
	u, err := s.one(q, in)
	if err != nil {
		return nil, err
	}
	if len(u.Accounts) > 0 {
		return web.Redirect{To: userPath(u.ID), Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().T("%s belongs to an account and can't be deleted.", u.Name())}}, nil
	}
	p := q.Printer()
	v := askView{Confirmation: ui.Confirmation{
		Title: p.T("Delete %s?", u.Name()),
		Text: []string{
			p.T("The login %s is deleted for good. It belongs to no account; somebody can register with the address again.", u.Email),
			p.T("What they did stays in the activity under their name, and so do the emails they got."),
		},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Delete user"), Busy: p.T("Deleting…"), Icon: ui.IconBin, Tone: ui.Bad},
		Keep: p.T("Keep user"), Back: userPath(u.ID),
	}}
	return web.Page{Title: v.Title, Body: func(f ui.Frame) templ.Component { return askPage(f, v) }}, nil
}

func (s Staff) delete(q *web.Request, in manages) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	u, err := web.ID[id.UserKind](q, "user")
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	was, err := s.Login.DeleteUser(q.Context(), in, u)
	if fault.Is(err, fault.Conflict) {
		return web.Redirect{To: userPath(u), Flash: ui.Flash{Kind: ui.Warn, Text: p.Fault(err)}}, nil
	}
	if err != nil {
		return nil, err
	}
	return web.Done(usersBase, p.T("%s was deleted.", was.Email)), nil
}
