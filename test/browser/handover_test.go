package browser

import (
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

// handOver is an owner who hands the account over, after showing who they are: to one
// who declines, to one who waits too long, and to one who takes it.
func handOver(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	tomasz := acme.Member("tomasz", "domains")
	maja := s.person()
	maja.as(acme.Owner)
	s.Clock.Add(access.FreshFor)
	maja.open(acme.Path("/users"))
	maja.click("Hand the account over")
	maja.at("/me/prove")
	maja.see("Is it you?")
	maja.check("prove")
	maja.fill("Current password", apptest.Password)
	maja.click("Continue")
	maja.see("Who is to own it?", "You keep all permissions")
	maja.check("form")
	maja.click("Offer the account")
	maja.see("There is a problem")
	offer(s, maja)
	maja.check("offered")

	letter := s.Mail.Wait(s.t, tomasz.Email, "wants to make you the owner of Nordlicht Studio GmbH")
	heir := s.person()
	heir.letter(letter, "mail")
	heir.as(tomasz)
	heir.open(letter.Link(s.t, acme.Path("/handover/")))
	heir.see("Become the owner of Nordlicht Studio GmbH?", "Maja Owner keeps all permissions")
	heir.check("offer")
	heir.click("Decline")
	heir.check("declined")
	maja.letter(s.Mail.Wait(s.t, acme.Owner.Email, "Tomasz Member does not want to own Nordlicht Studio GmbH"), "mail-declined")

	letter = offerAgain(s, acme, maja, tomasz)
	s.Clock.Add(7 * 24 * time.Hour)
	tomasz.LogIn()
	heir.as(tomasz)
	heir.open(letter.Link(s.t, acme.Path("/handover/")))
	heir.see("This offer no longer stands")
	heir.check("expired")

	acme.Owner.LogIn()
	maja.as(acme.Owner)
	letter = offerAgain(s, acme, maja, tomasz)
	heir.open(letter.Link(s.t, acme.Path("/handover/")))
	heir.click("Accept and become the owner")
	heir.see("You are now the owner of Nordlicht Studio GmbH.", "(you)")
	heir.letter(s.Mail.Wait(s.t, tomasz.Email, "You are now the owner of Nordlicht Studio GmbH"), "mail-owner")
	maja.letter(s.Mail.Wait(s.t, acme.Owner.Email, "You are no longer the owner of Nordlicht Studio GmbH"), "mail-former")
	heir.open(letter.Link(s.t, acme.Path("/handover/")))
	heir.see("This offer no longer stands")
	maja.open(acme.Path("/users/people"))
	maja.see("Tomasz Member", "What you may do here")
}

func offer(s *story, maja *tab) {
	maja.choose("New owner", "Tomasz Member (tomasz@example.com)")
	maja.click("Offer the account")
	maja.see("Tomasz Member was asked by email to become the owner.")
}

// offerAgain offers the account, when that was done before, and gives the new mail.
func offerAgain(s *story, acme *apptest.Account, maja *tab, to *apptest.Person) apptest.Letter {
	before := len(s.Mail.To(to.Email))
	maja.open(acme.Path("/handover"))
	offer(s, maja)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if all := s.Mail.To(to.Email); len(all) > before {
			return all[len(all)-1]
		}
	}
	s.t.Fatal("no offer has arrived")
	return apptest.Letter{}
}

// letManage is an owner who lets a member manage users, and an invitation that is void
// once they no longer may.
func letManage(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	tomasz := acme.Member("tomasz", "domains", "emails")
	acme.Member("lena", "domains")
	maja, manager := s.person(), s.person()
	maja.as(acme.Owner)
	maja.open(acme.Path("/users"))
	maja.click("Manage Permissions of Tomasz Member")
	maja.in("Manage Permissions").tick("May invite and manage users")
	maja.check("form")
	maja.in("Manage Permissions").click("Save changes")
	maja.see("May invite and manage users")
	manager.letter(s.Mail.Wait(s.t, tomasz.Email, "You can now manage the users of Nordlicht Studio GmbH"), "mail")
	manager.as(tomasz)
	manager.open(acme.Path("/users"))
	manager.see("Leave this account", "The owner always has full access.")
	manager.check("manager")
	form := manager.in("Invite New User")
	form.fill("Email address", "nils@berg.example")
	form.tick("View Domains")
	form.click("Send Invite")
	manager.see("Invitation sent to nils@berg.example.")

	acme.LetManage(tomasz, false)
	maja.open(acme.Path("/users"))
	maja.see("Void", "It can no longer be accepted: Tomasz Member may no longer give this.", "Resend it in your own name, or cancel it.")
	maja.check("void")
}
