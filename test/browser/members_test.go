package browser

import (
	"fmt"
	"strings"
	"time"

	host "atrium/area/staff"
	"atrium/base/access"
	"atrium/test/apptest"
)

func manage(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	tomasz := acme.Member("tomasz", "products", "domains", "invoices", "quotes")
	maja := s.person()
	maja.logIn(acme.Owner)
	maja.open(acme.Path("/users"))
	maja.check("users")
	stale := maja.tab()
	stale.open(acme.Path("/users"))
	stale.click(s.say("Manage Permissions") + " " + s.say("of %s", "Tomasz Member"))
	maja.click(s.say("Manage Permissions") + " " + s.say("of %s", "Tomasz Member"))
	maja.see(s.say("Permissions of %s", "Tomasz Member"), s.say("%d of %d permissions chosen", 4, 13))
	maja.check("form")
	form := maja.in("Manage Permissions")
	form.tick("View Emails")
	form.tick("View & Accept Quotes")
	form.click("Save changes")
	maja.see(s.say("%s now has %d of %d permissions.", "Tomasz Member", 4, 13), "Custom")
	s.Mail.Wait(s.t, tomasz.Email, "Your permissions in Nordlicht Studio GmbH have changed")
	tomasz.Get(acme.Path("/emails")).OK()

	stale.in("Manage Permissions").click("Webmaster")
	stale.in("Manage Permissions").click("Save changes")
	stale.see(s.say("These permissions were changed by %s at %s. Check the current state below and save again.", "Maja Owner"))
	stale.check("meanwhile")
	form = stale.in("Manage Permissions")
	form.click("Clear")
	form.click("Save changes")
	stale.see("There is a problem", "To take away everything, remove access instead.")
	stale.check("nothing-ticked")
	form.tick("All Permissions")
	form.click("Save changes")
	stale.see(s.say("%s now has %d of %d permissions.", "Tomasz Member", 13, 13))
}

func remove(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	bob := acme.Member("tomasz", "products", "manageproducts")
	maja, tomasz := s.person(), s.person()
	maja.logIn(acme.Owner)
	tomasz.logIn(bob)
	tomasz.at(acme.Path("/"))
	maja.open(acme.Path("/users"))
	maja.click("Remove Access of Tomasz Member")
	maja.see("Remove Tomasz Member's access to Nordlicht Studio GmbH?", "They may know service passwords.")
	maja.check("sure")
	maja.click("Keep access")
	maja.click("Remove Access of Tomasz Member")
	maja.click("Remove Access")
	maja.see("Tomasz Member no longer has access.")
	tomasz.click("Who manages this account")
	tomasz.see("Page not found")
	tomasz.check("gone")
	s.Mail.Wait(s.t, bob.Email, "You no longer have access to Nordlicht Studio GmbH")
}

func leave(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	bob := acme.Member("tomasz", "products", "domains", "tickets")
	tomasz := s.person()
	tomasz.logIn(bob)
	tomasz.click("Hello, Tomasz!")
	tomasz.click("Who manages this account")
	tomasz.see("Maja Owner", "3 of 13 permissions")
	tomasz.check("who-manages")
	tomasz.click("Leave this account")
	tomasz.see("Leave Nordlicht Studio GmbH?")
	tomasz.check("sure")
	tomasz.click("Stay")
	tomasz.click("Leave this account")
	tomasz.click("Leave this account")
	tomasz.see("You have left Nordlicht Studio GmbH.", "You have no account yet. Open an invitation link, or open an account.")
	tomasz.check("no-account")
	tomasz.click("Open an account")
	tomasz.at("/accounts/new")
	tomasz.check("new-account")
	tomasz.click("Open account")
	tomasz.see("There is a problem")
	tomasz.fill("Account name", "Wrona Web")
	tomasz.choose("Country", "Poland")
	tomasz.click("Open account")
	tomasz.see("Wrona Web", "You are the owner of this account.")
	s.Mail.Wait(s.t, acme.Owner.Email, "Tomasz Member no longer has access")
}

