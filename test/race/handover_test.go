package race

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/test/apptest"
)

// watched runs fn while another connection counts the account's owners all the time:
// there may be one at every instant.
func (d desk) watched(t *testing.T, fn func()) {
	t.Helper()
	stop, over := make(chan struct{}), make(chan struct{})
	looks := 0
	go func() {
		defer close(over)
		for {
			n, err := db.One(t.Context(), d.second.DB.Auto(), func(r db.Row) (n int64, err error) { err = r.Scan(&n); return n, err },
				`SELECT count(*) FROM memberships WHERE account_id = $1 AND owner`, d.Number)
			if looks++; err != nil || n != 1 {
				t.Errorf("%d own the account, %v", n, err)
				return
			}
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Microsecond):
			}
		}
	}()
	fn()
	close(stop)
	<-over
	t.Logf("looked %d times who owns the account", looks)
}

// holder is who owns the account, of the desk's people.
func (d desk) holder(t *testing.T) *apptest.Person {
	t.Helper()
	for _, p := range d.people {
		if user(t, d.pair, p) == d.owner(t) {
			return p
		}
	}
	t.Fatal("somebody else owns the account")
	return nil
}

// offer has the owner offer the account, and gives the path of the link.
func (d desk) offer(t *testing.T, to *apptest.Person) string {
	t.Helper()
	d.Clock.Add(2 * time.Minute) // no more than ten passwords in fifteen
	settle(t, d.pair)
	had, owner := len(d.Mail.To(to.Email)), d.holder(t)
	owner.LogIn()
	owner.Prove()
	if number(t, d.pair, `SELECT count(*) FROM handovers WHERE account_id = $1 AND state = 'pending'`, d.Number) > 0 {
		owner.Post(d.Path("/handover/cancel"), nil).SeeOther()
	}
	owner.Get(d.Path("/handover")).OK().Submit("main form", url.Values{"user": {id.User(user(t, d.pair, to)).String()}}).SeeOther()
	settle(t, d.pair)
	d.Exec(`UPDATE limits SET count = 0 WHERE name >= 'handover:' AND name < 'handover;'`) // no more than five offers a day
	for _, l := range d.Mail.To(to.Email)[had:] {
		if strings.Contains(l.Text, d.Path("/handover/")) {
			return strings.TrimPrefix(l.Link(t, d.Path("/handover/")), d.URL)
		}
	}
	t.Fatal("no offer has arrived")
	return ""
}

func TestAHundredClicksOnAnOfferTakeTheOwnershipOnce(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		d := newDesk(t, w)
		heir := d.people[1]
		link := d.offer(t, heir)
		d.watched(t, func() {
			winner(t, w.race(repeat(crowd, func(int) attempt { return attempt{by: heir, path: link + "/accept"} })...), http.StatusConflict)
		})
		if d.owner(t) != user(t, w, heir) || number(t, w, `SELECT count(*) FROM audit WHERE account_id = $1 AND action = 'owner.changed'`, d.Number) != 1 {
			t.Error("the heir does not own the account, or took it more than once")
		}
		settle(t, w)
		for _, p := range []*apptest.Person{d.people[0], heir} {
			if n := number(t, w, `SELECT count(*) FROM emails WHERE account_id = $1 AND to_email = $2 AND kind IN ('owner.new', 'owner.former')`, d.Number, p.Email); n != 1 {
				t.Errorf("%s got %d mails about it", p.Email, n)
			}
		}
	})
}

// The owner offers the account to one and to the other, again and again, and takes each
// offer back for the next. All links are clicked at once: the last one works.
func TestOfManyOffersTheOneThatStandsIsTaken(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		d := newDesk(t, w)
		type made struct {
			to   *apptest.Person
			link string
		}
		var offers []made
		for n := range 5 {
			to := d.people[1+n%2]
			offers = append(offers, made{to, d.offer(t, to)})
		}
		d.watched(t, func() {
			answers := w.race(repeat(crowd, func(i int) attempt {
				o := offers[i%len(offers)]
				return attempt{by: o.to, path: o.link + "/accept"}
			})...)
			if won := winner(t, answers, http.StatusConflict); won%len(offers) != len(offers)-1 {
				t.Errorf("offer %d of %d was taken", won%len(offers)+1, len(offers))
			}
		})
		if d.owner(t) != user(t, w, offers[len(offers)-1].to) {
			t.Error("whom the last offer was to does not own the account")
		}
	})
}

// A bout is a hundred clicks on an offer against something that is in their way.
type bout struct {
	against func(t *testing.T, d desk, owner, heir *apptest.Person) attempt
	both    bool // the other succeeds in any case
	never   bool // and is never in the way
	after   func(t *testing.T, d desk, owner, heir *apptest.Person)
}

const bouts = 4

