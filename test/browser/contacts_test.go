package browser

import "atrium/base/access"

// contacts is how people who get emails without a login are looked after, by a
// member and by staff, and how the owner hears of it.
func contacts(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	tomasz := s.person()
	tomasz.as(acme.Member("tomasz", "contacts"))
	tomasz.open(acme.Path("/"))
	tomasz.see("No contacts yet")
	tomasz.in("Main").click("Contacts")
	tomasz.see(s.say("People who get emails of %s without a login.", "Nordlicht Studio GmbH"), "No contacts yet")
	tomasz.check("none")
	tomasz.click("Add contact")

	// The address follows its country, and what was typed stays.
	eval[any](tomasz, `window.stays = true, 0`)
	tomasz.fill("Name", "Buchhaltung")
	tomasz.fill("Address", "1 Infinite Loop")
	tomasz.fill("Postcode", "23552")
	tomasz.choose("Country", s.words.Country("US"))
	tomasz.see("ZIP code", "State")
	if got := tomasz.value("ZIP code") + tomasz.value("Address") + tomasz.value("Name") + tomasz.focus(); got != "235521 Infinite LoopBuchhaltungcountry" {
		s.t.Errorf("after another country there is %q", got)
	}
	tomasz.check("country")
	tomasz.choose("Country", s.words.Country("DE"))
	tomasz.see("Postcode")
	tomasz.missing("ZIP code")
	if !eval[bool](tomasz, `window.stays === true`) {
		s.t.Error("another country left the page")
	}
	tomasz.fill("Email address", "nobody")
	tomasz.fill("Phone", "0451 5550124")
	tomasz.tick("Invoices")
	tomasz.tick("Billing contact")
	tomasz.press("Enter") // presses the form's own button, not the one for the country
	tomasz.see("There is a problem", "Enter an address like name@example.com.", "Enter the city.")
	tomasz.check("wrong")
	tomasz.fill("Email address", "buchhaltung@nordlicht-studio.example")
	tomasz.fill("Address", "Hafenstraße 12")
	tomasz.fill("City", "Lübeck")
	tomasz.click("Save contact")
	tomasz.at(acme.Path("/contacts"))
	tomasz.see(s.say("%s is a contact now.", "Buchhaltung"), "+49 451 5550124", "Billing contact")

	letter := s.Mail.Wait(s.t, acme.Owner.Email, "Buchhaltung now gets emails of")
	tomasz.letter(letter, "mail-receives")
	tomasz.click("Add contact")
	tomasz.fill("Name", "Ada Kowalska")
	tomasz.fill("Company", "Kowalska Domains")
	tomasz.fill("Email address", "ada@kowalska.example")
	tomasz.tick("Domains")
	tomasz.tick("Products & services")
	tomasz.click("Save contact")
	tomasz.see(s.say("%s is a contact now.", "Ada Kowalska"))
	tomasz.check("list")
	tomasz.click(s.say("Edit") + " Buchhaltung")
	tomasz.see("Save contact")
	tomasz.check("edit")
	tomasz.open(acme.Path("/"))
	tomasz.see("Ada Kowalska", "All contacts")
	tomasz.check("home")

	// Staff find the account by the contact, and look after it in the record.
	sue := s.staffPerson("sue", access.Support)
	sue.open("/staff/accounts?q=kowalska")
	sue.click("Nordlicht Studio GmbH")
	sue.in("Record of the account").click("Contacts")
	sue.see("Ada Kowalska")
	sue.check("staff")
	sue.click("Ada Kowalska")
	sue.fill("Name", "Ada Nowak")
	sue.check("staff-edit")
	sue.click("Save contact")
	sue.see(s.say("The contact %s is saved.", "Ada Nowak"))
	sue.click(s.say("Delete") + " Buchhaltung")
	sue.see(s.say("Delete the contact %s?", "Buchhaltung"), "This is the billing contact. Without one, invoices are addressed to the owner.")
	sue.check("delete")
	sue.click("Delete contact")
	sue.see(s.say("The contact %s is deleted.", "Buchhaltung"))
	maja := s.person()
	maja.as(acme.Owner)
	maja.open(acme.Path("/activity"))
	maja.see(s.say("added the contact %s", "Buchhaltung"), s.say("deleted the contact %s", "Buchhaltung"))
	rea := s.staffPerson("rea", access.ReadOnly)
	rea.open("/staff/accounts/" + acme.Number.String() + "/contacts")
	rea.click("Ada Nowak")
	rea.see("ada@kowalska.example")
	rea.missing("Save contact")
	rea.check("staff-facts")
}

// contactsPlain adds a contact where there is no script.
func contactsPlain(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	maja := s.person().withoutScript()
	maja.as(acme.Owner)
	maja.open(acme.Path("/contacts/new"))
	maja.fill("Name", "Ada Kowalska")
	maja.fill("Email address", "ada@kowalska.example")
	maja.choose("Country", "United States")
	maja.tick("Domains")
	maja.click("Change country")
	maja.see("ZIP code", "State")
	if maja.value("Name") != "Ada Kowalska" || maja.value("Domains") != "true" {
		s.t.Error("what was typed is lost with the country")
	}
	maja.check("country")
	maja.fill("Address", "1 Infinite Loop")
	maja.fill("City", "Cupertino")
	maja.choose("State", "California")
	maja.fill("ZIP code", "95014")
	maja.click("Save contact")
	maja.see(s.say("%s is a contact now.", "Ada Kowalska"))
}
