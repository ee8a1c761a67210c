package staff

import (
	"atrium/base/access"
	"atrium/ui"
)

// peopleView is the list of staff and the form to invite a colleague.
type peopleView struct {
	People []access.StaffInfo
	After  string // the next page; "" = none
	Me     access.StaffID
	New    Newcomer
	Err    error
}

// personView is one of the staff.
type personView struct {
	Person   access.StaffInfo
	Sessions []access.StaffSession
	Seat     access.Seat // of this browser
	Self     bool        // who looks
	Name     string
	Role     access.StaffRole
	Reason   string

	ActErr, ChangeErr, ResetErr error
}

func (v personView) failed() error {
	for _, err := range []error{v.ActErr, v.ChangeErr, v.ResetErr} {
		if err != nil {
			return err
		}
	}
	return nil
}

func roles(p ui.Printer) []ui.Option {
	var all []ui.Option
	for _, r := range access.StaffRoles() {
		all = append(all, ui.Option{Value: string(r), Label: p.Word(r.Label())})
	}
	return all
}

// loggedIn is one of somebody's sessions, on their page.
func loggedIn(f ui.Frame, s access.StaffSession, here bool, page string) ui.LoggedIn {
	b := ui.LoggedIn{P: f.P, Now: f.Now, Agent: s.Agent, IP: s.IP, Since: s.Created(), Seen: s.Seen(), Here: here, Out: page + "/sessions/" + s.ID.String()}
	if here {
		b.Out = "/staff/logout"
	}
	return b
}
