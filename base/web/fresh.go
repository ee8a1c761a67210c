package web

import (
	"net/http"
	"net/url"

	"atrium/ui"
)

// ProvePath is the page that asks a user to prove who they are.
const ProvePath = "/me/prove"

// proved tells whether the user who makes the request proved lately who they are.
func (q *Request) proved() bool { return q.session != nil && q.session.Fresh(q.now) }

// askProof leads to the page that asks for it. From there one comes back: to the
// page that was asked for, or to that of the form that was sent.
func (q *Request) askProof() Reply {
	ask := func(next string) string { return ProvePath + "?next=" + url.QueryEscape(next) }
	if q.r.Method == http.MethodGet || q.r.Method == http.MethodHead {
		return Redirect{To: ask(q.r.URL.RequestURI())}
	}
	return Redirect{To: ask(q.formPage()), Flash: ui.Flash{Kind: ui.Info, Text: q.Printer().T("Nothing was changed yet. First show that it is you, then do it again.")}}
}

// formPage is the page whose form was sent, as the browser names it; else the
// path that it was sent to.
func (q *Request) formPage() string {
	from, err := url.Parse(q.r.Referer())
	if err != nil || from.Scheme != q.routes.BaseURL.Scheme || from.Host != q.routes.BaseURL.Host {
		return q.Self()
	}
	return Next(from.RequestURI())
}
