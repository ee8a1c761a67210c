package sharing_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/area/sharing"
	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

const waits = "main a[href*='/requests/']:not([href$='#decline'])"

// asks has a member ask for what a page is denied for.
func asks(p *apptest.Person, page, note string) *apptest.Response {
	return p.Get(page).Is(http.StatusForbidden).Submit("form#ask", url.Values{"note": {note}})
}

// requestIn is the page of the first request that waits.
func requestIn(t *testing.T, a *apptest.Account, by *apptest.Person) *apptest.Response {
	t.Helper()
	href, _ := by.Get(a.Path("/users")).OK().Has(waits).Find(waits).First().Attr("href")
	return by.Get(href).OK()
}

func TestAMemberAsksForAPermissionAndTheOwnerGivesItWithChanges(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		asks(bob, acme.Path("/emails"), strings.Repeat("x", 301)).Is(http.StatusUnprocessableEntity).
			Says("Shorten the text to 300 characters.").Has("textarea[name=note]:contains('xxx')")
		to := asks(bob, acme.Path("/emails"), "I answer the customers.")
		if to.SeeOther() != acme.Path("/users/people") {
			t.Errorf("leads to %s", to.SeeOther())
		}
		to.Follow().Says("We have told Ann Owner.").Says("What you have asked for").Says("I answer the customers.").
			Has("#ask option[value=contacts]").HasNot("#ask option[value=emails]")
		bob.Get(acme.Path("/emails")).Denied("View Emails").Says("You have asked for access").Says("I answer the customers.").HasNot("form#ask")
		bob.Post(acme.Path("/requests"), url.Values{"permission": {"emails"}}).Is(http.StatusConflict).Says("You have asked for this already.")

		letter := w.Mail.Wait(t, acme.Owner.Email, "asks for more access to Acme")
		if !strings.Contains(letter.Words(), "View Emails") || !strings.Contains(letter.Words(), "I answer the customers.") {
			t.Errorf("the mail says: %s", letter.Words())
		}
		acme.Owner.Get(acme.Path("/")).OK().Says("One request for access waits for you.")
		page := acme.Owner.Get(letter.Link(t, acme.Path("/requests/"))).OK().Says("I answer the customers.").
			Has("input[value=domains][checked]").Has("input[value=emails][checked]").Says("Address not confirmed").Says("No two-step login")
		page.Submit("form[action$='/approve']", url.Values{"perm": {}}).Is(http.StatusUnprocessableEntity).Says("Tick at least one permission, or decline the request.")
		page.Submit("form[action$='/approve']", url.Values{"perm": {"domains"}}).Is(http.StatusUnprocessableEntity).Says("This gives nothing new.")
		page.Submit("form[action$='/approve']", url.Values{"perm": {"emails", "tickets"}}).SeeOther()
		bob.Get(acme.Path("/emails")).OK()
		said := w.Mail.Wait(t, bob.Email, "Your request in Acme was approved").Words()
		for _, words := range []string{"View Emails", "View & Open Support Tickets", "You can no longer: * View Domains"} {
			if !strings.Contains(strings.ReplaceAll(said, "- ", "* "), words) {
				t.Errorf("the mail does not say %q: %s", words, said)
			}
		}
		page.Submit("form[action$='/approve']", nil).Is(http.StatusConflict).Says("This request no longer waits").Says("By Ann Owner on")
		acme.Owner.Get(acme.Path("/activity")).OK().Says("approved the request of bob@example.com").Says("asked for: View Emails")
		w.Holds()
	})
}

func TestADeclinedRequestIsMailedWithItsReasonAndMayBeAskedAgain(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		asks(bob, acme.Path("/emails"), "").SeeOther()
		page := requestIn(t, acme, acme.Owner)
		page.Submit("form[action$='/decline']", url.Values{"reason": {strings.Repeat("x", 301)}}).Is(http.StatusUnprocessableEntity).Says("Shorten the text to 300 characters.")
		page.Submit("form[action$='/decline']", url.Values{"reason": {"Only Ann answers them."}}).SeeOther()
		page.Submit("form[action$='/decline']", nil).Is(http.StatusConflict).Says("This request no longer waits")
		if said := w.Mail.Wait(t, bob.Email, "Your request in Acme was declined").Words(); !strings.Contains(said, "Only Ann answers them.") {
			t.Errorf("the mail says: %s", said)
		}
		bob.Get(acme.Path("/emails")).Denied("View Emails").Has("form#ask")
		asks(bob, acme.Path("/emails"), "Please.").SeeOther()
		w.Holds()
	})
}

