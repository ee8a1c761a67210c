package test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/test/apptest"
)

// found lists the numbers on a page of the list of accounts.
func found(r *apptest.Response) string {
	var all []string
	for _, a := range r.OK().Find("#found tbody a.ttl").EachIter() {
		href := a.AttrOr("href", "")
		all = append(all, href[strings.LastIndex(href, "/")+1:])
	}
	return strings.Join(all, " ")
}

func TestStaffFindAccountsByWordsAndFilters(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("Nordlicht Studio", "ann")
		bob := w.Account("Café Amsel", "bob").Owner
		bob.TurnOnTwoStep()
		staff := w.StaffAs("stan", access.ReadOnly)
		list := staff.Get("/staff/accounts").OK().HasNot("a[href='/staff/accounts/new']").Has("form[data-live=found]")
		if got := found(list); got != "10002 10001" {
			t.Errorf("without a search there are %s", got)
		}
		for query, want := range map[string]string{
			"q=nord+stud": "10001", "q=CAF%C3%89": "10002", "q=%2310002": "10002", "q=%40example.com": "10001 10002", "q=n&status=closed": "",
			"q=zzz": "", "two-step=off": "10001", "two-step=on": "10002", "two-step=off&q=cafe": "", "two-step=wrong": "10002 10001", "status=active": "10002 10001", "status=wrong": "10002 10001", "since=2000-01-01": "10002 10001", "since=2100-01-01": "", "country=JP": "",
		} {
			if got := found(staff.Get("/staff/accounts?" + query)); got != want {
				t.Errorf("%s finds %q, want %q", query, got, want)
			}
		}
		staff.Get("/staff/accounts?q=zzz").Says("No account matches")
	})
}

func TestStaffOpenAccountsForExistingAndNewUsers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		w.StaffAs("rea", access.ReadOnly).Get("/staff/accounts/new").Is(http.StatusForbidden)
		staff := w.StaffAs("bill", access.Billing)
		order := func(user, name string, more ...string) url.Values {
			v := url.Values{"user": {user}, "find": {user}, "name": {name}, "country": {"DE"}, "zone": {"UTC"}, "link": {"no"}}
			for i := 0; i < len(more); i += 2 {
				v.Set(more[i], more[i+1])
			}
			return v
		}
		post := func(v url.Values) *apptest.Response { return staff.Post("/staff/accounts/new", v) }
		post(order(ann.Email, "Second")).Follow().OK().Says("Its number is 10002.").Says("ann@example.com")
		ann.Get("/a/10002/").OK().Says("You are the owner of this account.")
		ann.Get("/a/10002/activity").OK().Says("Support").Says("opened the account")

		post(order("", "")).Is(422).Has("#find-error").Has("#name-error")
		post(order("lea@example.com", "Lea's")).Is(422).Has("#first-error").Has("input[name=find][value='lea@example.com']")
		w.Unaudited(func() {
			post(order("lea@example.com", "Lea's", "first", "Lea", "do", "find")).OK().Has("input[name=name][value=\"Lea's\"]")
		})
		post(order("lea@example.com", "Lea's", "first", "Lea", "link", "yes")).Follow().Says("Its number is 10003.")
		link := w.Mail.Wait(t, "lea@example.com", "password").Link(t, "/reset/")
		lea := w.Person("lea")
		lea.Get(link).OK()
		post(order("lea@example.com", "Lea's other")).SeeOther() // by now she is a user
		if got := found(staff.Get("/staff/accounts?q=lea")); got != "10003 10004" {
			t.Errorf("of Lea's there are %s", got)
		}
	})
}

