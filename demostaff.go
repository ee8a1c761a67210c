package atrium

import (
	"atrium/area/sharing"
	"atrium/base/access"
)

// support is what the staff's support did yesterday.
func (s *story) support(presets map[string]access.Set) {
	s.ago(1, 11, 20)
	s.associate("Wrona Web", sharing.Association{User: "lena@hoffmann.example", Perms: presets["Developer"].Slugs(), Reason: "Asked for by Tomasz Wrona on the phone, called back."})
	s.ago(1, 11, 35)
	s.associate("Café Amsel", sharing.Association{User: "till@cafe-amsel.example", First: "Till", Last: "Amsel", Perms: []string{"invoices"},
		Reason: "Ordered in writing by Jonas Amsel. The login has no password yet."})
	s.ago(1, 14, 5)
	s.associate("Stadtchor Lübeck e.V.", sharing.Association{User: "kasse@stadtchor.example", Perms: presets["Accountant"].Slugs(), Invite: true})
}

// associate has support give somebody access to an account.
func (s *story) associate(accountName string, a sharing.Association) {
	in := s.desk("support@host.example", accountName)
	if s.err == nil {
		_, err := s.share.Associate(s.ctx, in, a)
		s.try(err)
	}
}

// desk is what the door of an account's record would hand to somebody of the staff.
func (s *story) desk(email, accountName string) access.StaffOn[access.ManageUsers] {
	var in access.StaffOn[access.ManageUsers]
	if s.err != nil {
		return in
	}
	session, card, err := access.FindStaffOn(s.ctx, s.DB, s.staffSession(email), s.accounts[accountName])
	s.try(err)
	if s.err == nil {
		in, err = access.EnterStaffOn[access.ManageUsers](session, s.accounts[accountName], card, from().IP, from().Agent)
		s.try(err)
	}
	return in
}

// staffSession logs somebody of the staff in by both steps. A code is taken once,
// so half a minute has to go by between two.
func (s *story) staffSession(email string) access.Token {
	t, err := s.Staff.LogIn(s.ctx, email, DemoPassword, "", from())
	s.try(err)
	in, err := s.Staff.Step(s.ctx, t, from())
	s.try(err)
	code, err := DemoSecret().Code(s.cal.now)
	s.try(err)
	if s.err != nil {
		return access.Token{}
	}
	f, err := s.Staff.FinishLogIn(s.ctx, in, code, access.Token{})
	s.try(err)
	return f.Session
}
