package login_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

// withPasskey is somebody who has one, logged in.
func withPasskey(w *apptest.World) (*apptest.Person, *apptest.Authenticator) {
	w.T.Helper()
	ann := w.Account("Acme", "ann").Owner
	ann.Verify()
	return ann, ann.AddPasskey("Phone")
}

const keyForm = "form[data-passkey]"

// passkey logs in with a passkey alone.
func passkey(p *apptest.Person, a *apptest.Authenticator) *apptest.Response {
	p.World.T.Helper()
	page := p.Get("/login/passkey?next=%2Fme%2Fprofile").OK()
	return page.Submit(keyForm, a.Answer(page, keyForm))
}

func TestAPasskeyLogsInWithoutThePassword(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann, phone := withPasskey(w)
		w.Mail.Wait(t, ann.Email, "A passkey was added to your login")
		ann.Get("/me/security").Says("Phone").Says("never used")
		ann.LogOut()
		ann.Get("/login").Has("a[href^='/login/passkey']")
		leads(t, passkey(ann, phone), "/me/profile")
		ann.Get("/me/security").OK().Says("last used")
		if n := w.DBCount(`SELECT count(*) FROM audit WHERE action IN ('passkey.added', 'passkey.used') AND account_id = 0`); n != 2 {
			t.Errorf("the audit tells of %d things done with passkeys, want 2", n)
		}
		w.Holds()
	})
}

func TestWhoseAddressIsNotConfirmedAddsNoPasskey(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		ann.Get("/me/passkeys/new").Follow().Says("Confirm your email address first.").HasNot("a[href='/me/passkeys/new']")
		w.Unaudited(func() {
			leads(t, ann.Post("/me/passkeys/new", form("asked", "x", "answer", "{}", "name", "x")), "/me/security")
		})
	})
}

// What a passkey says is taken once, at one browser, for one purpose, from this
// origin, and within ten minutes.
func TestAnAnswerOfAPasskeyIsTakenOnceHereAndSoon(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann, phone := withPasskey(w)
		ann.LogOut()
		page := ann.Get("/login/passkey").OK()
		refused := func(r *apptest.Response, words string) {
			t.Helper()
			r.Is(http.StatusUnprocessableEntity).Says(words)
		}
		const wrong = "this passkey is not one of yours here"
		refused(page.Submit(keyForm, nil), "Your browser gave no passkey.")
		refused(page.Submit(keyForm, url.Values{"answer": {"{}"}}), wrong)

		phone.Origin = "https://elsewhere.example"
		refused(passkey(ann, phone), wrong)
		phone.Origin = w.URL
		phone.Verifies = false
		refused(passkey(ann, phone), wrong)
		phone.Verifies = true
		stranger := w.Authenticator()
		refused(passkey(ann, stranger), wrong)

		page = ann.Get("/login/passkey").OK()
		answer := phone.Answer(page, keyForm)
		asked := page.Find(keyForm+" [name=asked]").AttrOr("value", "")
		thief := w.Person("thief")
		thief.Get("/login/passkey").OK()
		refused(thief.Post("/login/passkey", form("asked", asked, "answer", answer.Get("answer"), "next", "/")), wrong) // put to another browser
		cookies := ann.Cookies()
		leads(t, page.Submit(keyForm, answer), "/")
		thief.Wear(cookies)
		refused(thief.Post("/login/passkey", form("asked", asked, "answer", answer.Get("answer"), "next", "/")), wrong) // again
		ann.LogOut()

		page = ann.Get("/login/passkey").OK()
		answer = phone.Answer(page, keyForm)
		w.Clock.Add(access.AskLife)
		refused(page.Submit(keyForm, answer), wrong)
		leads(t, passkey(ann, phone), "/me/profile")
		ann.Prove()
		page = ann.Get("/me/passkeys/new").OK()
		refused(page.Submit(keyForm, url.Values{"answer": answer["answer"]}), wrong)
		if !strings.Contains(w.Log(), "security: passkey refused") {
			t.Error("the log has no security event")
		}
	})
}

func TestAPasskeyThatCountsBackIsRefusedAndTold(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann, phone := withPasskey(w)
		ann.LogOut()
		phone.Count = 7
		passkey(ann, phone).SeeOther()
		ann.LogOut()
		phone.Count = 3
		passkey(ann, phone).Is(http.StatusUnprocessableEntity).Says("This passkey may have been copied")
		w.Mail.Wait(t, ann.Email, "One of your passkeys was refused")
		if n := w.DBCount(`SELECT count(*) FROM audit WHERE action = 'passkey.copied'`); n != 1 {
			t.Errorf("the audit has %d refusals", n)
		}
		phone.Count = 8
		passkey(ann, phone).SeeOther()
	})
}

