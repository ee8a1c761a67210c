package test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"atrium/base/access"
	"atrium/test/apptest"
)

// addContact fills in the form that adds a contact; the place is an account's
// address or that of its record.
func addContact(p *apptest.Person, place string, values url.Values) *apptest.Response {
	return p.Get(place+"/contacts/new").OK().Submit("main form", values)
}

// contactOf is the address of a contact's page.
func contactOf(t *testing.T, p *apptest.Person, place, name string) string {
	t.Helper()
	for _, a := range p.Get(place + "/contacts").OK().Find("td a.ttl").EachIter() {
		if strings.TrimSpace(a.Text()) == name {
			return a.AttrOr("href", "")
		}
	}
	t.Fatalf("there is no contact %s", name)
	return ""
}

func TestMembersLookAfterContacts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "contacts")
		bob.Get(acme.Path("/")).OK().Says("No contacts yet").Has("a[href='" + acme.Path("/contacts/new") + "']")
		bob.Get(acme.Path("/contacts")).OK().Says("No contacts yet").Has("nav a[href='" + acme.Path("/contacts") + "'][aria-current=page]")

		form := url.Values{"name": {" Billing  Office "}, "company": {"Acme GmbH"}, "email": {"Billing@Example.com"}, "phone": {"0451 123456"},
			"address1": {"Hafenstraße 1"}, "postcode": {"D-23552"}, "city": {"Lübeck"}, "topic": {"invoice", "product"}, "billing": {"yes"}}
		addContact(bob, acme.Path(""), form).Follow().Says("Billing Office is a contact now.").Says("+49 451 123456").Says("Invoices, Products & services").Says("Billing contact")
		bob.Get(acme.Path("/")).OK().Says("Billing Office").Says("Invoices, Products & services")

		at := contactOf(t, bob, acme.Path(""), "Billing Office")
		page := bob.Get(at).OK().Has("input[name=postcode][value='23552']").Has("input[name=phone][value='+49 451 123456']").Has("input[name=billing][checked]")
		page.Submit("main form", url.Values{"name": {"Bookkeeping"}, "topic": {"product"}, "phone": {""}}).Follow().Says("The contact Bookkeeping is saved.").
			Says("Invoices, Products & services") // as long as it is the billing contact
		page.Submit("main form", url.Values{"name": {"Accounts"}}).Is(http.StatusConflict).Says("changed meanwhile").Says("Name: Accounts").Has("input[name=name][value='Bookkeeping']")
		w.Unaudited(func() { bob.Get(at).Submit("main form", nil).Follow().Says("is saved") }) // what is there already

		gone := bob.Get(at + "/delete").OK().Says("Delete the contact Bookkeeping?").Says("will get no more emails of Acme").Says("This is the billing contact.")
		bob.Get(at).Submit("main form", url.Values{"company": {""}}).SeeOther()
		gone.Submit("main form", nil).Is(http.StatusConflict).Says("changed meanwhile")
		bob.Get(at+"/delete").Submit("main form", nil).Follow().Says("The contact Bookkeeping is deleted.").Says("No contacts yet")
		bob.Get(at).Is(http.StatusNotFound)
		gone.Submit("main form", nil).Is(http.StatusNotFound)

		log := acme.Owner.Get(acme.Path("/activity")).OK()
		for _, told := range []string{"added the contact Billing Office", "changed the contact Bookkeeping", "deleted the contact Bookkeeping", "Phone", "Billing@Example.com"} {
			log.Says(told)
		}
		log.SaysNot("451 123456").SaysNot("Hafenstraße")
		acme.Member("eve", "profile", "emails").Get(acme.Path("/contacts")).Denied("View & Manage Contacts")
		w.Holds()
	})
}

