package browser

// handOver is an owner who hands the account over, and a member who takes it.
func handOver(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	tomasz := acme.Member("tomasz", "domains")
	maja := s.person()
	maja.as(acme.Owner)
	maja.open(acme.Path("/users"))
	maja.click("Hand the account over")
	maja.see("Who is to own it?", "You keep all permissions")
	maja.check("form")
	maja.click("Offer the account")
	maja.see("There is a problem")
	maja.choose("New owner", "Tomasz Member (tomasz@example.com)")
	maja.click("Offer the account")
	maja.see("Tomasz Member was asked by email to become the owner.")
	maja.check("offered")

	letter := s.Mail.Wait(s.t, tomasz.Email, "wants to make you the owner of Nordlicht Studio GmbH")
	heir := s.person()
	heir.letter(letter, "mail")
	heir.as(tomasz)
	heir.open(letter.Link(s.t, acme.Path("/handover/")))
	heir.see("Become the owner of Nordlicht Studio GmbH?", "Maja Owner keeps all permissions")
	heir.check("offer")
	heir.click("Accept and become the owner")
	heir.see("You are now the owner of Nordlicht Studio GmbH.", "(you)")
	heir.open(letter.Link(s.t, acme.Path("/handover/")))
	heir.see("This offer no longer stands")
	heir.check("dead")
	maja.open(acme.Path("/users/people"))
	maja.see("Tomasz Member", "What you may do here")
}
