package atrium

import (
	"atrium/area/account"
	"atrium/area/host"
	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/settings"
)

// furnish is what the host has set on its first day: its name and colour, where
// help is, the presets it offers beside those of Atrium, a sentence of its own
// and where it is.
func (s *story) furnish() {
	in := s.office()
	set(s, in, settings.Company{Name: "Skerry Hosting", Contact: "help@host.example", Hue: 265})
	list := append(settings.Defaults().Presets.List, settings.Preset{Name: "Office", Permissions: access.SetOf(access.NameProfile, access.NameEmails).Slugs()})
	set(s, in, settings.Presets{List: list})
	users := settings.Defaults().Users
	users.Notes = map[string]string{access.NameInvoices.Slug(): "Invoices come on the first of each month, and are due in fourteen days."}
	set(s, in, users)
	set(s, in, settings.Region{Language: "en", TimeZone: "Europe/Berlin"})
}

// set saves a section that was never saved before.
func set[S settings.Section](s *story, in host.Proof, section S) {
	if s.err == nil {
		s.try(host.Save(s.ctx, in, s.host, section, 0))
	}
}

// office is what the door of the settings would hand to the administrator.
func (s *story) office() host.Proof {
	t := s.staffSession("admin@host.example")
	if s.err != nil {
		return host.Proof{}
	}
	session, err := access.FindStaffSession(s.ctx, s.DB, access.DefaultLives(), t)
	s.try(err)
	in, err := access.EnterStaff[access.ManageSettings](session, from().IP, from().Agent)
	s.try(err)
	return in
}

// presets are what the host's are called.
func (s *story) presets() map[string]access.Set {
	all := map[string]access.Set{}
	if s.err == nil {
		for _, p := range s.host.Now(s.ctx).Presets.List {
			all[p.Name] = p.Set()
		}
	}
	return all
}

// support is what the staff's support did yesterday.
func (s *story) support(presets map[string]access.Set) {
	s.ago(1, 11, 20)
	s.associate("Wrona Web", sharing.Association{User: "lena@hoffmann.example", Perms: presets["Developer"].Slugs(), Reason: "Asked for by Tomasz Wrona on the phone, called back."})
	s.ago(1, 11, 35)
	s.associate("Café Amsel", sharing.Association{User: "till@cafe-amsel.example", First: "Till", Last: "Amsel", Perms: []string{"invoices"},
		Reason: "Ordered in writing by Jonas Amsel. The login has no password yet."})
	s.ago(1, 14, 5)
	s.associate("Stadtchor Lübeck e.V.", sharing.Association{User: "kasse@stadtchor.example", Perms: presets["Accountant"].Slugs(), Invite: true})
	s.ago(1, 14, 20)
	s.note("Nordlicht Studio GmbH", "Maja asks to be called before anything is changed on their servers.", true)
	s.ago(1, 14, 22)
	s.note("Nordlicht Studio GmbH", "Asked about a second location in Kiel; to be offered in spring.", false)
	s.ago(1, 15, 0)
	s.became("Old Mill Brewery", access.Closed, "The brewery has closed. Owen asked us to keep the account readable.")
	s.ago(1, 15, 10)
	s.became("Aydın Import", access.Inactive, "Paused until the new season, as agreed with Deniz.")
}

// associate has support give somebody access to an account.
func (s *story) associate(accountName string, a sharing.Association) {
	in := desk[access.ManageUsers](s, "support@host.example", accountName)
	if s.err == nil {
		_, err := s.share.Associate(s.ctx, in, a)
		s.try(err)
	}
}

// became has billing make an account active, inactive or closed.
func (s *story) became(accountName string, to access.Status, reason string) {
	in := desk[access.CloseAccounts](s, "billing@host.example", accountName)
	if s.err != nil {
		return
	}
	now, err := s.acct.Record(s.ctx, access.ToSee(in))
	s.try(err)
	s.try(s.acct.SetStatus(s.ctx, in, account.StatusChange{To: to, Reason: reason, Version: now.Details.Version}))
}

// note has support write a note.
func (s *story) note(accountName, text string, pinned bool) {
	in := desk[access.EditAccounts](s, "support@host.example", accountName)
	if s.err != nil {
		return
	}
	s.try(s.acct.AddNote(s.ctx, in, text))
	notes, err := s.acct.Notes(s.ctx, access.ToSee(in), account.NoteMark{})
	s.try(err)
	if s.err == nil && pinned {
		s.try(s.acct.PinNote(s.ctx, in, notes.List[0].ID, true))
	}
}

// desk is what the door of an account's record would hand to somebody of the staff.
func desk[R access.StaffPermission](s *story, email, accountName string) access.StaffOn[R] {
	var in access.StaffOn[R]
	if s.err != nil {
		return in
	}
	session, card, err := access.FindStaffOn(s.ctx, s.DB, access.DefaultLives(), s.staffSession(email), s.accounts[accountName])
	s.try(err)
	if s.err == nil {
		in, err = access.EnterStaffOn[R](session, s.accounts[accountName], card, from().IP, from().Agent)
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
