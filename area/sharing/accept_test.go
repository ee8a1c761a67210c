package sharing_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/test/apptest"
)

func newLogin(first, email string) url.Values {
	return url.Values{"first": {first}, "last": {"Member"}, "email": {email}, "password": {apptest.Password}}
}

func TestSomeoneNewCreatesALoginAndIsIn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains", "invoices")
		bob := w.Person("bob")
		page := bob.Get(link).OK().Says("Join Acme").Says("Ann Owner invites you").Says("View & Pay Invoices").
			Says("I have a login").Says("I am new here").Has("input[name=email][value='bob@example.com']")
		home := page.Submit("form[action$='/new']", newLogin("Bob", "bob@example.com")).Follow().OK().Says("You can now work on Acme.")
		if home.Path != acme.Path("/") {
			t.Errorf("landed on %s", home.Path)
		}
		home.Says("Confirm") // the address is still to be verified: accepting proves nothing
		w.Mail.Wait(t, "bob@example.com", "onfirm")
		l := w.Mail.Wait(t, "ann@example.com", "can now work in Acme")
		if !strings.Contains(l.Text, "bob@example.com") || strings.Contains(l.Text, "was accepted with the login") {
			t.Errorf("the owner's mail:\n%s", l.Text)
		}
	})
}

func TestAnotherAddressMayAcceptAndTheOwnerIsTold(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("office@example.com", "domains")
		w.Person("bob").Get(link).Submit("form[action$='/new']", newLogin("Bob", "bob@private.example")).SeeOther()
		l := w.Mail.Wait(t, "ann@example.com", "can now work in Acme")
		if !strings.Contains(l.Words(), "The invitation was sent to office@example.com, and was accepted with the login bob@private.example.") {
			t.Errorf("the owner's mail:\n%s", l.Text)
		}
		acme.Owner.Get(acme.Path("/users")).Says("Invited as office@example.com, joined as bob@private.example")
	})
}

func TestSomeoneWithALoginLogsInAndAccepts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Bob's", "bob").Owner
		bob.LogOut()
		link := acme.InviteLink("bob@example.com", "domains")
		page := bob.Get(link).OK()
		page.Submit("form[action$='/login']", url.Values{"email": {"bob@example.com"}, "password": {"something else entirely"}}).Is(422).
			Says("The email address or the password is wrong.").Has("form[action$='/login'] input[value='bob@example.com']")
		page.Submit("form[action$='/login']", url.Values{"email": {"bob@example.com"}, "password": {apptest.Password}}).Follow().OK().Says("You can now work on Acme.")
		bob.Get("/accounts").OK().Says("Acme").Says("Bob's")
	})
}

func TestOneClickAcceptsWhenLoggedInAlsoAsSomeoneElse(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Bob's", "bob").Owner
		link := acme.InviteLink("office@example.com", "domains")
		page := bob.Get(link).OK().Says("You are logged in as Bob Owner (bob@example.com); this invitation was sent to office@example.com.").Says("Accept as Bob Owner")
		// "Use another login" logs out and comes back here.
		if to := page.Submit("main form[action='/logout']", nil).SeeOther(); !strings.HasSuffix(link, to) {
			t.Errorf("logging out leads to %s", to)
		}
		bob.Get(link).OK().Says("I have a login")
		bob.LogIn()
		bob.Get(link).Submit("form[action$='/accept']", nil).Follow().OK().Says("You can now work on Acme.")
		// A double click ends in the account too.
		w.Unaudited(func() {
			if to := page.Submit("form[action$='/accept']", nil).SeeOther(); to != acme.Path("/") {
				t.Errorf("the second click leads to %s", to)
			}
		})
	})
}

func TestAMemberChangesNothingByOpeningAnInvitation(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains", "emails")
		link := acme.InviteLink("cleo@example.com", "invoices")
		bob.Get(link).OK().Says("You already have access to Acme").HasNot("form[action$='/accept']")
		w.Unaudited(func() { bob.Post(strings.TrimPrefix(link, w.URL)+"/accept", nil).SeeOther() })
		acme.Owner.Get(link).OK().Says("You already have access to Acme")
		bob.Get(acme.Path("/emails")).OK() // nothing lowered, nothing replaced
		w.Person("cleo").Get(link).Submit("form[action$='/new']", newLogin("Cleo", "cleo@example.com")).SeeOther()
	})
}

func TestAnAddressThatHasALoginIsTold(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		w.Account("Bob's", "bob").Owner.LogOut()
		link := acme.InviteLink("bob@example.com", "domains")
		guest := w.Person("guest")
		for range 5 {
			guest.Get(link).Submit("form[action$='/new']", newLogin("Bob", "BOB@example.com")).Is(422).Says("This address already has a login.").
				Has("form[action$='/new'] input[name=first][value=Bob]").HasNot("input[type=password][value]")
		}
		guest.Get(link).Submit("form[action$='/new']", newLogin("Bob", "BOB@example.com")).Is(429)
		guest.Get(link).Submit("form[action$='/new']", url.Values{"first": {""}, "email": {"x"}, "password": {"short"}}).Is(422).
			Says("Enter your first name.").Says("Enter an address like name@example.com.").Says("Use at least 12 characters.")
	})
}

