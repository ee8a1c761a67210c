package browser

import (
	"strings"

	host "atrium/area/staff"
	"atrium/base/access"
	"atrium/test/apptest"
)

// key reads the key for an authenticator app off the page.
func (p *tab) key(who *apptest.Person) {
	p.s.t.Helper()
	who.Key = strings.ReplaceAll(eval[string](p, `document.querySelector(".key").textContent`), " ", "")
}

// recoveryCodes reads them off the page.
func (p *tab) recoveryCodes() []string {
	p.s.t.Helper()
	return eval[[]string](p, `[...document.querySelectorAll("#codes li")].map(e => e.textContent.trim())`)
}

func twoStep(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	me := acme.Owner
	maja := s.person()
	maja.logIn(me)
	maja.click("Hello, Maja!")
	maja.click("Password & two-step login")
	maja.at("/me/security")
	maja.check("security")
	step := maja.in("Two-step login")
	s.Clock.Add(access.FreshFor)
	step.click("Turn on two-step login")
	maja.at("/me/prove")
	maja.see("Nothing was changed yet.", "Is it you?")
	maja.check("prove")
	maja.fill("Current password", "not my password")
	maja.click("Continue")
	maja.see("There is a problem")
	maja.check("prove-wrong")
	maja.fill("Current password", apptest.Password)
	maja.click("Continue")
	maja.at("/me/security")
	maja.see("For ten minutes you are not asked again.")
	step.click("Turn on two-step login")
	maja.see("scan this")
	maja.check("scan")
	maja.key(me)
	maja.fill("Code that the app shows", "000000")
	maja.click("Turn on two-step login")
	maja.see("This is not the code for this key.")
	maja.fill("Code that the app shows", me.Code())
	maja.click("Turn on two-step login")
	maja.see("Your recovery codes", "They are not shown again.")
	maja.check("codes")
	codes := maja.recoveryCodes()
	maja.click("Copy")
	maja.see("Copied")
	maja.click("Log out all others")
	maja.see("One other browser is logged out.")
	s.Mail.Wait(s.t, me.Email, "Two-step login is on")
	maja.open("/me/security")
	maja.see("On since", "10 are left")
	maja.check("on")
	maja.open(acme.Path("/users"))
	maja.see("Two-step login on")
	maja.click("Hello, Maja!")
	maja.click("Log out")

	maja.logIn(me)
	maja.at("/login/two-step")
	maja.check("code")
	maja.fill("Code", "000000")
	maja.click("Log in")
	maja.see("This code is wrong or was already used.")
	maja.check("wrong-code")
	maja.fill("Code", me.Code())
	maja.click("Log in")
	maja.see("Hello, Maja!")
	maja.click("Hello, Maja!")
	maja.click("Log out")

	maja.logIn(me)
	maja.click("Use a recovery code")
	maja.check("recovery")
	maja.fill("Recovery code", strings.ToLower(codes[7]))
	maja.click("Log in")
	maja.see("9 recovery codes are left.")
	maja.letter(s.Mail.Wait(s.t, me.Email, "A recovery code was used"), "mail")

	maja.click("Turn off two-step login")
	maja.check("turn-off")
	maja.fill("Code", me.Code())
	maja.click("Turn off two-step login")
	maja.see("Two-step login is off.")
}

func staffTwoStep(s *story) {
	s.Account("Nordlicht Studio GmbH", "maja")
	who := s.Person("jonas")
	link, err := s.App.Staff.Add(s.t.Context(), host.Newcomer{Email: who.Email, Name: "Jonas Keller", Role: access.Support})
	if err != nil {
		s.t.Fatal(err)
	}
	jonas := s.person()
	jonas.open(link)
	jonas.fill("New password", apptest.Password)
	jonas.click("Set password")
	jonas.staffLogIn(who)
	jonas.at("/staff/two-step/setup")
	jonas.check("setup")
	jonas.key(who)
	jonas.fill("Code that the app shows", who.Code())
	jonas.click("Set up and log in")
	jonas.see("Your recovery codes", "You are logged in.")
	jonas.check("codes")
	jonas.click("I have kept them: go on")
	jonas.see("Nothing needs anybody now")
	jonas.open("/staff/security")
	jonas.see("10 are left")
	jonas.check("security")
	jonas.open("/staff/login")
	jonas.staffLogIn(who)
	jonas.at("/staff/two-step")
	jonas.check("code")
	jonas.fill("Code", who.Code())
	jonas.click("Log in")
	jonas.see("Nothing needs anybody now")

	forgotten := s.person()
	forgotten.staffIn(who)
	jonas.open("/staff/security")
	jonas.see("This browser", "Log out all others")
	jonas.check("sessions")
	jonas.click("Log out Chrome on Linux")
	jonas.see("That browser is logged out.")
	jonas.missing("Log out all others")
	forgotten.open("/staff/accounts")
	forgotten.at("/staff/login")
}

// staffIn logs into the staff area by both steps, and sets the second up the first
// time.
func (p *tab) staffIn(who *apptest.Person) {
	p.s.t.Helper()
	p.staffLogIn(who)
	if who.Key != "" {
		p.fill("Code", who.Code())
		p.click("Log in")
		return
	}
	p.key(who)
	p.fill("Code that the app shows", who.Code())
	p.click("Set up and log in")
	p.click("I have kept them: go on")
}

// staffLogIn takes the first step into the staff area.
func (p *tab) staffLogIn(who *apptest.Person) {
	p.s.t.Helper()
	p.open("/staff/login")
	p.fill("Email address", who.Email)
	p.fill("Password", apptest.Password)
	p.click("Log in")
}

// staffPeople is an administrator who invites a colleague from the page.
func staffPeople(s *story) {
	s.Account("Nordlicht Studio GmbH", "maja")
	boss := s.person()
	boss.as(s.Staff("sue"))
	boss.open("/staff/")
	boss.click("Staff")
	boss.at("/staff/people")
	boss.check("people")
	boss.click("Invite")
	boss.see("There is a problem")
	boss.fill("Email address", "lena@example.com")
	boss.fill("Name", "Lena Hoffmann")
	boss.choose("Role", "Support")
	boss.click("Invite")
	boss.see("lena@example.com was sent a link to set a password.", "Invited")
	boss.check("invited")

	who := &apptest.Person{World: s.World, Email: "lena@example.com"}
	mail := s.Mail.Wait(s.t, who.Email, "Your staff login")
	lena := s.person()
	lena.letter(mail, "mail")
	lena.open(mail.Link(s.t, "/staff/set-password/"))
	lena.fill("New password", apptest.Password)
	lena.click("Set password")
	lena.staffIn(who)
	lena.see("Hello, Lena!")
	lena.open("/staff/people")
	lena.see("Access denied")

	boss.click("Lena Hoffmann")
	boss.see("Active")
	boss.check("person")
	boss.fill("Reason", "Her phone was stolen; called back.")
	boss.click("Reset two-step login")
	boss.see("Two-step login is reset.", "No two-step login yet")
	lena.open("/staff/accounts")
	lena.at("/staff/login")
	boss.click("Deactivate this login")
	boss.see("Deactivate Lena Hoffmann's staff login?")
	boss.check("deactivate")
	boss.click("Keep active")
	boss.click("Deactivate this login")
	boss.click("Deactivate")
	boss.see("The login is deactivated", "Deactivated")
	boss.check("deactivated")
}
