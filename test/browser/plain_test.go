package browser

import "atrium/test/apptest"

// noScript is the whole of it without JavaScript.
func noScript(s *story) {
	maja := s.person().withoutScript()
	maja.open("/register")
	maja.missing("Show")
	maja.fill("First name", "Maja")
	maja.fill("Last name", "Lindqvist")
	maja.fill("Email address", "maja@example.com")
	maja.fill("New password", apptest.Password)
	maja.fill("Account name", "Nordlicht Studio GmbH")
	maja.choose("Country", "Germany")
	maja.click("Register")
	maja.see("Welcome!")
	maja.click("Hello, Maja!")
	maja.click("User Management")
	maja.missing("Start from:", "permissions chosen")
	form := maja.in("Invite New User")
	form.fill("Email address", "tomasz@example.com")
	form.tick("Manage Domain Settings")
	maja.check("form")
	form.tick("All Permissions")
	form.missing("Manage Domain Settings")
	form.tick("Choose Permissions")
	form.click("Send Invite")
	maja.see("Invitation sent to tomasz@example.com.", "2 of 13 permissions")

	tomasz := s.person().withoutScript()
	tomasz.open(s.Mail.Wait(s.t, "tomasz@example.com", "has invited you").Link(s.t, "/invite/"))
	new := tomasz.in("I am new here")
	new.fill("First name", "Tomasz")
	new.fill("New password", apptest.Password)
	new.click("Create login and accept")
	tomasz.see("You can now work on Nordlicht Studio GmbH.")
	tomasz.click("Account: Nordlicht Studio GmbH")
	tomasz.click("All accounts")
	tomasz.see("Switch Account")

	maja.open("/")
	maja.in("Main").click("User Management")
	maja.click("Manage Permissions of Tomasz")
	maja.in("Manage Permissions").tick("View & Pay Invoices")
	maja.in("Manage Permissions").click("Save changes")
	maja.see("Tomasz now has 3 of 13 permissions.")
	maja.click("Remove Access of Tomasz")
	maja.click("Remove Access")
	maja.see("Tomasz no longer has access.")
	maja.click("Hello, Maja!")
	maja.click("Log out")
	maja.see("You are logged out.")
}

// keyboard is what one does without a mouse.
func keyboard(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	maja := s.person()
	maja.open("/login")
	maja.press("Tab")
	if got := maja.focus(); got != "Skip to content" {
		s.t.Errorf("Tab leads to %q first", got)
	}
	eval[any](maja, maja.on("select", "Email address")+", 0")
	maja.do(typed(acme.Owner.Email))
	maja.press("Tab")
	maja.do(typed(apptest.Password))
	maja.enter()
	maja.see("Hello, Maja!")

	to := func(words string) {
		s.t.Helper()
		for range 40 {
			if maja.focus() == words {
				return
			}
			maja.press("Tab")
		}
		s.t.Fatalf("Tab does not reach %q but ends at %q", words, maja.focus())
	}
	const switcher, menu = "Account: Nordlicht Studio GmbH. Switch Account", "Hello, Maja! Your menu"
	to(switcher)
	maja.press("Enter")
	maja.see("All accounts")
	maja.press("Tab", "Escape")
	if got := maja.focus(); got != switcher {
		s.t.Errorf("after Escape the focus is on %q", got)
	}
	maja.missing("All accounts")
	to(menu)
	maja.press("Space")
	maja.see("Log out")
	maja.check("focus-menu")
	to("User Management")
	maja.press("Escape")
	if got := maja.focus(); got != menu {
		s.t.Errorf("after Escape the focus is on %q", got)
	}
	maja.press("Enter")
	to("User Management")
	maja.enter()
	maja.at(acme.Path("/users"))

	maja.press("Tab")
	maja.press("Enter")
	if !maja.until(`location.hash === "#main"`) {
		s.t.Error("the skip link does not lead to the content")
	}
	to("Invite user")
	maja.press("Enter", "Tab")
	if got := maja.focus(); got != "email" {
		s.t.Errorf("after Invite user, Tab leads to %q", got)
	}
	maja.do(typed("tomasz@example.com"))
	to("Accountant")
	maja.press("Space")
	maja.see("4 of 13 permissions chosen")
	maja.check("focus-preset")
	for maja.focus() != "perm" {
		maja.press("Tab")
	}
	maja.press("Space")
	maja.see("5 of 13 permissions chosen")
	to("Send Invite")
	maja.enter()
	maja.see("Invitation sent to tomasz@example.com.")
}

// devMail is the mails as atrium demo shows them.
func devMail(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	acme.Invite("tomasz@wrona-web.example", "domains", "emails").SeeOther()
	p := s.person()
	p.open("/dev/mail")
	p.check("list")
	p.click("Nordlicht Studio GmbH has invited you to their account")
	p.see("You will be able to")
	p.check("one")
	p.open(eval[string](p, `document.querySelector("main a[href*='/invite/']").href`))
	p.see("Join Nordlicht Studio GmbH")
}