func TestRequestsEndWhenTheyAreSettledOtherwiseOrTooOld(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, eve := acme.Member("bob", "domains"), acme.Member("eve", "domains")
		asks(bob, acme.Path("/emails"), "").SeeOther()
		asks(bob, acme.Path("/contacts"), "").SeeOther()
		asks(eve, acme.Path("/emails"), "").SeeOther()
		open := func(n int) {
			t.Helper()
			if got := acme.Owner.Get(acme.Path("/users")).Find(waits).Length(); got != n {
				t.Fatalf("%d requests wait, want %d", got, n)
			}
		}
		open(3)
		page := requestIn(t, acme, acme.Owner)
		manage, _ := acme.Owner.Get(acme.Path("/users")).Find("tr:contains('bob@example.com') a[href*='/users/']").First().Attr("href")
		acme.Owner.Get(manage).Submit("main form", url.Values{"perm": {"domains", "emails"}}).SeeOther()
		open(2)
		page.Submit("form[action$='/approve']", nil).Is(http.StatusConflict).Says("Ended")
		eve.Post(acme.Path("/users/people/leave"), nil).SeeOther()
		open(1)
		w.Clock.Add(30*24*time.Hour - time.Second)
		acme.Owner.LogIn()
		page = requestIn(t, acme, acme.Owner)
		w.Clock.Add(time.Second)
		open(0)
		page.Submit("form[action$='/approve']", nil).Is(http.StatusConflict).Says("nobody answered for 30 days")
		bob.LogIn()
		asks(bob, acme.Path("/contacts"), "Still.").SeeOther()
		open(1)
		w.Holds()
	})
}

func TestFivePermissionsADayAreAskedForAndTwentyOfAnAccount(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		slugs := access.Everything.Without(access.SetOf(access.NameDomains)).Slugs()
		for _, slug := range slugs[:5] {
			bob.Post(acme.Path("/requests"), url.Values{"permission": {slug}, "note": {""}}).SeeOther()
		}
		bob.Post(acme.Path("/requests"), url.Values{"permission": {slugs[5]}, "note": {"Kept."}}).Is(http.StatusTooManyRequests).
			Says("You have asked for access five times today.").Has("textarea:contains('Kept.')")
		for _, first := range []string{"cyd", "dan", "eve"} {
			p := acme.Member(first, "domains")
			for _, slug := range slugs[:5] {
				p.Post(acme.Path("/requests"), url.Values{"permission": {slug}, "note": {""}}).SeeOther()
			}
		}
		acme.Member("flo", "domains").Post(acme.Path("/requests"), url.Values{"permission": {slugs[0]}}).Is(http.StatusTooManyRequests).Says("Many people have asked for access to this account today.")
		w.Clock.Add(24 * time.Hour)
		bob.LogIn()
		bob.Post(acme.Path("/requests"), url.Values{"permission": {slugs[5]}, "note": {""}}).SeeOther()
	})
}

