package test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"atrium/base/config"
	"atrium/test/apptest"
)

// mailOf is the page of an account's mail with these words in its subject.
func mailOf(t *testing.T, p *apptest.Person, list, subject string) string {
	t.Helper()
	href, ok := p.Get(list).OK().Find("td.lead a:contains('" + subject + "')").First().Attr("href")
	if !ok {
		t.Fatalf("%s has no mail %q", list, subject)
	}
	return href
}

func TestTheHistoryIsSearchedAndFiltered(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Invite("bob@example.com", "domains").SeeOther()
		list := acme.Path("/emails")
		ann := acme.Owner
		ann.Get(list).OK().Says("Acme has invited you").Has("form[role=search][action='" + list + "']")
		ann.Get(list + "?q=BOB@example").OK().Says("Acme has invited you").Has("input[name=q][value='BOB@example']")
		ann.Get(list + "?q=nothing").OK().Says("No email matches").SaysNot("Acme has invited you")
		ann.Get(list + "?topic=invoice").OK().Says("No email matches").Has("option[value=invoice][selected]")
		ann.Get(list + "?topic=essential").OK().Says("Acme has invited you")
		ann.Get(list + "?state=failed").OK().Says("No email matches")
		ann.Get(list + "?until=2020-01-01").OK().Says("No email matches")
		ann.Get(list + "?since=2020-01-01&state=nonsense&topic=nonsense&before=nonsense&until=never").OK().Says("Acme has invited you")

		stan := w.Staff("stan")
		stan.Get("/staff/emails?q=acme+invited").OK().Says("Acme has invited you").SaysNot("No account: about a person's own login")
		stan.Get("/staff/accounts/" + acme.Number.String() + "/emails?q=nothing").OK().Says("No email matches")
		w.Mail.RefuseTo("cat@example.com", "no such user")
		acme.Invite("cat@example.com", "domains").SeeOther()
		eventually(t, "what failed is first", func() bool {
			return stan.Get("/staff/emails").OK().Find("main section").First().Find("li:contains('cat@example.com')").Length() == 1
		})
		w.Holds()
	})
}

func TestAnEmailIsSentAgainToWhoMayStillGetIt(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		ann, bob := acme.Owner, acme.Member("bob", "emails")
		list := acme.Path("/emails")
		user := ann.Get(acme.Path("/users")).OK().Find("a[href*='/users/']:contains('Manage Permissions')").First().AttrOr("href", "")
		ann.Get(user).OK().Submit("main form", url.Values{"access": {"choose"}, "perm": {"emails", "domains"}}).SeeOther()
		w.Mail.Wait(t, bob.Email, "Your permissions in Acme have changed")
		told := func() []apptest.Letter {
			return slices.DeleteFunc(w.Mail.To(bob.Email), func(l apptest.Letter) bool { return l.Subject != "Your permissions in Acme have changed" })
		}
		show := mailOf(t, bob, list, "Your permissions in Acme have changed")
		eventually(t, "that it was sent is written", func() bool { return strings.Contains(bob.Get(show).OK().Find("main").Text(), "Tried") })
		page := bob.Get(show).OK().Says("Access and login").Submit("form[action$='/again']", nil).Follow().OK().Says("sent again now")
		if page.Path == show {
			t.Error("a copy has the page of the first")
		}
		eventually(t, "the copy arrives", func() bool { return len(told()) == 2 })
		one, two := told()[0], told()[1]
		if one.MessageID == two.MessageID || one.Text != two.Text || one.Subject != two.Subject {
			t.Errorf("the copy is %+v of %+v", two, one)
		}
		ann.Get(acme.Path("/activity")).Says("sent an email to " + bob.Email + " once more")

		// One with a one-time link is not, and says why; it can't be forced.
		invitation := mailOf(t, ann, list, "Acme has invited you")
		w.Unaudited(func() {
			ann.Post(invitation+"/again", nil).Follow().OK().Says("This email had a one-time link, and those are not sent twice.")
		})

		// Who has left gets nothing again; who has lost emails can't ask for it.
		acme.Member("eve", "domains").Post(show+"/again", nil).Denied("View Emails")
		ann.Get(strings.TrimSuffix(user, "/permissions")+"/remove").OK().Submit("main form", nil).SeeOther()
		bob.Post(show+"/again", nil).Is(404)
		w.Unaudited(func() {
			ann.Post(show+"/again", nil).Follow().OK().Says("has no access to this account any more, so this email is not sent to them again.")
		})
		w.Holds()
	})
}

// Images tell their sender when and where a mail is read, so they are loaded
// only when somebody says so: the frame's own policy holds them back.
func TestImagesAreLoadedOnlyWhenAskedFor(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Invite("bob@example.com", "domains").SeeOther()
		list := acme.Path("/emails")
		show := mailOf(t, acme.Owner, list, "Acme has invited you")
		acme.Owner.Get(show).OK().SaysNot("Show images").Has("iframe[sandbox='']")
		w.Exec(`UPDATE emails SET body_html = '<img src="https://tracker.example/a.png">' WHERE account_id = $1`, acme.Number)
		acme.Owner.Get(show).OK().Says("Its images are not loaded").Has("a[href^='" + show + "?images=show']").Has("iframe[src='" + show + "/body']")
		policy := func(path string) string { return acme.Owner.Get(path).OK().Header.Get("Content-Security-Policy") }
		if p := policy(show + "/body"); !strings.Contains(p, "sandbox;") || !strings.Contains(p, "img-src data:;") {
			t.Errorf("unasked: %s", p)
		}
		acme.Owner.Get(show + "?images=show").OK().SaysNot("Its images are not loaded").Has("iframe[src='" + show + "/body?images=show']")
		if p := policy(show + "/body?images=show"); !strings.Contains(p, "sandbox;") || !strings.Contains(p, "img-src data: https:;") || !strings.Contains(p, "default-src 'none'") {
			t.Errorf("asked: %s", p)
		}
		w.Holds()
	})
}

func TestWhyTheMailServerWasNotReachedIsForStaffOnly(t *testing.T) {
	nowhere := apptest.With(func(s *config.Settings) { s.SMTP = "smtp://localhost:1" })
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, stan := w.Account("Acme", "ann"), w.Staff("stan")
		acme.Invite("bob@example.com", "domains").SeeOther()
		show := mailOf(t, acme.Owner, acme.Path("/emails"), "Acme has invited you")
		tried := func() *apptest.Response {
			return stan.Get("/staff" + strings.Replace(show, "/a/", "/accounts/", 1)).OK()
		}
		eventually(t, "it was tried", func() bool { return tried().Find("table td:contains('refused')").Length() > 0 })
		tried().Says("It could not be handed to the mail server:")

		for _, path := range []string{show, acme.Path("/emails"), acme.Path("/users")} {
			acme.Owner.Get(path).OK().Says("he mail server could not be reached.").SaysNot("refused").SaysNot("dial")
		}
		stan.Get("/staff/accounts/" + acme.Number.String() + "/users").OK().Says("refused")
	}, nowhere)
}