func TestAContactsFormSaysWhatIsWrongAndLosesNothing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		ann, at := acme.Owner, acme.Path("")
		addContact(ann, at, url.Values{"name": {"Bo"}, "email": {"bo@example.com"}}).SeeOther()
		bad := url.Values{"name": {""}, "company": {strings.Repeat("ü", 101)}, "email": {"nobody"}, "phone": {"call me"}, "address2": {"Rear"}, "postcode": {"1"}, "topic": {"domain"}}
		r := addContact(ann, at, bad).Is(422)
		for field, says := range map[string]string{
			"name": "Enter a name for the contact.", "company": "Shorten the company to 100 characters.", "email": "Enter an address like name@example.com.",
			"phone": "Enter a telephone number like +49 ", "address1": "Enter the street and number, or the PO box.", "postcode": "Enter a postcode like 26133.", "city": "Enter the city.",
		} {
			if got := strings.TrimSpace(r.Find("#" + field + "-error").Text()); !strings.HasPrefix(got, says) {
				t.Errorf("%s: %q", field, got)
			}
		}
		r.Has("input[name=email][value=nobody]").Has("input[name=phone][value='call me']").Has("input[name=address2][value=Rear]").Has("input[value=domain][checked]").HasNot("input[value=invoice][checked]")
		addContact(ann, at, url.Values{"name": {"Bo again"}, "email": {"BO@example.com"}}).Is(422).Has("#email-error").Says("Bo has this address already.")
		edit := contactOf(t, ann, at, "Bo")
		addContact(ann, at, url.Values{"name": {"Cy"}, "email": {"cy@example.com"}}).SeeOther()
		ann.Get(edit).Submit("main form", url.Values{"email": {"cy@EXAMPLE.com"}}).Is(422).Says("Cy has this address already.")

		// Another country: the page again, as it was typed, and nothing is saved.
		w.Unaudited(func() {
			us := url.Values{"name": {"Dee"}, "email": {"nobody"}, "country": {"US"}, "region": {"ca"}, "city": {"Cupertino"}, "topic": {"support"}, "do": {"country"}, "version": {"0"}}
			ann.Post(at+"/contacts/new", us).OK().Says("ZIP code").Has("select[name=region] option[value=CA][selected]").Has("input[name=email][value=nobody]").
				Has("input[value=support][checked]").HasNot("#email-error")
			us.Set("name", "")
			ann.Post(edit, us).OK().Says("ZIP code").Has("form[action='" + edit + "']")
		})
		ann.Get(edit).Has("input[name=name][value=Bo]")
		w.Holds()
	})
}

func TestTheOwnerIsToldWhereMoneyAndDomainsAreWrittenAbout(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, at := acme.Member("bob", "contacts"), acme.Path("")
		letters := 0
		written := func() int {
			return int(w.DBCount(`SELECT count(*) FROM emails WHERE kind = 'contact.receives' AND to_email = 'ann@example.com'`))
		}
		quiet := func(what string) {
			t.Helper()
			if n := written(); n != letters {
				t.Errorf("%s: the owner gets %d emails", what, n-letters)
				letters = n
			}
		}
		told := func(words ...string) string {
			t.Helper()
			letters++
			if n := written(); n != letters {
				t.Fatalf("the owner gets %d emails, want one that says %q", n-letters+1, words)
			}
			l := w.Mail.Wait(t, "ann@example.com", words[0])
			for _, s := range words {
				if !strings.Contains(l.Subject+" "+l.Words(), s) {
					t.Errorf("the email does not say %q: %s\n%s", s, l.Subject, l.Text)
				}
			}
			return l.Words()
		}
		addContact(bob, at, url.Values{"name": {"Helpdesk"}, "email": {"help@example.org"}, "topic": {"support", "product"}}).SeeOther()
		quiet("support and products")
		addContact(acme.Owner, at, url.Values{"name": {"Own"}, "email": {"own@example.org"}, "topic": {"invoice", "domain"}}).SeeOther()
		quiet("what the owner does")
		edit := contactOf(t, bob, at, "Helpdesk")
		change := func(values url.Values) { t.Helper(); bob.Get(edit).OK().Submit("main form", values).SeeOther() }
		change(url.Values{"topic": {"invoice", "domain"}})
		told("Helpdesk now gets emails of Acme", "Bob Member changed the contact Helpdesk of Acme.", "help@example.org", "Invoices, receipts", "Domains that expire", acme.Path("/contacts"))
		change(url.Values{"company": {"Help Ltd"}})
		quiet("another company")
		change(url.Values{"topic": {"domain"}})
		quiet("one topic less")
		change(url.Values{"email": {"else@example.org"}, "name": {"Else"}})
		told("Else now gets", "Before, its address was help@example.org", "else@example.org", "Domains that expire")
		change(url.Values{"email": {"ELSE@example.org"}})
		quiet("the same address written otherwise")
		change(url.Values{"billing": {"yes"}, "name": {"Payer"}})
		told("Payer now gets", "Invoices, receipts")

		staff, record := w.StaffAs("sue", access.Support), "/staff/accounts/"+acme.Number.String()
		addContact(staff, record, url.Values{"name": {"Agency"}, "email": {"agency@example.org"}, "billing": {"yes"}}).SeeOther()
		if text := told("Agency now gets", "added the contact Agency to Acme", "Invoices, receipts"); strings.Contains(text, "Sue") {
			t.Errorf("a member reads the name of somebody of the staff: %s", text)
		}
		bob.Get(edit).OK().HasNot("input[name=billing][checked]") // there is one at most
		w.Holds()
	})
}

