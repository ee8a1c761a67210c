package race

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"atrium/test/apptest"
)

func contactForm(name, email string) url.Values {
	return url.Values{"name": {name}, "email": {email}, "country": {"DE"}, "version": {"0"}}
}

// Of many who add a contact with the same address, or the last one for which
// there is room, one does; and of many billing contacts one stays.
func TestContactsAddedAtTheSameMoment(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		add := acme.Path("/contacts/new")
		same := w.race(repeat(10, func(int) attempt {
			return attempt{by: acme.Owner, path: add, form: contactForm("Bo", "bo@example.com")}
		})...)
		winner(t, same, http.StatusUnprocessableEntity)

		billing := w.race(repeat(10, func(i int) attempt {
			form := contactForm("Payer", fmt.Sprintf("payer%d@example.com", i))
			form.Set("billing", "yes")
			return attempt{by: acme.Owner, path: add, form: form}
		})...)
		if n := count(billing); n[http.StatusSeeOther] != 10 {
			t.Errorf("they were told %v", n)
		}
		if n := number(t, w, `SELECT count(*) FROM contacts WHERE account_id = $1 AND billing`, acme.Number); n != 1 {
			t.Errorf("there are %d billing contacts", n)
		}

		for i := range 38 {
			acme.Owner.Post(add, contactForm("One of many", fmt.Sprintf("many%d@example.com", i))).SeeOther()
		}
		last := w.race(repeat(10, func(i int) attempt {
			return attempt{by: acme.Owner, path: add, form: contactForm("Last", fmt.Sprintf("last%d@example.com", i))}
		})...)
		winner(t, last, http.StatusConflict)
		if n := number(t, w, `SELECT count(*) FROM contacts WHERE account_id = $1`, acme.Number); n != 50 {
			t.Errorf("there are %d contacts", n)
		}
	})
}

// Of many who change a contact from the same state, or delete it, one does.
func TestAContactChangedAndDeletedAtTheSameMoment(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		for round := range 10 {
			name := fmt.Sprintf("Bo %d", round)
			acme.Owner.Post(acme.Path("/contacts/new"), contactForm(name, fmt.Sprintf("bo%d@example.com", round))).SeeOther()
			at := contactNamed(t, acme, name)
			answers := w.race(repeat(8, func(i int) attempt {
				if i%4 == 3 {
					return attempt{by: acme.Owner, path: at + "/delete", form: url.Values{"version": {"1"}}}
				}
				form := contactForm(fmt.Sprintf("Changed %d", i), fmt.Sprintf("bo%d@example.com", round))
				form.Set("version", "1")
				return attempt{by: acme.Owner, path: at, form: form}
			})...)
			winner(t, answers, http.StatusConflict, http.StatusNotFound)
		}
	})
}

func contactNamed(t *testing.T, a *apptest.Account, name string) string {
	t.Helper()
	for _, link := range a.Owner.Get(a.Path("/contacts")).OK().Find("td a.ttl").EachIter() {
		if strings.TrimSpace(link.Text()) == name {
			return link.AttrOr("href", "")
		}
	}
	t.Fatalf("there is no contact %s", name)
	return ""
}
