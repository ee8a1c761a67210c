package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/base/settings"
	"atrium/fault"
	"atrium/ui"
)

// A Request is one request, from its door to its reply. Services never see it.
type Request struct {
	routes *Routes
	w      http.ResponseWriter
	r      *http.Request
	ctx    context.Context
	read   func() // what is to be shown was read: the database need no longer stand still
	row    *Row
	page   string
	ip     string
	id     string // "" until somebody asks: see ID
	now    time.Time
	query  url.Values // nil until somebody asks

	session *access.Session
	absent  error // why there is no session; nil until somebody has looked
	member  access.Membership
	staff   *access.StaffSession
	card    *access.Card // of the account whose record it is about, for staff
	visit   *access.Visit
	printer *ui.Printer
	known   access.Token // see browser
	latest  *latest      // nil until it is read

	settings *settings.Snapshot // of when the request came
}

// Context is the request's.
func (q *Request) Context() context.Context { return q.ctx }

// Together runs functions that read for a page: see db.Together.
func (q *Request) Together(fns ...func() error) error {
	return q.routes.DB.Together(q.ctx, fns...)
}

// ID names the request in the log and on error pages.
func (q *Request) ID() string {
	if q.id == "" {
		q.id = rand.Text()[:12]
	}
	return q.id
}

// Path gives a value from the path.
func (q *Request) Path(name string) string { return q.r.PathValue(name) }

// Self is the path of this page, for a form that posts back to it.
func (q *Request) Self() string { return q.r.URL.Path }

// Query gives the first value of a name in the URL's query, "" if it is not
// valid text.
func (q *Request) Query(name string) string {
	if q.query == nil {
		q.query = q.r.URL.Query()
	}
	v := q.query.Get(name)
	if !clean(v) {
		return ""
	}
	return v
}

// Now is when the request came.
func (q *Request) Now() time.Time { return q.now }

// IP is the address of the browser: what a listed proxy says, else the peer's.
func (q *Request) IP() string { return q.ip }

// Agent is the browser's User-Agent, shortened to 200 bytes of clean text.
func (q *Request) Agent() string {
	a := q.r.UserAgent()
	if !clean(a) {
		return ""
	}
	return strings.ToValidUTF8(a[:min(len(a), 200)], "")
}

// URL makes a path absolute, under the configured base URL and never under the
// request's Host.
func (q *Request) URL(path string) string { return q.routes.BaseURL.String() + path }

// Header is what the browser sent beside the form.
func (q *Request) Header() http.Header { return q.r.Header }

// NoPage is the answer to an address where nothing is.
func NoPage() error { return errNoPage }

// Session is the living session of the browser, if it is logged in. Whose
// session could not be looked up is logged out: the door stays shut.
func (q *Request) Session() (access.Session, bool) {
	s, err := q.find()
	return s, err == nil
}

// find looks for the living session of the browser, once: errLoggedOut if there
// is none.
func (q *Request) find() (access.Session, error) {
	if q.session == nil && q.absent == nil {
		s, err := q.lookUp()
		if err == nil {
			q.session = &s
		}
		q.absent = err
	}
	if q.session == nil {
		return access.Session{}, q.absent
	}
	return *q.session, nil
}

func (q *Request) lookUp() (access.Session, error) {
	t, ok := q.token(q.routes.cookieName())
	if !ok {
		return access.Session{}, errLoggedOut
	}
	s, err := access.FindSession(q.Context(), q.routes.DB, q.lives(), t)
	err = loggedOut(err)
	if err != nil && err != errLoggedOut && !errors.Is(err, context.Canceled) {
		q.routes.Log.Error("session look-up failed", "request", q.ID(), "err", err)
	}
	return s, err
}

// loggedOut is what a session that is not found comes to. That the database did
// not answer is another matter.
func loggedOut(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errLoggedOut
	}
	return err
}

// membership is the session's user's in the account of the path, from one query.
// Not logged in is errLoggedOut, and no member is NotFound, as if the account
// did not exist.
func (q *Request) membership() (access.Membership, error) {
	if t, ok := q.VisitToken(); ok && t.Account().String() == q.Path("account") {
		return q.visitor(t)
	}
	t, ok := q.token(q.routes.cookieName())
	if !ok {
		return access.Membership{}, errLoggedOut
	}
	account, ok := id.ParseAccount(q.Path("account"))
	if !ok {
		account = 0 // no account has it: the answer is that of any other stranger's
	}
	s, m, err := access.FindMembership(q.Context(), q.routes.DB, q.lives(), t, account, q.IP(), q.Agent())
	if err != nil {
		q.absent = loggedOut(err)
		return access.Membership{}, q.absent
	}
	q.session = &s
	if m.Account() == 0 {
		q.security("no member of this account")
		return access.Membership{}, errNoPage
	}
	q.member = m
	return m, nil
}