// A manager decides within what they hold, and not about themselves.
func TestManagersDecideWithinWhatTheyHold(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		mia := acme.Member("mia", "domains", "emails")
		w.Exec(`UPDATE memberships SET manages = TRUE WHERE account_id = $1 AND user_id = (SELECT id FROM users WHERE email = $2)`, acme.Number, mia.Email)
		bob := acme.Member("bob", "domains")
		asks(bob, acme.Path("/contacts"), "").SeeOther()
		asks(mia, acme.Path("/contacts"), "").SeeOther()
		locked := mia.Get(acme.Path("/users")).OK().Says("Only the owner can decide.").HasNot(waits)
		if n := locked.Find("li:contains('You can\\'t change your own access.')").Length(); n != 1 {
			t.Errorf("%d requests are her own", n)
		}
		href, _ := acme.Owner.Get(acme.Path("/users")).Find(waits).First().Attr("href")
		mia.Get(href).OK().HasNot("main form.card")
		form := url.Values{"access": {"choose"}, "perm": {"domains"}, "version": {"1"}}
		mia.Post(href+"/approve", form).Is(http.StatusForbidden)
		mia.Post(href+"/decline", nil).Is(http.StatusForbidden)
		asks(bob, acme.Path("/emails"), "").SeeOther()
		page := requestIn(t, acme, mia)
		page.HasNot("input[value=contacts]")
		page.Submit("form[action$='/approve']", url.Values{"perm": {"contacts", "emails"}}).Is(http.StatusUnprocessableEntity).Says("You can only give permissions that you have yourself.")
		page.Submit("form[action$='/approve']", nil).SeeOther()
		bob.Get(acme.Path("/emails")).OK()
		if n := len(w.Mail.To(mia.Email)); n == 0 {
			t.Error("who may decide got no mail")
		}
		w.Holds()
	})
}

func TestAChangedMemberIsShownAsTheyAreNow(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		asks(bob, acme.Path("/emails"), "").SeeOther()
		page := requestIn(t, acme, acme.Owner)
		manage, _ := acme.Owner.Get(acme.Path("/users")).Find("tr:contains('bob@example.com') a[href*='/users/']").First().Attr("href")
		acme.Owner.Get(manage).Submit("main form", url.Values{"perm": {"tickets"}}).SeeOther()
		page.Submit("form[action$='/approve']", nil).Is(http.StatusConflict).Says("were changed by Ann Owner").
			Has("input[value=tickets][checked]").Has("input[value=emails][checked]").HasNot("input[value=domains][checked]").
			Submit("form[action$='/approve']", nil).SeeOther()
		bob.Get(acme.Path("/emails")).OK()
	})
}

const toldSought = "If there is such an account, its owner gets your request by email now."

// seeks has somebody ask for access to an account that they name.
func seeks(p *apptest.Person, account, note string) *apptest.Response {
	return p.Get("/accounts/ask").OK().Submit("main form", url.Values{"account": {account}, "note": {note}})
}

func TestAStrangerAsksForAccessAndIsLetIn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Bolt", "bob").Owner
		bob.Get("/accounts/new").OK().Has("a[href='/accounts/ask']")
		seeks(bob, "nobody", "Kept.").Is(http.StatusUnprocessableEntity).Says("Enter the number of the account").Has("textarea:contains('Kept.')").Has("input[value=nobody]")
		seeks(bob, "#"+acme.Number.String(), "I am your webmaster.").Follow().Says(toldSought)
		letter := w.Mail.Wait(t, acme.Owner.Email, "asks for access to Acme")
		if said := letter.Words(); !strings.Contains(said, "I am your webmaster.") || !strings.Contains(said, "They have not confirmed this email address") {
			t.Errorf("the mail says: %s", said)
		}
		page := acme.Owner.Get(letter.Link(t, acme.Path("/requests/"))).OK().Says("Not a member of this account.").HasNot("input[name=perm][checked]")
		page.Submit("form[action$='/approve']", nil).Is(http.StatusUnprocessableEntity).Says("Tick at least one permission")
		page.Submit("form[action$='/approve']", url.Values{"perm": {"emails"}}).SeeOther()
		bob.Get(acme.Path("/emails")).OK()
		w.Mail.Wait(t, bob.Email, "You can now work in Acme")
		seeks(bob, acme.Number.String(), "").Is(http.StatusUnprocessableEntity).Says("You have access to this account already.")
		acme.Owner.Get(acme.Path("/activity")).OK().Says("asked for access to the account").Says("approved the request of bob@example.com")
		w.Holds()
	})
}

