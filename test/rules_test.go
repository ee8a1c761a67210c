package test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/test/apptest"
)

// askForTwoStep has the owner turn two-step login on, for themselves and then for
// everybody in the account.
func askForTwoStep(a *apptest.Account) {
	a.World.T.Helper()
	if a.Owner.Key == "" {
		a.Owner.TurnOnTwoStep()
	}
	switchRule(a, "two-step").Follow().OK().Says("From now on everybody who works in this account needs two-step login.")
}

// switchRule sends the form that switches a rule, on or off.
func switchRule(a *apptest.Account, rule string) *apptest.Response {
	a.World.T.Helper()
	a.Owner.Prove()
	return a.Owner.Get(a.Path("/users/rules")).OK().Submit("form[action$='/rules/"+rule+"']", nil)
}

func TestAnOwnerHasEverybodyUseTwoStepLogin(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, tess := acme.Member("bob", "emails", "profile"), acme.Member("tess", "emails")
		tess.TurnOnTwoStep()
		acme.InviteLink("cleo@example.com", "emails")
		bob.Open("Bob's own")
		bob.Get(acme.Path("/users/rules")).Is(403).Says("Only the owner of this account can do this.")

		// The owner comes first.
		acme.Owner.Get(acme.Path("/users")).OK().Has("main a[href$='/users/rules']")
		page := acme.Owner.Get(acme.Path("/users/rules")).OK().Says("Before you can switch this on, set it up for yourself: your login ann@example.com has no two-step login.")
		page.HasNot("form[action$='/rules/two-step']").Has("a[href='" + "/me/security?next=" + url.QueryEscape(acme.Path("/users/rules")) + "']")
		acme.Owner.Prove()
		acme.Owner.Post(acme.Path("/users/rules/two-step"), url.Values{"on": {"yes"}}).Is(422).Says("Set up two-step login for your own login first.")
		acme.Owner.TurnOnTwoStep()
		acme.Owner.Get(acme.Path("/users/rules")).OK().Says("One person would be shut out").Says("bob@example.com").Says("cleo@example.com").SaysNot("tess@example.com")
		bob.Get(acme.Path("/emails")).OK()
		acme.Owner.Get(acme.Path("/users")).OK().Says("No two-step login").SaysNot("Shut out")
		askForTwoStep(acme)
		acme.Owner.Get(acme.Path("/users/rules")).OK().Says("One person is shut out until they set it up")
		users := acme.Owner.Get(acme.Path("/users")).OK().Says("Shut out until two-step login is on").SaysNot("No two-step login")
		managed, _ := users.Find("tr:contains('bob@example.com') a.btn:not(.danger)").Attr("href")
		acme.Owner.Get(managed).OK().Says("Shut out until two-step login is on")
		w.Staff("sue").Get("/staff/accounts/" + acme.Number.String() + "/users").OK().Says("Shut out until two-step login is on")
		acme.Owner.Get(acme.Path("/users/reach")).OK().Says("Shut out until two-step login is on").Says("One member is shut out until they turn two-step login on.")

		// In force at once, here and nowhere else.
		shut := bob.Get(acme.Path("/emails?q=hosting")).Is(403).Says("Acme asks for two-step login").HasNot("nav.side")
		bob.Get("/").Follow().OK().Says("Bob's own")
		bob.Get("/accounts").OK().Says("Asks for two-step login")
		tess.Get(acme.Path("/emails")).OK()
		mail := w.Mail.Wait(t, bob.Email, "Acme asks for two-step login").Words()
		if !strings.Contains(mail, "Ann Owner has switched that on") {
			t.Errorf("Bob reads: %s", mail)
		}

		// Setting it up leads back.
		setUp, _ := shut.Find("main a.primary").Attr("href")
		bob.Prove()
		page = bob.Get(setUp).OK().Says("The account that you come from asks for it.").Submit("form[action^='/me/security/two-step']", nil).Follow().OK()
		bob.Key = strings.ReplaceAll(page.Has(".key").Find(".key").Text(), " ", "")
		page = page.Submit("form[action*='/confirm']", url.Values{"code": {bob.Code()}}).OK()
		bob.Get(page.Has("main a[href='"+acme.Path("/emails?q=hosting")+"']").Find("main a[href^='/a/']").AttrOr("href", "")).OK().Says("Emails")
		acme.Owner.Get(acme.Path("/activity")).OK().Says("switched on that everybody who works in the account needs two-step login")

		// A member may turn it off again, knowing what that means; the owner may not.
		bob.Get("/me/security/two-step/off").OK().Says("An account asks for it.").Submit("form[action$='/off']", url.Values{"code": {bob.Code()}}).SeeOther()
		bob.Get(acme.Path("/emails")).Is(403)
		acme.Owner.Get("/me/security/two-step/off").OK().Says("Two-step login stays on").Has("a[href='" + acme.Path("/users/rules") + "']").HasNot("form[action$='/off']")
		acme.Owner.Post("/me/security/two-step/off", url.Values{"code": {acme.Owner.Code()}}).Is(409).Says("Your own account asks everybody for two-step login: Acme.")
		switchRule(acme, "two-step").Follow().OK().Says("Two-step login is no longer asked for")
		bob.Get(acme.Path("/emails")).OK()
		w.Unaudited(func() {
			acme.Owner.Post(acme.Path("/users/rules/two-step"), url.Values{"on": {"no"}}).SeeOther() // sent twice
		})
		acme.Owner.Get("/me/security/two-step/off").OK().Submit("form[action$='/off']", url.Values{"code": {acme.Owner.Code()}}).SeeOther()
		w.Holds()
	})
}

