package test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/test/apptest"
)

// setStatus has staff close the account, or open it again.
func setStatus(acme *apptest.Account, staff *apptest.Person, status string) {
	staff.Get("/staff/accounts/"+acme.Number.String()+"/status").OK().Submit("main form", url.Values{"status": {status}, "reason": {"Unpaid"}}).SeeOther()
}

// standing is what the page that says who gets which emails says of somebody.
func standing(t *testing.T, r *apptest.Response, topic, email string) string {
	t.Helper()
	for _, li := range r.OK().Find("section[aria-labelledby=h-" + topic + "] li").EachIter() {
		if strings.Contains(li.Text(), email) {
			return strings.Join(strings.Fields(li.Find(".sub").Last().Text()), " ")
		}
	}
	t.Fatalf("%s is not among those of %s", email, topic)
	return ""
}

func TestWhoGetsWhichEmailsAndWhy(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob, eve := acme.Member("bob", "invoices", "tickets"), acme.Member("eve", "profile", "emails")
		page := acme.Path("/recipients")
		bob.Get(page).Denied("Modify Master Account Profile")
		is := func(topic, email, want string) {
			t.Helper()
			if got := standing(t, acme.Owner.Get(page), topic, email); got != want {
				t.Errorf("%s, %s: %q, not %q", topic, email, got, want)
			}
		}
		saveProfile(acme.Owner, acme.Path("/profile"), url.Values{"email": {"office@acme.example"}, "topic": {"invoice", "domain"}}).SeeOther()
		is("invoice", "office@acme.example", "The account's own address.")
		is("support", "office@acme.example", "Not ticked.")
		is("support", "ann@example.com", "Is the owner.")
		is("invoice", "ann@example.com", "Is the billing contact.")
		is("invoice", "bob@example.com", "Has not chosen these.")
		is("invoice", "eve@example.com", "Lacks the permission View & Pay Invoices.")

		mine := bob.Get(acme.Path("/my-emails")).OK().Has("input[value=general][disabled]").HasNot("input[value=invoice][disabled]").HasNot("input[checked]").HasNot("a[href$='/recipients']")
		mine.Submit("main form", url.Values{"topic": {"invoice", "general"}}).Follow().Has("input[value=invoice][checked]").HasNot("input[value=general][checked]")
		is("invoice", "bob@example.com", "Has chosen these.")
		is("general", "bob@example.com", "Lacks the permission View Emails.")
		bob.Get(acme.Path("/activity")).OK().Says("chose which emails of the account they get")
		acme.Owner.Get(acme.Path("/my-emails")).OK().Says("You are the billing contact").Submit("main form", url.Values{"topic": {}}).SeeOther()
		is("support", "ann@example.com", "Has not chosen these.")
		is("invoice", "ann@example.com", "Is the billing contact.")

		saveProfile(acme.Owner, acme.Path("/profile"), url.Values{"email": {"bob@example.com"}, "billing": {userID(w, bob.Email)}}).SeeOther()
		w.Exec(`INSERT INTO refusals (email_key, domain, email, answer, refused_at, account_id, email_id) VALUES ('eve@example.com', 'example.com', 'eve@example.com', 'no', 1, 0, 0)`)
		eve.Get(acme.Path("/my-emails")).OK().Says("has refused mail").Submit("main form", url.Values{"topic": {"general"}}).SeeOther()
		is("general", "eve@example.com", "The address has refused mail.")
		acme.Owner.Get(page).OK().Says("The same address gets them already.").Says("Billing contact: Bob Member")

		stan := w.StaffAs("stan", access.Support) // as the owner
		visit(acme, stan)
		stan.Get(acme.Path("/my-emails")).OK().HasNot("main form button")
		stan.Post(acme.Path("/my-emails"), url.Values{"topic": {"general"}}).Is(403)
		w.Holds()
	})
}

// A contact may be the billing contact; the profile names it, and can name another.
func TestContactsAreAmongWhoGetsEmails(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		open := acme.Owner.Get(acme.Path("/profile")).OK()
		addContact(acme.Owner, acme.Path(""), url.Values{"name": {"Books"}, "email": {"books@acme.example"}, "topic": {"domain"}, "billing": {"yes"}}).SeeOther()
		open.Submit("main form[aria-labelledby='h-details']", url.Values{"company": {"Acme Ltd"}}).Is(409)
		page := acme.Owner.Get(acme.Path("/recipients"))
		for topic, want := range map[string]string{"invoice": "Is the billing contact.", "domain": "Is a contact.", "support": "Not ticked."} {
			if got := standing(t, page, topic, "books@acme.example"); got != want {
				t.Errorf("%s: %q", topic, got)
			}
		}
		page.Has("a[href='" + contactOf(t, acme.Owner, acme.Path(""), "Books") + "']").Says("Billing contact: Books, books@acme.example")
		bob := acme.Member("bob", "profile")
		bob.Get(acme.Path("/recipients")).OK().SaysNot("books@acme.example").Says("Contacts are not in these lists")
		bob.Get(acme.Path("/profile")).OK().SaysNot("Books").Has("option[value=contact][selected]")
		saveProfile(bob, acme.Path("/profile"), url.Values{"company": {"Acme Ltd"}}).SeeOther()
		acme.Owner.Get(acme.Path("/profile")).OK().Has("option[value=contact][selected]").Says("Books")
		saveProfile(acme.Owner, acme.Path("/profile"), url.Values{"billing": {"owner"}}).Follow().HasNot("option[value=contact]")
		if got := standing(t, acme.Owner.Get(acme.Path("/recipients")), "invoice", "books@acme.example"); got != "Is a contact." {
			t.Errorf("it is the billing contact no more: %q", got)
		}
		acme.Owner.Get(contactOf(t, acme.Owner, acme.Path(""), "Books")).OK().HasNot("input[name=billing][checked]").Has("input[value=invoice][checked]")
		w.Holds()
	})
}