func TestAnAccountThatTakesProvedAddressesLetsNobodyElseIn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Bolt", "bob").Owner
		seeks(bob, acme.Number.String(), "").SeeOther()
		w.Mail.Wait(t, acme.Owner.Email, "asks for access to Acme")
		w.Exec(`UPDATE accounts SET invited_rule_at = 1 WHERE account_id = $1`, acme.Number)
		page := requestIn(t, acme, acme.Owner)
		page.Submit("form[action$='/approve']", url.Values{"perm": {"emails"}}).Is(http.StatusConflict).Says("Bob Owner has not confirmed their email address yet").
			Has("input[value=emails][checked]")
		bob.Get(acme.Path("/")).Is(http.StatusNotFound)
		bob.Verify()
		page.Submit("form[action$='/approve']", url.Values{"perm": {"emails"}}).SeeOther()
		bob.Get(acme.Path("/emails")).OK()
		w.Holds()
	})
}

func TestWhoIsNoMemberReadsNothingOfTheAccountInARefusal(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Bolt", "bob").Owner
		seeks(bob, acme.Owner.Email, "").SeeOther()
		w.Mail.Wait(t, acme.Owner.Email, "asks for access to Acme")
		requestIn(t, acme, acme.Owner).Submit("form[action$='/decline']", url.Values{"reason": {"We don't know you."}}).SeeOther()
		l := w.Mail.Wait(t, bob.Email, "Your request for access was declined")
		if strings.Contains(l.Raw, "Acme") || strings.Contains(l.Raw, "Ann") || strings.Contains(l.Text, acme.Number.String()) || !strings.Contains(l.Words(), "We don't know you.") {
			t.Errorf("the mail says: %s", l.Text)
		}
	})
}

// Of an owner with several accounts the oldest is asked of which one is no member;
// what is closed is not asked, nor asked twice, and nobody is told.
func TestWhichAccountIsAskedNobodyIsTold(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		first := w.Account("First", "ann")
		second, third := first.Owner.Open("Second"), first.Owner.Open("Third")
		bob := w.Account("Bolt", "bob").Owner
		first.Join(bob, "emails")
		w.Staff("stan").Get("/staff/accounts/"+second.Number.String()+"/status").OK().Submit("main form", url.Values{"status": {"closed"}, "reason": {"Asked for."}}).SeeOther()
		for _, named := range []string{"ann@example.com", "ANN@example.com", second.Number.String(), "99999", "ann@example.org"} {
			seeks(bob, named, "").Follow().Says(toldSought)
		}
		w.Mail.Wait(t, first.Owner.Email, "asks for access to Third")
		for _, a := range []*apptest.Account{first, second} {
			first.Owner.Get(a.Path("/users")).OK().HasNot(waits)
		}
		if n := first.Owner.Get(third.Path("/users")).OK().Find(waits).Length(); n != 1 {
			t.Errorf("%d requests wait, want 1", n)
		}
		seeks(bob, third.Number.String(), "").Is(http.StatusTooManyRequests).Says("You have asked for access five times today.")
		w.Holds()
	})
}

// What a stranger is answered, and what the request does in the database, is the same
// whether the account exists or not.
func TestAskingForAnAccountDoesAndTellsTheSameWhetherItExistsOrNot(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		w.Exec(`UPDATE accounts SET status = 'closed' WHERE account_id = $1`, acme.Owner.Open("Closed").Number)
		bob := w.Account("Bolt", "bob").Owner
		nonce := regexp.MustCompile(`[0-9A-Za-z_-]{20,}`)
		said := map[string]string{}
		for _, named := range []string{acme.Number.String(), "10002", "99999", "ann@example.com", "nobody@example.com"} {
			r := seeks(bob, named, "Hello")
			to := r.SeeOther()
			page := r.Follow()
			said[named] = to + nonce.ReplaceAllString(page.Body, "")
			if page.Status != http.StatusOK || r.Body != "" || said[named] != said[acme.Number.String()] {
				t.Errorf("%s is answered otherwise", named)
			}
		}
	})
}