func switchAccount(s *story) {
	own := s.Account("Wrona Web", "tomasz")
	first, second := s.Account("Nordlicht Studio GmbH", "maja"), s.Account("Amsel Café", "priya")
	first.Join(own.Owner, "profile", "emails")
	second.Join(own.Owner, "profile", "invoices")
	tomasz := s.person()
	tomasz.logIn(own.Owner)
	tomasz.open(first.Path("/profile"))
	other := tomasz.tab()
	other.open(first.Path("/profile"))
	other.click(s.say("Account:") + " Nordlicht Studio GmbH. " + s.say("Switch Account"))
	other.see("Switch Account", "All accounts")
	other.check("switcher")
	other.click("Amsel Café")
	other.at(second.Path("/profile"))

	// The form that is open in the first tab still acts on its own account.
	tomasz.fill("Phone", "+49 451 123456")
	tomasz.click("Save changes")
	tomasz.at(first.Path("/profile"))
	tomasz.see("Nordlicht Studio GmbH")
	if got := tomasz.value("Phone"); got != "+49 451 123456" {
		s.t.Errorf("the phone saved is %q", got)
	}
	other.open(second.Path("/profile"))
	if got := other.value("Phone"); got != "" {
		s.t.Errorf("the other account's phone became %q", got)
	}

	other.click(s.say("Account:") + " Amsel Café. " + s.say("Switch Account"))
	other.click("All accounts")
	other.at("/accounts")
	other.check("accounts")
	other.click("Nordlicht Studio GmbH")
	other.at(first.Path("/"))
}

func denied(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	bob := acme.Member("tomasz", "domains", "tickets")
	tomasz := s.person()
	tomasz.logIn(bob)
	tomasz.check("home")
	tomasz.open(acme.Path("/emails"))
	tomasz.see("Access denied", "You cannot open Emails of Nordlicht Studio GmbH.", "Your access does not include View Emails. Maja Owner manages who may do what.")
	tomasz.check("emails")
	tomasz.open(acme.Path("/users"))
	tomasz.see("Access denied", "User Management")
	tomasz.check("users")
	tomasz.click("Back")
	tomasz.at(acme.Path("/"))
	tomasz.open("/a/99999/")
	tomasz.see("Page not found")
	tomasz.check("not-found")
}

func details(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	maja := s.person()
	maja.logIn(acme.Owner)
	maja.do(phone.set())
	maja.click("Menu")
	maja.click("Account details")
	maja.at(acme.Path("/profile"))
	maja.do(desk.set())
	maja.check("form")
	maja.fill("Account name", "")
	maja.fill("Phone", "call me")
	maja.click("Save changes")
	maja.see("There is a problem")
	maja.check("errors")
	maja.fill("Account name", "Nordlicht Studio GmbH")
	maja.fill("Company", "Nordlicht Studio GmbH & Co. KG")
	maja.fill("Address", "Fischergrube 12")
	maja.fill("City", "Lübeck")
	maja.fill("Postcode", "23552")
	maja.fill("Phone", "+49 451 123456")
	maja.click("Save changes")
	maja.see("The account details are saved.")
	maja.click("Home")
	maja.see("Fischergrube 12")
	maja.check("home")
}

func emails(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	link := acme.InviteLink("tomasz@wrona-web.example", "domains", "emails")
	acme.Invite("office@old-agency.example", "invoices").SeeOther()
	s.Mail.Wait(s.t, "office@old-agency.example", "has invited you")
	maja := s.person()
	maja.logIn(acme.Owner)
	maja.click("Emails")
	maja.at(acme.Path("/emails"))
	maja.see("tomasz@wrona-web.example", "Sent")
	maja.check("list")
	maja.open(acme.Path("/emails"))
	href := eval[string](maja, `[...document.querySelectorAll("td.lead a")].at(-1).getAttribute("href")`)
	maja.open(href)
	maja.see("link removed")
	maja.missing(link)
	maja.check("one")
}