// A right that is taken away ends the mails that wait, for each on its own grounds.
func TestEmailsThatWaitEndWithTheRightToThem(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		people := map[string]*apptest.Person{}
		for _, name := range strings.Fields("kept lost left tired moved") {
			people[name] = acme.Member(name, "emails", "tickets")
			people[name].Get(acme.Path("/my-emails")).Submit("main form", url.Values{"topic": {"general"}}).SeeOther()
		}
		saveProfile(acme.Owner, acme.Path("/profile"), url.Values{"email": {"office@acme.example"}, "topic": {"general"}}).SeeOther()
		sue := w.StaffAs("sue", access.Administrator)
		drained(t, w)
		w.Mail.SetDown(true)
		setStatus(acme, sue, "closed")
		until(t, w, `SELECT count(*) FROM emails WHERE topic = 'general' AND state = 'queued' AND attempts > 0`, 6)
		setStatus(acme, sue, "active")
		until(t, w, `SELECT count(*) FROM emails WHERE topic = 'general' AND state = 'queued' AND attempts > 0`, 12)

		allow(acme, people["lost"], "tickets")
		acme.Owner.Get(acme.Path("/users/"+userID(w, people["left"].Email)+"/remove")).OK().Submit("main form", nil).SeeOther()
		people["tired"].Get(acme.Path("/my-emails")).Submit("main form", url.Values{"topic": {}}).SeeOther()
		w.Exec(`UPDATE users SET email = 'new@example.com', email_key = 'new@example.com' WHERE email = 'moved@example.com'`)
		w.Mail.SetDown(false)
		w.Clock.Add(2 * time.Hour)
		until(t, w, `SELECT count(*) FROM emails WHERE topic = 'general' AND state = 'queued'`, 0)
		for email, want := range map[string]string{
			"kept@example.com": "sent ", "lost@example.com": "cancelled permission", "left@example.com": "cancelled gone", "tired@example.com": "cancelled unchosen",
			"new@example.com": "sent ", "moved@example.com": "", "office@acme.example": "sent ",
		} {
			state, why, _ := strings.Cut(want, " ")
			n := w.DBCount(`SELECT count(*) FROM emails WHERE topic = 'general' AND to_email = $1`, email)
			got := w.DBCount(`SELECT count(*) FROM emails WHERE topic = 'general' AND to_email = $1 AND state = $2 AND why = $3`, email, state, why)
			if want == "" && n != 0 || want != "" && (n != 2 || got != 2) {
				t.Errorf("of %d emails to %s %d are %s", n, email, got, want)
			}
			if arrived := len(general(w.Mail.To(email))); arrived != 0 && state != "sent" || arrived != 2 && state == "sent" {
				t.Errorf("%d emails arrive at %s", arrived, email)
			}
		}
		link := acme.Owner.Get(acme.Path("/emails")).OK().Says("Not sent").Find("tr:contains('lost'):contains('is open again'), li:contains('lost'):contains('is open again')").Find("a[href*='/emails/']").First()
		acme.Owner.Get(link.AttrOr("href", "")).OK().Says("The recipient no longer has the permission for emails of this kind.")
		w.Exec(`UPDATE users SET email = 'moved@example.com', email_key = 'moved@example.com' WHERE email = 'new@example.com'`) // as staff find it
		w.Holds()
	})
}

// general are the letters that tell of an account that was closed or opened.
func general(all []apptest.Letter) (list []apptest.Letter) {
	for _, l := range all {
		if strings.Contains(l.Subject, "was closed") || strings.Contains(l.Subject, "is open again") {
			list = append(list, l)
		}
	}
	return list
}

// drained waits until no mail is to be sent.
func drained(t *testing.T, w *apptest.World) {
	t.Helper()
	until(t, w, `SELECT count(*) FROM emails WHERE state = 'queued'`, 0)
}

// until waits for a number.
func until(t *testing.T, w *apptest.World, sql string, want int64) {
	t.Helper()
	got := int64(-1)
	for range 3000 {
		if got = w.DBCount(sql); got == want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s: %d, not %d; there is %q", sql, got, want, mails(t, w))
}

// mails are all mails that wait, with the words of whoever did not take them.
func mails(t *testing.T, w *apptest.World) []string {
	t.Helper()
	all, err := db.All(t.Context(), w.DB.Across(), func(r db.Row) (string, error) {
		var s string
		return s, r.Scan(&s)
	}, `SELECT kind || ' to ' || to_email || ': ' || answer FROM emails WHERE state = 'queued'`)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