func TestAskingForAnAccountRunsTheSameStatementsWhetherItExistsOrNot(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			var ran []string
			d := dbtest.Reopen(t, dbtest.Migrated(t, engine, officeSchemas()), officeSchemas(), func(o *db.Options) {
				o.Trace = func(sql string, _ bool) { ran = append(ran, sql) }
			})
			o := newOffice(t, d)
			bob := o.person("Bob")
			var first []string
			for i, named := range []string{o.acme.String(), "99999", "Ann@example.com", "nobody@example.com", "mia@example.com"} {
				ran = nil
				ok(t, o.Seek(t.Context(), o.self(bob), sharing.Search{Account: named, Note: "Hello"}))
				if i == 0 {
					first = ran
				}
				if len(ran) < 4 || !slices.Equal(ran, first) {
					t.Errorf("for %s these ran: %q, for the first: %q", named, ran, first)
				}
			}
		})
	}
}

func TestWhereTheHostManagesUsersNobodyAsks(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		asks(bob, acme.Path("/emails"), "").SeeOther()
		request := requestIn(t, acme, acme.Owner).Path
		w.Staff("stan").Get("/staff/settings/users").OK().Submit("main form", url.Values{"managed": {"no"}}).SeeOther()
		bob.Get(acme.Path("/contacts")).Denied("View & Manage Contacts").Says("manages users for you").HasNot("form#ask")
		bob.Post(acme.Path("/requests"), url.Values{"permission": {"contacts"}}).Is(http.StatusForbidden)
		bob.Get("/accounts/ask").OK().Says("manages users for you").HasNot("main form.card")
		bob.Get("/accounts/new").OK().HasNot("a[href='/accounts/ask']")
		bob.Post("/accounts/ask", url.Values{"account": {"10001"}}).Is(http.StatusForbidden)
		acme.Owner.Get(request).OK().HasNot("main form.card")
		acme.Owner.Post(request+"/approve", url.Values{"access": {"choose"}, "perm": {"emails"}, "version": {"1"}}).Is(http.StatusForbidden)
	})
}

func TestTheDeniedPageLeadsToAnotherAccountWhereOneMay(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, bolt := w.Account("Acme", "ann"), w.Account("Bolt", "bob")
		acme.Join(bolt.Owner, "domains")
		bolt.Owner.Get(acme.Path("/emails")).Denied("View Emails").Says("You can open this in Bolt").Has("a[href='" + bolt.Path("/emails") + "']")
		acme.Owner.Get(acme.Path("/users/people")).OK().HasNot("form#ask")
		bolt.Owner.Get(acme.Path("/users/people")).OK().Submit("form#ask", url.Values{"permission": {""}}).Is(http.StatusUnprocessableEntity).
			Says("Choose what you want to be able to do.").Submit("form#ask", url.Values{"permission": {"orders"}}).SeeOther()
	})
}

func TestStaffSeeWhoAsksForAccessAndLeaveTheAnswerToTheAccount(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, eve := acme.Member("bob", "domains"), acme.Member("eve", "domains")
		record := "/staff/accounts/" + acme.Number.String()
		sue := w.StaffAs("sue", access.ReadOnly)
		sue.Get(record + "/users").OK().HasNot("#h-requests")
		asks(bob, acme.Path("/emails"), "I answer the customers.").SeeOther()
		asks(eve, acme.Path("/contacts"), "").SeeOther()
		page := sue.Get(record + "/users").OK().Says("Bob Member asks for: View Emails").Says("Waits for an answer").SaysNot("I answer the customers.")
		page.HasNot("section[aria-labelledby=h-requests] form").HasNot("a[href*='/requests/']")

		letter := w.Mail.Wait(t, acme.Owner.Email, "asks for more access to Acme")
		acme.Owner.Get(letter.Link(t, acme.Path("/requests/"))).OK().Submit("form[action$='/decline']", url.Values{"reason": {"Not yet, dear."}}).SeeOther()
		sue.Get(record + "/users").OK().Says("Declined").Says("By Ann Owner on").Says("Waits for an answer").SaysNot("Not yet, dear.")
		w.Clock.Add(30 * 24 * time.Hour)
		sue = w.StaffAs("tom", access.ReadOnly)
		sue.Get(record + "/users").OK().HasNot("#h-requests")
	})
}
