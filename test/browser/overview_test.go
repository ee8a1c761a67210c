package browser

import (
	"time"

	"atrium/base/access"
)

// staffPerson is somebody of the staff, logged in.
func (s *story) staffPerson(first string, role access.StaffRole) *tab {
	s.t.Helper()
	p := s.StaffAs(first, role)
	desk := s.person()
	desk.staffIn(p)
	return desk
}

// staffOverview is what staff see first: what failed is run again, and a year
// in charts.
func staffOverview(s *story) {
	now := s.Clock.Now()
	for months := range 11 {
		s.Clock.Set(now.AddDate(0, months-11, 0))
		s.Account("Company of month "+now.AddDate(0, months-11, 0).Format("January"), "owner"+string(rune('a'+months))).Invite("guest@example.org", "domains").SeeOther()
	}
	s.Clock.Set(now)
	s.Mail.Refuse("Recipient address rejected: User unknown in virtual mailbox table")
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	acme.Invite("buchhaltung.und.steuern@a-very-long-name-of-an-agency.example", access.SetOf(access.NameInvoices).Slugs()...).SeeOther()
	s.Exec(`INSERT INTO jobs (id, lane, kind, args, run_at, tries, failed_at, error, created_at) VALUES (77, '', 'access.login-created>login.verify', '{"User":"0000000002d"}', 1, 20, $1, 'the vault is shut', 1)`, now.Add(-time.Hour))

	jonas := s.staffPerson("jonas", access.Support)
	jonas.at("/staff/")
	for range 200 { // until both mails are given up
		if jonas.open("/staff/"); eval[bool](jonas, `document.querySelectorAll("[aria-labelledby=h-failed] li").length >= 2`) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	jonas.see("Emails that did not arrive", "User unknown in virtual mailbox table", "Work that failed", "the vault is shut", "Accounts opened", "12 since December 2025")
	jonas.click("Show as table Accounts opened")
	jonas.see("November 2026 (so far)")
	jonas.check("overview")

	s.Mail.Refuse("")
	jonas.click("Run again the email to buchhaltung.und.steuern@a-very-long-name-of-an-agency.example")
	jonas.see("The email is sent again now", "Delivery")
	s.Mail.Wait(s.t, "buchhaltung.und.steuern@a-very-long-name-of-an-agency.example", "has invited you")
	jonas.open(eval[string](jonas, `location.pathname`))
	jonas.see("Sent")
	jonas.check("mail")
	jonas.in("Main").click("Overview")
	jonas.click("Run again Asking a new user to confirm their email address")
	jonas.see("It is run again now.")
	jonas.in("Main").click("Emails")
	jonas.at("/staff/emails")
	jonas.see("Emails that did not arrive", "Email history", "No account: about a person's own login")
	jonas.check("emails")
	jonas.choose("Delivery", "Not delivered")
	jonas.until(`!document.querySelector("main").innerText.includes("has invited you")`)
	jonas.see("maja@example.com")
	jonas.in("Main").click("Accounts")
	jonas.click("Nordlicht Studio GmbH")
	jonas.in("Record of the account").click("Emails")
	jonas.see("Email history", "Nordlicht Studio GmbH has invited you")
	jonas.check("tab")
}

// staffActivity is who did what everywhere: filtered, and in an account's record.
func staffActivity(s *story) {
	acme, other := s.Account("Nordlicht Studio GmbH", "maja"), s.Account("Café Amsel", "jonas")
	s.Clock.Add(time.Minute)
	acme.Invite("buchhaltung.und.steuern@a-very-long-name-of-an-agency.example", access.Everything.Slugs()...).SeeOther()
	s.Clock.Add(time.Minute)
	other.Owner.Get(other.Path("/profile")).OK().Submit("main form", map[string][]string{"phone": {"04541 5550188"}}).SeeOther()
	lena := s.staffPerson("lena", access.Administrator)
	lena.in("Main").click("Activity")
	lena.at("/staff/activity")
	lena.see("changed the account's details: Phone", "invited buchhaltung", "logged in to the staff area", "created the login", "Lena Staff")
	lena.check("everything")
	lena.fill("Account number", acme.Number.String())
	lena.choose("Area", "Users and invitations")
	lena.in("Filter").click("Show")
	lena.see("invited buchhaltung")
	lena.missing("Ratzeburg", "created the login")
	lena.fill("Account number", "")
	lena.fill("User's email", "nobody@example.com")
	lena.in("Filter").click("Show")
	lena.see("There is a problem", "No login has this address.")
	lena.check("unknown")
	lena.in("Main").click("Accounts")
	lena.click("Café Amsel")
	lena.in("Record of the account").click("Activity")
	lena.see("changed the account's details: Phone", "Jonas Owner")
	lena.missing("invited buchhaltung")
	lena.choose("Person", "Our staff")
	lena.in("Filter").click("Show")
	lena.see("Nothing happened in this period.")
	lena.choose("Person", "Everybody")
	lena.in("Filter").click("Show")
	lena.check("record")
}
