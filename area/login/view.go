package login

import (
	"slices"

	"atrium/base/access"
	"atrium/ui"
)

type loginView struct {
	Email    string
	Remember bool
	Next     string
	Err      error
}

type forgotView struct {
	Email, Next string
	Err         error
}

type resetView struct {
	Email, Action string
	Err           error
}

// deadView is a link that does not work, and what helps.
type deadView struct{ Text, Href, Link string }

// profileView is Your Profile: three forms.
type profileView struct {
	User    access.User
	Profile Profile
	Email   string      // typed as the new address
	Awaited access.Link // a change of address that waits; zero: none

	ProofErr, ProfileErr, EmailErr, PasswordErr error
}

func (v profileView) failed() error {
	for _, err := range []error{v.ProofErr, v.ProfileErr, v.EmailErr, v.PasswordErr} {
		if err != nil {
			return err
		}
	}
	return nil
}

type sessionsView struct {
	All  []access.Session
	Here access.SessionID
}

// usersView is staff's list of users.
type usersView struct {
	Query string
	Users []access.UserInfo
	After string // the next page; "" = none
}

func languages() []ui.Option {
	var all []ui.Option
	for _, l := range ui.Languages() {
		all = append(all, ui.Option{Value: l.Code, Label: l.Name})
	}
	return all
}

// zones lists the time zones, and the one that the person has if that goes by an
// older name.
func zones(current string) []ui.Option {
	all := ui.Zones()
	if current != "" && !ui.KnownZone(current) {
		all = slices.Insert(all, 0, ui.Option{Value: current, Label: current})
	}
	return all
}

func countries(p ui.Printer) []ui.Option {
	return append([]ui.Option{{Value: "", Label: p.T("Choose a country")}}, p.Countries()...)
}

func sessionPath(s access.SessionID) string { return "/me/sessions/" + s.String() + "/logout" }
