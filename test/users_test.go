package test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

// userOf is staff's page of a person's login.
func userOf(t *testing.T, w *apptest.World, p *apptest.Person) string {
	t.Helper()
	email, _ := access.ParseEmail(p.Email)
	u, err := access.FindUserByEmail(t.Context(), w.DB.Auto(), email)
	if err != nil {
		t.Fatal(err)
	}
	return "/staff/users/" + u.ID.String()
}

func TestStaffCreateUsersWhoThenSetAPassword(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		stan := w.StaffAs("stan", access.Support)
		page := stan.Get("/staff/users/new").OK()
		page.Submit("main form", url.Values{"first": {""}, "email": {"nobody"}}).Is(422).Has("#first[aria-invalid]").Has("#email[value='nobody'][aria-invalid]")
		page.Submit("main form", url.Values{"first": {"Bob"}, "last": {"New"}, "email": {"bob@example.com"}}).Follow().OK().Says("A link to set a password is on its way to bob@example.com.").Says("None yet")
		page.Submit("main form", url.Values{"first": {"Bob"}, "email": {"BOB@example.com"}}).Is(422).Says("This address already has a login.")
		bob := w.Person("bob")
		bob.Get(w.Mail.Wait(t, "bob@example.com", "Set a password").Link(t, "/reset/")).OK().Submit("main form", url.Values{"password": {apptest.Password}}).SeeOther()
		bob.LogIn().SeeOther()
		stan.Get(userOf(t, w, bob)).OK().Says("Logged in now").Says("They belong to no account")

		page.Submit("main form", url.Values{"first": {"Eve"}, "email": {"eve@example.com"}, "send": {"no"}}).Follow().OK().Says("No email was sent.")
		stan.Get("/staff/activity").Says("created the login of eve@example.com")
		if n := len(w.Mail.To("eve@example.com")); n != 0 {
			t.Errorf("Eve got %d mails", n)
		}
	})
}

func TestStaffLookAfterALogin(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		stan := w.StaffAs("stan", access.Support)
		at := userOf(t, w, bob)
		page := stan.Get(at).OK().Says("Bob Member").Says("Acme").Says("Custom, 1 of 13").Says("Not confirmed")
		page.HasNot("a[href$='/delete']") // he has an account
		w.Unaudited(func() { stan.Get(at + "/delete").Follow().Says("belongs to an account and can't be deleted") })

		// A link to set a password, three an hour.
		for range 3 {
			stan.Post(at+"/password", nil).Follow().OK().Says("on its way to bob@example.com")
		}
		w.Unaudited(func() { stan.Post(at+"/password", nil).Follow().Says("This link was sent several times") })

		// Logged out everywhere.
		bob.Get(acme.Path("/")).OK()
		stan.Post(at+"/logout", nil).Follow().OK().Says("One browser was logged out.")
		bob.Get(acme.Path("/")).Is(303)

		// Another name, another address: unproved, the old one is told.
		page.Submit("main form[aria-labelledby=h-edit]", url.Values{"first": {"Robert"}, "email": {"not an address"}}).Is(422).Has("#first[value='Robert']").Has("#email[aria-invalid]")
		page.Submit("main form[aria-labelledby=h-edit]", url.Values{"first": {"Robert"}, "email": {"ann@example.com"}}).Is(422).Says("This address already has a login.")
		page.Submit("main form[aria-labelledby=h-edit]", url.Values{"first": {"Robert"}, "email": {"robert@example.com"}}).Follow().OK().Says("Robert Member is saved.").Says("Not confirmed")
		undo := w.Mail.Wait(t, "bob@example.com", "was changed").Link(t, "/undo/")
		w.Mail.Wait(t, "robert@example.com", "Confirm your email address")
		acme.Owner.Get(acme.Path("/activity")).Says("changed the name or the email address of bob@example.com").Says("Support").SaysNot("Stan")
		bob.Get(undo).OK().Submit("main form", nil).SeeOther()
		stan.Get(at).OK().Says("bob@example.com")
	})
}

