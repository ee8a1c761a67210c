package race

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"atrium/base/id"
	"atrium/test/apptest"
)

const rounds = 24

// A contest is an acceptance against something that ends the link.
type contest struct {
	against func(a *apptest.Account, guest *apptest.Person, link, invitation string) attempt
	won     int    // the status of the other, when it was first
	state   string // of the invitation, then
	says    string // what who accepts is told, then
	told    string // what the other is told when the acceptance was first
}

// run has the two meet again and again, the one or the other a little earlier,
// and sees each time that one has won and that both were told the truth.
func (c contest) run(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		guests := w.Crowd("bob", rounds)
		accepted := 0
		for i, bob := range guests {
			link, invitation := invite(t, w, acme, bob.Email, "domains")
			mails := len(w.Mail.To(bob.Email))
			accept := attempt{by: bob, path: link + "/accept"}
			other := c.against(acme, bob, link, invitation)
			headStart(i, &accept, &other)
			answers := w.race(inTurn(i, accept, other)...)
			first, second := answers[i%2], answers[1-i%2]
			is, member := state(t, w, acme, bob.Email), bob.Get(acme.Path("/")).Status == http.StatusOK
			switch {
			case first.Status == http.StatusSeeOther && second.Status == http.StatusConflict:
				accepted++
				second.Says(c.told)
				if to := first.SeeOther(); to != acme.Path("/") || is != "accepted" || !member {
					t.Errorf("round %d: accepting leads to %s, the invitation is %s, a member: %v", i, to, is, member)
				}
			case first.Status == http.StatusConflict && second.Status == c.won:
				first.Says(c.says)
				if is != c.state || member {
					t.Errorf("round %d: the invitation is %s, want %s; a member: %v", i, is, c.state, member)
				}
				if c.state == "pending" {
					c.renewed(t, w, acme, bob, mails)
				}
			default:
				t.Errorf("round %d: accepting was answered %d, the other %d", i, first.Status, second.Status)
			}
		}
		bothHaveWon(t, accepted)
	})
}

// headStart lets the one or the other begin a little earlier, and in the last
// two rounds so much that it surely wins.
func headStart(i int, a, b *attempt) {
	if i%2 == 1 {
		a, b = b, a
	}
	a.after = time.Duration(i) * 300 * time.Microsecond
	if i >= rounds-2 {
		a.after = 300 * time.Millisecond
	}
}

func bothHaveWon(t *testing.T, accepted int) {
	t.Helper()
	t.Logf("accepting won %d of %d", accepted, rounds)
	if accepted == 0 || accepted == rounds {
		t.Error("the same has won each time: this was no race")
	}
}

// renewed sees that the link of the new mail works.
func (c contest) renewed(t *testing.T, w pair, a *apptest.Account, bob *apptest.Person, mails int) {
	t.Helper()
	settle(t, w)
	all := w.Mail.To(bob.Email)
	if len(all) != mails+1 {
		t.Fatalf("%d new mails arrived, want 1", len(all)-mails)
	}
	bob.Get(all[mails].Link(t, "/invite/")).OK().Submit("form[action$='/accept']", nil).SeeOther()
}

// inTurn has one and then the other go through the first process.
func inTurn(i int, a, b attempt) []attempt {
	if i%2 == 1 {
		return []attempt{b, a}
	}
	return []attempt{a, b}
}

func TestAcceptAgainstResend(t *testing.T) {
	contest{
		against: func(a *apptest.Account, _ *apptest.Person, _, invitation string) attempt {
			return attempt{by: a.Owner, path: invitation + "/resend"}
		},
		won: http.StatusSeeOther, state: "pending", says: "A newer link was made", told: "no longer pending",
	}.run(t)
}

func TestAcceptAgainstCancel(t *testing.T) {
	contest{
		against: func(a *apptest.Account, _ *apptest.Person, _, invitation string) attempt {
			return attempt{by: a.Owner, path: invitation + "/cancel"}
		},
		won: http.StatusSeeOther, state: "cancelled", says: "was withdrawn", told: "no longer pending",
	}.run(t)
}

func TestAcceptAgainstDecline(t *testing.T) {
	contest{
		against: func(_ *apptest.Account, guest *apptest.Person, link, _ string) attempt {
			return attempt{by: guest, path: link + "/decline"}
		},
		won: http.StatusOK, state: "declined", says: "was declined", told: "was already used",
	}.run(t)
}

// Who sent the invitation is removed while it is accepted. Removing always
// succeeds; an acceptance after it is refused, because its sender could no
// longer give what it contains.
func TestAcceptAgainstRemovalOfTheSender(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		managers, guests := w.Crowd("mia", rounds), w.Crowd("bob", rounds)
		accepted := 0
		for i, bob := range guests {
			mia := managers[i]
			acme.Join(mia, "domains", "emails")
			w.Clock.Add(4 * time.Minute)
			acme.LetManage(mia, true)
			by := *acme
			by.Owner = mia
			link, _ := invite(t, w, &by, bob.Email, "domains")
			accept, remove := attempt{by: bob, path: link + "/accept"}, attempt{by: acme.Owner, path: userPath(t, w, acme, mia) + "/remove"}
			headStart(i, &accept, &remove)
			answers := w.race(inTurn(i, accept, remove)...)
			acceptance, removal := answers[i%2], answers[1-i%2]
			removal.SeeOther()
			mia.Get(acme.Path("/")).Is(http.StatusNotFound)
			joined := number(t, w, `SELECT count(*) FROM memberships WHERE account_id = $1 AND user_id = $2`, acme.Number, user(t, w, bob)) == 1
			switch is := state(t, w, acme, bob.Email); acceptance.Status {
			case http.StatusSeeOther:
				accepted++
				if is != "accepted" || !joined {
					t.Errorf("round %d: accepted, but the invitation is %s; a member: %v", i, is, joined)
				}
				inOrder(t, w, acme, bob.Email, mia.Email)
			case http.StatusConflict:
				acceptance.Says("was withdrawn")
				if is != "pending" || joined {
					t.Errorf("round %d: refused, but the invitation is %s; a member: %v", i, is, joined)
				}
			default:
				t.Errorf("round %d: accepting was answered %d", i, acceptance.Status)
			}
		}
		bothHaveWon(t, accepted)
	})
}

