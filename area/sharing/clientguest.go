package sharing

import (
	"cmp"
	"net/http"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/settings"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// open finds what the link in the path is about.
func (c Client) open(q *web.Request, by access.Actor) (access.Invited, Welcome, error) {
	t, ok := access.ParseToken(q.Path("token"))
	if !ok {
		return access.Invited{}, Welcome{}, errIncomplete()
	}
	return c.Sharing.Open(q.Context(), t, by)
}

func errIncomplete() error {
	return fault.NotFoundf("This link is not complete. Open it from the email again.")
}

// genuine is open for what the service reads by itself.
func (c Client) genuine(q *web.Request, by access.Actor) (access.Invited, error) {
	t, ok := access.ParseToken(q.Path("token"))
	if !ok {
		return access.Invited{}, errIncomplete()
	}
	return c.Sharing.Genuine(q.Context(), t, by)
}

// guestForms is what was typed on the invitation page.
type guestForms struct {
	Email string // of "I have a login"
	New   access.NewLogin
	Login error // what is wrong with "I have a login"
	Fresh error // what is wrong with "I am new here"
}

func (c Client) welcome(q *web.Request, by access.Actor) (web.Reply, error) {
	_, w, err := c.open(q, by)
	if err != nil {
		return nil, err
	}
	if w.Death != Alive && !w.Member {
		return c.deadPage(q, w, http.StatusGone, nil), nil
	}
	return c.welcomePage(q, w, guestForms{Email: w.Email.Typed, New: access.NewLogin{Email: w.Email.Typed}}), nil
}

func (c Client) welcomePage(q *web.Request, w Welcome, forms guestForms) web.Page {
	set := q.Settings()
	v := welcomeView{Welcome: w, Offer: set.Offer(), New: set.Registration.Open != settings.Nobody, Times: times(q, w), Path: "/invite/" + q.Path("token"), Forms: forms, AccountPath: base(w.Card.Account()) + "/"}
	if s, ok := q.Session(); ok {
		v.Name, v.Email = s.User.Name(), s.User.Email
		email, _ := access.ParseEmail(s.User.Email)
		v.Differs = email.Key != w.Email.Key
		v.Unproved = v.Only() && !v.Differs && s.User.Verified.IsZero()
		v.Stepped = !s.User.TwoStep.IsZero()
	}
	err := forms.Login
	if err == nil {
		err = forms.Fresh
	}
	return web.Page{Title: q.Printer().T("Join %s", w.Card.Name), Secret: true, Err: err, Body: func(f ui.Frame) templ.Component {
		if v.Unproved {
			f.Verify = "" // the page itself asks for it
		}
		return welcomePage(f, v)
	}}
}

// times says when in the time zone of who is logged in, else in the account's.
func times(q *web.Request, w Welcome) ui.Printer {
	if _, ok := q.Session(); ok {
		return q.Printer()
	}
	return ui.PrinterFor(q.Printer().Lang(), w.Card.TimeZone)
}

// deadPage says why a genuine link no longer works.
func (c Client) deadPage(q *web.Request, w Welcome, status int, err error) web.Reply {
	v := deadView{Welcome: w, Times: times(q, w), Path: "/invite/" + q.Path("token"), Err: err}
	return web.Page{Title: q.Printer().T("This invitation no longer works"), Secret: true, Status: status, Err: err,
		Body: func(f ui.Frame) templ.Component { return deadPage(f, v) }}
}

// entered is where accepting leads, if that is what came of it: into the account.
// Someone who is a member already is led there too.
func entered(q *web.Request, w Welcome, err error) (web.Redirect, bool) {
	to, p := base(w.Card.Account())+"/", q.Printer()
	switch {
	case err == nil && w.Card.Rules.On(access.TwoStepRule):
		return web.Done(to, p.T("You have joined %s.", w.Card.Name)), true
	case err == nil:
		return web.Done(to, p.T("You can now work on %s.", w.Card.Name)), true
	case notYet(err) && fault.CodeOf(err) != access.AlreadyMember:
		return web.Redirect{To: "/invite/" + q.Path("token")}, true // which says what to do
	case fault.CodeOf(err) == access.AlreadyMember:
		return web.Redirect{To: to, Flash: ui.Flash{Kind: ui.Info, Text: p.T("You already have access to this account. The invitation was not used.")}}, true
	}
	return web.Redirect{}, false
}

// refused answers an attempt to accept that failed: with what became of the
// invitation, or with the form as it was typed, if retry draws one.
func (c Client) refused(q *web.Request, by access.Actor, err error, retry func(Welcome) web.Reply) (web.Reply, error) {
	again := retry != nil && (onForm(err) || fault.Is(err, fault.Unavailable))
	if fault.CodeOf(err) != inviteGone && !again {
		return nil, err
	}
	_, w, openErr := c.open(q, by)
	switch {
	case openErr != nil:
		return nil, openErr
	case !again:
		return c.deadPage(q, w, http.StatusConflict, nil), nil
	case w.Death != Alive && !w.Member:
		return c.deadPage(q, w, http.StatusConflict, err), nil
	}
	return retry(w), nil
}

// notForYou shows the invitation to who can't accept it, or not yet, with what to
// do.
func (c Client) notForYou(q *web.Request, by access.Actor, why error) (web.Reply, error) {
	_, w, err := c.open(q, by)
	if err != nil {
		return nil, err
	}
	page := c.welcomePage(q, w, guestForms{Login: why})
	page.Status = http.StatusConflict
	return page, nil
}

// old is the browser's session, to be ended by a new one.
func old(q *web.Request) access.Token {
	t, _ := q.Token()
	return t
}

func (c Client) accept(q *web.Request, me access.Self) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	in, err := c.genuine(q, me.Actor())
	if err != nil {
		return nil, err
	}
	w, err := c.Sharing.Accept(q.Context(), in, me)
	if code := fault.CodeOf(err); code == addressOther || code == addressUnproved {
		return c.notForYou(q, me.Actor(), err)
	}
	if to, ok := entered(q, w, err); ok {
		return to, nil
	}
	return c.refused(q, me.Actor(), err, nil)
}