// run fights the bout with either a little ahead, and lets each surely be first once.
// The account has one owner at every instant; afterwards it is the heir's exactly if
// one click was answered with the account, and somebody who can log in can act.
func (b bout) run(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		d := newDesk(t, w)
		d.staff[1] = w.StaffAs("cora", access.Administrator)
		took := 0
		for round := range bouts {
			owner, heir := d.holder(t), d.others(t)[round%2]
			link := d.offer(t, heir)
			other := b.against(t, d, owner, heir)
			clicks := repeat(crowd-1, func(int) attempt { return attempt{by: heir, path: link + "/accept"} })
			switch round {
			case 2:
				other.after = 3 * time.Second
			case 3:
				for i := range clicks {
					clicks[i].after = time.Second
				}
			}
			var answers []*apptest.Response
			d.watched(t, func() { answers = w.race(append([]attempt{other}, clicks...)...) })
			n := count(answers[1:])
			is := d.owner(t) == user(t, w, heir)
			if is != (n[http.StatusSeeOther] == 1) || n[http.StatusSeeOther] > 1 {
				t.Fatalf("round %d: the clicks were answered %v; the heir owns it: %v", round, n, is)
			}
			if did := answers[0].Status == http.StatusSeeOther; !b.both && did == is || b.both && !did {
				t.Fatalf("round %d: the other was answered %d; the heir owns it: %v", round, answers[0].Status, is)
			}
			if is {
				took++
			}
			b.after(t, d, owner, heir)
			d.canBeOwned(t)
			w.Holds()
		}
		t.Logf("taking over won %d of %d", took, bouts)
		if took == 0 || took == bouts && !b.never {
			t.Error("the same has won each time: this was no race")
		}
	})
}

// canBeOwned sees that there is no dead end: the owner can act, or staff can give the
// account to somebody who can.
func (d desk) canBeOwned(t *testing.T) {
	t.Helper()
	if number(t, d.pair, `SELECT count(*) FROM users WHERE id = $1 AND disabled_at > 0`, d.owner(t)) > 0 {
		for _, p := range d.others(t) {
			a := d.hand(t, 1, p)
			if d.staff[1].Post(a.path, a.form).Status == http.StatusSeeOther {
				break
			}
		}
	}
	p := d.holder(t)
	p.LogIn()
	p.Get(d.Path("/users")).OK()
}

func TestTakingOwnershipAgainstRemoval(t *testing.T) {
	bout{
		against: func(t *testing.T, d desk, owner, heir *apptest.Person) attempt {
			return attempt{by: owner, path: userPath(t, d.pair, d.Account, heir) + "/remove"}
		},
		after: again,
	}.run(t)
}

func TestTakingOwnershipAgainstLeaving(t *testing.T) {
	bout{
		against: func(_ *testing.T, d desk, _, heir *apptest.Person) attempt {
			return attempt{by: heir, path: d.Path("/users/people/leave")}
		},
		after: again,
	}.run(t)
}

// again lets in who has gone.
func again(t *testing.T, d desk, _, heir *apptest.Person) {
	t.Helper()
	if members(t, d.pair, d.Account) < int64(len(d.people)) {
		d.back(t, heir)
	}
}

func deactivation(t *testing.T, d desk, p *apptest.Person) attempt {
	t.Helper()
	return attempt{by: d.staff[1], path: "/staff/users/" + id.User(user(t, d.pair, p)).String() + "/deactivate", form: url.Values{"reason": {"Left the company"}}}
}

func activate(t *testing.T, d desk, p *apptest.Person) {
	t.Helper()
	d.canBeOwned(t) // also while they can't log in
	d.staff[0].Post("/staff/users/"+id.User(user(t, d.pair, p)).String()+"/activate", nil).SeeOther()
	p.LogIn()
}

// Deactivating always succeeds. An heir who was deactivated first owns nothing.
func TestTakingOwnershipAgainstDeactivationOfTheHeir(t *testing.T) {
	bout{
		against: func(t *testing.T, d desk, _, heir *apptest.Person) attempt { return deactivation(t, d, heir) },
		both:    true,
		after:   func(t *testing.T, d desk, _, heir *apptest.Person) { activate(t, d, heir) },
	}.run(t)
}

// An owner whose login is switched off stays the owner, until who was offered the
// account takes it or staff give it to somebody: nobody gets it by that alone.
func TestTakingOwnershipAgainstDeactivationOfTheOwner(t *testing.T) {
	bout{
		against: func(t *testing.T, d desk, owner, _ *apptest.Person) attempt { return deactivation(t, d, owner) },
		both:    true,
		never:   true,
		after:   func(t *testing.T, d desk, owner, _ *apptest.Person) { activate(t, d, owner) },
	}.run(t)
}

// Closing always succeeds. In a closed account nobody becomes the owner by a link.
func TestTakingOwnershipAgainstClosing(t *testing.T) {
	status := func(t *testing.T, d desk, to access.Status) url.Values {
		t.Helper()
		v := number(t, d.pair, `SELECT version FROM accounts WHERE account_id = $1`, d.Number)
		return url.Values{"status": {string(to)}, "reason": {"Asked for it"}, "version": {strconv.FormatInt(v, 10)}}
	}
	bout{
		against: func(t *testing.T, d desk, _, _ *apptest.Person) attempt {
			return attempt{by: d.staff[1], path: d.at("/status"), form: status(t, d, access.Closed)}
		},
		both: true,
		after: func(t *testing.T, d desk, _, _ *apptest.Person) {
			d.staff[1].Post(d.at("/status"), status(t, d, access.Active)).SeeOther()
		},
	}.run(t)
}

func TestTakingOwnershipAgainstMakeOwner(t *testing.T) {
	bout{
		against: func(t *testing.T, d desk, _, heir *apptest.Person) attempt {
			for _, p := range d.others(t) {
				if p != heir {
					return d.hand(t, 0, p)
				}
			}
			panic("nobody else")
		},
		after: func(*testing.T, desk, *apptest.Person, *apptest.Person) {},
	}.run(t)
}

func TestTakingOwnershipAgainstCancelling(t *testing.T) {
	bout{
		against: func(_ *testing.T, d desk, owner, _ *apptest.Person) attempt {
			return attempt{by: owner, path: d.Path("/handover/cancel")}
		},
		after: func(*testing.T, desk, *apptest.Person, *apptest.Person) {},
	}.run(t)
}
