package sharing_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/test/apptest"
)

// userPath is the path of a member's Manage Permissions.
func userPath(t *testing.T, a *apptest.Account, name string) string {
	t.Helper()
	path := ""
	page := a.Owner.Get(a.Path("/users")).OK()
	for _, row := range page.Find("tr").EachIter() {
		if strings.Contains(row.Text(), name) {
			path, _ = row.Find("a[href*='/users/']:not([href$='/remove'])").Attr("href")
		}
	}
	if path == "" {
		t.Fatalf("%s is not in the list", name)
	}
	return path
}

func TestAPermissionTakenAwayIsGoneOnTheNextRequest(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "profile", "emails")
		form := bob.Get(acme.Path("/profile")).OK()
		path := userPath(t, acme, "Bob")
		page := acme.Owner.Get(path).OK().Has("input[value=profile][checked]").Says("Permissions of Bob Member")
		page.Submit("form[method=post]:has([name=version])", url.Values{"perm": {"emails", "domains"}}).SeeOther()
		bob.Get(acme.Path("/profile")).Denied("Modify Master Account Profile")
		form.Submit("main form", nil).Is(403)
		bob.Get(acme.Path("/emails")).OK()
		l := w.Mail.Wait(t, "bob@example.com", "Your permissions in Acme have changed")
		if !strings.Contains(l.Text, "View Domains") || !strings.Contains(l.Text, "Modify Master Account Profile") {
			t.Errorf("the mail:\n%s", l.Text)
		}
	})
}

func TestNothingTickedIsNoWayToRemoveSomeone(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		path := userPath(t, acme, "Bob")
		acme.Owner.Get(path).Submit("form[method=post]:has([name=version])", url.Values{"perm": nil}).Is(422).
			Says("To take away everything, remove access instead.").Has("a[href='" + path + "/remove']")
		bob.Get(acme.Path("/emails")).OK()
	})
}

func TestAFormThatShowsAnOlderStateIsRefused(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Member("bob", "emails")
		page := acme.Owner.Get(userPath(t, acme, "Bob"))
		page.Submit("form[method=post]:has([name=version])", url.Values{"perm": {"domains"}}).SeeOther()
		page.Submit("form[method=post]:has([name=version])", url.Values{"perm": {"invoices"}}).Is(409).
			Says("These permissions were changed by Ann Owner at 22 Nov 2026").Has("input[value=domains][checked]").HasNot("input[value=invoices][checked]")
	})
}

func TestAllPermissionsAndBack(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		path := userPath(t, acme, "Bob")
		acme.Owner.Get(path).Submit("form[method=post]:has([name=version])", url.Values{"access": {"all"}}).SeeOther()
		acme.Owner.Get(acme.Path("/users")).Says("Full access").Says("13 of 13 permissions")
		bob.Get(acme.Path("/users")).Is(403) // everything but managing users
		acme.Owner.Get(path).Has("input[value=all][checked]")
	})
}

func TestRemovingSomeoneEndsTheirAccessAndNotTheirLogin(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, own := w.Account("Acme", "ann"), w.Account("Bob's", "bob")
		acme.Join(own.Owner, "emails", "manageproducts")
		path := userPath(t, acme, "Bob")
		ask := acme.Owner.Get(path + "/remove").OK().Says("Remove Bob Owner's access to Acme?").Says("They may know service passwords.").Says("Keep access")
		own.Owner.Get(acme.Path("/emails")).OK() // asking removes nobody
		ask.Submit("main form", nil).Follow().OK().Says("Bob Owner no longer has access.")
		own.Owner.Get(acme.Path("/emails")).Is(404)
		own.Owner.Get(own.Path("/")).OK()
		own.Owner.Get("/accounts").SaysNot("Acme")
		w.Mail.Wait(t, "bob@example.com", "You no longer have access to Acme")
		w.Mail.Wait(t, "ann@example.com", "Bob Owner no longer has access to Acme")
		ask.Submit("main form", nil).Is(404)
		acme.Join(own.Owner, "domains") // and back again
	})
}