// visitor is the membership of the owner as whom staff are logged in here: in
// that account the browser's own login does not count. errVisitOver when the
// visit is over.
func (q *Request) visitor(t access.Token) (access.Membership, error) {
	staff, _ := q.StaffToken() // without it the visit is not this browser's
	v, m, err := access.FindVisit(q.Context(), q.routes.DB, q.lives(), t, staff, q.IP(), q.Agent())
	if fault.Is(err, fault.NotFound) {
		return access.Membership{}, errVisitOver
	}
	if err != nil {
		return access.Membership{}, err
	}
	q.visit, q.member = &v, m
	return m, nil
}

// StaffSession is the living session of the staff who made the request, behind
// a staff door.
func (q *Request) StaffSession() access.StaffSession { return *q.staff }

func (q *Request) staffSession() (access.StaffSession, error) {
	t, ok := q.token(q.routes.staffCookieName())
	if !ok {
		return access.StaffSession{}, errLoggedOut
	}
	s, err := access.FindStaffSession(q.Context(), q.routes.DB, q.lives(), t)
	if err != nil {
		return access.StaffSession{}, loggedOut(err)
	}
	q.staff = &s
	return s, nil
}

// record is the staff session and the account of the path, from one query. The
// card of an account that does not exist is zero.
func (q *Request) record() (access.StaffSession, access.Card, error) {
	t, ok := q.token(q.routes.staffCookieName())
	if !ok {
		return access.StaffSession{}, access.Card{}, errLoggedOut
	}
	account, _ := id.ParseAccount(q.Path("account")) // what is no number is no account's
	s, card, err := access.FindStaffOn(q.Context(), q.routes.DB, q.lives(), t, account)
	if err != nil {
		return access.StaffSession{}, access.Card{}, loggedOut(err)
	}
	q.staff = &s
	if card.Name != "" {
		q.card = &card
	}
	return s, card, nil
}

// lives are how long sessions live.
func (q *Request) lives() access.Lives { return q.settings.Sessions.Lives() }

// actor is who makes the request, for doors that let anyone in.
func (q *Request) actor() access.Actor {
	at := access.Actor{Kind: access.Anonymous, IP: q.IP(), Agent: q.Agent(), Browser: q.browser()}
	if s, ok := q.Session(); ok {
		return s.User.At(at)
	}
	return at
}

// Settings are those in force when the request came.
func (q *Request) Settings() *settings.Snapshot { return q.settings }

// Asked is the first language that the browser asks for and Atrium has, "" when
// there is none. Who makes a login keeps it.
func (q *Request) Asked() string {
	return cmp.Or(q.routes.Language, ui.Accepted(q.r.Header.Get("Accept-Language")))
}

// Printer speaks the language and time zone of who is logged in, or of the owner
// whom staff visit as. To staff it speaks their language, to others the one that
// their browser asks for, and in the host's time zone. Who chose no language, and
// whose browser asks for none that there is, is spoken to in the host's.
func (q *Request) Printer() ui.Printer {
	if q.printer == nil {
		var p ui.Printer
		switch {
		case q.visit != nil:
			p = q.routes.Printer(q.settings.Language(q.visit.Owner.Language), q.visit.Owner.TimeZone)
		case q.staff == nil && q.session != nil:
			p = q.routes.Printer(q.settings.Language(q.session.User.Language), q.session.User.TimeZone)
		case q.staff != nil:
			p = q.routes.Printer(q.settings.Language(q.staff.Person.Language), q.settings.Region.TimeZone)
		default:
			p = q.routes.Printer(q.settings.Language(q.Asked()), q.settings.Region.TimeZone)
		}
		if q.routes.Language != "" {
			p = p.Speaking(q.routes.Language)
		}
		q.printer = &p
	}
	return *q.printer
}

// Printer makes a printer; an unknown zone is UTC.
func (r *Routes) Printer(language, zone string) ui.Printer {
	return ui.NewPrinter(language, ui.Zone(zone)).Keeping(&r.lists)
}

// ID reads an id from the path; what is none is NotFound like any missing thing.
func ID[K any](q *Request, name string) (id.ID[K], error) {
	i, ok := id.Parse[K](q.Path(name))
	if !ok {
		return 0, errNoPage
	}
	return i, nil
}

// Next is where to go after logging in: the query's or form's own path, else "/".
func Next(s string) string {
	u, err := url.Parse(s)
	if err != nil || s == "" || s[0] != '/' || len(s) > 1 && (s[1] == '/' || s[1] == '\\') || u.Host != "" || u.Scheme != "" || !clean(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return "/"
	}
	return s
}

// clean is text that every database takes and no log is broken by.
func clean(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for i := range len(s) {
		if s[i] == 0 {
			return false
		}
	}
	return true
}
