package race

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/test/apptest"
)

// A desk is an account's record, open before two people of the staff.
type desk struct {
	pair
	*apptest.Account
	staff  [2]*apptest.Person
	people []*apptest.Person // its owner among them
}

func newDesk(t *testing.T, w pair) desk {
	t.Helper()
	acme := w.Account("Acme", "ann")
	d := desk{pair: w, Account: acme, people: []*apptest.Person{acme.Owner, acme.Member("bob", "domains"), acme.Member("eve", "domains")}}
	for i, name := range []string{"stan", "olga"} {
		d.staff[i] = w.StaffAs(name, access.Support)
	}
	return d
}

func (d desk) at(rest string) string { return "/staff/accounts/" + d.Number.String() + rest }

func (d desk) owner(t *testing.T) int64 {
	t.Helper()
	return number(t, d.pair, `SELECT user_id FROM memberships WHERE account_id = $1 AND owner`, d.Number)
}

// others are who doesn't own the account.
func (d desk) others(t *testing.T) []*apptest.Person {
	t.Helper()
	var list []*apptest.Person
	for _, p := range d.people {
		if user(t, d.pair, p) != d.owner(t) {
			list = append(list, p)
		}
	}
	return list
}

// hand is Make Owner, sent by one of the two.
func (d desk) hand(t *testing.T, by int, to *apptest.Person) attempt {
	t.Helper()
	return attempt{by: d.staff[by], path: d.at("/users/" + id.User(user(t, d.pair, to)).String() + "/owner"),
		form: url.Values{"from": {id.User(d.owner(t)).String()}, "former": {"keep"}, "checked": {"yes"}, "reason": {"Company sold"}}}
}

// back lets somebody in again, who was removed or has left.
func (d desk) back(t *testing.T, p *apptest.Person) {
	t.Helper()
	d.Clock.Add(time.Minute) // no more than two hundred an hour
	form := url.Values{"user": {id.User(user(t, d.pair, p)).String()}, "find": {p.Email}, "invite": {"no"}, "access": {"choose"}, "perm": {"domains"}, "reason": {"Again"}}
	d.staff[0].Post(d.at("/users/associate"), form).SeeOther()
}

// Two of the staff make two people the owner at the same moment: the account has
// one owner, and the slower is shown who that is.
func TestMakeOwnerAgainstMakeOwner(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		d := newDesk(t, w)
		for round := range 100 {
			others := d.others(t)
			answers := w.race(d.hand(t, 0, others[0]), d.hand(t, 1, others[1]))
			won := winner(t, answers, http.StatusConflict)
			if got := d.owner(t); got != user(t, w, others[won]) {
				t.Fatalf("round %d: %s won, and %d owns the account", round, others[won].Email, got)
			}
			answers[1-won].Says("Meanwhile this account has got another owner.").Says(others[won].First)
		}
	})
}

// against has Make Owner meet what takes its target away. Whoever is first, the
// account has one owner, who has access.
func (d desk) against(t *testing.T, other func(p *apptest.Person) attempt) {
	t.Helper()
	made := 0
	for round := range 100 {
		target := d.others(t)[0]
		hand, away := d.hand(t, 0, target), other(target)
		hand.after, away.after = time.Duration(round%5)*time.Millisecond, time.Duration(round%4)*time.Millisecond
		before := d.owner(t)
		answers := d.race(hand, away)
		is := user(t, d.pair, target)
		switch first, second := answers[0].Status, answers[1].Status; {
		case first == http.StatusSeeOther && second == http.StatusForbidden:
			made++
			if d.owner(t) != is {
				t.Fatalf("round %d: who was made the owner is not", round)
			}
		case (first == http.StatusConflict || first == http.StatusNotFound) && second == http.StatusSeeOther:
			if d.owner(t) != before || members(t, d.pair, d.Account) != 2 {
				t.Fatalf("round %d: who has gone owns the account, or has not gone", round)
			}
			d.back(t, target)
		default:
			t.Fatalf("round %d: Make Owner was answered %d, the other %d", round, first, second)
		}
	}
	t.Logf("Make Owner won %d of 100", made)
	if made == 0 || made == 100 {
		t.Error("the same has won each time: this was no race")
	}
}

func TestMakeOwnerAgainstRemoval(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		d := newDesk(t, w)
		d.against(t, func(p *apptest.Person) attempt {
			return attempt{by: d.staff[1], path: d.at("/users/" + id.User(user(t, w, p)).String() + "/remove")}
		})
	})
}

