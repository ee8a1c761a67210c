package browser

import (
	"net/url"
	"time"
)

// reach is an owner who looks through who can reach the account, takes away an access
// that nobody uses, and notes that they have looked.
func reach(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	tomasz := acme.Member("tomasz", "products", "domains", "tickets")
	tomasz.Get(acme.Path("/")).OK()
	tomasz.TurnOnTwoStep()
	never := s.Crowd("carl", 1)[0]
	acme.Join(never, "emails")
	stan := s.Staff("stan")
	stan.Get("/staff/accounts/"+acme.Number.String()+"/visit").OK().Submit("main form", url.Values{"reason": {"Asked by phone"}}).SeeOther()
	acme.Invite("katrin@freelance.example", "products").SeeOther()
	s.Clock.Add(91 * 24 * time.Hour)
	acme.Owner.LogIn()
	letter := s.Mail.Wait(s.t, acme.Owner.Email, "Who can reach Nordlicht Studio GmbH?")

	maja := s.person()
	maja.letter(letter, "mail")
	maja.logIn(acme.Owner)
	maja.open(acme.Path("/users"))
	maja.click("Who can reach this account")
	maja.at(acme.Path("/users/reach"))
	maja.see("Look at this first", "Never used", "Not used for 90 days", "katrin@freelance.example", "Support logged in as the owner")
	maja.check("reach")
	maja.click(s.say("Remove Access") + " " + s.say("of %s", "Carl1 Crowd"))
	maja.click("Remove Access")
	maja.open(acme.Path("/users/reach"))
	maja.missing("Carl1 Crowd")
	maja.click("I have looked through this")
	maja.see("Noted: you have looked through who can reach this account.")
	maja.check("looked")
	maja.click("Stop the reminders")
	maja.see("You get no reminder of this any more.", "Remind me every three months")
}