func TestTheOwnerCanNeitherBeChangedNorRemovedNorLeave(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		acme.Member("bob", "emails")
		page := acme.Owner.Get(acme.Path("/users")).Has("button[aria-disabled=true]").Says("The owner always has full access.")
		me, _ := page.Find("button[aria-describedby^='why-']").Attr("aria-describedby")
		path := acme.Path("/users/" + strings.TrimPrefix(me, "why-"))
		acme.Owner.Get(path).OK().Says("The owner always has full access.").HasNot("main form:not([action='/me/verify'])")
		acme.Owner.Post(path, url.Values{"access": {"choose"}, "perm": {"emails"}, "version": {"1"}}).Is(403)
		acme.Owner.Post(path+"/remove", nil).Is(403)
		acme.Owner.Get(acme.Path("/users/people/leave")).Follow().OK().Says("Hand it over to someone else before you leave.").HasNot("main form:not([action='/me/verify'])")
		acme.Owner.Post(acme.Path("/users/people/leave"), nil).Is(403)
		acme.Owner.Get(acme.Path("/users")).OK()
	})
}

func TestAManagerWhoIsNotTheOwnerStaysBelowTheirOwnRights(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		mia := acme.Member("mia", "domains", "emails")
		acme.Member("bob", "domains")
		acme.Member("cleo", "invoices")
		acme.LetManage(mia, true)
		bob, cleo, self := userPath(t, acme, "Bob"), userPath(t, acme, "Cleo"), userPath(t, acme, "Mia")
		form := func(perm string) url.Values {
			return url.Values{"access": {"choose"}, "perm": {perm}, "version": {"1"}}
		}
		mia.Get(bob).OK().Has("input[value=emails]").HasNot("input[value=invoices]")
		mia.Post(bob, form("invoices")).Is(422).Says("You can only give permissions that you have yourself.")
		mia.Post(bob, form("emails")).SeeOther()
		mia.Get(cleo).OK().Says("Only the owner can change that.")
		mia.Post(cleo, form("emails")).Is(403)
		mia.Post(cleo+"/remove", nil).Is(403)
		mia.Post(self, form("emails")).Is(403)
		mia.Post(self+"/remove", nil).Is(403)
		all := url.Values{"access": {"all"}, "version": {"2"}}
		mia.Post(bob, all).SeeOther()
		acme.Owner.Get(bob).Has("input[value=emails][checked]").Has("input[value=domains][checked]").HasNot("input[value=invoices][checked]")
	})
}

func TestLeavingAsksAndTellsBoth(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "emails")
		ask := bob.Get(acme.Path("/users/people")).OK().Has("a[href$='/leave']")
		href, _ := ask.Find("main a[href$='/leave']").Attr("href")
		bob.Get(href).OK().Says("Leave Acme?").Submit("main form", nil).Follow().OK().Says("You have left Acme.").Says("You have no account yet.")
		bob.Get(acme.Path("/")).Is(404)
		w.Mail.Wait(t, "ann@example.com", "Bob Member no longer has access to Acme")
		w.Mail.Wait(t, "bob@example.com", "You no longer have access to Acme")
	})
}

func TestLastLoginIsToThisAccount(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, own := w.Account("Acme", "ann"), w.Account("Bob's", "bob")
		acme.Join(own.Owner, "emails")
		acme.Owner.Get(acme.Path("/users")).Says("Never")
		own.Owner.Get(acme.Path("/")).OK()
		// It is noted after the answer is sent.
		waitFor(t, func() bool { return strings.Contains(acme.Owner.Get(acme.Path("/users")).Body, "just now") })
		w.Clock.Add(3 * time.Hour)
		acme.Owner.Get(acme.Path("/users")).Says("3 hours ago").SaysNot("Never")
		own.Owner.Get(own.Path("/")).OK()
		acme.Owner.Get(acme.Path("/users")).Says("3 hours ago")
	})
}

func TestTwoTabsOnTwoAccountsDoNotMix(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		second := acme.Owner.Open("Second")
		one, two := acme.Owner.Get(acme.Path("/users")), acme.Owner.Get(second.Path("/users"))
		one.Submit("form#invite", choose("one@example.com", "domains")).SeeOther()
		two.Submit("form#invite", choose("two@example.com", "domains")).SeeOther()
		acme.Owner.Get(acme.Path("/users")).Says("one@example.com").SaysNot("two@example.com")
		acme.Owner.Get(second.Path("/users")).Says("two@example.com").SaysNot("one@example.com")
	})
}

