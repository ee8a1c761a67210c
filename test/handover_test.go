package test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

// offer has the owner offer the account to a member, and gives the link in
// their mail.
func offer(a *apptest.Account, to *apptest.Person) string {
	a.World.T.Helper()
	had := len(a.World.Mail.To(to.Email))
	a.Owner.Prove()
	a.Owner.Get(a.Path("/handover")).OK().Submit("main form", url.Values{"user": {userID(a.World, to.Email)}}).SeeOther()
	mailed(a.World, to.Email)
	for _, l := range a.World.Mail.To(to.Email)[had:] {
		if strings.Contains(l.Text, a.Path("/handover/")) {
			return l.Link(a.World.T, a.Path("/handover/"))
		}
	}
	a.World.T.Fatal("no offer has arrived")
	return ""
}

func TestAnOwnerHandsTheAccountOverToAMemberWhoAccepts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, eve := acme.Member("bob", "emails"), acme.Member("eve", "emails")
		pending := acme.InviteLink("cleo@example.com", "profile")
		acme.Owner.Get(acme.Path("/users")).OK().Has("a[href$='/handover']")
		bob.Get(acme.Path("/handover")).Is(403)
		form := acme.Owner.Get(acme.Path("/handover")).OK()
		form.Submit("main form", url.Values{"user": {""}}).Is(422).Says("Choose who is to own the account.")
		link := offer(acme, bob)
		acme.Owner.Get(acme.Path("/handover")).OK().Says("You have offered the account to Bob Member.")
		form.Submit("main form", url.Values{"user": {userID(w, eve.Email)}}).Is(409).Says("offered to somebody already")

		eve.Get(link).Is(404)
		acme.Owner.Get(link).Is(404)
		w.Account("Other", "sam").Owner.Get(link).Is(404)
		bob.Get(acme.Path("/users")).Is(403)
		bob.Get(link).OK().Says("Become the owner of Acme?").Submit("form[action$='/accept']", nil).SeeOther()
		bob.Get(acme.Path("/users")).OK().Says("Sent by Bob Member")
		acme.Owner.Get(acme.Path("/profile")).OK()
		acme.Owner.Get(acme.Path("/users")).Is(403)
		bob.Get(link).Is(410).Says("This offer no longer stands")
		w.Person("cleo").Get(pending).OK().Says("Bob Member invites you")
		w.Mail.Wait(t, "ann@example.com", "You are no longer the owner of Acme")
		if text := w.Mail.Wait(t, bob.Email, "You are now the owner of Acme").Words(); !strings.Contains(text, "You have accepted the ownership of Acme.") {
			t.Errorf("the new owner reads: %s", text)
		}
		bob.Get(acme.Path("/activity")).OK().Says("offered bob@example.com to become the owner").Says("became the owner")
		w.Holds()
	})
}

func TestAnAccountIsOfferedFiveTimesADay(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Member("bob", "emails")
		again := func() *apptest.Response {
			acme.Owner.Prove()
			return acme.Owner.Get(acme.Path("/handover")).OK().Submit("main form", url.Values{"user": {userID(w, "bob@example.com")}})
		}
		for range 5 {
			again().SeeOther()
			acme.Owner.Post(acme.Path("/handover/cancel"), nil).SeeOther()
		}
		again().Is(429).Says("This account was offered often today.")
		w.Clock.Add(24 * time.Hour)
		acme.Owner.LogIn()
		again().SeeOther()
	})
}

func TestAnOfferOfTheOwnershipEnds(t *testing.T) {
	for name, end := range map[string]func(a *apptest.Account, bob *apptest.Person, link string){
		"cancelled": func(a *apptest.Account, _ *apptest.Person, _ string) {
			a.Owner.Get(a.Path("/handover")).OK().Submit("form[action$='/cancel']", nil).SeeOther()
		},
		"declined": func(a *apptest.Account, bob *apptest.Person, link string) {
			bob.Get(link).OK().Submit("form[action$='/decline']", nil).SeeOther()
			a.World.Mail.Wait(a.World.T, "ann@example.com", "Bob Member does not want to own Acme")
		},
		"expired": func(a *apptest.Account, bob *apptest.Person, link string) {
			a.World.Clock.Add(7*24*time.Hour - time.Second)
			bob.LogIn()
			bob.Get(link).OK()
			a.World.Clock.Add(time.Second)
		},
		"made by staff": func(a *apptest.Account, _ *apptest.Person, _ string) {
			a.Member("eve", "emails")
			r := fileOf(a, a.World.StaffAs("stan", access.Support))
			r.hand("eve@example.com", "keep").SeeOther()
			r.hand("ann@example.com", "keep").SeeOther()
		},
	} {
		t.Run(name, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				acme := w.Account("Acme", "ann")
				bob := acme.Member("bob", "emails")
				link := offer(acme, bob)
				end(acme, bob, link)
				bob.Get(link).Is(410).Says("This offer no longer stands")
				bob.Post(strings.TrimPrefix(link, w.URL)+"/accept", nil).Is(409)
				bob.Get(acme.Path("/users")).Is(403)
				acme.Owner.LogIn()
				again := offer(acme, bob)
				bob.Get(again).OK().Submit("form[action$='/accept']", nil).SeeOther()
				bob.Get(acme.Path("/users")).OK()
				w.Holds()
			})
		})
	}
}

