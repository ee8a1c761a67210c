package sharing_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"atrium/test/apptest"
)

func TestUserManagementSaysWhoHasTwoStepLogin(t *testing.T) {
	w := apptest.New(t, "sqlite")
	acme := w.Account("Acme", "ann")
	bob := acme.Member("bob", "emails")
	bob.TurnOnTwoStep()
	page := acme.Owner.Get(acme.Path("/users")).OK()
	for name, want := range map[string]string{"ann@example.com": "No two-step login", "bob@example.com": "Two-step login on"} {
		row := page.Find("tbody tr:contains('" + name + "') [data-l='Last login']").Text()
		if !strings.Contains(row, want) {
			t.Errorf("the row of %s says %q, want %q", name, row, want)
		}
	}
}

func TestAcceptingWithALoginPassesBothSteps(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Other", "bob").Owner
		bob.TurnOnTwoStep()
		bob.LogOut()
		link := acme.InviteLink("someone@example.com", "emails")
		password := url.Values{"email": {bob.Email}, "password": {apptest.Password}}
		asked := bob.Get(link).OK().Submit("form[action$='/login']", password)
		page := asked.Follow().OK().Says("Two-step login")
		bob.Get(acme.Path("/emails")).Is(http.StatusSeeOther) // the password alone gives nothing
		if n := w.DBCount(`SELECT count(*) FROM invitations WHERE state = 'accepted'`); n != 0 {
			t.Error("the password alone has accepted")
		}
		page.Submit("main form", url.Values{"code": {"000000"}}).Is(http.StatusUnprocessableEntity).Has("#code-error")
		stranger := w.Person("eve")
		w.Unaudited(func() {
			stranger.Post(asked.SeeOther(), url.Values{"code": {bob.Code()}}).Follow().Says("I have a login")
		})
		page.Submit("main form", url.Values{"code": {bob.Code()}}).Follow().OK().Says("You can now work on Acme.")
		bob.Get(acme.Path("/emails")).OK()

		// Once more with the same login: let in, and the invitation stays.
		bob.LogOut()
		again := acme.InviteLink("other@example.com", "emails")
		page = bob.Get(again).OK().Submit("form[action$='/login']", password).Follow().OK()
		page.Submit("main form", url.Values{"code": {bob.Code()}}).Follow().OK().Says("The invitation was not used.")
		w.Holds()
	})
}

func TestWhoseSecondStepIsAPasskeyComesBackToTheInvitation(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Other", "bob").Owner
		bob.Verify()
		phone := bob.AddPasskey("Phone")
		bob.Get("/me/security").Submit("form[action$='/two-step/passkeys']", nil).OK()
		bob.LogOut()
		link := acme.InviteLink("someone@example.com", "emails")
		asked := bob.Get(link).OK().Submit("form[action$='/login']", url.Values{"email": {bob.Email}, "password": {apptest.Password}}).Follow()
		page := bob.Get(asked.SeeOther()).OK()
		page = page.Submit("form[data-passkey]", phone.Answer(page, "form[data-passkey]")).Follow().OK()
		page.Submit("form[action$='/accept']", nil).Follow().OK().Says("You can now work on Acme.")
		w.Holds()
	})
}

func TestAnInvitationThatIsGoneAtTheSecondStepLogsNobodyIn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Other", "bob").Owner
		bob.TurnOnTwoStep()
		bob.LogOut()
		link := acme.InviteLink("someone@example.com", "emails")
		page := bob.Get(link).OK().Submit("form[action$='/login']", url.Values{"email": {bob.Email}, "password": {apptest.Password}}).Follow().OK()
		w.Person("guest").Get(link+"/decline").OK().Submit("main form", nil).OK()
		code := bob.Code()
		page.Submit("main form", url.Values{"code": {code}}).Is(http.StatusConflict).Says("was declined")
		bob.Get("/me/profile").SeeOther()
		// Neither step nor code are spent: they still log in.
		bob.Post("/login/two-step", url.Values{"code": {code}}).SeeOther()
		bob.Get("/me/profile").OK()
	})
}

// The form that made a login, sent again after two-step login was turned on, is
// no way past it.
func TestANewLoginSentAgainDoesNotPassTheSecondStep(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "emails")
		form := url.Values{"first": {"Bob"}, "last": {"B"}, "email": {"bob@example.com"}, "password": {apptest.Password}}
		bob := w.Person("bob")
		page := bob.Get(link).OK()
		page.Submit("form[action$='/new']", form).SeeOther()
		bob.TurnOnTwoStep()
		bob.LogOut()
		r := bob.Post(page.Path+"/new", url.Values{"first": {"Bob"}, "last": {"B"}, "email": {"bob@example.com"}, "password": {apptest.Password}, "zone": {""}})
		if r.Status == http.StatusSeeOther {
			t.Errorf("it leads to %s", r.Header.Get("Location"))
		}
		bob.Get("/me/profile").SeeOther()
	})
}
