package test

import (
	"net/url"
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/test/apptest"
)

// An address that a mail server refuses is listed, explained, and lifted with a
// reason.
func TestStaffSeeTheAddressesThatRefuseMailAndLiftThem(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const list, bob = "/staff/emails/suppressed", "bob@example.com"
		stan := w.Staff("stan")
		stan.Get(list).OK().Says("No address refuses mail")
		acme := w.Account("Acme", "ann")
		w.Mail.RefuseTo(bob, "no such user")
		acme.Invite(bob, "domains").SeeOther()
		eventually(t, "the address is listed", func() bool { return strings.Contains(stan.Get(list).OK().Find("main").Text(), bob) })
		stan.Get("/staff/").OK().Says("One address refused mail in the last seven days").Has("main a[href='" + list + "']")
		page := stan.Get(list + "?q=example.com").OK().Says("550 5.1.1 no such user")
		stan.Get(list + "?q=bobby").OK().Says("No address begins like this")
		stan.Get(page.Find("td.lead a").AttrOr("href", "")).OK().Says("Not delivered").Says("550 5.1.1 no such user")
		w.StaffAs("rea", access.ReadOnly).Get(list).OK().Says(bob).HasNot("main a[href*='/lift']")

		ask := page.Find("main a[href*='/lift']").AttrOr("href", "")
		form := "form[action='" + list + "/lift']"
		stan.Get(ask).OK().Submit(form, url.Values{"reason": {" "}}).Is(422).Says("Say why, for those who look into this later.").Has("h1:contains('" + bob + "')")
		long := strings.Repeat("x", 501)
		stan.Get(ask).OK().Submit(form, url.Values{"reason": {long}}).Is(422).Says("Shorten the reason to 500 characters.").Has("textarea:contains('" + long + "')")
		w.Mail.RefuseTo(bob, "")
		stan.Get(ask).OK().Submit(form, url.Values{"reason": {"Bob has his mailbox now"}}).Follow().OK().Says("Mails go to this address again.").Says("No address refuses mail")
		stan.Get("/staff/activity").OK().Says("let mails go to " + bob + " again").Says("Bob has his mailbox now")
		stan.Get(ask).Follow().Says("there is nothing to lift")
		w.Unaudited(func() {
			stan.Post(list+"/lift", url.Values{"email": {bob}, "reason": {"twice"}}).Follow().Says("there is nothing to lift")
		})
		w.Holds()
	})
}
