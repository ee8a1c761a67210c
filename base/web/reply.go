package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/settings"
	"atrium/fault"
	"atrium/text"
	"atrium/ui"
)

// A Reply is what a handler answers.
type Reply interface{ write(q *Request) error }

// Page is a page drawn into the frame. It is Secret by itself behind a route
// with a {token}.
type Page struct {
	Title  string // translated
	Status int    // 0: 200, or 422 when Err is set
	Err    error  // what is wrong with the form on the page
	Secret bool   // it or its address holds a one-time link: no referrer, no search engine
	Body   func(f ui.Frame) templ.Component
}

func (p Page) write(q *Request) error {
	q.noteRefusal(p.Err)
	status := p.Status
	if status == 0 {
		status = http.StatusOK
		if p.Err != nil {
			status = statusOf(p.Err)
		}
	}
	f, err := q.frame(p.Title, status)
	q.read()
	if err != nil {
		return err
	}
	secret := p.Secret || strings.Contains(q.row.Path, "{token}")
	f.Failed, f.NoIndex = p.Err != nil, secret
	b := q.routes.buffers.Get().(*text.Out)
	defer q.routes.buffers.Put(b)
	b.Reset()
	if err := p.Body(f).Render(context.Background(), b); err != nil {
		return err
	}
	h := q.w.Header()
	if secret {
		h.Set("Referrer-Policy", q.routes.noReferrer())
	}
	if e, ok := fault.As(p.Err); ok && e.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(e.RetryAfter.Seconds())+1))
	}
	q.send(status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// send sends the answer. If it does not arrive, the browser has gone and there
// is nobody to tell.
func (q *Request) send(status int, kind string, body []byte) {
	h := q.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	together(q.r, len(body))
	q.w.WriteHeader(status)
	q.w.Write(body)
}

// Redirect goes elsewhere after a form was dealt with.
type Redirect struct {
	To    string
	Flash ui.Flash // shown there once; empty: nothing
}

func (r Redirect) write(q *Request) error {
	if r.Flash.Text != "" {
		q.setFlash(r.Flash, r.To)
	}
	q.w.Header().Set("Location", r.To)
	q.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// Done redirects with a message that something was done.
func Done(to, text string) Redirect { return Redirect{to, ui.Flash{Kind: ui.OK, Text: text}} }

// AskCode gives the browser the first step of a log in, and goes on to the page
// that asks for a code. The session that the browser may have stays. A step that
// is none yet ties the question for a passkey to the browser.
type AskCode struct {
	Step  access.Token
	Staff bool // of the staff area
	Then  Reply
}

func (a AskCode) write(q *Request) error {
	name := q.routes.stepName()
	if a.Staff {
		name = q.routes.staffStepName()
	}
	q.setCookie(name, a.Step.Reveal(), int(access.StepLife.Seconds()))
	return a.Then.write(q)
}

// LogIn gives the browser a user's session and goes on.
type LogIn struct {
	Token    access.Token
	Remember bool
	Then     Redirect
}

func (l LogIn) write(q *Request) error {
	age := 0 // until the browser closes
	if l.Remember {
		age = settings.MostRemembered * 24 * 60 * 60 // when the session ends is decided here, also after a change of the settings
	}
	q.setCookie(q.routes.cookieName(), l.Token.Reveal(), age)
	q.dropCookie(q.routes.stepName())
	q.keepBrowser()
	return l.Then.write(q)
}

// Known has the browser keep the secret that it is known by, and goes on: to who
// was made known to a person without logging in.
type Known struct{ Then Reply }

func (k Known) write(q *Request) error {
	q.keepBrowser()
	return k.Then.write(q)
}

// LogOut takes the user's session from the browser and goes on. The session
// itself was ended by the service.
type LogOut struct{ Then Redirect }

func (l LogOut) write(q *Request) error {
	q.setCookie(q.routes.cookieName(), "", -1)
	q.w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return l.Then.write(q)
}

// StaffLogIn gives the browser a staff session and goes on.
type StaffLogIn struct {
	Token access.Token
	Then  Reply
}

func (l StaffLogIn) write(q *Request) error {
	q.setCookie(q.routes.staffCookieName(), l.Token.Reveal(), 0)
	q.dropCookie(q.routes.staffStepName())
	q.keepBrowser()
	return l.Then.write(q)
}

// StaffLogOut takes the staff session from the browser and goes on.
type StaffLogOut struct{ Then Redirect }

func (l StaffLogOut) write(q *Request) error {
	q.setCookie(q.routes.staffCookieName(), "", -1)
	q.w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return l.Then.write(q)
}

// Sandboxed is a document of somebody else's making, e.g. a mail's body: it is
// shown in a frame, runs nothing and loads nothing, but images over https if it
// may.
type Sandboxed struct {
	HTML   []byte
	Images bool
}

func (s Sandboxed) write(q *Request) error {
	images := "data:"
	if s.Images {
		images = "data: https:"
	}
	q.w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src "+images+"; frame-ancestors 'self'")
	q.send(http.StatusOK, "text/html; charset=utf-8", s.HTML)
	return nil
}

type jsonReply struct {
	status int
	v      any
}

func (j jsonReply) write(q *Request) error {
	b, err := json.Marshal(j.v)
	if err != nil {
		return err
	}
	kind := "application/json"
	if _, ok := j.v.(problem); ok {
		kind = "application/problem+json"
	}
	q.send(j.status, kind, append(b, '\n'))
	return nil
}
