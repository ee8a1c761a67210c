package test

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

func TestStaffSeeWhoDidWhatEverywhere(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		step := func() { w.Clock.Add(time.Second) }
		acme := w.Account("Acme", "ann")
		step()
		other := w.Account("Other", "sam")
		step()
		lou := w.StaffAs("lou", access.Support)
		step()
		stan := w.StaffAs("stan", access.ReadOnly)
		step()
		acme.Invite("bob@example.com", "domains").SeeOther()
		step()
		lou.Post("/staff/accounts/"+acme.Number.String()+"/users/associate", url.Values{"user": {other.Owner.Email}, "access": {"all"}, "invite": {"no"}, "reason": {"Asked by telephone"}}).SeeOther()
		step()

		// Everything: other accounts, log-ins, staff by their names, whole addresses.
		all := stan.Get("/staff/activity").OK()
		for _, words := range []string{
			"Ann Owner", "invited bob@example.com: View Domains", "Sam Owner", "opened the account", "created the login",
			"Lou Staff", "Stan Staff", "logged in to the staff area", "127.0.0.1",
		} {
			all.Says(words)
		}
		all.HasNot("td.lead:contains('Support')").SaysNot("127.0.0.x").Has("a[href='/staff/accounts/" + acme.Number.String() + "/activity']")

		filtered := func(values url.Values) *apptest.Response {
			t.Helper()
			return all.Submit("main form", values).OK()
		}
		filtered(url.Values{"account": {acme.Number.String()}}).Says("invited bob@example.com").Says("Lou Staff").SaysNot("created the login").SaysNot("Stan Staff logged")
		filtered(url.Values{"account": {"#" + other.Number.String()}}).Says("Sam Owner").SaysNot("Ann Owner")
		filtered(url.Values{"person": {"ANN@example.com"}}).Says("created the login").Says("invited bob@example.com").SaysNot("Sam Owner")
		filtered(url.Values{"person": {"ann@example.com"}, "account": {other.Number.String()}}).Says("Nothing happened in this period.")
		filtered(url.Values{"area": {"office"}}).Says("logged in to the staff area").SaysNot("opened the account").SaysNot("invited")
		filtered(url.Values{"area": {"nowhere"}}).Says("created the login").SaysNot("opened the account").SaysNot("staff area").HasNot("td.lead:contains('Lou Staff')")
		filtered(url.Values{"area": {"users"}}).Says("invited bob@example.com").SaysNot("opened the account")
		filtered(url.Values{"staff": {"any"}}).Says("Lou Staff").Says("Stan Staff").SaysNot("Ann Owner")
		key := all.Find("#staff option:contains('Lou Staff')").AttrOr("value", "")
		filtered(url.Values{"staff": {key}, "area": {"office"}}).Says("turned on two-step login").Says("gave the right password and was asked for a code")
		lous := filtered(url.Values{"staff": {key}}).Says("Lou Staff").SaysNot("Sam Owner opened").HasNot("td.lead:contains('Stan Staff')")
		w.Clock.Add(8 * 24 * time.Hour)
		stan.LogInStaff()
		filtered(url.Values{"period": {"7"}}).Says("Stan Staff").SaysNot("Ann Owner")

		// What can't be found says why, at its field.
		all.Submit("main form", url.Values{"person": {"nobody@example.com"}}).Is(422).Says("No login has this address.").Has("#person[aria-invalid]")
		both := all.Submit("main form", url.Values{"person": {"ann@example.com"}, "staff": {key}}).Is(422).Says("Choose a user or staff, not both").Has("#person[value='ann@example.com'][aria-invalid]")
		stan.Get(both.Find("main a[download]").AttrOr("href", "")).Is(422)
		all.Submit("main form", url.Values{"person": {"ann@example.com"}, "staff": {"any"}, "account": {acme.Number.String()}}).Is(422).Has("#person-error")
		all.Submit("main form", url.Values{"account": {"first"}}).Is(422).Says("Enter the number of an account").Has("#account[value='first']")

		// The file has what is shown, each with its account.
		file := stan.Get(lous.Find("main a[download]").AttrOr("href", "")).OK()
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) < 3 || rows[0][8] != "Account" {
			t.Fatalf("the file is %q, %v", rows, err)
		}
		for _, row := range rows[1:] {
			if row[1] != "Lou Staff" || row[6] != "127.0.0.1" {
				t.Errorf("a row of the file is %q", row)
			}
		}

		// The record's tab has the account's alone, by the same names; its owner
		// doesn't learn them.
		tab := stan.Get("/staff/accounts/" + acme.Number.String() + "/activity").OK().Says("Lou Staff").Says("Ann Owner").SaysNot("Other").Has("nav.tabs a[aria-current=page]")
		tab.Submit("main form", url.Values{"person": {"support"}}).OK().Has("td.lead:contains('Lou Staff')").HasNot("td.lead:contains('Ann Owner')")
		record := stan.Get(tab.Find("main a[download]").AttrOr("href", "")).OK()
		if !strings.Contains(record.Body, "Lou Staff") || !strings.Contains(record.Header.Get("Content-Disposition"), "activity-"+acme.Number.String()+".csv") {
			t.Errorf("the record's file is %s", record.Body)
		}
		acme.Owner.LogIn()
		acme.Owner.Get(acme.Path("/activity")).OK().Says("Support").SaysNot("Lou Staff")
	})
}
