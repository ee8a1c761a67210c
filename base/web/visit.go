package web

import (
	"net/http"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/ui"
)

// VisitEnd is where the banner's button ends a visit.
const VisitEnd = "/staff/visit/end"

// person is the staff session behind the request: in the staff area, or as an
// account's owner. nil: there is none.
func (q *Request) person() *access.StaffSession {
	if q.visit != nil {
		return &q.visit.Staff
	}
	return q.staff
}

// visitFrame is the frame around what the owner would see, for staff who are
// logged in as the owner: nothing in it leads to the owner's own login.
func (q *Request) visitFrame(f *ui.Frame) {
	owner, p := q.visit.Owner, q.Printer()
	f.Person = &ui.Person{First: owner.FirstName, Name: owner.Name(), Initials: ui.Initials(owner.Name()), Email: owner.Email}
	f.Visit = &ui.Visit{Staff: q.visit.Staff.Person.Name, Owner: owner.Name(), Until: p.DateTime(q.visit.Ends), End: VisitEnd}
	if q.member.Account() != 0 {
		q.accountFrame(f)
	}
	f.PersonMenu = nil
}

// visitOver leads staff whose visit is over back to the account's record; a POST
// is told that nothing was saved.
func (q *Request) visitOver() Reply {
	record, p := "/staff/accounts/"+q.Path("account"), q.Printer()
	q.setCookie(q.routes.visitCookieName(), "", -1)
	if q.r.Method == http.MethodGet || q.r.Method == http.MethodHead {
		return Redirect{To: record, Flash: ui.Flash{Kind: ui.Info, Text: p.T("Your visit as the owner is over.")}}
	}
	return Page{Title: p.T("The visit is over"), Status: http.StatusUnauthorized, Body: func(f ui.Frame) templ.Component {
		return messagePage(f, message{
			Title: p.T("Your visit as the owner is over; nothing was saved"), Text: p.T("Log in as the owner again from the account's record, then do it again."),
			Href: record, Link: p.T("Return to staff area"),
		})
	}}
}

// BeginVisit gives the browser a visit and shows the account as its owner sees
// it.
type BeginVisit struct{ Token access.Token }

func (b BeginVisit) write(q *Request) error {
	q.setCookie(q.routes.visitCookieName(), b.Token.Reveal(), 0)
	return Redirect{To: "/a/" + b.Token.Account().String() + "/"}.write(q)
}

// EndVisit takes the visit from the browser and goes back to the record.
type EndVisit struct{ Then Redirect }

func (e EndVisit) write(q *Request) error {
	q.setCookie(q.routes.visitCookieName(), "", -1)
	return e.Then.write(q)
}