func TestDeclineAsksAndTells(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains")
		bob := w.Person("bob")
		ask := bob.Get(strings.TrimPrefix(link, w.URL) + "/decline").OK().Says("Decline the invitation to Acme?")
		bob.Get(link).OK()
		ask.Submit("main form", nil).OK().Says("You declined the invitation to Acme.")
		w.Mail.Wait(t, "ann@example.com", "The invitation to bob@example.com was declined")
		bob.Get(link).Is(410).Says("was declined")
		page := acme.Owner.Get(acme.Path("/users")).Says("Declined").HasNot("form[action$='/resend']")
		clear, _ := page.Find("a[href$='/cancel']").Attr("href")
		acme.Owner.Get(clear).OK().Submit("main form", nil).SeeOther()
		acme.Owner.Get(acme.Path("/users")).SaysNot("bob@example.com has")
		acme.Invite("bob@example.com", "domains").SeeOther()
	})
}

func TestDeclinedInvitationsAreListedThirtyDays(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains")
		w.Person("bob").Get(strings.TrimPrefix(link, w.URL)+"/decline").Submit("main form", nil).OK()
		w.Clock.Add(30*24*time.Hour - time.Second)
		acme.Owner.LogIn()
		acme.Owner.Get(acme.Path("/users")).Says("Declined")
		w.Clock.Add(time.Second)
		acme.Owner.Get(acme.Path("/users")).SaysNot("Declined")
	})
}

func TestAUsedLinkSaysSoAndAsksForANewOneOnceADay(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains")
		w.Person("bob").Get(link).Submit("form[action$='/new']", newLogin("Bob", "bob@example.com")).SeeOther()
		late := w.Person("late")
		w.Account("Other", "cid").Owner.Get(link).Is(410).Says("was already used").Has("main a.btn[href='/']").HasNot("a[href='/login']")
		page := late.Get(link).Is(410).Says("was already used").Has("a[href='/login']")
		page.Submit("form[action$='/ask']", nil).OK().Says("Ann Owner was told that you want a new invitation to Acme.")
		w.Mail.Wait(t, "ann@example.com", "bob@example.com asks for a new invitation")
		page.Submit("form[action$='/ask']", nil).Is(429).Says("You have asked today already.")
		w.Clock.Add(24 * time.Hour)
		page.Submit("form[action$='/ask']", nil).OK()
	})
}

func TestAWrongLinkIsNotFound(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains")
		path := strings.TrimPrefix(link, w.URL)
		guest := w.Person("guest")
		last := map[byte]string{'A': "E"}[path[len(path)-1]]
		if last == "" {
			last = "A"
		}
		for _, wrong := range []string{path[:len(path)-1], path[:len(path)-1] + last, path + "A", "/invite/10001.", "/invite/x", "/invite/99999." + path[strings.Index(path, ".")+1:], "/invite/" + path[strings.Index(path, ".")+1:]} {
			guest.Get(wrong).Is(404)
		}
		guest.Get(path[:len(path)-5]).Says("Open it from the email again.")
	})
}

func TestOpeningAnInvitationChangesNothing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Bob's", "bob").Owner
		link := acme.InviteLink("bob@example.com", "domains")
		for range 3 {
			bob.Get(link).OK()
			bob.Do("HEAD", link, nil, nil).OK()
		}
		bob.Get(acme.Path("/")).Is(404)
		bob.Get(link).Submit("form[action$='/accept']", nil).SeeOther()
	})
}

func TestAnInvitationIsVoidWhenItsSenderCouldNoLongerGiveIt(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		mia := acme.Member("mia", "domains", "emails")
		acme.LetManage(mia, true)
		mia.Get(acme.Path("/users")).Submit("form#invite", choose("x@example.com", "invoices")).Is(422).Says("You can only give permissions that you have yourself.")
		mia.Get(acme.Path("/users")).Submit("form#invite", choose("bob@example.com", "domains")).SeeOther()
		link := w.Mail.Wait(t, "bob@example.com", "has invited you").Link(t, "/invite/")
		bob := w.Person("bob")
		page := bob.Get(link).OK().Says("Mia Member invites you")
		acme.LetManage(mia, false)
		bob.Get(link).Is(410).Says("was withdrawn")
		page.Submit("form[action$='/new']", newLogin("Bob", "bob@example.com")).Is(409)
	})
}

func TestLinksInMailsComeFromTheBaseURLOnly(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		r := acme.Owner.Do("POST", acme.Path("/users"), strings.NewReader(choose("bob@example.com", "domains").Encode()), map[string][]string{
			"Content-Type": {"application/x-www-form-urlencoded"}, "X-Forwarded-Host": {"evil.example"}, "Forwarded": {"host=evil.example"}})
		r.SeeOther()
		if l := w.Mail.Wait(t, "bob@example.com", "has invited you"); strings.Contains(l.Raw, "evil.example") {
			t.Errorf("the mail:\n%s", l.Raw)
		}
	})
}

func TestTheSameNewLoginSentTwiceEndsInTheAccountTwice(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "emails")
		page := w.Person("bob").Get(link)
		for range 2 {
			if to := page.Submit("form[action$='/new']", newLogin("Bob", "bob@example.com")).SeeOther(); to != acme.Path("/") {
				t.Errorf("it leads to %s", to)
			}
		}
		other := newLogin("Bob", "bob@example.com")
		other.Set("password", "another good long passphrase")
		w.Person("eve").Post(strings.TrimPrefix(link, w.URL)+"/new", other).Is(409).Says("was already used")
	})
}
