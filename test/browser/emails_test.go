package browser

import (
	"strconv"
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/mail"
)

// emailHistory is a member who looks for a mail, sees how it was delivered, and
// has it sent once more; and staff who let mails go to an address again.
func emailHistory(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	bob := acme.Member("bob", "emails")
	s.Mail.RefuseTo("nobody@a-very-long-name-of-an-agency.example", "Recipient address rejected: User unknown in virtual mailbox table")
	acme.Invite("nobody@a-very-long-name-of-an-agency.example", "domains").SeeOther()

	maja := s.person()
	maja.as(acme.Owner)
	maja.open(acme.Path("/emails"))
	maja.see("Email history", "has invited you")
	maja.check("list")
	maja.fill("Search", "nobody@a-very")
	maja.until(`!document.querySelector("main").innerText.includes("bob@example.com")`)
	maja.see("Not delivered", "User unknown in virtual mailbox table")
	maja.click("Nordlicht Studio GmbH has invited you to their account")
	maja.see("Run again", "Access and login", "Tried")
	maja.check("failed")
	maja.open(acme.Path("/emails?q=bob+can"))
	maja.click("Bob Member can now work in Nordlicht Studio GmbH")
	maja.click("Send again")
	maja.see("The email is sent again now, and tried for three days.", "Delivery")
	for range 200 { // until the copy has left
		if maja.open(eval[string](maja, `location.pathname`)); eval[bool](maja, `document.querySelector(".facts").innerText.includes(`+strconv.QuoteToGraphic(s.say("Sent"))+`)`) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	maja.see("Sent", "The same as plain text")
	maja.check("sent")
	maja.open(acme.Path("/emails?q=nothing+like+it"))
	maja.see("No email matches")
	maja.check("none")

	s.Exec(`UPDATE emails SET body_html = '<p>Our news</p><img src="https://pictures.example/a.png" alt="A picture">' WHERE account_id = $1 AND to_email = $2 AND subject LIKE 'Nord%'`, acme.Number, bob.Email)
	maja.open(acme.Path("/emails?q=bob+invited"))
	maja.click("Nordlicht Studio GmbH has invited you to their account")
	maja.see("Its images are not loaded: whoever sent them would learn when and where you read this.")
	maja.check("images")

	bobs := s.person()
	bobs.open(strings.Replace(s.Unsubscribe(mail.Subscription{Account: acme.Number, Email: bob.Email, Topic: mail.General}), s.URL, s.site, 1))
	bobs.see(s.say("Emails: %s", s.say("General")), s.say("%s gets these emails about account %s.", bob.Email))
	bobs.check("unsubscribe")
	bobs.click("Stop these emails")
	bobs.see(s.say("%s gets no more of these emails about account %s.", bob.Email), "Get these emails again")
	bobs.check("unsubscribed")

	jonas := s.staffPerson("jonas", access.Support)
	jonas.open("/staff/emails/suppressed")
	jonas.see("nobody@a-very-long-name-of-an-agency.example", "User unknown in virtual mailbox table")
	jonas.check("suppressed")
	jonas.click(s.say("Let mails go to it again") + " nobody@a-very-long-name-of-an-agency.example")
	jonas.see(s.say("Let mails go to %s again?", "nobody@a-very-long-name-of-an-agency.example"))
	jonas.check("lift")
	jonas.fill("Reason", "They have a new mail server.")
	jonas.click("Let mails go to it again")
	jonas.see("Mails go to this address again. Those that were not sent in the meantime are not sent by themselves.", "No address refuses mail")
}
