package race

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/test/apptest"
)

const crowd = 100

func repeat(n int, of func(i int) attempt) []attempt {
	var all []attempt
	for i := range n {
		all = append(all, of(i))
	}
	return all
}

func TestAHundredClicksOfOnePersonMakeOneMembershipAndAllLeadIntoTheAccount(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		bob := w.Crowd("bob", 1)[0]
		link, _ := invite(t, w, acme, bob.Email, "domains")
		for i, r := range w.race(repeat(crowd, func(int) attempt { return attempt{by: bob, path: link + "/accept"} })...) {
			if to := r.SeeOther(); to != acme.Path("/") {
				t.Fatalf("click %d leads to %s", i, to)
			}
		}
		if n := members(t, w, acme); n != 2 {
			t.Errorf("there are %d members, want 2", n)
		}
		bob.Get(acme.Path("/")).OK().Says("Acme")
		settle(t, w)
		if n := len(w.Mail.To("ann@example.com")); n != 2 { // one about her address
			t.Errorf("the owner got %d mails: %v", n, w.Mail.To("ann@example.com"))
		}
	})
}

func TestOfAHundredPeopleOneAccepts(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		people := w.Crowd("bob", crowd)
		link, _ := invite(t, w, acme, people[0].Email, "domains")
		answers := w.race(repeat(crowd, func(i int) attempt { return attempt{by: people[i], path: link + "/accept"} })...)
		won := winner(t, answers, http.StatusConflict)
		for i, r := range answers {
			if i == won {
				if to := r.SeeOther(); to != acme.Path("/") {
					t.Errorf("the winner is led to %s", to)
				}
				people[i].Get(acme.Path("/")).OK().Says("Acme")
				continue
			}
			r.Says("was already used")
			if i%10 == 0 {
				people[i].Get(acme.Path("/")).Is(http.StatusNotFound)
				people[i].Get(link).Is(http.StatusGone).Says("was already used")
			}
		}
		if n := members(t, w, acme); n != 2 {
			t.Errorf("there are %d members, want 2", n)
		}
	})
}

func newLogin(first, email string) url.Values {
	return url.Values{"first": {first}, "last": {"New"}, "email": {email}, "password": {apptest.Password}}
}

func TestAHundredNewLoginsOfOneAddressAreOne(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		link, _ := invite(t, w, acme, "bob@example.com", "domains")
		browsers := people(w, crowd)
		answers := w.race(repeat(crowd, func(i int) attempt {
			return attempt{by: browsers[i], path: link + "/new", form: newLogin("Bob", "bob@example.com")}
		})...)
		told, in := 0, 0
		for i, r := range answers {
			switch {
			case r.Status == http.StatusSeeOther: // who creates it, and whose same form came too late: they know the password
				in++
				browsers[i].Get(acme.Path("/")).OK().Says("Acme")
			case r.Status == http.StatusUnprocessableEntity:
				told++
				r.Says("This address already has a login.")
			case r.Status == http.StatusTooManyRequests:
				r.Says("You have tried many addresses.")
			default:
				r.Is(http.StatusConflict).Says("was already used")
			}
		}
		if in == 0 {
			t.Error("nobody got in")
		}
		if told > 5 {
			t.Errorf("%d were told that the address has a login, want at most 5", told)
		}
		one(t, w, acme, "bob@example.com")
	})
}

// one sees that an address has one login, which is the one new member.
func one(t *testing.T, w pair, a *apptest.Account, email string) {
	t.Helper()
	if n := number(t, w, `SELECT count(*) FROM users WHERE email_key = $1`, email); n != 1 {
		t.Errorf("there are %d logins of %s, want 1", n, email)
	}
	if n := members(t, w, a); n != 2 {
		t.Errorf("there are %d members, want 2", n)
	}
	if n := number(t, w, `SELECT count(*) FROM users`); n != 2 {
		t.Errorf("there are %d logins, want 2", n)
	}
}

func people(w pair, n int) []*apptest.Person {
	var all []*apptest.Person
	for range n {
		all = append(all, w.Person("guest"))
	}
	return all
}