func TestSwitchAccountListsOwnAccountsFirst(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		zed, acme := w.Account("Zed", "zoe"), w.Account("Acme", "ann")
		acme.Join(zed.Owner, "products", "domains", "invoices", "quotes")
		page := zed.Owner.Get("/accounts").OK().Says("Accountant").Has("a[href='/accounts/new']")
		var names []string
		for _, a := range page.Find("#accounts a.brk").EachIter() {
			names = append(names, a.Text())
		}
		if !slices.Equal(names, []string{"Zed", "Acme"}) {
			t.Errorf("listed %v", names)
		}
		// The same section where one may, else Home.
		zed.Owner.Get(zed.Path("/users")).Has(".acct a[href='" + acme.Path("/") + "']").Has(".acct a[href='/accounts']")
		acme.Join(zed.Owner.World.Account("X", "xia").Owner, "emails")
		zed.Owner.Get("/").SeeOther()
		if to := zed.Owner.Get("/").SeeOther(); to != zed.Path("/") {
			t.Errorf("/ leads to %s", to)
		}
	})
}

func TestMoreThanTenAccountsHaveASearch(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		w.Clock.Add(time.Hour)
		for _, name := range []string{"Ärzte", "Bravo", "Cargo", "Delta", "Echo"} {
			acme.Owner.Open(name)
		}
		w.Clock.Add(25 * time.Hour)
		acme.Owner.LogIn()
		for _, name := range []string{"Fox", "Golf", "Hotel", "India", "Juliet"} {
			acme.Owner.Open(name)
		}
		acme.Owner.Get("/accounts").Says("Ärzte").Has("input[name=q]")
		acme.Owner.Get("/accounts?q=ÄRZ").Says("Ärzte").HasNot("#accounts a:contains('Bravo')")
		acme.Owner.Get("/accounts?q=nothing").Says("None of your accounts is called “nothing”.")
	})
}

func TestAnAccountThatIsClosedCanBeReadAndNotChanged(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "profile", "emails")
		link := acme.InviteLink("cleo@example.com", "emails")
		w.Exec(`UPDATE accounts SET status = 'closed' WHERE account_id = $1`, acme.Number)
		bob.Get(acme.Path("/emails")).OK()
		bob.Get(acme.Path("/profile")).OK().Says("This account is closed.").HasNot("main form:not([action='/me/verify'])")
		bob.Post(acme.Path("/profile"), nil).Is(409).Says("This account is closed.")
		acme.Owner.Get(acme.Path("/users")).OK().Submit("form#invite", choose("x@example.com", "emails")).Is(409)
		w.Person("cleo").Get(link).Submit("form[action$='/new']", newLogin("Cleo", "cleo@example.com")).Is(409).Says("closed")
		bob.Get("/accounts").Says("Closed")
	})
}

func TestTheMembershipOfTheAPI(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "invoices", "domains")
		path := "/api/v1/accounts/" + acme.Number.String() + "/membership"
		var got struct {
			Account struct {
				Number       int
				Name, Status string
			}
			User        struct{ ID, Email string }
			Owner       bool
			Permissions []string
		}
		r := bob.Get(path).OK()
		if err := json.Unmarshal([]byte(r.Body), &got); err != nil {
			t.Fatal(err)
		}
		if got.Account.Number != int(acme.Number) || got.Account.Name != "Acme" || got.Account.Status != "active" || got.User.Email != "bob@example.com" ||
			len(got.User.ID) != 11 || got.Owner || !slices.Equal(got.Permissions, []string{"domains", "invoices"}) || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("got %s", r.Body)
		}
		if r := acme.Owner.Get(path).OK(); !strings.Contains(r.Body, `"owner":true`) || strings.Count(r.Body, `","`) < 12 {
			t.Errorf("the owner: %s", r.Body)
		}
		w.Account("Other", "sam").Owner.Get(path).Is(http.StatusNotFound)
		if r := w.Person("nobody").Get(path).Is(http.StatusUnauthorized); r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("got %v %s", r.Header, r.Body)
		}
	})
}