func TestWhoeverIsShutOutCanLeave(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		askForTwoStep(acme)
		const entered = `SELECT count(*) FROM audit WHERE action = 'member.login'`
		before := w.DBCount(entered)
		bob.LogOut()
		bob.LogIn()
		bob.Get("/").Follow().Is(403).Says("Acme asks for two-step login") // the only one they have
		page := bob.Get(acme.Path("/")).Is(403).Has("main a[href$='/users/people/leave']")
		bob.Get(page.Find("main a[href$='/leave']").AttrOr("href", "")).OK().Says("Leave Acme?").Submit("main form", nil).Follow().OK().Says("You have left Acme.")
		bob.Get(acme.Path("/")).Is(404)
		if n := w.DBCount(entered); n != before {
			t.Errorf("who is shut out has logged in to the account %d times", n-before)
		}
		w.Holds()
	})
}

func TestWhoTakesOverAnAccountThatAsksForTwoStepLoginNeedsIt(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		askForTwoStep(acme)
		link := offer(acme, bob)
		path := link[strings.Index(link, "/a/"):]
		bob.Post(path+"/accept", nil).Is(403).Says("Acme asks for two-step login")
		shut := bob.Get(link).Is(403).Says("Acme asks for two-step login")
		if href := shut.Find("main a.primary").AttrOr("href", ""); href != "/me/security?next="+url.QueryEscape(path) {
			t.Errorf("setting it up leads back by %q, want to the offer", href)
		}
		bob.TurnOnTwoStep()
		bob.Get(link).OK().Submit("form[action$='/accept']", nil).Follow().OK()
		acme.Owner.Get("/me/security/two-step/off").OK().Says("An account asks for it.") // theirs no more
		bob.Get("/me/security/two-step/off").OK().Says("Two-step login stays on")
		w.Holds()
	})
}

// An owner can come to be without two-step login: staff turned it off, or made
// them the owner. They are led to set it up like everybody, and staff can switch
// the rule off: nobody is stuck.
func TestNoOwnerIsStuckOutsideTheirAccount(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		askForTwoStep(acme)
		vera, reader := w.Staff("vera"), w.StaffAs("rita", "read-only")
		users := "/staff/accounts/" + acme.Number.String() + "/users"
		vera.Get(users+"/"+userID(w, bob.Email)+"/owner").OK().Submit("main form", url.Values{"checked": {"yes"}, "reason": {"Company sold"}}).SeeOther()
		bob.Get(acme.Path("/users")).Is(403).Says("Acme asks for two-step login").HasNot("main a[href$='/leave']")
		vera.Get(users).OK().Has("main a[href$='/users/rules']")
		reader.Get(users + "/rules").OK().Says("bob@example.com").HasNot("main form")
		reader.Post(users+"/rules/two-step", url.Values{"reason": {"x"}}).Is(403)
		page := vera.Get(users + "/rules").OK().Says("Bob Member")
		page.Submit("form[action$='/two-step']", url.Values{"reason": {" "}}).Is(422).Says("Say why, for those who look into this later.")
		page.Submit("form[action$='/two-step']", url.Values{"reason": {"Lost the phone"}}).Follow().OK().Says("no longer asked for")
		bob.Get(acme.Path("/users")).OK()
		if mail := w.Mail.Wait(t, bob.Email, "An access rule of Acme was switched off").Words(); !strings.Contains(mail, "switched off that everybody who works in Acme needs two-step login") {
			t.Errorf("the owner reads: %s", mail)
		}
		bob.Get(acme.Path("/activity")).OK().Says("switched off that everybody").SaysNot("Lost the phone")
		vera.Get("/staff/accounts/" + acme.Number.String() + "/activity").OK().Says("Lost the phone")
		w.Holds()
	})
}

// newLogin sends "I am new here" of an invitation's page.
func newLogin(p *apptest.Person, page *apptest.Response, email string) *apptest.Response {
	return page.Submit("form[action$='/new']", url.Values{"first": {p.First}, "email": {email}, "password": {apptest.Password}})
}

