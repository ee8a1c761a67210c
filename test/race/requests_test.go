package race

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"atrium/test/apptest"
)

// asked has a member ask for a permission, and gives the path of the request.
func asked(t *testing.T, a *apptest.Account, p *apptest.Person, slug string) string {
	t.Helper()
	p.Post(a.Path("/requests"), url.Values{"permission": {slug}, "note": {""}}).SeeOther()
	page := a.Owner.Get(a.Path("/users")).OK()
	href, there := page.Find("a[href*='/requests/']:not([href$='#decline'])").First().Attr("href")
	if !there {
		t.Fatal("no request waits")
	}
	return href
}

// A hundred tabs approve and decline one request: one answer counts, with one mail,
// and the others see it.
func TestOneOfManyAnswersToARequestCounts(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		bob := w.Crowd("bob", 1)[0]
		acme.Join(bob, "domains")
		path := asked(t, acme, bob, "emails")
		settle(t, w)
		had := len(w.Mail.To(bob.Email))
		version := acme.Owner.Get(path).Find("form[action$='/approve'] input[name=version]").AttrOr("value", "")
		answers := w.race(repeat(crowd, func(i int) attempt {
			if i%2 == 0 {
				return attempt{by: acme.Owner, path: path + "/decline", form: url.Values{"reason": {""}}}
			}
			form := url.Values{"access": {"choose"}, "perm": {"domains", "emails"}, "version": {version}}
			return attempt{by: acme.Owner, path: path + "/approve", form: form}
		})...)
		won := winner(t, answers, http.StatusConflict)
		for i, r := range answers {
			if i != won {
				r.Says("no longer waits")
			}
		}
		approved := strings.HasSuffix(answers[won].Path, "/approve")
		if got := bob.Get(acme.Path("/emails")).Status; approved != (got == http.StatusOK) {
			t.Errorf("approved is %t, and the page answers %d", approved, got)
		}
		settle(t, w)
		if n := len(w.Mail.To(bob.Email)) - had; n != 1 {
			t.Errorf("%d mails told of it, want 1", n)
		}
	})
}

// The same asked for at once by one person is one request and one mail.
func TestManyClicksAskOnce(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		bob := w.Crowd("bob", 1)[0]
		acme.Join(bob, "domains")
		settle(t, w)
		had := len(w.Mail.To(acme.Owner.Email))
		form := url.Values{"permission": {"emails"}, "note": {""}}
		winner(t, w.race(repeat(20, func(int) attempt { return attempt{by: bob, path: acme.Path("/requests"), form: form} })...), http.StatusConflict)
		settle(t, w)
		if n := len(w.Mail.To(acme.Owner.Email)) - had; n != 1 {
			t.Errorf("the owner got %d mails, want 1", n)
		}
	})
}

// A stranger is let in by a request and by an invitation at the same moment: one
// membership, and nothing waits.
func TestAStrangerIsLetInOnceByRequestAndInvitation(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		bob := w.Crowd("bob", 1)[0]
		link, _ := invite(t, w, acme, bob.Email, "domains")
		bob.Post("/accounts/ask", url.Values{"account": {acme.Number.String()}, "note": {""}}).SeeOther()
		settle(t, w)
		page := acme.Owner.Get(acme.Path("/users")).OK()
		path, _ := page.Find("a[href*='/requests/']:not([href$='#decline'])").First().Attr("href")
		form := url.Values{"access": {"choose"}, "perm": {"emails"}, "version": {"0"}}
		// Who is a member by now is led into the account by the link, too.
		answers := w.race(attempt{by: bob, path: link + "/accept"}, attempt{by: acme.Owner, path: path + "/approve", form: form})
		answers[0].SeeOther()
		if emails := bob.Get(acme.Path("/emails")); answers[1].Status == http.StatusConflict {
			emails.Denied("View Emails")
		} else {
			answers[1].SeeOther()
			emails.OK()
		}
		if n := members(t, w, acme); n != 2 {
			t.Errorf("there are %d members, want 2", n)
		}
		acme.Owner.Get(acme.Path("/users")).OK().HasNot("main a[href*='/requests/']")
	})
}