// inOrder sees that an acceptance came before its sender was removed: ids are
// in the order of writing only within a process, so the times count.
func inOrder(t *testing.T, w pair, a *apptest.Account, invited, sender string) {
	t.Helper()
	at := func(action, subject string) int64 {
		return number(t, w, `SELECT max(at) FROM audit WHERE account_id = $1 AND action = $2 AND subject = $3`, a.Number, action, subject)
	}
	if accepted, removed := at("invitation.accepted", invited), at("member.removed", sender); accepted > removed {
		t.Errorf("accepted at %d, though the sender was removed at %d", accepted, removed)
	}
}

func user(t *testing.T, w pair, p *apptest.Person) int64 {
	t.Helper()
	return number(t, w, `SELECT id FROM users WHERE email_key = $1`, p.Email)
}

func version(t *testing.T, w pair, a *apptest.Account, p *apptest.Person) int64 {
	t.Helper()
	return number(t, w, `SELECT version FROM memberships WHERE account_id = $1 AND user_id = $2`, a.Number, user(t, w, p))
}

// Bob is removed, is given other permissions and leaves, all at once: he is
// gone, once, and the change counts only if it came before.
func TestRemoveAgainstLeaveAgainstChange(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		tally := map[string]int{}
		for i, bob := range w.Crowd("bob", rounds) {
			acme.Join(bob, "domains", "emails")
			w.Clock.Add(4 * time.Minute)
			path := userPath(t, w, acme, bob)
			change := url.Values{"access": {"choose"}, "perm": {"invoices"}, "version": {strconv.FormatInt(version(t, w, acme, bob), 10)}}
			attempts := []attempt{
				{by: acme.Owner, path: path + "/remove"},
				{by: bob, path: acme.Path("/users/people/leave")},
				{by: acme.Owner, path: path, form: change},
			}
			attempts[i%3].after = time.Millisecond
			answers := w.race(attempts...)
			removed, left, changed := answers[0].Status, answers[1].Status, answers[2].Status
			if (removed == http.StatusSeeOther) == (left == http.StatusSeeOther) || removed != http.StatusSeeOther && removed != http.StatusNotFound ||
				left != http.StatusSeeOther && left != http.StatusNotFound || changed != http.StatusSeeOther && changed != http.StatusNotFound {
				t.Errorf("round %d: removing was answered %d, leaving %d, changing %d", i, removed, left, changed)
			}
			if n := members(t, w, acme); n != 1 {
				t.Fatalf("round %d: %d members, want the owner", i, n)
			}
			bob.Get(acme.Path("/")).Is(http.StatusNotFound)
			if n := number(t, w, `SELECT count(*) FROM audit WHERE account_id = $1 AND subject = $2 AND action IN ('member.removed', 'member.left')`, acme.Number, bob.Email); n != 1 {
				t.Errorf("round %d: the end of the membership is in the audit %d times", i, n)
			}
			if n := number(t, w, `SELECT count(*) FROM audit WHERE account_id = $1 AND subject = $2 AND action = 'member.permissions'`, acme.Number, bob.Email); (n == 1) != (changed == http.StatusSeeOther) {
				t.Errorf("round %d: changing was answered %d and is in the audit %d times", i, changed, n)
			}
			tally["removed "+strconv.Itoa(removed)+", changed "+strconv.Itoa(changed)]++
		}
		t.Log(tally)
	})
}

func TestOfFortyWhoChangeTheSamePermissionsOneWins(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		bob := w.Crowd("bob", 1)[0]
		acme.Join(bob, "emails")
		path, seen := userPath(t, w, acme, bob), strconv.FormatInt(version(t, w, acme, bob), 10)
		slugs := []string{"profile", "contacts", "products", "domains", "invoices", "quotes", "tickets", "affiliates", "orders"}
		answers := w.race(repeat(40, func(i int) attempt {
			return attempt{by: acme.Owner, path: path, form: url.Values{"access": {"choose"}, "perm": {slugs[i%len(slugs)]}, "version": {seen}}}
		})...)
		won := winner(t, answers, http.StatusConflict)
		set := slugs[won%len(slugs)]
		for i, r := range answers {
			if i != won {
				r.Says("These permissions were changed by Ann Owner at").Has("input[value=" + set + "][checked]")
			}
		}
		acme.Owner.Get(path).Has("input[value=" + set + "][checked]").HasNot("input[value=emails][checked]")
		if n := number(t, w, `SELECT count(*) FROM audit WHERE account_id = $1 AND action = 'member.permissions'`, acme.Number); n != 1 {
			t.Errorf("the audit tells of %d changes, want 1", n)
		}
		settle(t, w)
		if n := number(t, w, `SELECT count(*) FROM emails WHERE account_id = $1 AND to_email = $2 AND kind <> 'invitation'`, acme.Number, bob.Email); n != 1 {
			t.Errorf("Bob got %d mails about it, want 1", n)
		}
	})
}

// userPath is the path of a member's Manage Permissions.
func userPath(t *testing.T, w pair, a *apptest.Account, p *apptest.Person) string {
	t.Helper()
	return a.Path("/users/" + id.User(user(t, w, p)).String())
}
