package sharing_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"atrium/test/apptest"
)

func choose(email string, slugs ...string) url.Values {
	return url.Values{"email": {email}, "access": {"choose"}, "perm": slugs}
}

func TestAnInvitedPersonWorksWithExactlyThePermissionsGiven(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		bob.Get(acme.Path("/")).OK().Says("You can now work on Acme.").Has("a[href$='/emails']").HasNot("nav a[href$='/profile']")
		bob.Get(acme.Path("/emails")).OK()
		bob.Get(acme.Path("/profile")).Denied("Modify Master Account Profile").Says("Ann Owner manages who may do what.")
		bob.Get(acme.Path("/users")).Is(403).Says("Only the owner of this account manages its users.")
		bob.Get(acme.Path("/users/people")).OK().Says("Ann Owner").Says("1 of 13 permissions")
		acme.Owner.Get(acme.Path("/users")).Says("Bob Member").Says("Custom").Says("1 of 13 permissions")
	})
}

func TestManagingAlsoGivesViewing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Invite("bob@example.com", "productsso", "managedomains").SeeOther()
		acme.Owner.Get(acme.Path("/users")).Says("4 of 13 permissions")
	})
}

func TestTheInvitationMailSaysWhoWhatAndUntilWhen(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		form := choose("bob@example.com", "products", "domains", "invoices", "quotes")
		form.Set("message", "Please have a look.\nSee http://evil.example/x")
		acme.Owner.Get(acme.Path("/users")).Submit("form#invite", form).SeeOther()
		l := w.Mail.Wait(t, "bob@example.com", "Acme has invited you to their account")
		for _, want := range []string{"Ann Owner", "ann@example.com", "View & Pay Invoices", "Please have a look.", "29 Nov 2026", w.URL + "/invite/"} {
			if !strings.Contains(l.Text, want) {
				t.Errorf("the text lacks %q:\n%s", want, l.Text)
			}
		}
		if strings.Contains(l.Text, "evil.example/x") || !strings.Contains(l.HTML, "See the invitation") || !strings.Contains(l.HTML, w.URL+"/invite/") {
			t.Errorf("text:\n%s\nHTML:\n%s", l.Text, l.HTML)
		}
		w.Person("bob").Get(l.Link(t, "/invite/")).OK().Says("Please have a look.").SaysNot("evil.example")
		// What the mail server answered is noted after it has the mail.
		waitFor(t, func() bool { return strings.Contains(acme.Owner.Get(acme.Path("/users")).Body, "Email sent") })
		acme.Owner.Get(acme.Path("/users")).Says("Accountant")
	})
}

func TestWhatIsWrongWithAnInvitationIsSaidBesideTheFieldAndNothingTypedIsLost(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		acme.Invite("cleo@example.com", "domains").SeeOther()
		for _, c := range []struct {
			form   url.Values
			says   string
			linkTo string
		}{
			{choose("", "domains"), "Enter the email address of the person you want to invite.", ""},
			{choose("nobody", "domains"), "Enter an address like name@example.com.", ""},
			{choose("x@example.com\r\nBcc: y@example.com", "domains"), "Enter an address like name@example.com.", ""},
			{choose("x@example.com>, <y@example.com", "domains"), "Enter an address like name@example.com.", ""},
			{choose("ANN@example.com", "domains"), "This is your own address.", ""},
			{choose("Bob@Example.com", "domains"), "already has access.", "/users/"},
			{choose("CLEO@example.com", "domains"), "already has an invitation.", "/invites/"},
			{choose("dora@example.com"), "Tick at least one permission, or choose All Permissions.", "#perm"},
			{choose("dora@example.com", "root"), "One of these permissions does not exist.", "#perm"},
		} {
			c.form.Set("message", "Welcome <b>aboard</b>")
			r := acme.Owner.Get(acme.Path("/users")).Submit("form#invite", c.form).Is(422).Says(c.says).Says("There is a problem").Has("[role=alert]")
			if c.linkTo != "" {
				r.Has("[role=alert] a[href*='" + c.linkTo + "']")
			}
			if got := r.Find("#message").Text(); got != "Welcome <b>aboard</b>" {
				t.Errorf("%v: the message came back as %q", c.form, got)
			}
			if got, _ := r.Find("#email").Attr("value"); got != strings.TrimSpace(c.form.Get("email")) && !strings.Contains(got, "@") && got != "nobody" {
				t.Errorf("%v: the address came back as %q", c.form, got)
			}
			if len(c.form["perm"]) == 1 && c.form["perm"][0] == "domains" {
				r.Has("input[value=domains][checked]")
			}
		}
		form := choose("dora@example.com", "domains")
		form.Set("message", strings.Repeat("x", 501))
		acme.Owner.Get(acme.Path("/users")).Submit("form#invite", form).Is(422).Says("Shorten the message to 500 characters.")
		acme.Owner.Get(acme.Path("/users")).SaysNot("dora@example.com")
		bob.Post(acme.Path("/users"), choose("dora@example.com", "domains")).Is(403)
	})
}

