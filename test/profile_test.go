package test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/test/apptest"
)

// saveProfile fills in the account's profile and sends it.
func saveProfile(p *apptest.Person, at string, values url.Values) *apptest.Response {
	return p.Get(at).OK().Submit("main form[aria-labelledby='h-details']", values)
}

// allow has the owner choose what a member may do.
func allow(acme *apptest.Account, p *apptest.Person, slugs ...string) {
	acme.Owner.Get(acme.Path("/users/"+userID(acme.World, p.Email))).OK().Submit("main form", url.Values{"access": {"choose"}, "perm": slugs}).SeeOther()
}

func TestMembersLookAfterTheAccountsProfile(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, at := acme.Member("bob", "profile"), acme.Path("/profile")
		bob.Get(at).OK().Says("Changing your login's email doesn't change where invoices go.").Has("a[href='/me/profile']").
			Has("input[name=email][value='ann@example.com']").Has("input[value=invoice][checked]").Says("Nobody has agreed so far.")
		bob.Get("/me/profile").OK().Says("Changing your login's email doesn't change where invoices go.")
		saveProfile(bob, at, url.Values{"company": {"Acme GmbH"}, "phone": {"0451 123456"}, "tax": {"de 136 695 976"}, "address1": {"Hafenstraße 1"},
			"postcode": {"D-23552"}, "city": {"Lübeck"}, "language": {"de"}, "topic": {"invoice", "domain"}, "marketing": {"yes"}}).Follow().Says("The account details are saved.").
			Has("input[name=phone][value='+49 451 123456']").Has("input[name=tax][value=DE136695976]").Has("input[name=postcode][value='23552']").
			HasNot("input[value=support][checked]").Has("input[name=marketing][checked]").Says("Bob Member agreed on ")
		given := w.DBCount(`SELECT marketing_at FROM accounts WHERE account_id = $1`, acme.Number)

		// Who else saves it does not take the consent over; who withdraws it ends it.
		saveProfile(acme.Owner, at, url.Values{"company": {"Acme AG"}}).Follow().Says("Bob Member agreed on ")
		if n := w.DBCount(`SELECT marketing_at FROM accounts WHERE account_id = $1`, acme.Number); n != given || n == 0 {
			t.Errorf("the consent is of %d, then of %d", given, n)
		}
		saveProfile(acme.Owner, at, url.Values{"marketing": {}}).Follow().Says("Nobody has agreed so far.")

		bad := saveProfile(bob, at, url.Values{"email": {"nobody"}, "tax": {"DE136695977"}, "phone": {"call me"}, "postcode": {"1"}, "billing": {"99999999999"}}).Is(422)
		for field, says := range map[string]string{
			"email": "Enter an address like name@example.com.", "tax": "DE136695977 has wrong check digits", "phone": "Enter a telephone number like +49 ", "postcode": "Enter a postcode like 26133.",
		} {
			if got := strings.TrimSpace(bad.Find("#" + field + "-error").Text()); !strings.HasPrefix(got, says) {
				t.Errorf("%s: %q", field, got)
			}
		}
		bad.Has("input[name=email][value=nobody]").Has("input[name=tax][value=DE136695977]").Has("input[name=phone][value='call me']")

		// Another country: the page again as it was typed, nothing is saved.
		w.Unaudited(func() {
			saveProfile(bob, at, url.Values{"country": {"US"}, "company": {"Acme Inc."}, "do": {"country"}}).OK().Says("ZIP code").Says("EIN").Has("input[name=company][value='Acme Inc.']")
		})
		bob.Get(at).Has("input[name=company][value='Acme AG']")
		saveProfile(bob, at, url.Values{"language": {"en"}}).SeeOther()
		acme.Member("eve", "contacts").Get(at).Denied("Modify Master Account Profile")
		w.Holds()
	})
}