func TestMakeOwnerAgainstLeaving(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		d := newDesk(t, w)
		d.against(t, func(p *apptest.Person) attempt { return attempt{by: p, path: d.Path("/users/people/leave")} })
	})
}

// Make Owner meets the deactivation of whom it chose. Deactivating always succeeds;
// who was deactivated first becomes nobody's owner, and who did before stays one.
func TestMakeOwnerAgainstDeactivation(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		d := newDesk(t, w)
		made := 0
		for round := range 100 {
			target := d.others(t)[0]
			is, before := user(t, w, target), d.owner(t)
			login := "/staff/users/" + id.User(is).String()
			hand, away := d.hand(t, 0, target), attempt{by: d.staff[1], path: login + "/deactivate", form: url.Values{"reason": {"Left the company"}}}
			hand.after, away.after = time.Duration(round%5)*time.Millisecond, time.Duration(round%4)*time.Millisecond
			stop := ticking(w)
			answers := w.race(inTurn(round, hand, away)...)
			stop()
			given, shut := answers[round%2], answers[1-round%2]
			shut.SeeOther()
			switch given.Status {
			case http.StatusSeeOther:
				made++
				if d.owner(t) != is {
					t.Fatalf("round %d: who was made the owner is not", round)
				}
				if n := number(t, w, `SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id
					WHERE m.account_id = $1 AND m.owner AND m.changed_at <= u.disabled_at`, d.Number); n != 1 {
					t.Fatalf("round %d: the owner was deactivated before", round)
				}
			case http.StatusConflict:
				given.Says("the login was deactivated")
				if d.owner(t) != before {
					t.Fatalf("round %d: Make Owner was refused, and the owner is another", round)
				}
			default:
				t.Fatalf("round %d: Make Owner was answered %d", round, given.Status)
			}
			d.staff[0].Post(login+"/activate", nil).SeeOther()
		}
		t.Logf("Make Owner won %d of 100", made)
		if made == 0 || made == 100 {
			t.Error("the same has won each time: this was no race")
		}
	})
}

// ticking has the clock of both processes go, so that times tell an order.
func ticking(w pair) (stop func()) {
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-done:
				return
			case <-time.After(100 * time.Microsecond):
				w.Clock.Add(time.Microsecond)
			}
		}
	}()
	return func() { close(done); <-over }
}

// A member accepts the ownership while its owner takes the offer back, or staff
// give it to somebody else. One has happened, and the other is told so.
func TestTakingOwnershipAgainstCancelAndStaff(t *testing.T) {
	for name, other := range map[string]func(t *testing.T, d desk, owner, third *apptest.Person) attempt{
		"cancel": func(_ *testing.T, d desk, owner, _ *apptest.Person) attempt {
			return attempt{by: owner, path: d.Path("/handover/cancel")}
		},
		"staff": func(t *testing.T, d desk, _, third *apptest.Person) attempt { return d.hand(t, 0, third) },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w pair) {
				d := newDesk(t, w)
				for round := range rounds {
					others, owner := d.others(t), d.people[0]
					for _, p := range d.people {
						if user(t, w, p) == d.owner(t) {
							owner = p
						}
					}
					w.Clock.Add(2 * time.Minute) // no more than ten passwords in fifteen
					heir, third := others[0], others[1]
					settle(t, w)
					had := len(w.Mail.To(heir.Email))
					owner.Prove()
					owner.Get(d.Path("/handover")).OK().Submit("main form", url.Values{"user": {id.User(user(t, w, heir)).String()}}).SeeOther()
					settle(t, w)
					link := w.Mail.To(heir.Email)[had].Link(t, d.Path("/handover/"))
					take, against := attempt{by: heir, path: link[len(w.URL):] + "/accept"}, other(t, d, owner, third)
					headStart(round, &take, &against)
					answers := w.race(inTurn(round, take, against)...)
					winner(t, answers, http.StatusConflict, http.StatusForbidden)
					took := answers[round%2].Status == http.StatusSeeOther
					if is := d.owner(t) == user(t, w, heir); is != took {
						t.Fatalf("round %d: accepting was answered %d, the heir owns it: %v", round, answers[round%2].Status, is)
					}
					w.Exec(`UPDATE limits SET count = 0 WHERE name >= 'handover:' AND name < 'handover;'`) // no more than five offers a day
				}
			})
		})
	}
}
