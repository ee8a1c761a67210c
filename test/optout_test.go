package test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"atrium/base/mail"
	"atrium/test/apptest"
)

// off tells how many emails of kinds are switched off.
func off(t *testing.T, w *apptest.World, account *apptest.Account) (n int64) {
	t.Helper()
	page := account.Owner.Get(account.Path("/activity")).OK().Find("main").Text()
	return int64(strings.Count(page, "switched emails off by the link in one: General") - strings.Count(page, "switched emails on again by the link in one: General"))
}

func TestEmailsAreSwitchedOffByTheLinkInThem(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := w.Unsubscribe(mail.Subscription{Account: acme.Number, Email: "bob@example.com", Topic: mail.General})
		bob := w.Person("bob")

		// Looking at it, as programs that look for viruses do, changes nothing.
		for range 2 {
			bob.Get(link).OK().Says("bob@example.com gets these emails about account " + acme.Number.String()).Has("button:contains('Stop these emails')")
		}
		if n := off(t, w, acme); n != 0 {
			t.Fatalf("looking has switched them off")
		}

		// A mail program's one click: no cookie, no page before, no Origin.
		r, err := http.Post(w.URL+link, "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click"))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != http.StatusOK || off(t, w, acme) != 1 {
			t.Fatalf("one click: %d, %d times off", r.StatusCode, off(t, w, acme))
		}
		page := bob.Get(link).OK().Says("gets no more of these emails")
		w.Unaudited(func() { bob.Post(link, url.Values{"List-Unsubscribe": {"One-Click"}}).OK() })
		page.Submit("main form", nil).OK().Says("gets these emails about account")
		if n := off(t, w, acme); n != 0 {
			t.Errorf("%d times off after switching on", n)
		}
		bob.Get(link).OK().Submit("main form", nil).OK().Says("gets no more of these emails")

		bob.Get(mail.OptOutPath + "v1.no.such").Is(404)
		bob.Post(mail.OptOutPath+"v1.no.such", nil).Is(404)
		none := w.Unsubscribe(mail.Subscription{Account: 99999, Email: "bob@example.com", Topic: mail.General})
		bob.Post(none, nil).Is(404)
		w.Holds()
	})
}