func TestTheBillingContactIsWhoMaySeeInvoices(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		at := acme.Path("/profile")
		bob, eve := acme.Member("bob", "invoices", "profile"), acme.Member("eve", "tickets")
		payer := func() string {
			s := acme.Owner.Get(at).OK().Find("select[name=billing] option[selected]")
			return strings.TrimSpace(s.Text())
		}
		bobs := userID(w, bob.Email)
		acme.Owner.Get(at).HasNot("select[name=billing] option:contains('Eve')")
		saveProfile(acme.Owner, at, url.Values{"billing": {userID(w, eve.Email)}}).Is(422).Has("#billing-error")
		saveProfile(acme.Owner, at, url.Values{"billing": {bobs}}).SeeOther()
		if got := payer(); got != "Bob Member" {
			t.Errorf("the billing contact is %q", got)
		}
		acme.Owner.Get(acme.Path("/activity")).OK().Says("Billing contact").Says("Bob Member")
		allow(acme, bob, "tickets")
		if got := payer(); got != "The owner" {
			t.Errorf("without the permission the billing contact is %q", got)
		}
		w.Holds()
		allow(acme, bob, "invoices")
		saveProfile(acme.Owner, at, url.Values{"billing": {bobs}}).SeeOther()
		acme.Owner.Get(acme.Path("/users/"+bobs+"/remove")).OK().Submit("main form", nil).SeeOther()
		if got := payer(); got != "The owner" {
			t.Errorf("without membership the billing contact is %q", got)
		}
		w.Holds()
	})
}

func TestWhatStaffLockOnlyStaffChange(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		record, at := "/staff/accounts/"+acme.Number.String()+"/profile", acme.Path("/profile")
		sue := w.StaffAs("sue", access.Support)
		before := acme.Owner.Get(at).OK()
		locks := sue.Get(record).OK()
		locks.Submit("form[aria-labelledby=h-locks]", url.Values{"lock": {"name", "address", "tax"}}).Follow().Says("Members see these fields, and can't change them.")
		locks.Submit("form[aria-labelledby=h-locks]", url.Values{"lock": {"phone"}}).Is(http.StatusConflict).Says("changed meanwhile").Has("input[value=tax][checked]")

		acme.Owner.Get(at).OK().Says("Only our support can change this.").HasNot("input[name=name]").HasNot("input[name=address1]").HasNot("select[name=country]").HasNot("input[name=tax]").Has("input[name=phone]")
		saveProfile(acme.Owner, at, url.Values{"phone": {"0451 123456"}}).Follow().Says("are saved")
		before.Submit("main form[aria-labelledby='h-details']", url.Values{"name": {"Anvils"}}).Is(http.StatusConflict)
		version := acme.Owner.Get(at).Find("input[name=version]").AttrOr("value", "")
		form := url.Values{"version": {version}, "name": {"Anvils"}, "email": {"ann@example.com"}, "country": {"AT"}, "tax": {"ATU13585627"}, "phone": {"+49451123456"}, "language": {"en"}, "zone": {"Europe/Berlin"}, "billing": {"owner"}}
		acme.Owner.Post(at, form).Is(422).Has("#name-error").Has("#country-error").Has("#tax-error").Says("Only our support can change this.")
		stan := w.StaffAs("stan", access.Support)
		visit(acme, stan) // as the owner, who can't either
		stan.Post(at, form).Is(422).Has("#name-error")
		if n := w.DBCount(`SELECT count(*) FROM accounts WHERE account_id = $1 AND name = 'Acme' AND country = 'DE' AND phone = '+49451123456'`, acme.Number); n != 1 {
			t.Error("something locked was changed")
		}
		saveProfile(sue, record, url.Values{"name": {"Anvils"}, "tax": {"DE136695976"}}).Follow().Says("are saved")
		acme.Owner.Get(at).OK().Says("DE136695976").HasNot("input[name=tax]")
		acme.Owner.Get(acme.Path("/activity")).OK().Says("set which of the account's details only support changes")
		w.StaffAs("rea", access.ReadOnly).Get(record).OK().HasNot("form[aria-labelledby=h-locks]")
		w.Holds()
	})
}

func TestAnAccountsMailsAreNotRoutedAwayQuietly(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, at := acme.Member("bob", "profile"), acme.Path("/profile")
		moved := func(to string) int64 {
			return w.DBCount(`SELECT count(*) FROM emails WHERE kind = 'account.moved' AND to_email = $1`, to)
		}
		saveProfile(acme.Owner, at, url.Values{"email": {"office@acme.example"}}).SeeOther()
		if moved("ann@example.com") != 0 || moved("office@acme.example") != 0 {
			t.Error("the owner is told of what they did themselves")
		}
		saveProfile(bob, at, url.Values{"email": {"bob@elsewhere.example"}}).SeeOther()
		if moved("ann@example.com") != 1 || moved("office@acme.example") != 1 || moved("bob@elsewhere.example") != 0 {
			t.Error("the owner and the former address are not told once each")
		}
		if got := found(w.StaffAs("sue", access.Support).Get("/staff/accounts?q=bob@elsewhere")); got != acme.Number.String() {
			t.Errorf("the address finds %q", got)
		}
		for _, to := range strings.Fields("a b c d e f g h i") {
			saveProfile(bob, at, url.Values{"email": {to + "@elsewhere.example"}}).SeeOther()
		}
		saveProfile(bob, at, url.Values{"email": {"k@elsewhere.example"}}).Is(http.StatusTooManyRequests).Has("input[value='k@elsewhere.example']")
		w.Holds()
	})
}