func TestAFormThatAtriumDidNotDrawIsRefused(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		for name, c := range map[string]struct {
			body   string
			status int
			says   string
		}{
			"doubled":       {"email=a@example.com&email=b@example.com&access=choose&perm=domains", 422, "the same field twice"},
			"array":         {"email[]=a@example.com&access=choose&perm=domains", 422, "a field that does not belong to it"},
			"array of perm": {"email=a@example.com&access=choose&perm[]=domains", 422, "a field that does not belong to it"},
			"NUL":           {"email=a%00@example.com&access=choose&perm=domains", 422, "characters that are not text"},
			"not UTF-8":     {"email=a@example.com&access=choose&perm=domains&message=%ff%fe", 422, "characters that are not text"},
			"too large":     {"email=a@example.com&message=" + strings.Repeat("x", 1<<20), 413, "more than this form takes"},
			"cut short":     {"email=%zz", 422, "damaged on its way"},
		} {
			r := acme.Owner.Do("POST", acme.Path("/users"), strings.NewReader(c.body), map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}})
			if r.Status != c.status || !strings.Contains(r.Find("body").Text(), c.says) {
				t.Errorf("%s: got %d %q, want %d %q", name, r.Status, r.Find("main").Text(), c.status, c.says)
			}
		}
		acme.Owner.Do("POST", acme.Path("/users"), strings.NewReader(`{"email":"a@example.com"}`), map[string][]string{"Content-Type": {"application/json"}}).Is(415)
		acme.Owner.Get(acme.Path("/users")).SaysNot("a@example.com").SaysNot("Pending Invites")
	})
}

func TestTheSameFormSentTwiceInvitesOnce(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		page := acme.Owner.Get(acme.Path("/users"))
		page.Submit("form#invite", choose("bob@example.com", "domains")).SeeOther()
		w.Unaudited(func() { page.Submit("form#invite", choose("bob@example.com", "domains")).SeeOther() })
		w.Mail.Wait(t, "bob@example.com", "has invited you")
		acme.Owner.Get(acme.Path("/users")).Submit("form#invite", choose("bob@example.com", "domains")).Is(422)
		if n := len(w.Mail.To("bob@example.com")); n != 1 {
			t.Errorf("%d mails were sent, want 1", n)
		}
	})
}

func TestTwentyInvitationsAnHour(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		for i := range 20 {
			acme.Invite("x"+strconv.Itoa(i)+"@example.com", "domains").SeeOther()
		}
		acme.Invite("late@example.com", "domains").Is(429).Says("You have sent many invitations. Try again in 60 minutes.").Has("input[value='late@example.com']")
		w.Clock.Add(time.Hour)
		acme.Invite("late@example.com", "domains").SeeOther()
	})
}

func TestResendMakesANewLinkAndKillsTheOldOne(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		first := acme.InviteLink("bob@example.com", "domains")
		users := acme.Owner.Get(acme.Path("/users"))
		w.Clock.Add(6 * 24 * time.Hour)
		acme.Owner.LogIn()
		users.Submit("form[action$='/resend']", nil).SeeOther()
		acme.Owner.Get(acme.Path("/users")).Says("Expires in 7 days")
		users.Submit("form[action$='/resend']", nil).Is(429).Says("You can send it again in a minute.")
		w.Person("bob").Get(first).Is(410).Says("A newer link was made on 28 Nov 2026").HasNot("form[action$='/new']")
		waitFor(t, func() bool { return len(w.Mail.To("bob@example.com")) == 2 })
		second := w.Mail.To("bob@example.com")[1].Link(t, "/invite/")
		if second == first {
			t.Fatal("the link stayed the same")
		}
		w.Clock.Add(6 * 24 * time.Hour)
		w.Person("bob").Get(second).OK().Says("Join Acme")
		for range 4 {
			w.Clock.Add(time.Minute)
			acme.Owner.LogIn()
			users.Submit("form[action$='/resend']", nil).SeeOther()
		}
		w.Clock.Add(time.Minute)
		users.Submit("form[action$='/resend']", nil).SeeOther()
		w.Clock.Add(time.Minute)
		users.Submit("form[action$='/resend']", nil).Is(429).Says("five times today")
	})
}

