package web

import (
	"atrium/base/access"
	"atrium/fault"
)

// security logs an event that someone watching over the system wants to see.
func (q *Request) security(what string, args ...any) {
	args = append(args, "request", q.ID(), "route", q.r.Method+" "+q.row.Path, "ip", q.ip)
	if q.session != nil {
		args = append(args, "user", q.session.User.ID.String())
	}
	if s := q.person(); s != nil {
		args = append(args, "staff", s.Person.ID.String())
	}
	q.routes.Log.Warn("security: "+what, args...)
}

// noteRefusal logs wrong passwords and limits that were reached, whichever page
// they happened on. What was typed is not on the log: it may be a password in
// the wrong field.
func (q *Request) noteRefusal(err error) {
	switch {
	case fault.CodeOf(err) == access.WrongLogin:
		q.security("log in failed")
	case fault.CodeOf(err) == access.WrongCode:
		q.security("code refused")
	case fault.CodeOf(err) == access.WrongPasskey:
		q.security("passkey refused")
	case fault.CodeOf(err) == access.CopiedPasskey:
		q.security("a copied passkey was refused")
	case fault.Is(err, fault.TooMany):
		q.security("limit reached", "limit", fault.CodeOf(err))
	}
}