func TestStaffChangeDetailsAsMembersDo(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		at := "/staff/accounts/" + acme.Number.String() + "/profile"
		w.StaffAs("rea", access.ReadOnly).Get(at).OK().HasNot("main form")
		staff := w.StaffAs("sue", access.Support)
		page := staff.Get(at).OK()
		page.Submit("main form", url.Values{"name": {"Acme Anvils"}, "phone": {"call me"}}).Is(422).Has("#phone-error").Has("input[value='Acme Anvils']")
		page.Submit("main form", url.Values{"name": {"Acme Anvils"}}).Follow().Says("The account details are saved.")
		page.Submit("main form", url.Values{"name": {"Acme Ltd"}}).Is(http.StatusConflict).Says("changed meanwhile").Says("Acme Ltd")
		acme.Owner.Get(acme.Path("/activity")).OK().Says("Support").Says("changed the account's details")
		if got := found(staff.Get("/staff/accounts?q=anvils")); got != acme.Number.String() {
			t.Errorf("the new name finds %q", got)
		}
	})
}

func TestNotesAreForStaffOnly(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, other := w.Account("Acme", "ann"), w.Account("Other", "bob")
		at := "/staff/accounts/" + acme.Number.String()
		sue, bill := w.StaffAs("sue", access.Support), w.StaffAs("bill", access.Billing)
		sue.Get(at + "/notes").OK().Says("There are no notes")
		sue.Post(at+"/notes", url.Values{"text": {" "}}).Is(422).Has("#text-error")
		sue.Post(at+"/notes", url.Values{"text": {strings.Repeat("ä", 4001)}}).Is(422).Has("#text-error")
		sue.Post(at+"/notes", url.Values{"text": {"Prefers the telephone.\nCall after ten."}}).SeeOther()
		sue.Post(at+"/notes", url.Values{"text": {"A second one"}}).SeeOther()

		list := bill.Get(at + "/notes").OK().Says("Prefers the telephone.").Says("Sue Staff").HasNot("a[href$='/delete']")
		pin, _ := list.Find("form[action$='/pin']").Last().Attr("action")
		note := strings.TrimSuffix(pin, "/pin")
		bill.Post(pin, url.Values{"pinned": {"yes"}}).Follow().Says("The note is pinned.")
		bill.Post(pin, url.Values{"pinned": {"yes"}}).Is(http.StatusConflict)
		bill.Get(at).OK().Says("Prefers the telephone.").SaysNot("A second one")
		if first := strings.TrimSpace(bill.Get(at + "/notes").Find(".list > li").First().Text()); !strings.Contains(first, "Prefers") {
			t.Errorf("first stands %q", first)
		}

		bill.Get(note).Is(http.StatusNotFound)
		bill.Post(note, url.Values{"text": {"Mine"}, "version": {"1"}}).Is(http.StatusNotFound)
		bill.Post(note+"/delete", url.Values{"version": {"1"}}).Is(http.StatusConflict)
		elsewhere := strings.Replace(note, acme.Number.String(), other.Number.String(), 1)
		sue.Get(elsewhere).Is(http.StatusNotFound)
		sue.Post(elsewhere+"/delete", url.Values{"version": {"1"}}).Is(http.StatusNotFound)

		form := sue.Get(note).OK()
		form.Submit("main form", url.Values{"text": {"Prefers mail."}}).Follow().Says("Prefers mail.").Says("edited")
		form.Submit("main form", url.Values{"text": {"Prefers pigeons."}}).Is(http.StatusConflict).Says("Prefers pigeons.")
		sue.Get(note+"/delete").OK().Submit("main form", nil).Follow().SaysNot("Prefers mail.").Says("A second one")

		acme.Owner.Get(acme.Path("/activity")).OK().SaysNot("note")
		acme.Owner.Get(acme.Path("/")).OK().SaysNot("A second one")
		bill.Get("/staff/activity").OK().Says("wrote a note about the account " + acme.Number.String())
		w.StaffAs("rea", access.ReadOnly).Get(at + "/notes").OK().Says("A second one").HasNot("main form")
	})
}

