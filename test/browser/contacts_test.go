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
	tomasz.see("People who get emails of Nordlicht Studio GmbH without a login.", "No contacts yet")
	tomasz.check("none")
	tomasz.click("Add contact")

	// The address follows its country, and what was typed stays.
	eval[any](tomasz, `window.stays = true, 0`)
	tomasz.fill("Name", "Buchhaltung")
	tomasz.fill("Address", "1 Infinite Loop")
	tomasz.fill("Postcode", "23552")
	tomasz.choose("Country", "United States")
	tomasz.see("ZIP code", "State")
	if got := tomasz.value("ZIP code") + tomasz.value("Address") + tomasz.value("Name") + tomasz.focus(); got != "235521 Infinite LoopBuchhaltungcountry" {
		s.t.Errorf("after another country there is %q", got)
	}
	tomasz.check("country")
	tomasz.choose("Country", "Germany")
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
	tomasz.see("Buchhaltung is a contact now.", "+49 451 5550124", "Billing contact")

	letter := s.Mail.Wait(s.t, acme.Owner.Email, "Buchhaltung now gets emails of")
	tomasz.letter(letter, "mail-receives")
	tomasz.click("Add contact")
	tomasz.fill("Name", "Ada Kowalska")
	tomasz.fill("Company", "Kowalska Domains")
	tomasz.fill("Email address", "ada@kowalska.example")
	tomasz.tick("Domains")
	tomasz.tick("Products & services")
	tomasz.click("Save contact")
	tomasz.see("Ada Kowalska is a contact now.")
	tomasz.check("list")
	tomasz.click("Edit Buchhaltung")
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
	sue.see("The contact Ada Nowak is saved.")
	sue.click("Delete Buchhaltung")
	sue.see("Delete the contact Buchhaltung?", "This is the billing contact.")
	sue.check("delete")
	sue.click("Delete contact")
	sue.see("The contact Buchhaltung is deleted.")
	maja := s.person()
	maja.as(acme.Owner)
	maja.open(acme.Path("/activity"))
	maja.see("added the contact Buchhaltung", "deleted the contact Buchhaltung")
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
	maja.see("Ada Kowalska is a contact now.")
}
