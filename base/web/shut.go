package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"atrium/ui"
)

// TwoStepPath is the page on which a user sets two-step login up. With a next in
// its query it leads there when that is done.
const TwoStepPath = "/me/security"

// SetUpTwoStep is that page, and back from it to a path of ours.
func SetUpTwoStep(next string) string { return TwoStepPath + "?next=" + url.QueryEscape(next) }

// shut is what somebody is told who must set two-step login up first.
type shut struct {
	Account string
	SetUp   string // leads back to what was asked for
	Leave   string // "" of the owner, who can't
}

// shutPage says that the account asks for two-step login, and leads to where one
// sets it up and back: of a form that was sent to the account's Home.
func (q *Request) shutPage() Reply {
	p, m := q.Printer(), q.member
	base := "/a/" + m.Account().String()
	next := base + "/"
	if q.r.Method == http.MethodGet || q.r.Method == http.MethodHead {
		next = q.r.URL.RequestURI()
	}
	v := shut{Account: m.AccountName(), SetUp: SetUpTwoStep(next)}
	if !m.Rights().Owner {
		v.Leave = base + LeavePath
	}
	return Page{Title: p.T("%s asks for two-step login", v.Account), Status: http.StatusForbidden, Body: func(f ui.Frame) templ.Component { return shutPage(f, v) }}
}

// LeavePath is where a member gives the account up.
const LeavePath = "/users/people/leave"
