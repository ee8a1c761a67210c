package test

import (
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

// failJob puts a job there that was given up.
func failJob(w *apptest.World) {
	// It asks somebody who is no more: run again, it is done with.
	w.Exec(`INSERT INTO jobs (id, lane, kind, args, run_at, tries, failed_at, error, created_at) VALUES (77, '', 'access.login-created>login.verify', '{"User":"0000000002d"}', 1, 20, 1795000000000000, 'the vault is shut', 1)`)
}

func TestOverviewShowsWhatFailedAndStaffRunItAgain(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		stan := w.Staff("stan")
		stan.Get("/staff/").OK().Says("Nothing needs anybody now").Has("nav a[href='/staff/'][aria-current=page]")

		w.Mail.Refuse("relaying denied")
		acme := w.Account("Acme", "ann") // the mail to confirm the address is of no account
		acme.Invite("bob@example.com", "domains").SeeOther()
		failJob(w)
		eventually(t, "both mails are given up", func() bool {
			failed := stan.Get("/staff/").OK().Find("section[aria-labelledby=h-failed] li").Text()
			return strings.Contains(failed, "ann@example.com") && strings.Contains(failed, "bob@example.com")
		})
		page := stan.Get("/staff/").SaysNot("Nothing needs anybody now").
			Says("relaying denied").Says("Acme (#" + acme.Number.String() + ")").Says("No account: about a person's own login").
			Says("Asking a new user to confirm their email address").Says("the vault is shut")

		// Others of the staff see it and can't do anything about it.
		for _, role := range []access.StaffRole{access.Billing, access.ReadOnly} {
			w.StaffAs("s"+string(role), role).Get("/staff/").OK().Says("relaying denied").HasNot("main form")
		}

		// Run again while nothing is mended, the mail comes back.
		again := page.Find("form[action*='/accounts/"+acme.Number.String()+"/emails/']").AttrOr("action", "")
		stan.Post(again, nil).Follow().OK().Says("sent again now")
		eventually(t, "the mail is given up again", func() bool {
			return strings.Contains(stan.Get("/staff/emails?state=failed").OK().Find("main").Text(), "bob@example.com")
		})
		w.Mail.Refuse("")
		mail := strings.TrimSuffix(again, "/again")
		stan.Get(mail).OK().Says("Not delivered").Submit("main form", nil).SeeOther()
		eventually(t, "the invitation arrives", func() bool { return len(w.Mail.To("bob@example.com")) == 1 })
		w.Person("bob").Get(w.Mail.To("bob@example.com")[0].Link(t, "/invite/")).OK().Says("Join Acme")
		eventually(t, "the mail is sent", func() bool { return strings.Contains(stan.Get(mail).Find("main").Text(), "Sent") })
		w.Unaudited(func() { stan.Post(again, nil).Follow().Says("those are not sent twice") })
		acme.Owner.Get(acme.Path("/activity")).Says("had an email to bob@example.com sent again that had not arrived").Says("Support").SaysNot("Stan")

		// A mail whose link has died is explained instead.
		w.Clock.Add(61 * time.Minute)
		stan.LogInStaff()
		own := stan.Get("/staff/").OK().Find("li:contains('Confirm your email address') form[action^='/staff/emails/']").AttrOr("action", "")
		w.Unaudited(func() { stan.Post(own, nil).Follow().Says("The one-time link in this email does not work any more") })

		stan.Post("/staff/jobs/"+jobID+"/again", nil).Follow().Says("It is run again now")
		w.Unaudited(func() { stan.Post("/staff/jobs/"+jobID+"/again", nil).Follow().Says("run again meanwhile") })
		stan.Get("/staff/").HasNot("section[aria-labelledby=h-jobs] form[action*='" + jobID + "']")
	})
}

const jobID = "0000000002d" // 77

func TestMailsThatWaitForAMailServerAreCounted(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("Acme", "ann").Invite("bob@example.com", "domains").SeeOther()
		stan := w.Staff("stan")
		eventually(t, "all four mails wait, two about Stan's own login", func() bool {
			return strings.Contains(stan.Get("/staff/").OK().Find("main").Text(), "No mail server is set: 4 emails wait.")
		})
		stan.Get("/staff/emails?state=queued").OK().Says("bob@example.com").Says("ann@example.com").Says("Waiting to be sent")
		stan.Get("/staff/emails?state=failed").OK().Says("No email matches")
	}, apptest.WithoutMailServer())
}

func TestChartsCountWhatHappenedByMonth(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		stan := w.Staff("stan")
		stan.Get("/staff/").Says("The first account will appear here.").HasNot("svg[role=img] rect")
		w.Clock.Add(-62 * 24 * time.Hour) // September
		acme := w.Account("Acme", "ann")
		acme.Invite("late@example.com", "domains").SeeOther()
		w.Clock.Add(62 * 24 * time.Hour)
		acme.Owner.LogIn()
		acme.Member("bob", "domains")
		stan.LogInStaff()
		page := stan.Get("/staff/").OK()
		for id, want := range map[string]string{
			"h-accounts": "1 since December 2025, most in September 2026 (1); 0 so far in November 2026.",
			"h-sent":     "2 since December 2025, most in September 2026 (1); 1 so far in November 2026.",
			"h-accepted": "1 since December 2025; 1 of them so far in November 2026, the most of all months.",
		} {
			if got := page.Find("#" + id + "-says").Text(); got != want {
				t.Errorf("%s says %q, want %q", id, got, want)
			}
			if n := page.Find("section[aria-labelledby=" + id + "] tbody tr").Length(); n != 12 {
				t.Errorf("the table of %s has %d months", id, n)
			}
		}
	})
}

// Mails of all accounts are there for staff, their one-time links are not; and a
// mail is found in its own account's record only.
func TestStaffReadEveryMailWithoutItsLink(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, other := w.Account("Acme", "ann"), w.Account("Other", "sam")
		link := acme.InviteLink("bob@example.com", "domains")
		stan := w.StaffAs("stan", access.ReadOnly)
		list := stan.Get("/staff/emails").OK().Says("Acme has invited you").Says("No account: about a person's own login")
		href := list.Find("td.lead a:contains('Acme has invited you')").AttrOr("href", "")
		show := stan.Get(href).OK().Says("Acme has invited you").Has("nav.tabs a[aria-current=page][href$='/emails']").HasNot("main form")
		body := stan.Get(href + "/body").OK()
		secret := link[strings.LastIndexByte(link, '/')+1:]
		if strings.Contains(show.Body+body.Body, secret) || !strings.Contains(show.Body, "link removed") {
			t.Error("staff can read a one-time link")
		}
		if !strings.Contains(body.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Error("a mail's body is not in the sandbox")
		}
		stan.Get(strings.Replace(href, acme.Number.String(), other.Number.String(), 1)).Is(404)
		stan.Get("/staff/accounts/" + acme.Number.String() + "/emails").OK().Says("Acme has invited you").SaysNot("sam@example.com")
		own := list.Find("td.lead a[href^='/staff/emails/']:contains('Confirm')").First().AttrOr("href", "")
		stan.Get(own).OK().Says("Confirm your email address").HasNot("nav.tabs")
		stan.Get(own + "/body").OK()
	})
}