func TestAnAccountIsClosedAndOpenedAgainWithAReason(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		at := "/staff/accounts/" + acme.Number.String()
		w.StaffAs("sue", access.Support).Get(at + "/status").Is(http.StatusForbidden)
		staff := w.StaffAs("bill", access.Billing)
		page := staff.Get(at + "/status").OK()
		page.Submit("main form", url.Values{"status": {"closed"}}).Is(422).Has("#reason-error")
		page.Submit("main form", url.Values{"status": {"active"}, "reason": {"So"}}).Is(422).Says("The account is that already.")
		page.Submit("main form", url.Values{"status": {"gone"}, "reason": {"So"}}).Is(422)
		page.Submit("main form", url.Values{"status": {"inactive"}, "reason": {"Asleep"}}).Follow().Says("The account is inactive.")
		page.Submit("main form", url.Values{"status": {"closed"}, "reason": {"Unpaid"}}).Is(http.StatusConflict).Says("Unpaid")
		acme.Owner.Get(acme.Path("/profile")).OK().Submit("main form[aria-labelledby='h-details']", url.Values{"address1": {"Am Markt 1"}, "postcode": {"24103"}, "city": {"Kiel"}}).SeeOther()

		staff.Get(at+"/status").OK().Submit("main form", url.Values{"status": {"closed"}, "reason": {"Unpaid"}}).SeeOther()
		if m := w.Mail.Wait(t, acme.Owner.Email, "was closed"); !strings.Contains(m.Text, "Unpaid") {
			t.Errorf("the owner reads %s", m.Text)
		}
		acme.Owner.Get(acme.Path("/")).OK().Says("This account is closed.")
		if got := found(staff.Get("/staff/accounts?status=closed")); got != acme.Number.String() {
			t.Errorf("closed are %q", got)
		}
		staff.Get(at+"/status").OK().Submit("main form", url.Values{"status": {"active"}, "reason": {"Paid"}}).SeeOther()
		w.Mail.Wait(t, acme.Owner.Email, "is open again")
		acme.Owner.Get(acme.Path("/activity")).OK().Says("closed the account").Says("made the account active").Says("Unpaid")
	})
}

func TestADeletedAccountIsGoneAndItsUsersStay(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		other := w.Account("Other", "eve")
		acme.InviteLink("waiting@example.com", "domains")
		at := "/staff/accounts/" + acme.Number.String()
		staff := w.StaffAs("bill", access.Billing)
		staff.Post(at+"/notes", url.Values{"text": {"Opened by mistake"}}).SeeOther()
		w.Exec(`INSERT INTO audit (account_id, id, at, actor_kind, user_id, staff_id, actor_name, behalf, ip, agent, action, subject, before, after)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500)
			SELECT CAST($1 AS BIGINT), i, 1, 'user', 1, 0, '', '', '', '', 'member.login', '', '', '' FROM n`, acme.Number)

		page := staff.Get(at + "/delete").OK()
		page.Submit("main form", url.Values{"number": {other.Number.String()}, "reason": {"So"}}).Is(422).Has("#number-error")
		page.Submit("main form", url.Values{"number": {acme.Number.String()}}).Is(422).Has("#reason-error")
		page.Submit("main form", url.Values{"number": {"#" + acme.Number.String()}, "reason": {"By mistake"}}).Follow().Says("The account " + acme.Number.String() + " is deleted.")
		page.Submit("main form", url.Values{"number": {acme.Number.String()}, "reason": {"Again"}}).Is(http.StatusNotFound)

		acme.Owner.Get(acme.Path("/")).Is(http.StatusNotFound)
		bob.Get(acme.Path("/")).Is(http.StatusNotFound)
		bob.Get("/me/profile").OK()
		if got := found(staff.Get("/staff/accounts")); got != other.Number.String() {
			t.Errorf("there are still %s", got)
		}
		staff.Get("/staff/activity").OK().Says("deleted the account " + acme.Number.String()).Says("By mistake")
		apptest.Holds(t, w.DB) // also while the rest is being cleared away
		settle(t, w)
		for _, table := range []string{"audit", "emails", "account_notes", "account_terms", "invitations", "memberships", "user_accounts", "dropped_accounts"} {
			if n := w.DBCount(`SELECT count(*) FROM `+table+` WHERE account_id = $1`, acme.Number); n != 0 {
				t.Errorf("%s still has %d rows", table, n)
			}
		}
		if again := w.Account("Third", "kim"); again.Number <= other.Number {
			t.Errorf("a number is given again: %s", again.Number)
		}
		apptest.Holds(t, w.DB)
	})
}