func TestPasskeysAreTheSecondStep(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann, phone := withPasskey(w)
		codes := codesOf(t, ann.Get("/me/security").Submit("form[action$='/two-step/passkeys']", nil).OK().Says("Two-step login is on"))
		w.Mail.Wait(t, ann.Email, "Two-step login is on")
		w.Unaudited(func() { leads(t, ann.Post("/me/security/two-step/passkeys", nil), "/me/security") })
		ann.LogOut()
		first := func() *apptest.Response {
			t.Helper()
			r := ann.Post("/login", form("email", ann.Email, "password", apptest.Password, "next", "/me/sessions"))
			leads(t, r, "/login/two-step")
			leads(t, r.Follow(), "/login/two-step/passkey")
			return ann.Get("/login/two-step/passkey").OK().HasNot("a[href='/login/two-step']")
		}
		page := first()
		phone.Verifies = false // the password was given: having it is enough
		answer := phone.Answer(page, keyForm)
		leads(t, page.Submit(keyForm, answer), "/me/sessions")
		phone.Verifies = true
		w.Unaudited(func() { leads(t, page.Submit(keyForm, answer), "/login") }) // the step is spent
		ann.LogOut()
		first()
		ann.Get("/login/two-step?with=recovery").OK().Submit("main form", form("code", codes[2])).Follow().Says("9 recovery codes are left.")
		ann.LogOut()
		leads(t, passkey(ann, phone), "/me/profile") // both steps in one

		// The only second step stays.
		page = ann.Get("/me/security").OK().Says("It is the only second step of your login").HasNot("a[href$='/remove']")
		key := page.Find("a[href^='/me/passkeys/']:not([href$='/new'])").AttrOr("href", "")
		w.Unaudited(func() {
			ann.Post(key+"/remove", nil).Follow().Says("This passkey is the only second step of your login.")
		})
		tablet := ann.AddPasskey("Tablet")
		ann.Get(key+"/remove").OK().Says("Remove the passkey Phone?").Submit("main form", nil).Follow().Says("The passkey is removed.")
		w.Mail.Wait(t, ann.Email, "A passkey was removed from your login")
		codesOf(t, ann.Get("/me/security").Submit("form[action='/me/security/codes']", nil).OK())

		ann.TurnOnTwoStep() // an app beside it
		w.Mail.Wait(t, ann.Email, "An authenticator app was added to your login")
		ann.Get("/me/security").Says("A code from your authenticator app or one of your passkeys")
		page = ann.Get("/me/security/two-step/off").OK()
		page.Submit(keyForm, tablet.Answer(page, keyForm)).Follow().Says("Two-step login is off.")
		ann.LogOut()
		passkey(ann, phone).Is(http.StatusUnprocessableEntity)
		leads(t, passkey(ann, tablet), "/me/profile")
		w.Holds()
	})
}

func TestAPasskeyProvesWhoItIs(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann, phone := withPasskey(w)
		w.Clock.Add(access.FreshFor)
		page := ann.Get("/me/passkeys/new").Follow().OK()
		leads(t, page.Submit(keyForm, phone.Answer(page, keyForm)), "/me/passkeys/new")
		ann.Get("/me/passkeys/new").OK()
	})
}

func TestPasskeysAreNamedAndOnesOwn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann, phone := withPasskey(w)
		key := ann.Get("/me/security").Find("a[href^='/me/passkeys/']:not([href$='/new'])").First().AttrOr("href", "")
		page := ann.Get(key).OK()
		says(t, page.Submit("main form", form("name", " ")).Is(http.StatusUnprocessableEntity), "#name-error", "Give it a name")
		says(t, page.Submit("main form", form("name", strings.Repeat("ä", 61))).Is(http.StatusUnprocessableEntity), "#name-error", "60 characters")
		page.Submit("main form", form("name", "My telephone")).Follow().Says("My telephone")
		eve := w.Account("Other", "eve").Owner
		for _, path := range []string{key, key + "/remove"} {
			eve.Get(path).Is(http.StatusNotFound)
		}
		eve.Post(key, form("name", "Mine")).Is(http.StatusNotFound)
		eve.Post(key+"/remove", nil).Is(http.StatusNotFound)
		again := ann.Get("/me/passkeys/new").OK()
		answer := phone.Answer(again, keyForm)
		answer.Set("name", "Twice")
		again.Submit(keyForm, answer).Is(http.StatusUnprocessableEntity) // it is known already
		ann.Get("/me/security").SaysNot("Twice")
		w.Holds()
	})
}

// Whoever took a login over has their passkeys go with the address they gave it.
func TestPuttingTheAddressBackTakesPasskeysAddedSince(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann, phone := withPasskey(w)
		w.Clock.Add(time.Second)
		ann.Get("/me/profile").Submit("form[action='/me/email']", form("email", "thief@example.com", "password", apptest.Password)).SeeOther()
		ann.Get(w.Mail.Wait(t, "thief@example.com", "Confirm your new email address").Link(t, "/verify/")).Submit("main form", nil).SeeOther()
		w.Clock.Add(time.Second)
		theirs := ann.AddPasskey("Thief's phone")
		ann.Get("/me/security").Submit("form[action$='/two-step/passkeys']", nil).OK()
		undo := w.Mail.Wait(t, ann.Email, "was changed").Link(t, "/undo/")
		guest := w.Person("guest")
		guest.Get(undo).OK().Submit("main form", nil).SeeOther()
		passkey(guest, theirs).Is(http.StatusUnprocessableEntity)
		leads(t, passkey(guest, phone), "/me/profile")
		w.Holds()
	})
}