// Registering locks no account, and accepting does: what keeps the two from
// making a login each is the unique index.
func TestRegisteringAndAcceptingWithOneAddressMakeOneLogin(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		for round := range 5 {
			name := string(rune('a' + round))
			acme := w.Account("Acme "+name, "ann"+name)
			email := "bob" + name + "@example.com"
			link, _ := invite(t, w, acme, email, "domains")
			browsers := people(w, 8)
			logins := number(t, w, `SELECT count(*) FROM users`)
			answers := w.race(repeat(8, func(i int) attempt {
				if i%4 < 2 {
					form := newLogin("Bob", email)
					form.Set("account", "Bob's")
					form.Set("country", "DE")
					return attempt{by: browsers[i], path: "/register", form: form}
				}
				return attempt{by: browsers[i], path: link + "/new", form: newLogin("Bob", email)}
			})...)
			// The same new login sent again ends in the account as well, so several may
			// get in; but all of them through the one login, and to one place.
			to := ""
			for i, r := range answers {
				switch r.Status {
				case http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusConflict:
				default:
					if to != "" && r.SeeOther() != to {
						t.Errorf("somebody is led to %s, somebody else to %s", to, r.SeeOther())
					}
					to = r.SeeOther()
					browsers[i].Get(to).OK().Says("Bob")
				}
			}
			if to == "" {
				t.Fatal("nobody got in")
			}
			if n := number(t, w, `SELECT count(*) FROM users`); n != logins+1 {
				t.Errorf("%d logins were made, want 1", n-logins)
			}
			if accepted := to == acme.Path("/"); accepted != (members(t, w, acme) == 2) || accepted != (state(t, w, acme, email) == "accepted") {
				t.Errorf("the winner is led to %s, and the invitation is %s", to, state(t, w, acme, email))
			}
			w.Clock.Add(61 * time.Minute) // more may be told about addresses
		}
	})
}

func TestLoggingInAndAcceptingManyTimesAcceptsOnce(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		bob := w.Account("Bob's", "bob").Owner
		link, _ := invite(t, w, acme, bob.Email, "domains")
		browsers := people(w, 10) // as many as may try at once from one place
		form := url.Values{"email": {bob.Email}, "password": {apptest.Password}}
		answers := w.race(repeat(10, func(i int) attempt { return attempt{by: browsers[i], path: link + "/login", form: form} })...)
		for i, r := range answers {
			if to := r.SeeOther(); to != acme.Path("/") {
				t.Errorf("log in %d leads to %s", i, to)
			}
			browsers[i].Get(acme.Path("/")).OK().Says("Acme")
		}
		if n := members(t, w, acme); n != 2 {
			t.Errorf("there are %d members, want 2", n)
		}
	})
}

func TestFiftyInvitationsOfOneAddressMakeOne(t *testing.T) {
	t.Run("the same form", func(t *testing.T) { fiftyInvitations(t, true) })
	t.Run("a form each", func(t *testing.T) { fiftyInvitations(t, false) })
}

func fiftyInvitations(t *testing.T, same bool) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		key := acme.Owner.Get(acme.Path("/users")).Find("form#invite input[name=key]").AttrOr("value", "")
		if key == "" {
			t.Fatal("the form has no key")
		}
		answers := w.race(repeat(50, func(i int) attempt {
			form := url.Values{"email": {"bob@example.com"}, "access": {"choose"}, "perm": {"domains"}, "key": {key}}
			if !same {
				form.Set("key", key+strings.Repeat("x", i))
			}
			if i%3 == 0 {
				form.Set("email", "BOB@Example.com")
			}
			return attempt{by: acme.Owner, path: acme.Path("/users"), form: form}
		})...)
		if same {
			if n := count(answers); n[http.StatusSeeOther] != 50 {
				t.Errorf("answered %v, want 303 to all", n)
			}
		} else {
			won := winner(t, answers, http.StatusUnprocessableEntity)
			for i, r := range answers {
				if i != won {
					r.Says("already has an invitation.").Has("[role=alert] a[href*='/invites/']")
				}
			}
		}
		if n := number(t, w, `SELECT count(*) FROM invitations WHERE account_id = $1`, acme.Number); n != 1 {
			t.Errorf("there are %d invitations, want 1", n)
		}
		settle(t, w)
		if n := w.Mail.Len() - len(w.Mail.To("ann@example.com")); n != 1 {
			t.Errorf("%d mails arrived, want 1", n)
		}
	})
}