// Who changes both has the accounts follow once the new address is confirmed: those
// that had the former one, whose details are theirs to change and not locked. Undo
// brings them back.
func TestAccountsFollowTheAddressOfALoginWhereBothAreWanted(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, ours, theirs := w.Account("Acme", "ann"), w.Account("Ours", "bob"), w.Account("Theirs", "cleo")
		ann := acme.Owner
		join := func(a *apptest.Account, slugs ...string) {
			a.Invite(ann.Email, slugs...).SeeOther()
			ann.Get(w.Mail.Wait(t, ann.Email, a.Name+" has invited you").Link(t, "/invite/")).OK().Submit("form[action$='/accept']", nil).SeeOther()
			saveProfile(a.Owner, a.Path("/profile"), url.Values{"email": {ann.Email}}).SeeOther()
		}
		join(ours, "profile")
		join(theirs, "emails")
		address := func(a *apptest.Account) string {
			v, _ := a.Owner.Get(a.Path("/profile")).OK().Find("input[name=email]").Attr("value")
			return v
		}
		ask := func(values url.Values) string {
			values.Set("password", apptest.Password)
			ann.Get("/me/profile").OK().Submit("form[action='/me/email']", values).Follow().OK()
			return w.Mail.Wait(t, values.Get("email"), "Confirm your new email address").Link(t, "/verify/")
		}
		ask(url.Values{"email": {"other@example.com"}})
		ann.Get("/me/profile").OK().Says("We are waiting for you to confirm other@example.com").SaysNot("change with it")
		ann.Get("/me/profile").Submit("form[action='/me/email']", url.Values{"email": {"other"}, "accounts": {"yes"}}).Is(422).Has("input[name=accounts][checked]")
		link := ask(url.Values{"email": {"ann@new.example"}, "accounts": {"yes"}})
		ann.Get("/me/profile").OK().Says("The accounts that have your present address change with it.")
		if got := address(acme); got != "ann@example.com" {
			t.Errorf("before it is confirmed Acme has %s", got)
		}
		ann.Get(link).OK().Submit("main form", nil).SeeOther()
		w.Mail.Wait(t, "ann@example.com", "Emails of Acme go to another address")
		w.Mail.Wait(t, "ann@example.com", "Emails of Ours go to another address")
		if got := []string{address(acme), address(ours), address(theirs)}; got[0] != "ann@new.example" || got[1] != "ann@new.example" || got[2] != "ann@example.com" {
			t.Errorf("the accounts have %v", got)
		}
		ann.Get(acme.Path("/activity")).OK().Says("ann@new.example")

		// Undone by whom the former address belongs to: they come back, but what staff lock stays.
		undo := w.Mail.Wait(t, "ann@example.com", "The email address of your login was changed").Link(t, "/undo/")
		record := "/staff/accounts/" + ours.Number.String() + "/profile"
		w.StaffAs("sue", access.Support).Get(record).OK().Submit("form[aria-labelledby=h-locks]", url.Values{"lock": {"email"}}).SeeOther()
		w.Person("elsewhere").Get(undo).OK().Submit("main form", nil).SeeOther()
		w.Mail.Wait(t, "ann@new.example", "Emails of Acme go to another address")
		bob := ours.Owner.Get(ours.Path("/profile")).OK().Says("ann@new.example")
		bob.HasNot("input[name=email]")
		w.Holds()
	})
}

// The account's page offers it, too: it leads on to the login's own.
func TestTheAccountsPageOffersToChangeTheLoginToo(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, at := acme.Member("bob", "profile"), acme.Path("/profile")
		bob.Get(at).OK().HasNot("input[name=login]")
		acme.Owner.Get(at).OK().Has("input[name=login]")
		saveProfile(acme.Owner, at, url.Values{"email": {"ann@"}, "login": {"yes"}}).Is(422).Has("input[name=login][checked]")
		saved := saveProfile(acme.Owner, at, url.Values{"email": {"ann@new.example"}, "login": {"yes"}})
		saved.Follow().OK().Says("Now change your login's address, too.").Has("form[action='/me/email'] input[name=email][value='ann@new.example']")
		acme.Owner.Get(at).OK().Has("input[name=email][value='ann@new.example']").HasNot("input[name=login]")
		w.Holds()
	})
}
