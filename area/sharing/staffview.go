package sharing

import (
	"atrium/base/access"
	"atrium/ui"
)

// teamView is the Users tab.
type teamView struct {
	Base    string // of the record
	Manages bool   // who looks at it may change it
	People  people
	Invites []inviteRow
	Asked   []requestRow
}

type associateView struct {
	Base    string
	Form    Association
	Pick    ui.Pick
	Perms   permsView
	Problem problem
}

type manageView struct {
	Base   string
	Person Person
	Form   Managed
	Perms  permsView
	Err    error
}

type ownerView struct {
	Base, Account string
	Owner, New    access.MemberInfo // as they are now
	Form          Handover
	Err           error
}

func (v manageView) path(rest string) string {
	return v.Base + "/users/" + v.Person.User.String() + rest
}
