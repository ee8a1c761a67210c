package atrium

import (
	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/db"
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
	address, _ := access.ParseEmail(email)
	p, _, err := access.FindStaffByEmail(s.ctx, s.DB.Auto(), address)
	s.try(err)
	var t access.Token
	s.try(s.DB.WriteGlobal(s.ctx, db.Lock{}, func(tx *db.Tx) (err error) {
		t, err = access.NewStaffSession(s.ctx, tx, p.ID, p.As(from().IP, from().Agent))
		return err
	}))
	session, card, err := access.FindStaffOn(s.ctx, s.DB, t, s.accounts[accountName])
	s.try(err)
	if s.err == nil {
		in, err = access.EnterStaffOn[access.ManageUsers](session, s.accounts[accountName], card, from().IP, from().Agent)
		s.try(err)
	}
	return in
}
