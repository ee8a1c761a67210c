package test

import (
	"net/url"
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/test/apptest"
)

// A browser's language is spoken until there is a login, which keeps it, and so
// does the account that is opened with it.
func TestPeopleAreSpokenToInTheLanguageOfTheirBrowserAndThenOfTheirChoice(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Person("ann")
		ann.Asks = "fr, de-AT;q=0.9, en;q=0.8"
		page := ann.Get("/register").OK().Has("html[lang=de]").Says("Registrieren")
		page.Submit("main form", url.Values{"first": {""}, "email": {"ann"}}).Is(422).Says("Geben Sie Ihren Vornamen ein.")
		home := page.Submit("main form", url.Values{"first": {"Ann"}, "last": {"Owner"}, "email": {ann.Email}, "password": {apptest.Password}, "account": {"Acme"}, "country": {"DE"}}).Follow().OK()
		home.Says("Willkommen!").Says("Startseite").Says("Hallo, Ann!")
		w.Mail.Wait(t, ann.Email, "Bestätigen Sie Ihre E-Mail-Adresse")
		ann.Asks = "en"
		ann.Get("/accounts").OK().Has("html[lang=de]").Says("Konto wechseln")

		profile := ann.Get("/me/profile").OK().Has("option[value=de][selected]")
		profile.Submit("form[action='/me/profile']", url.Values{"language": {"en-XA"}}).Is(422).Says("Wählen Sie eine Sprache aus der Liste.")
		profile.Submit("form[action='/me/profile']", url.Values{"language": {"en"}}).Follow().OK().Has("html[lang=en]").Says("Your profile is saved.")
		if n := w.DBCount(`SELECT count(*) FROM accounts WHERE language = 'de'`); n != 1 {
			t.Errorf("%d accounts write German", n)
		}
	})
}

// Mails are in the language of whom they are to; to an address without a
// membership they are in the account's, whether or not it has a login.
func TestMailsAreInTheLanguageOfWhomTheyAreTo(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Person("bob")
		bob.Asks = "de"
		bob.Get("/register").OK().Submit("main form", url.Values{"first": {"Bob"}, "last": {"Builder"}, "email": {bob.Email}, "password": {apptest.Password}, "country": {"AT"}}).SeeOther()
		acme.Invite(bob.Email, "domains").SeeOther()
		link := w.Mail.Wait(t, bob.Email, "Acme has invited you to their account").Link(t, "/invite/")
		bob.Get(link).OK().Says("Domains ansehen").Submit("form[action$='/accept']", nil).Follow().OK()
		w.Mail.Wait(t, acme.Owner.Email, "Bob Builder can now work in Acme")

		page := acme.Owner.Get(acme.Path(strings.TrimPrefix(userOf(t, w, bob), "/staff"))).OK()
		page.Submit("form[method=post]:has([name=version])", url.Values{"perm": {"domains", "emails"}}).SeeOther()
		letter := w.Mail.Wait(t, bob.Email, "Ihre Berechtigungen in Acme haben sich geändert")
		if !strings.Contains(letter.Raw, "Content-Language: de") {
			t.Error("the letter does not say that it is in German")
		}
	})
}

func TestStaffChooseTheirLanguage(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		sue := w.StaffAs("sue", access.ReadOnly)
		sue.Asks = "de"
		page := sue.Get("/staff/security").OK().Has("html[lang=en]").Has("#own-language option[value=''][selected]")
		page.Submit("form[action$='/language']", url.Values{"language": {"xx"}}).Is(422).Has("#own-language-error").Says("Choose a language from the list.")
		page = page.Submit("form[action$='/language']", url.Values{"language": {"de"}}).Follow().OK().Has("html[lang=de]").Says("Ihre Sprache ist gespeichert.")
		w.Staff("stan").Get("/staff/activity").OK().Says("chose the language of their staff area")
		page.Submit("form[action$='/language']", url.Values{"language": {""}}).Follow().OK().Has("html[lang=en]").Says("Your language is saved.")
		page = page.Submit("form[action$='/language']", url.Values{"language": {"de"}}).Follow().OK()
		page.Submit("form[action$='/codes']", url.Values{"password": {apptest.Password}}).OK().Says("Neue Wiederherstellungscodes")
		w.Mail.Wait(t, sue.Email, "Sie haben neue Wiederherstellungscodes")
	})
}

// speak sets the host's language.
func speak(stan *apptest.Person, language string) {
	stan.World.T.Helper()
	stan.Get("/staff/settings/region").OK().Submit("form[action='/staff/settings/region']", url.Values{"language": {language}}).SeeOther()
}

// Who chose no language has the host's, also when it changes later, on pages and
// in mails; a browser's wish and a choice count more.
func TestWhoChoseNoLanguageIsSpokenToInTheHosts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		ann := acme.Owner
		stan, sue := w.Staff("stan"), w.StaffAs("sue", access.Support)
		bob := w.Person("bob")
		bob.Asks = "en"
		bob.Get("/register").OK().Submit("main form", url.Values{"first": {"Bob"}, "last": {"Builder"}, "email": {bob.Email}, "password": {apptest.Password}, "country": {"AT"}}).SeeOther()
		w.Person("guest").Get("/login").OK().Has("html[lang=en]")

		speak(stan, "de")
		guest := w.Person("guest")
		guest.Asks = "fr"
		guest.Get("/login").OK().Has("html[lang=de]").Says("Anmelden")
		guest.Asks = "fr, en;q=0.5"
		guest.Get("/login").OK().Has("html[lang=en]")
		ann.Get(acme.Path("/")).OK().Has("html[lang=de]")
		bob.Get("/me/profile").OK().Has("html[lang=en]").Has("option[value=en][selected]")
		sue.Get("/staff/accounts").OK().Has("html[lang=de]")
		sue.Get("/staff/accounts/" + acme.Number.String()).OK().Has("html[lang=de]")

		acme.Invite("carl@example.com", "domains").SeeOther()
		w.Mail.Wait(t, "carl@example.com", "Acme hat Sie in das eigene Konto eingeladen")
		profile := ann.Get("/me/profile").OK().Has("select[name=language] option[value=''][selected]").Says("Die Sprache dieser Website")
		profile.Submit("form[action='/me/profile']", nil).Follow().OK().Says("Ihr Profil ist gespeichert.")
		stan.Get("/staff/users/new").OK().Submit("main form", url.Values{"first": {"Dora"}, "last": {"New"}, "email": {"dora@example.com"}, "send": {"yes"}}).SeeOther()
		w.Mail.Wait(t, "dora@example.com", "Legen Sie ein Passwort für Ihren Zugang fest")

		speak(stan, "en")
		ann.Get(acme.Path("/")).OK().Has("html[lang=en]")
		sue.Get("/staff/accounts").OK().Has("html[lang=en]")
		ann.Get("/me/profile").OK().Submit("form[action='/me/profile']", url.Values{"language": {"de"}}).Follow().OK().Has("html[lang=de]")
		details := ann.Get(acme.Path("/profile")).OK().Has("select[name=language] option[value=''][selected]")
		details.Submit("main form", url.Values{"language": {"de"}}).SeeOther()
		acme.Invite("emil@example.com", "domains").SeeOther()
		w.Mail.Wait(t, "emil@example.com", "Acme hat Sie in das eigene Konto eingeladen")
		w.Holds()
	})
}
