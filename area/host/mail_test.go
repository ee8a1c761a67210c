package host_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/base/config"
	"atrium/test/apptest"
)

func server(p *post) url.Values {
	return url.Values{"host": {"127.0.0.1"}, "port": {p.port()}, "encryption": {"none"}, "user": {p.user}, "password": {p.pass},
		"from_name": {""}, "from_email": {"us@northwind.example"}}
}

func TestMailsLeaveByTheServerThatIsSetWithoutARestart(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		jonas.Get("/staff/settings/mail").OK().Says("There is no mail server yet").HasNot("form[action$='/test']")
		acme := w.Account("Acme", "ann")
		acme.Invite("bob@example.com", "domains").SeeOther() // waits
		box := newPost(t)
		page := save(jonas, "/mail", server(box)).Follow().OK().SaysNot("There is no mail server yet").Says("One is stored, and never shown.")
		if strings.Contains(page.Body, box.pass) || strings.Contains(w.Log(), box.pass) || strings.Contains(strings.Join(audits(w, "settings.changed"), ""), box.pass) {
			t.Error("the password can be read")
		}
		page.HasNot("input[type=password][value]")
		if got := audits(w, "settings.changed"); len(got) != 1 || !strings.Contains(got[0], `"password":"changed"`) {
			t.Errorf("the audit has %q", got)
		}
		waitFor(t, func() bool { return len(box.letters()) >= 2 })
		for _, l := range box.letters() {
			if !strings.Contains(l, "From: \"Atrium\" <us@northwind.example>") {
				t.Errorf("a mail is\n%s", l)
			}
		}
		w.Holds()
	}, apptest.WithoutMailServer(), unset())
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for range 3000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("it did not come to be")
}

func TestTheTestMailSaysWhatTheServerAnswers(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		box := newPost(t)
		save(jonas, "/mail", server(box)).SeeOther()
		try := func() *apptest.Response {
			return jonas.Get("/staff/settings/mail").OK().Submit("form[action$='/test']", nil).OK()
		}
		try().Says("220 post.example").Says("The mail server has taken the test email to " + jonas.Email).Says("235 2.0.0 Authentication succeeded").Says("250 2.0.0 OK: queued")
		// Those of jonas' own login, which waited for a server, arrive when they do.
		others := func(letter string) bool { return !strings.Contains(letter, "Subject: Test email from Atrium") }
		if got := slices.DeleteFunc(box.letters(), others); len(got) != 1 {
			t.Errorf("of the test email there are %d: %q", len(got), got)
		}
		box.set(func() { box.refuse = jonas.Email })
		try().Says("It ended at this step: Recipient.").Says("550 5.1.1 nobody of that name")
		box.set(func() { box.pass = "another" })
		page := try().Says("It ended at this step: Log in.").Says("535 5.7.8 who are you")
		if strings.Contains(page.Body, "open-sesame") {
			t.Error("the server's answer shows the password")
		}
		save(jonas, "/mail", url.Values{"port": {"1"}, "user": {""}, "encryption": {"none"}}).SeeOther()
		try().Says("It ended at this step: Connection.").Says("connection refused")
		got := strings.Join(audits(w, "settings.mail-tested"), "\n")
		for _, said := range []string{`"accepted":true`, "nobody of that name", "who are you", "connection refused"} {
			if !strings.Contains(got, said) {
				t.Errorf("the audit does not say %q: %s", said, got)
			}
		}
		if strings.Contains(got+w.Log(), "open-sesame") {
			t.Error("the password is in the audit or the log")
		}
	}, apptest.WithoutMailServer(), unset())
}

func TestWithoutAMailServerNothingIsTested(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		jonas.Post("/staff/settings/mail/test", nil).Is(http.StatusUnprocessableEntity).Says("There is no mail server yet. Save one first.")
	}, apptest.WithoutMailServer(), unset())
}

func TestWhatIsSetFromOutsideIsShownAndCantBeChanged(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		page := jonas.Get("/staff/settings/mail").OK().Says("smtp://ann@mail.example:587").Says("ATRIUM_SMTP_URL").Says("ATRIUM_MAIL_FROM")
		page.HasNot("input[name=host]").HasNot("input[name=from_email]")
		if strings.Contains(page.Body, "sesame") {
			t.Error("the page shows the password")
		}
	}, apptest.WithoutMailServer(), apptest.With(func(c *config.Settings) {
		c.SMTP, c.From = "smtp://ann:sesame@mail.example", "Them <them@host.example>"
	}))
}

func TestHowManyMailsLeaveInAMinuteIsSetWhereverTheServerIsSet(t *testing.T) {
	each(t, func(t *testing.T, w *apptest.World, jonas *apptest.Person) {
		jonas.Get("/staff/settings/mail").OK().Says("ATRIUM_SMTP_URL").Has("input[name='per_minute']")
		for _, typed := range []string{"6001", "-1", "many"} {
			page := save(jonas, "/mail", url.Values{"per_minute": {typed}})
			page.Is(http.StatusUnprocessableEntity).Says("Enter a number from 1 to 6,000.").Has("input[name='per_minute'][value='" + typed + "']")
		}
		save(jonas, "/mail", url.Values{"per_minute": {"120"}}).Follow().OK().Has("input[name='per_minute'][value='120']")
		if got := audits(w, "settings.changed"); len(got) != 1 || !strings.Contains(got[0], `"per_minute":120`) {
			t.Errorf("the audit has %q", got)
		}
		save(jonas, "/mail", url.Values{"per_minute": {""}}).Follow().OK().Has("input[name='per_minute'][value='']")
		w.Holds()
	})
}
