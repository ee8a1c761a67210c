package browser

import (
	"strings"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

// support is somebody of the staff who manages users, logged in.
func (s *story) support() *tab {
	s.t.Helper()
	p := s.person()
	p.as(s.StaffAs("jonas", access.Support))
	return p
}

// pick chooses in Select User by keyboard.
func (p *tab) pick(text, line string) {
	p.s.t.Helper()
	p.pickAs("Select User", text, line)
}

// pickAs chooses in a field like Select User that has another label.
func (p *tab) pickAs(label, text, line string) {
	p.s.t.Helper()
	p.fill(label, text)
	p.see(line)
	p.press("ArrowDown")
	if !p.until(`document.querySelector("[name=find]").getAttribute("aria-activedescendant") === "found-0"`) {
		p.s.t.Fatal("ArrowDown does not lead into the list")
	}
}

// associate gives users access: one who exists and one who does not, with and
// without an invitation.
func associate(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	s.Account("Amsel Café", "priya")
	jonas := s.support()
	record := "/staff/accounts/" + acme.Number.String()
	jonas.open(record + "/users")
	jonas.see("Users", "Maja Owner", "Owner", "Associate User")
	jonas.check("users")
	jonas.click("Associate User")
	jonas.see("Select User", "They confirm by email before they get access.", "Invite User")
	jonas.missing("First name", "Reason")
	jonas.check("empty")

	// No, an existing user.
	form := jonas.in("Associate User")
	form.pick("owner pri", "Priya Owner priya@example.com")
	jonas.check("found")
	jonas.press("Enter")
	if got := form.value("Select User"); got != "Priya Owner (priya@example.com)" {
		s.t.Errorf("Select User says %q", got)
	}
	form.tick("No")
	jonas.see("They get access immediately, without an email.", "Reason")
	jonas.missing("Invite User", "First name")
	form.click("Associate User")
	jonas.see("There is a problem", "Tick at least one permission, or choose All Permissions.", "Say why, for those who look into this later.")
	if got := form.value("Select User"); got != "Priya Owner (priya@example.com)" {
		s.t.Errorf("after an error Select User says %q", got)
	}
	jonas.check("wrong")
	form.click("Check All")
	form.see(s.say("%d of %d permissions chosen", 13, 13))
	form.tick("All Permissions")
	form.fill("Reason", "Asked by phone, called back")
	form.click("Associate User")
	jonas.at(record + "/users")
	jonas.see(s.say("%s now has access. No email was sent.", "Priya Owner"), s.say("%d of %d permissions", 13, 13))

	// Once more: a link helps.
	jonas.click("Associate User")
	form.pick("priya@example.com", "Priya Owner")
	jonas.press("Enter")
	form.tick("All Permissions")
	form.click("Invite User")
	jonas.see(s.say("%s already has access.", "priya@example.com"))
	jonas.in("").click("Manage User")
	jonas.see(s.say("Manage User %s", "Priya Owner"))

	// No, a new user.
	jonas.open(record + "/users/associate")
	form.pick("lena@example.com", s.say("Create new user %s", "lena@example.com"))
	jonas.press("Enter")
	form.tick("No")
	jonas.see("First name")
	form.fill("First name", "Lena")
	form.fill("Last name", "Hoffmann")
	form.tick("View Domains")
	form.fill("Reason", "Ordered in writing")
	jonas.check("new")
	form.click("Associate User")
	jonas.see(s.say("%s now has access. No email was sent.", "Lena Hoffmann"))
	if n := len(s.Mail.To("lena@example.com")) + len(s.Mail.To("priya@example.com")); n != 1 { // Priya's address to be confirmed
		s.t.Errorf("%d mails were sent", n)
	}
	jonas.click(s.say("Manage User") + " Lena Hoffmann")
	jonas.see("Not set yet")
	jonas.check("manage-new")
	jonas.click("Send a link to set a password")
	jonas.see(s.say("A link to set a password is on its way to %s.", "lena@example.com"))
	letter := s.Mail.Wait(s.t, "lena@example.com", "Set a password for your login")
	jonas.letter(letter, "set-password-mail")
	lena := s.person()
	lena.open(letter.Link(s.t, "/reset/"))
	lena.fill("New password", apptest.Password)
	lena.click("Set password")
	lena.see("Log in")

	// Yes, an address that nobody has.
	jonas.open(record + "/users/associate")
	form.pick("omar@example.com", s.say("Create new user %s", "omar@example.com"))
	jonas.press("Enter")
	form.tick("View & Pay Invoices")
	form.click("Invite User")
	jonas.see(s.say("Invitation sent to %s. It works until %s.", "omar@example.com"), s.say("Sent by %s", "Atrium"), "Pending")
	jonas.check("invited")
	invitation := s.Mail.Wait(s.t, "omar@example.com", "has invited you")
	if !strings.Contains(invitation.Text, "Atrium invites you to help manage the account Nordlicht Studio GmbH.") {
		s.t.Errorf("the mail says:\n%s", invitation.Text)
	}
	omar := s.person()
	omar.open(invitation.Link(s.t, "/invite/"))
	omar.see(s.say("Join %s", "Nordlicht Studio GmbH"), s.say("%s invites you to help manage this account. The invitation works until %s.", "Atrium"))

	// Resend and cancel.
	s.Clock.Add(2 * time.Minute)
	jonas.click(s.say("Resend Invite") + " " + s.say("to %s", "omar@example.com"))
	jonas.see("New invitation sent. The earlier link no longer works.")
	jonas.click("omar@example.com")
	jonas.see(s.say("Invitation to %s", "omar@example.com"))
	jonas.check("invitation")
	jonas.in("Permissions").tick("View Emails")
	jonas.in("Permissions").click("Save changes")
	jonas.see(s.say("The invitation to %s now gives %d of %d permissions.", "omar@example.com", 2, 13))
	jonas.click(s.say("Cancel Invite") + " " + s.say("to %s", "omar@example.com"))
	jonas.see(s.say("Cancel the invitation to %s?", "omar@example.com"))
	jonas.check("cancel")
	jonas.click("Cancel Invite")
	jonas.see(s.say("The invitation to %s is cancelled. Its link no longer works.", "omar@example.com"))
	jonas.missing("Pending Invites")

	// What the owner sees of it.
	maja := s.person()
	maja.logIn(acme.Owner)
	maja.open(acme.Path("/activity"))
	maja.see(s.say("Support") + " " + s.say("gave %s access at once, without an invitation", "priya@example.com"))
	maja.missing("Jonas", "called back")
}

// manageUser changes somebody's name, address and permissions, makes them the
// owner and removes them.
func manageUser(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	acme.Member("tomasz", "domains", "managedomains")
	jonas := s.support()
	record := "/staff/accounts/" + acme.Number.String()
	jonas.open(record + "/users")
	jonas.click("Manage User Tomasz Member")
	jonas.check("manage")
	form := jonas.in("Manage User Tomasz Member")
	form.fill("Last name", "Wrona")
	form.fill("Email address", "tomasz@wrona-web.example")
	form.tick("View Emails")
	form.click("Save")
	jonas.see("Tomasz Wrona is saved.", "tomasz@wrona-web.example", "3 of 13 permissions")
	told := s.Mail.Wait(s.t, "tomasz@example.com", "The email address of your login was changed")
	told.Link(s.t, "/undo/")
	s.Mail.Wait(s.t, "tomasz@wrona-web.example", "Confirm your email address")

	jonas.click("Manage User Tomasz Wrona")
	jonas.in("Manage User Tomasz Wrona").tick("Make Owner")
	jonas.in("Manage User Tomasz Wrona").click("Save")
	jonas.see("Make Tomasz Wrona the owner of Nordlicht Studio GmbH?", "Pending invitations pass to the new owner.")
	jonas.check("make-owner")
	jonas.click("Make Owner")
	jonas.see("There is a problem", "Check that the person", "Say why")
	jonas.check("make-owner-wrong")
	jonas.tick("Identity of the requester was checked")
	jonas.fill("Reason", "Company sold, contract seen")
	jonas.click("Make Owner")
	jonas.see("Tomasz Wrona is now the owner. Both were told by email.")
	jonas.check("new-owner")
	jonas.letter(s.Mail.Wait(s.t, "tomasz@wrona-web.example", "You are now the owner of Nordlicht Studio GmbH"), "new-owner-mail")
	jonas.letter(s.Mail.Wait(s.t, "maja@example.com", "You are no longer the owner of Nordlicht Studio GmbH"), "former-owner-mail")

	jonas.click("Remove Maja Owner")
	jonas.see("Remove Maja Owner's access to Nordlicht Studio GmbH?")
	jonas.check("remove")
	jonas.click("Remove")
	jonas.see("Maja Owner no longer has access.")
	jonas.click("Manage User Tomasz Wrona")
	jonas.see("The owner has all permissions.")
	jonas.missing("Make Owner")
	jonas.check("manage-owner")
}

// associatePlain is Associate User without the script: nothing typed is lost.
func associatePlain(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	s.Account("Amsel Café", "priya")
	jonas := s.support().withoutScript()
	jonas.open("/staff/accounts/" + acme.Number.String() + "/users/associate")
	form := jonas.in("Associate User")
	form.tick("View Domains")
	form.tick("No")
	form.fill("Reason", "Asked by phone")
	form.fill("Select User", "priya")
	jonas.check("plain")
	form.click("Search")
	form.see("Priya Owner", "Accounts: 1")
	if form.value("View Domains") != "true" || form.value("Reason") != "Asked by phone" || form.value("No") != "true" {
		s.t.Error("the search has lost what was typed")
	}
	form.tick("Priya Owner")
	jonas.check("plain-found")
	form.click("Associate User")
	jonas.see("Priya Owner now has access. No email was sent.")

	jonas.click("Associate User")
	form.tick("No")
	form.fill("Reason", "Asked in writing")
	form.tick("View Domains")
	form.fill("Select User", "lena@example.com")
	jonas.enter() // sends the form, and does not search
	jonas.see("There is a problem", "choose one of those found")
	form.tick("Create new user lena@example.com")
	jonas.see("First name")
	form.fill("First name", "Lena")
	form.click("Associate User")
	jonas.see("Lena now has access.")
}