func TestStaffLookAfterContactsAndFindAccountsByThem(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, other := w.Account("Acme", "ann"), w.Account("Other", "sam")
		record := "/staff/accounts/" + acme.Number.String()
		sue, rea := w.StaffAs("sue", access.Support), w.StaffAs("rea", access.ReadOnly)
		rea.Get(record + "/contacts").OK().Says("No contacts yet").HasNot("a[href$='/contacts/new']")
		rea.Get(record + "/contacts/new").Is(http.StatusForbidden)
		addContact(sue, record, url.Values{"name": {"Zenobia Quist"}, "company": {"Quist & Co"}, "email": {"z.quist@agency.example"}, "topic": {"domain"}}).Follow().Says("Zenobia Quist is a contact now.")
		for _, text := range []string{"zenobia", "quis", "z.quist%40agency.example", "%40agency.example", "acme+zenobia"} {
			if got := found(rea.Get("/staff/accounts?q=" + text)); got != acme.Number.String() {
				t.Errorf("%s finds %q", text, got)
			}
		}
		at := contactOf(t, rea, record, "Zenobia Quist")
		rea.Get(at).OK().Says("z.quist@agency.example").Says("Domains").HasNot("input[name=email]")
		sue.Get(at).OK().Submit("main form", url.Values{"name": {"Xanthe Quist"}}).SeeOther()
		sue.Get(strings.Replace(at, acme.Number.String(), other.Number.String(), 1)).Is(http.StatusNotFound)
		if got := found(rea.Get("/staff/accounts?q=zenobia")) + found(rea.Get("/staff/accounts?q=xanthe")); got != acme.Number.String() {
			t.Errorf("by its new name alone there is %q", got)
		}
		acme.Owner.Get(acme.Path("/activity")).OK().Says("Support").Says("added the contact Zenobia Quist").SaysNot("Sue")
		sue.Get(at+"/delete").OK().Submit("main form", nil).Follow().Says("is deleted")
		if got := found(rea.Get("/staff/accounts?q=xanthe")); got != "" {
			t.Errorf("a deleted contact finds %q", got)
		}
		w.Holds()
	})
}

func TestAClosedAccountsContactsAreReadOnly(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		addContact(acme.Owner, acme.Path(""), url.Values{"name": {"Bo"}, "email": {"bo@example.com"}, "topic": {"invoice"}}).SeeOther()
		at := contactOf(t, acme.Owner, acme.Path(""), "Bo")
		w.Exec(`UPDATE accounts SET status = 'closed' WHERE account_id = $1`, acme.Number)
		acme.Owner.Get(acme.Path("/contacts")).OK().Says("This account is closed.").Says("Bo").HasNot("a[href$='/new']").HasNot("a[href$='/delete']")
		acme.Owner.Get(at).OK().Says("bo@example.com").HasNot("input[name=email]")
		acme.Owner.Get(acme.Path("/contacts/new")).SeeOther()
		acme.Owner.Get(at + "/delete").SeeOther()
		for _, path := range []string{acme.Path("/contacts/new"), at, at + "/delete"} {
			acme.Owner.Post(path, url.Values{"version": {"1"}}).Is(http.StatusConflict)
		}
		acme.Owner.Get(acme.Path("/")).OK().Says("Bo")
	})
}

func TestDeletedAccountsTakeTheirContactsAlong(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme, other := w.Account("Acme", "ann"), w.Account("Other", "sam")
		for _, a := range []*apptest.Account{acme, other} {
			addContact(a.Owner, a.Path(""), url.Values{"name": {"Bo"}, "email": {"bo@example.com"}}).SeeOther() // each account has its own
		}
		bill, record := w.StaffAs("bill", access.Billing), "/staff/accounts/"+acme.Number.String()
		bill.Get(record+"/delete").OK().Says("contacts").Submit("main form", url.Values{"number": {acme.Number.String()}, "reason": {"Opened twice"}}).SeeOther()
		if n := w.DBCount(`SELECT count(*) FROM contacts`); n != 1 {
			t.Errorf("%d contacts are left, want the other account's", n)
		}
		if got := found(bill.Get("/staff/accounts?q=bo%40example.com")); got != other.Number.String() {
			t.Errorf("the address finds %q", got)
		}
		w.Holds()
	})
}
