package browser

import (
	"time"

	"atrium/base/access"
)

func activity(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	tomasz := acme.Member("tomasz", "domains")
	acme.Invite("buchhaltung.und.steuern@a-very-long-name-of-an-agency.example", access.SetOf(access.NameInvoices, access.NameQuotes).Slugs()...).SeeOther()
	s.Clock.Add(26 * time.Hour)
	acme.Owner.LogIn()
	acme.Invite("office@old-agency.example", access.Everything.Slugs()...).SeeOther()
	maja := s.person()
	maja.logIn(acme.Owner)
	maja.click("Account details")
	maja.fill("Company", "Nordlicht Studio GmbH")
	maja.fill("Phone", "+49 451 123456")
	maja.click("Save changes")
	maja.click("Activity")
	maja.at(acme.Path("/activity"))
	maja.see("changed the account's details: Company, Phone", "invited office@old-agency.example: All Permissions", "accepted the invitation to tomasz@example.com", "1 day ago")
	maja.click("Details changed the account's details")
	maja.see("Before: (left empty)", "After: Nordlicht Studio GmbH")
	maja.click("Details invited office@old-agency.example")
	maja.check("list")

	maja.choose("Person", "Tomasz Member (tomasz@example.com)")
	maja.choose("Period", "All that is shown: 180 days")
	maja.in("Filter").click("Show")
	maja.see("accepted the invitation to tomasz@example.com")
	maja.missing("changed the account's details")
	maja.choose("Area", "Account")
	maja.in("Filter").click("Show")
	maja.see("Nothing happened in this period.")
	maja.check("nothing")

	member := s.person()
	member.logIn(tomasz)
	member.click("Activity")
	member.see("What you did in Nordlicht Studio GmbH", "accepted the invitation to tomasz@example.com", "(you)")
	member.missing("Lübeck", "Person")
	member.check("own")
}