func staff(s *story) {
	s.Account("Nordlicht Studio GmbH", "maja")
	acme := s.Account("Amsel Café", "priya")
	acme.Member("tomasz", "domains")
	link, err := s.App.Staff.Add(s.t.Context(), host.Newcomer{Email: "jonas@host.example", Name: "Jonas Keller", Role: access.Administrator})
	if err != nil {
		s.t.Fatal(err)
	}
	jonas := s.person()
	jonas.open(link)
	jonas.see("Set your password")
	jonas.check("set-password")
	jonas.fill("New password", apptest.Password)
	jonas.click("Set password")
	jonas.see("Your password is set. Log in with it.")
	jonas.check("log-in")
	jonas.fill("Email address", "jonas@host.example")
	jonas.fill("Password", "wrong wrong wrong")
	jonas.click("Log in")
	jonas.see("There is a problem")
	who := &apptest.Person{World: s.World, Email: "jonas@host.example"}
	jonas.staffIn(who)
	jonas.at("/staff/")
	jonas.see("Nothing needs anybody now")
	jonas.click("Accounts")
	jonas.at("/staff/accounts")
	jonas.see("Nordlicht Studio GmbH", "Amsel Café")
	jonas.check("accounts")
	jonas.click("Amsel Café")
	jonas.at("/staff/accounts/" + acme.Number.String())
	jonas.see("Priya Owner", "Summary")
	jonas.check("summary")
	jonas.in("Main").click("Users")
	jonas.at("/staff/users")
	jonas.see("tomasz@example.com")
	jonas.check("users")
	jonas.open("/accounts")
	jonas.at("/login")
}

// many is what User Management and the switcher look like with long names and
// many of them.
func many(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	for i := range 11 {
		acme.Member(fmt.Sprintf("person%d", i), []string{"domains", "invoices", "tickets"}[:1+i%3]...)
	}
	long := s.Person("w")
	long.First, long.Email = strings.Repeat("Wolfeschlegelstein", 3), strings.Repeat("long.", 12)+"name@"+strings.Repeat("sub-domain.", 16)+"example.com"
	long.Get(acme.InviteLink(long.Email, access.SetOf(access.NameDomains).Slugs()...)).OK().
		Submit("form[action$='/new']", map[string][]string{"first": {long.First}, "last": {"Hausenbergerdorff"}, "email": {long.Email}, "password": {apptest.Password}}).SeeOther()
	acme.Invite(strings.Repeat("pending.", 7)+"name@"+strings.Repeat("sub-domain.", 16)+"example.com", access.Everything.Slugs()...).SeeOther()
	for i := range 10 {
		long.Open(fmt.Sprintf("Handelsgesellschaft für Übersee %d", i+1))
		if i%5 == 4 { // a day's limit
			s.Clock.Add(25 * time.Hour)
			long.LogIn().SeeOther()
		}
	}
	maja := s.person()
	maja.logIn(acme.Owner)
	maja.open(acme.Path("/users"))
	maja.see("Wolfeschlegelstein", "Invite New User")
	maja.check("users")
	maja.fill("Find a user by name or email", "person7")
	if !maja.until(`[...document.querySelectorAll("main table tbody tr")].filter(e => e.textContent.includes("Member")).length === 1`) {
		s.t.Error("User Management does not follow what one types")
	}
	maja.see("Person7 Member")
	maja.missing("Person8 Member")

	w := s.person()
	w.logIn(long)
	w.see("Handelsgesellschaft")
	w.check("home")
	w.open(acme.Path("/users/people"))
	w.click("Account: Nordlicht Studio GmbH")
	w.see("All accounts")
	w.check("switcher")
	w.click("All accounts")
	w.see("Handelsgesellschaft für Übersee 10")
	w.check("accounts")
	w.fill("Find an account by name or number", "see 10")
	w.see("Handelsgesellschaft für Übersee 10")
	if !w.until(`[...document.querySelectorAll("#accounts li")].filter(e => e.checkVisibility()).length === 1`) {
		s.t.Error("the list is not filtered as one types")
	}
}