func TestAnAccountTakesOnlyTheInvitedAddress(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		old := acme.InviteLink("cleo@example.com", "emails") // from before the rule
		other := w.Account("Other", "sam").Owner
		other.Verify()
		before := other.Get(old).OK()
		cleo := w.Person("cleo")
		form := cleo.Get(old).OK()
		switchRule(acme, "invited").Follow().OK().Says("From now on an invitation is accepted only with the invited email address, confirmed.")

		// The page was drawn before: the click is refused with the page as it is.
		before.Submit("form[action$='/accept']", nil).Is(409).Says("Acme takes only the person who was invited.").HasNot("form[action$='/accept']").Has("form[action='/logout']")
		other.Get(old).OK().HasNot("form[action$='/accept']").Says("Log in with cleo@example.com")
		newLogin(cleo, form, "elsewhere@example.com").Is(422).Says("This account takes only the address that was invited: cleo@example.com.")
		if n := w.DBCount(`SELECT count(*) FROM users WHERE email_key = 'elsewhere@example.com'`); n != 0 {
			t.Error("a login was created that can't accept")
		}

		// Somebody new: the login first, the address by mail, then one click.
		page := cleo.Get(old).OK().Says("you need a login with the email address cleo@example.com").Has("input[name=email][readonly]")
		page = newLogin(cleo, page, "cleo@example.com").Follow().OK().Says("Confirm that cleo@example.com is your address").HasNot("form[action$='/accept']")
		cleo.Post(old[strings.Index(old, "/invite/"):]+"/accept", nil).Is(409).Says("Confirm that cleo@example.com is your address")
		cleo.Get(acme.Path("/")).Is(404)
		again := page.Find("form[action^='/me/verify']").AttrOr("action", "")
		first := linkTo(w, cleo.Email, "/verify/")
		cleo.Post(again, nil).Follow().OK().Says("We sent the link to cleo@example.com again.").Says("Join Acme")
		had := linkTo(w, cleo.Email, "/verify/")
		if had == first {
			t.Error("no new link came")
		}
		w.Unaudited(func() { cleo.Post(again, nil).Follow().OK().Says("This was sent a moment ago.") })
		page = cleo.Get(had).OK().Submit("main form", nil).Follow().OK().Says("is confirmed").Says("Join Acme")
		page.Submit("form[action$='/accept']", nil).Follow().OK().Says("You can now work on Acme.")
		cleo.Get(acme.Path("/emails")).OK()
		acme.Owner.Get(acme.Path("/activity")).OK().Says("switched on that invitations are accepted only with the invited email address")

		// Whoever has a login: with the wrong one they are let in and told, with the
		// right one that is confirmed they are members.
		w.Mail.Wait(t, "cleo@example.com", "Acme has invited you to their account")
		acme.Invite("sam@example.com", "emails").SeeOther()
		link := linkTo(w, "sam@example.com", "/invite/")
		if text := w.Mail.Wait(t, "sam@example.com", "Acme has invited you to their account").Words(); !strings.Contains(text, "only for you: with a login of the address sam@example.com, confirmed") {
			t.Errorf("the invitation says: %s", text)
		}
		guest := w.Person("guest")
		logIn := func(email string) *apptest.Response {
			return guest.Get(link).OK().Submit("form[action$='/login']", url.Values{"email": {email}, "password": {apptest.Password}}).Follow().OK()
		}
		logIn(cleo.Email).Says("You already have access")
		guest.LogOut()
		logIn("ann@example.com").Says("You already have access")
		guest.LogOut()
		tess := w.Account("Third", "tess").Owner
		logIn(tess.Email).Says("this invitation was sent to sam@example.com").HasNot("form[action$='/accept']").Submit("form[action='/logout']", nil)
		logIn("sam@example.com").Says("You can now work on Acme.")

		// The link that the owner passes on says so, too.
		acme.Invite("late@example.com", "emails").SeeOther()
		w.Clock.Add(2 * time.Minute)
		id, _ := acme.Owner.Get(acme.Path("/users")).Find("td a[href*='/invites/']:not([href$='/cancel'])").First().Attr("href")
		acme.Owner.Post(id+"/link", nil).OK().Says("nobody can accept with it but who has the login late@example.com")

		switchRule(acme, "invited").Follow().OK().Says("Invitations are accepted with any email address again.")
		tess.Get(linkOf(w, acme, id)).OK().Submit("form[action$='/accept']", nil).Follow().OK().Says("You can now work on Acme.")
		w.Holds()
	})
}

// linkOf makes another link of a pending invitation, as the owner does to pass it
// on.
func linkOf(w *apptest.World, a *apptest.Account, path string) string {
	w.T.Helper()
	w.Clock.Add(2 * time.Minute)
	return a.Owner.Post(path+"/link", nil).OK().Find("#link").AttrOr("value", "")
}

func TestTheSameFormOfANewLoginTwiceUnderTheRule(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("cleo@example.com", "emails")
		switchRule(acme, "invited").SeeOther()
		cleo := w.Person("cleo")
		page := cleo.Get(link).OK()
		newLogin(cleo, page, cleo.Email).Follow().OK().Says("Confirm that cleo@example.com is your address")
		newLogin(cleo, page, cleo.Email).Follow().OK().Says("Confirm that cleo@example.com is your address")
		if n := w.DBCount(`SELECT count(*) FROM users WHERE email_key = 'cleo@example.com'`); n != 1 {
			t.Errorf("%d logins were created", n)
		}
		w.Holds()
	})
}
