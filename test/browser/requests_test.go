package browser

// askOwner is a member who is denied a page and asks for it, and an owner who gives
// that and something else.
func askOwner(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	bob := acme.Member("tomasz", "domains", "tickets")
	tomasz, maja := s.person(), s.person()
	tomasz.logIn(bob)
	tomasz.open(acme.Path("/emails"))
	tomasz.see("Access denied", "Ask for access")
	tomasz.fill("Message", "I answer the customers, and need to see what they were sent.")
	tomasz.check("denied")
	tomasz.click("Ask the owner for access")
	tomasz.at(acme.Path("/users/people"))
	tomasz.see(s.say("We have told %s. You get an email when it is decided.", "Maja Owner"), "What you have asked for")
	tomasz.check("asked")
	tomasz.open(acme.Path("/emails"))
	tomasz.see("You have asked for access")
	tomasz.check("waits")

	letter := s.Mail.Wait(s.t, acme.Owner.Email, "asks for more access to Nordlicht Studio GmbH")
	maja.letter(letter, "mail")
	maja.logIn(acme.Owner)
	maja.see(s.words.N(1, "One request for access waits for you.", "%d requests for access wait for you."))
	maja.check("home")
	maja.open(acme.Path("/users"))
	maja.see("Access requests", s.say("%s asks for: %s", "Tomasz Member", s.say("View Emails")))
	maja.check("users")
	maja.click(s.say("Approve") + " " + s.say("the request of %s", "Tomasz Member"))
	maja.see(s.say("Request from %s", "Tomasz Member"), "Address not confirmed")
	maja.check("request")
	form := maja.in("Approve")
	form.tick("View Emails")
	form.click("Approve request")
	maja.see("This gives nothing new. Tick what you want to give, or decline the request.")
	maja.check("nothing-new")
	form.tick("View Emails")
	form.tick("View & Pay Invoices")
	form.click("Approve request")
	maja.see(s.say("%s now has %d of %d permissions.", "Tomasz Member", 4, 13))
	tomasz.open(acme.Path("/emails"))
	tomasz.missing("Access denied")
	s.Mail.Wait(s.t, bob.Email, "Your request in Nordlicht Studio GmbH was approved")
}

// askForAccount is somebody who asks for access to an account by its owner's
// address, without being told anything, and whom the owner declines.
func askForAccount(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	owen := s.Account("Old Mill Brewery", "owen").Owner
	guest, maja := s.person(), s.person()
	guest.logIn(owen)
	guest.open("/accounts")
	guest.click("Add an account")
	guest.see("Does the account exist already?")
	guest.click("Ask its owner for access")
	guest.click("Ask the owner for access")
	guest.see("There is a problem", "Enter the number of the account, like 10482, or the email address of its owner.")
	guest.check("malformed")
	answer := "If there is such an account, its owner gets your request by email now. You get one when they have decided."
	for _, named := range []string{"nobody@example.com", acme.Owner.Email} {
		guest.open("/accounts/ask")
		guest.fill("Number of the account, or email address of its owner", named)
		guest.fill("Message", "We built your shop, and would like to see its domain.")
		guest.click("Ask the owner for access")
		guest.at("/accounts")
		guest.see(answer)
	}
	guest.check("answer")

	letter := s.Mail.Wait(s.t, acme.Owner.Email, "asks for access to Nordlicht Studio GmbH")
	maja.as(acme.Owner)
	maja.open(letter.Link(s.t, acme.Path("/requests/")))
	maja.see("Access to this account", "Not a member of this account.", "Address not confirmed")
	maja.check("stranger")
	form := maja.in("Decline")
	form.fill("Reason", "Please ask my colleague.")
	form.click("Decline request")
	maja.see(s.say("The request of %s is declined. They get an email.", "Owen Owner"))
	maja.open(letter.Link(s.t, acme.Path("/requests/")))
	maja.see("Declined", "Please ask my colleague.")
	maja.check("declined")
	maja.letter(s.Mail.Wait(s.t, owen.Email, "Your request for access was declined"), "mail-declined")
}