func TestNobodyTakesOverAClosedAccount(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		page := bob.Get(offer(acme, bob)).OK()
		w.Exec(`UPDATE accounts SET status = 'closed' WHERE account_id = $1`, acme.Number)
		page.Submit("form[action$='/accept']", nil).Is(409).Says("This account is closed.")
		w.Exec(`UPDATE accounts SET status = 'active' WHERE account_id = $1`, acme.Number)
		page.Submit("form[action$='/accept']", nil).SeeOther()
	})
}

func TestWhereOnlyTheHostManagesUsersOwnersDontHandOverEither(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, other := w.Account("Acme", "ann"), w.Account("Other", "eve")
		bob, carl := acme.Member("bob", "emails"), other.Member("carl", "emails")
		page := acme.Owner.Get(acme.Path("/handover")).OK()
		link := offer(other, carl)
		stan := w.Staff("stan")
		stan.Get("/staff/settings/users").OK().Says("Owners don't hand their account over either").Submit("main form", url.Values{"managed": {"no"}, "transfer": {"yes"}}).SeeOther()
		page.Submit("main form", url.Values{"user": {userID(w, bob.Email)}}).Is(403).Says("only support hands an account over")
		acme.Owner.Get(acme.Path("/handover")).OK().Says("only support hands an account over").HasNot("form[action$='/handover']")
		carl.Get(link).OK().Submit("form[action$='/accept']", nil).SeeOther()
		stan.Get("/staff/settings/users").OK().Submit("main form", url.Values{"managed": {"yes"}}).SeeOther()
		acme.Owner.Get(acme.Path("/handover")).OK().Has("form[action$='/handover']")
		w.Holds()
	})
}

func TestWhereOnlyTheHostHandsAccountsOverOwnersAreTold(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, eve := acme.Member("bob", "emails"), acme.Member("eve", "emails")
		page := acme.Owner.Get(acme.Path("/handover")).OK()
		link := offer(acme, bob)
		w.Staff("stan").Get("/staff/settings/users").OK().Submit("main form", url.Values{"transfer": {"no"}}).SeeOther()
		page.Submit("main form", url.Values{"user": {userID(w, eve.Email)}}).Is(403).Says("only support hands an account over")
		acme.Owner.Get(acme.Path("/handover")).OK().Says("You have offered the account to Bob Member.").Submit("form[action$='/cancel']", nil).SeeOther()
		acme.Owner.Get(acme.Path("/handover")).OK().Says("only support hands an account over").HasNot("form[action$='/handover']")
		bob.Get(link).Is(410)
		w.Holds()
	})
}

func TestWhoIsToOwnAnAccountThatAsksForTwoStepLoginIsLedThere(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, tess := acme.Member("bob", "emails"), acme.Member("tess", "emails")
		tess.TurnOnTwoStep()
		acme.Owner.Get(acme.Path("/handover")).OK().Has("option:contains('bob@example.com), no two-step login')").SaysNot("asks everybody for two-step login")
		askForTwoStep(acme)
		acme.Owner.Get(acme.Path("/handover")).OK().Says("Your account asks everybody for two-step login.").Has("form li:contains('bob@example.com')").HasNot("li:contains('tess@example.com')")

		link := offer(acme, bob)
		acme.Owner.Get(acme.Path("/handover")).OK().Says("and Bob Member has none yet.")
		if text := w.Mail.Wait(t, bob.Email, "wants to make you the owner").Words(); !strings.Contains(text, "your login has none yet") {
			t.Errorf("Bob reads: %s", text)
		}
		bob.Get(link).Is(403).Says("Acme asks for two-step login").Has("a.primary[href='/me/security?next=" + url.QueryEscape(strings.TrimPrefix(link, w.URL)) + "']")
		bob.Post(link+"/accept", nil).Is(403)
		bob.TurnOnTwoStep()
		acme.Owner.Get(acme.Path("/handover")).OK().SaysNot("has none yet")
		bob.Get(link).OK().Submit("form[action$='/accept']", nil).SeeOther()
		bob.Get(acme.Path("/users")).OK()

		acme.Owner = bob
		offer(acme, tess)
		for _, l := range w.Mail.To(tess.Email) {
			if strings.Contains(l.Words(), "your login has none yet") {
				t.Error("who has two-step login is told to set it up")
			}
		}
		w.Holds()
	})
}