func TestADeactivatedUserCannotLogInAndTheirInvitationsWait(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains")
		stan := w.StaffAs("stan", access.Support)
		at := userOf(t, w, acme.Owner)
		ask := stan.Get(at + "/deactivate").OK().Says("They own an account.")
		ask.Submit("main form", url.Values{"reason": {"Stolen <b>password</b>"}}).Follow().OK().Says("The login is deactivated.").Says("Deactivated")
		w.Mail.Wait(t, "ann@example.com", "was deactivated")
		acme.Owner.Get(acme.Path("/")).Is(303)
		acme.Owner.Get("/login").OK().Submit("form[action^='/login']", url.Values{"email": {"ann@example.com"}, "password": {apptest.Password}}).Is(422)
		w.Person("bob").Get(link).Is(410).Says("withdrawn")
		w.Unaudited(func() {
			stan.Post(at+"/deactivate", nil).Follow().Says("This login was deactivated already.")
			stan.Post(at+"/password", nil).Follow().Says("the login was deactivated")
		})
		// It is in the account's activity, without the reason; that is for staff.
		record := "/staff/accounts/" + acme.Number.String() + "/activity"
		stan.Get(record).OK().Says("deactivated the login of ann@example.com").SaysNot("Stolen")
		stan.Get("/staff/activity?area=users").OK().Says("Stolen <b>password</b>").HasNot("dd b")

		stan.Post(at+"/activate", nil).Follow().OK().Says("The login is active again.")
		w.Mail.Wait(t, "ann@example.com", "works again")
		w.Unaudited(func() { stan.Post(at+"/activate", nil).Follow().Says("This login was activated already.") })
		acme.Owner.LogIn().SeeOther()
		acme.Owner.Get(acme.Path("/activity")).OK().Says("activated the login of ann@example.com again").Says("deactivated the login of ann@example.com")
		w.Person("bob").Get(link).OK().Says("Join Acme")
	})
}

func TestAUserIsDeletedOnlyWithoutAccounts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		stan := w.StaffAs("stan", access.Support)
		at := userOf(t, w, bob)
		w.Unaudited(func() { stan.Post(at+"/delete", nil).Follow().Says("This user belongs to an account.") })
		user, _ := acme.Owner.Get(acme.Path("/users")).Find("td a[href*='/users/']:not([href$='/remove'])").First().Attr("href")
		acme.Owner.Get(user+"/remove").OK().Submit("main form", nil).SeeOther()

		stan.Get(at+"/delete").OK().Says("Delete Bob Member?").Submit("main form", nil).Follow().OK().Says("bob@example.com was deleted.")
		stan.Get(at).Is(404)
		bob.Get("/me/profile").Is(303)
		bob.Get("/login").OK().Submit("form[action^='/login']", url.Values{"email": {"bob@example.com"}, "password": {apptest.Password}}).Is(422)
		stan.Get("/staff/activity").Says("deleted the login of bob@example.com").Says("Bob Member") // what he did stays
		w.Holds()

		// The address is free again.
		w.Clock.Add(time.Minute)
		w.Person("bob").Get("/register").OK().Submit("form[action='/register'], form", url.Values{"first": {"Bob"}, "email": {"bob@example.com"}, "password": {apptest.Password}, "account": {"Bobs"}, "country": {"DE"}}).SeeOther()
		w.Holds()
	})
}

func TestStaffWhoOnlySeeDoNothingToUsers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		at := userOf(t, w, acme.Owner)
		for _, role := range []access.StaffRole{access.Billing, access.ReadOnly} {
			p := w.StaffAs("s"+strings.ReplaceAll(string(role), "-", ""), role)
			p.Get("/staff/users").OK().Says("ann@example.com").HasNot("a[href='/staff/users/new']")
			p.Get(at).OK().Says("Acme").HasNot("main form").HasNot("main a[href$='/deactivate']")
			p.Post(at+"/deactivate", nil).Is(403)
		}
	})
}

// Turning two-step login off takes a reason, tells the person, and is in the
// activity of their accounts.
func TestStaffTurnTwoStepLoginOffForAReason(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		stan := w.StaffAs("stan", access.Support)
		at := userOf(t, w, acme.Owner)
		w.Unaudited(func() {
			stan.Post(at+"/two-step-off", url.Values{"reason": {"She asked"}}).Follow().Says("is off already")
		})
		acme.Owner.TurnOnTwoStep()
		ask := stan.Get(at).OK().Has("a[href$='/two-step-off']").HasNot("form[action$='/two-step-on']").Find("a[href$='/two-step-off']").AttrOr("href", "")
		page := stan.Get(ask).OK()
		page.Submit("main form", url.Values{"reason": {" "}}).Is(422).Says("Say why")
		page.Submit("main form", url.Values{"reason": {"Lost phone and codes; called back on the number we have"}}).Follow().OK().Says("Two-step login is off.")
		w.Mail.Wait(t, "ann@example.com", "Two-step login was turned off")
		stan.Get("/staff/accounts?two-step=off").Says("ann@example.com")
		w.Holds()
		acme.Owner.LogIn()
		acme.Owner.Get(acme.Path("/activity")).Says("turned off the two-step login of ann@example.com").SaysNot("Lost phone")
		stan.Get("/staff/activity").Says("Lost phone")
	})
}