func TestALinkLivesExactlySevenDays(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains")
		bob := w.Person("bob")
		w.Clock.Add(168*time.Hour - time.Microsecond)
		page := bob.Get(link).OK()
		w.Clock.Add(time.Microsecond)
		bob.Get(link).Is(410).Says("expired on 29 Nov 2026").Says("Ask Ann Owner for a new one.")
		page.Submit("form[action$='/new']", url.Values{"first": {"Bob"}, "last": {""}, "email": {"bob@example.com"}, "password": {apptest.Password}}).Is(409).Says("expired")
		acme.Owner.LogIn()
		acme.Owner.Get(acme.Path("/users")).Says("Expired on 29 Nov 2026").Has("form[action$='/resend']")
		bob.Get("/login").Submit("form[action^='/login']", url.Values{"email": {"bob@example.com"}, "password": {apptest.Password}}).Is(422)
	})
}

func TestCancelKillsTheLinkAndAsksFirst(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains")
		bob := w.Person("bob")
		page := bob.Get(link).OK()
		ask, _ := acme.Owner.Get(acme.Path("/users")).Find("a[href$='/cancel']").Attr("href")
		confirm := acme.Owner.Get(ask).OK().Says("Cancel the invitation to bob@example.com?")
		bob.Get(link).OK() // asking changes nothing
		confirm.Submit("main form", nil).SeeOther()
		acme.Owner.Get(acme.Path("/users")).SaysNot("Pending Invites")
		bob.Get(link).Is(410).Says("was withdrawn")
		page.Submit("form[action$='/new']", url.Values{"first": {"Bob"}, "email": {"bob@example.com"}, "password": {apptest.Password}}).Is(409).Says("was withdrawn")
		confirm.Submit("main form", nil).Is(409).Says("no longer pending")
	})
}

func TestPermissionsOfAnInvitationChangeUntilItIsAccepted(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains")
		path, _ := acme.Owner.Get(acme.Path("/users")).Find("td.lead a[href*='/invites/']").Attr("href")
		page := acme.Owner.Get(path).OK().Has("input[value=domains][checked]")
		page.Submit("form[action='"+path+"']", url.Values{"perm": {"emails", "tickets"}}).SeeOther()
		page.Submit("form[action='"+path+"']", url.Values{"perm": {"invoices"}}).Is(409).Says("was changed meanwhile").Has("input[value=emails][checked]").HasNot("input[value=invoices][checked]")
		bob := w.Person("bob")
		bob.Get(link).OK().Says("View Emails").SaysNot("View Domains").
			Submit("form[action$='/new']", url.Values{"first": {"Bob"}, "email": {"bob@example.com"}, "password": {apptest.Password}}).SeeOther()
		bob.Get(acme.Path("/emails")).OK()
		acme.Owner.Get(path).OK().Says("Accepted").HasNot("form[action='" + path + "']")
	})
}

func TestACopiedLinkIsShownOnceAndReplacesTheMailed(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		mailed := acme.InviteLink("bob@example.com", "domains")
		path, _ := acme.Owner.Get(acme.Path("/users")).Find("td.lead a[href*='/invites/']").Attr("href")
		r := acme.Owner.Get(path).Submit("form[action$='/link']", nil).OK()
		link, _ := r.Find("#link").Attr("value")
		w.Person("bob").Get(mailed).Is(410)
		w.Person("bob").Get(link).OK().Says("Join Acme")
		if r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers: %v", r.Header)
		}
	})
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatal("waited in vain")
}

// A manager who has an invitation of theirs overlooked invites and declines until it
// would be too far down: what is pending is in the list, however many were
// declined since.
func TestNoPendingInvitationIsHiddenBehindDeclinedOnes(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Invite("accomplice@example.com", "domains").Follow().OK() // which says so once
		for i := range 210 {
			w.Exec(`INSERT INTO invitations (account_id, id, email, email_key, permissions, message, state, invited_by, inviter_name, inviter_email, form_key, created_at, issued_at, decided_at)
				SELECT account_id, id + $1, $2, $2, permissions, '', 'declined', invited_by, inviter_name, inviter_email, '', created_at, issued_at, created_at
				FROM invitations WHERE account_id = $3 AND email_key = 'accomplice@example.com'`, i+1, strconv.Itoa(i)+"@example.com", acme.Number)
		}
		acme.Owner.Get(acme.Path("/users")).OK().Says("accomplice@example.com").Says("209@example.com")
	})
}
