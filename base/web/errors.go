package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/fault"
	"atrium/ui"
)

// errLoggedOut is what doors answer to who is not logged in.
var errLoggedOut = errors.New("not logged in")

// errVisitOver is what doors answer to staff whose visit as an owner is over.
var errVisitOver = errors.New("this visit is over")

// errNotProved is what doors answer to who has not proved lately who they are.
var errNotProved = errors.New("not proved lately")

// errNoPage is the one 404: what does not exist and what is not yours look the same.
var errNoPage = fault.NotFoundf("There is nothing at this address that you can open.")

// An httpError is a no of HTTP's own, before any service was asked.
type httpError struct {
	status int
	public string
}

func (e httpError) Error() string { return e.public }

// statusOf is the one table from kinds to HTTP status codes.
func statusOf(err error) int {
	if e := (httpError{}); errors.As(err, &e) {
		return e.status
	}
	if errors.Is(err, errLoggedOut) || errors.Is(err, errVisitOver) || errors.Is(err, errNotProved) {
		return http.StatusUnauthorized
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Denied:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail answers an error: one place for pages and API alike.
func (q *Request) fail(err error) {
	q.noteRefusal(err)
	status := statusOf(err)
	if status >= 500 && !errors.Is(err, context.Canceled) {
		q.routes.Log.Error("request failed", "request", q.ID(), "route", q.row.Method+" "+q.row.Path, "err", err)
	}
	var reply Reply
	switch {
	case strings.HasPrefix(q.r.URL.Path, "/api/"):
		reply = jsonReply{status, problemOf(q, status, err)}
	case errors.Is(err, errLoggedOut):
		reply = q.loggedOut()
	case errors.Is(err, errVisitOver):
		reply = q.visitOver()
	case errors.Is(err, errNotProved):
		reply = q.askProof()
	default:
		reply = q.errorPage(status, err)
	}
	if e, ok := fault.As(err); ok && e.RetryAfter > 0 {
		q.w.Header().Set("Retry-After", strconv.Itoa(int(e.RetryAfter.Seconds())+1))
	}
	if err := reply.write(q); err != nil && !errors.Is(err, context.Canceled) {
		q.routes.Log.Error("error page failed", "request", q.ID(), "err", err)
		http.Error(q.w, "Something went wrong on our side. Please try again.", http.StatusInternalServerError)
	}
}

// loggedOut sends GETs to log in and back; a POST is told that nothing was saved.
func (q *Request) loggedOut() Reply {
	login := "/login"
	if strings.HasPrefix(q.row.Path, "/staff") {
		login = "/staff/login"
	}
	if q.r.Method == http.MethodGet || q.r.Method == http.MethodHead {
		return Redirect{To: login + "?next=" + url.QueryEscape(q.r.URL.RequestURI())}
	}
	p := q.Printer()
	return Page{Title: p.T("You were logged out"), Status: http.StatusUnauthorized, Body: func(f ui.Frame) templ.Component {
		return messagePage(f, message{
			Title: p.T("You were logged out; nothing was saved"), Text: p.T("Log in, then do it again."),
			Href: login, Link: p.T("Log in"),
		})
	}}
}

func (q *Request) errorPage(status int, err error) Reply {
	p := q.Printer()
	m := message{Title: p.T("That did not work"), Text: p.Fault(err), Href: "/", Link: p.T("Go to the start page")}
	if e := (httpError{}); errors.As(err, &e) {
		m.Text = p.Word(e.public)
	}
	switch status {
	case http.StatusNotFound:
		m.Title = p.T("Page not found")
	case http.StatusForbidden:
		m.Title = p.T("Access denied")
		if fault.CodeOf(err) == access.NeedsTwoStep {
			return q.shutPage()
		}
		if q.member.Account() != 0 {
			return q.deniedPage(err)
		}
	case http.StatusTooManyRequests:
		m.Title = p.T("That was too often")
	case http.StatusInternalServerError, http.StatusServiceUnavailable:
		m.Title, m.Request = p.T("Something went wrong"), q.ID()
	}
	if status == http.StatusNotFound {
		q.member = access.Membership{} // the same page, wherever it was asked from
	}
	return Page{Title: m.Title, Status: status, Body: func(f ui.Frame) templ.Component { return messagePage(f, m) }}
}

// A problem is an error for machines (RFC 9457), with our code.
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"` // the status in words, as "about:blank" has it
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Code   string         `json:"code,omitempty"`
	Fields []problemField `json:"fields,omitempty"`
	ID     string         `json:"request"`
}

type problemField struct {
	Name   string `json:"name"`
	Code   string `json:"code,omitempty"`
	Detail string `json:"detail"`
}

func problemOf(q *Request, status int, err error) problem {
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: fault.CodeOf(err), ID: q.ID()}
	if errors.Is(err, errLoggedOut) {
		p.Code = "login"
	}
	if errors.Is(err, errVisitOver) {
		p.Code = "visit.over"
	}
	if e := (httpError{}); errors.As(err, &e) {
		p.Detail = e.public
	}
	if e, ok := fault.As(err); ok {
		if e.Public != "" {
			p.Detail = fmt.Sprintf(e.Public, e.Args...)
		}
		for _, f := range e.Fields {
			p.Fields = append(p.Fields, problemField{f.Name, f.Code, fmt.Sprintf(f.Public, f.Args...)})
		}
	}
	return p
}