func (c Client) acceptWithLogin(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("email", "password")
	if err != nil {
		return nil, err
	}
	in, w, err := c.open(q, by)
	if err != nil {
		return nil, err
	}
	opened, err := c.Sharing.AcceptWithLogin(q.Context(), in, form.Text("email"), form.Raw("password"), "/invite/"+q.Path("token"), old(q))
	if opened.Step != (access.Token{}) {
		return web.AskCode{Step: opened.Step, Then: web.Redirect{To: "/invite/" + q.Path("token") + "/two-step"}}, nil
	}
	if to, ok := entered(q, w, err); ok {
		return web.LogIn{Token: opened.Session, Then: to}, nil
	}
	return c.refused(q, by, err, func(w Welcome) web.Reply {
		return c.welcomePage(q, w, guestForms{Email: form.Text("email"), New: access.NewLogin{Email: w.Email.Typed}, Login: err})
	})
}

func (c Client) acceptWithNewLogin(q *web.Request, by access.Actor) (web.Reply, error) {
	form, err := q.Form("first", "last", "email", "password", "zone")
	if err != nil {
		return nil, err
	}
	in, w, err := c.open(q, by)
	if err != nil {
		return nil, err
	}
	n := access.NewLogin{FirstName: form.Text("first"), LastName: form.Text("last"), Email: form.Text("email"), Password: form.Raw("password"),
		Language: q.Asked(), TimeZone: cmp.Or(form.Text("zone"), q.Settings().Region.TimeZone)}
	t, err := c.Sharing.AcceptWithNewLogin(q.Context(), in, n, "/invite/"+q.Path("token"), old(q))
	if to, ok := entered(q, w, err); ok {
		return web.LogIn{Token: t, Then: to}, nil
	}
	return c.refused(q, by, err, func(w Welcome) web.Reply {
		return c.welcomePage(q, w, guestForms{Email: w.Email.Typed, New: n, Fresh: err})
	})
}

func (c Client) askDecline(q *web.Request, by access.Actor) (web.Reply, error) {
	_, w, err := c.open(q, by)
	if err != nil {
		return nil, err
	}
	if w.Death != Alive {
		return c.deadPage(q, w, http.StatusGone, nil), nil
	}
	p := q.Printer()
	v := ui.Confirmation{
		Title: p.T("Decline the invitation to %s?", w.Card.Name), Text: []string{p.T("We tell %s, and the link stops working.", w.InviterName)},
		Action: q.Self(), Yes: ui.Button{Label: p.T("Decline the invitation"), Tone: ui.Bad},
		Keep: p.T("Keep invitation"), Back: "/invite/" + q.Path("token"),
	}
	return web.Page{Title: v.Title, Secret: true, Body: func(f ui.Frame) templ.Component { return plainConfirmPage(f, v) }}, nil
}

func (c Client) decline(q *web.Request, by access.Actor) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	in, w, err := c.open(q, by)
	if err != nil {
		return nil, err
	}
	err = c.Sharing.Decline(q.Context(), in)
	if fault.CodeOf(err) == inviteGone {
		_, w, err = c.open(q, by)
		return c.deadPage(q, w, http.StatusConflict, nil), err
	}
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	return web.Page{Title: p.T("Invitation declined"), Secret: true, Body: func(f ui.Frame) templ.Component {
		return thanksPage(f, p.T("Invitation declined"), p.T("You declined the invitation to %s. We have told %s. You can close this page.", w.Card.Name, w.InviterName))
	}}, nil
}

func (c Client) askAgain(q *web.Request, by access.Actor) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	in, w, err := c.open(q, by)
	if err != nil {
		return nil, err
	}
	err = c.Sharing.AskAgain(q.Context(), in)
	if fault.Is(err, fault.TooMany) {
		return c.deadPage(q, w, 0, err), nil
	}
	if err != nil {
		return nil, err
	}
	p := q.Printer()
	return web.Page{Title: p.T("Asked for a new invitation"), Secret: true, Body: func(f ui.Frame) templ.Component {
		return thanksPage(f, p.T("We have passed it on"), p.T("%s was told that you want a new invitation to %s. If they send one, it comes by email.", w.InviterName, w.Card.Name))
	}}, nil
}
