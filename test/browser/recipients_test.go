package browser

import "atrium/base/access"

// recipients is how an account sees who gets which of its emails, how members
// choose, and how staff keep fields from being changed.
func recipients(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	bob := acme.Member("tomasz", "profile", "invoices", "domains")
	tomasz := s.person()
	tomasz.as(bob)
	tomasz.open(acme.Path("/"))
	tomasz.click("Your emails")
	tomasz.see(s.say("Which emails of %s you get at %s.", "Nordlicht Studio GmbH"), s.begins("You lack the permission for these: %s."), "View & Open Support Tickets")
	tomasz.tick("Domains")
	tomasz.click("Save changes")
	tomasz.see("Saved: these emails are yours.")
	tomasz.check("mine")
	tomasz.in("Main").click("Who gets which emails")
	tomasz.at(acme.Path("/recipients"))
	tomasz.see("Has chosen these.", "Is the billing contact.", "Has not chosen these.")
	tomasz.check("who")

	sue := s.staffPerson("sue", access.Support)
	sue.open("/staff/accounts/" + acme.Number.String() + "/profile")
	sue.tick(s.say("Lock: %s", s.say("Account name")))
	sue.tick(s.say("Lock: %s", s.say("Address")))
	sue.click("Save locks")
	sue.see("Saved. Members see these fields, and can't change them.")
	sue.check("locks")
	tomasz.open(acme.Path("/profile"))
	tomasz.see("Only our support can change this.")
	tomasz.check("locked")
}
