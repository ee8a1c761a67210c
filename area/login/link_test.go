package login_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"atrium/area/login"
	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/fault"
)

func profile(first, last, language, zone string) login.Profile {
	return login.Profile{First: first, Last: last, Language: language, Zone: zone}
}

func (w world) forgot() {
	w.t.Helper()
	ok(w.t, w.login.Forgot(w.ctx, from("192.0.2.4"), "ann@example.com", "/"))
}

func TestAResetLinkSetsAPasswordOnceAndEndsAllSessions(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		other := w.logIn("ann@example.com", good)
		w.forgot()
		token := w.token("password.reset")
		if u, err := w.login.ResetOf(w.ctx, token); err != nil || u.ID != me.User().ID {
			t.Errorf("the link is of %v, %v", u, err)
		}
		is(t, w.login.Reset(w.ctx, from("192.0.2.4"), token, mine("short")), fault.Invalid, "password.weak")
		ok(t, w.login.Reset(w.ctx, from("192.0.2.4"), token, mine(next)))
		is(t, w.login.Reset(w.ctx, from("192.0.2.4"), token, mine(good)), fault.NotFound, "link")
		if all, err := w.login.Sessions(w.ctx, me); err != nil || len(all) != 0 || w.alive(other) {
			t.Errorf("sessions afterwards: %v, %v", all, err)
		}
		w.logIn("ann@example.com", next)
		if len(w.letters("password.changed")) != 1 {
			t.Error("the person was not told")
		}
	})
}

func TestAResetLinkWorksForSixtyMinutes(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.register()
		w.forgot()
		token := w.token("password.reset")
		w.clock().Add(60*time.Minute - time.Microsecond)
		_, err := w.login.ResetOf(w.ctx, token)
		ok(t, err)
		w.clock().Add(time.Microsecond)
		is(t, w.login.Reset(w.ctx, from("192.0.2.4"), token, mine(next)), fault.NotFound, "link")
	})
}

func TestANewResetLinkKillsTheOneBefore(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.register()
		w.forgot()
		first := w.token("password.reset")
		w.forgot()
		second := w.token("password.reset")
		is(t, w.login.Reset(w.ctx, from("192.0.2.4"), first, mine(next)), fault.NotFound, "link")
		ok(t, w.login.Reset(w.ctx, from("192.0.2.4"), second, mine(next)))
		if all := w.letters("password.reset"); len(all) != 2 || all[1].State != "cancelled" {
			t.Errorf("the mail of the dead link is to be sent: %+v", all)
		}
	})
}

func TestForgettingDoesTheSameWhetherOrNotThereIsALogin(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			var statements atomic.Int64
			d := dbtest.Open(t, engine, schemas(), func(o *db.Options) {
				o.Trace = func(string, bool) { statements.Add(1) }
			})
			w := newWorld(t, d, base)
			w.register()
			ran := func(email string) int64 {
				before := statements.Load()
				ok(t, w.login.Forgot(w.ctx, from("192.0.2.4"), email, "/"))
				return statements.Load() - before
			}
			if known, unknown := ran("ann@example.com"), ran("bob@example.com"); known != unknown {
				t.Errorf("%d statements for a login, %d for none", known, unknown)
			}
			if all := w.letters("password.reset"); len(all) != 1 || all[0].To.Email != "Ann@example.com" {
				t.Errorf("mailed: %+v", all)
			}
		})
	}
}

func TestLinksToSetAPasswordAreLimited(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ask := func(ip, email string) error { return w.login.Forgot(w.ctx, from(ip), email, "/") }
		for range 3 {
			ok(t, ask("192.0.2.4", "ann@example.com"))
		}
		is(t, ask("192.0.2.5", "ANN@example.com"), fault.TooMany, "limit.forgot")
		ok(t, ask("192.0.2.4", "bob@example.com"))
		ok(t, ask("192.0.2.4", "eve@example.com"))
		is(t, ask("192.0.2.4", "kim@example.com"), fault.TooMany, "limit.forgot-from")
		w.clock().Add(time.Hour)
		ok(t, ask("192.0.2.4", "ann@example.com"))
	})
}

func TestNoJobShowsWhereAResetLeads(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.register()
		secret := access.NewToken().Reveal()
		ok(t, w.login.Forgot(w.ctx, from("192.0.2.4"), "ann@example.com", "/invite/10001."+secret))
		rows, err := db.All(w.ctx, w.db.Auto(), func(r db.Row) (string, error) {
			var s string
			err := r.Scan(&s)
			return s, err
		}, `SELECT args FROM jobs`)
		ok(t, err)
		for _, args := range rows {
			if strings.Contains(args, secret) || strings.Contains(args, "ann@") {
				t.Errorf("a job says %s", args)
			}
		}
		if path := w.path("password.reset"); !strings.HasSuffix(path, "?next=%2Finvite%2F10001."+secret) {
			t.Errorf("the link leads on to %s", path)
		}
	})
}

func TestOneOfManySpendsALink(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.register()
		w.forgot()
		token := w.token("password.reset")
		var won, lost atomic.Int64
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				switch err := w.login.Reset(w.ctx, from("192.0.2.4"), token, mine(next)); {
				case err == nil:
					won.Add(1)
				case fault.CodeOf(err) == "link":
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 || lost.Load() != 11 {
			t.Errorf("%d won, %d lost", won.Load(), lost.Load())
		}
	})
}

func TestAResetForgivesWrongLogIns(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.register()
		try := func(password string) error {
			_, err := w.login.LogIn(w.ctx, from("192.0.2.4"), "ann@example.com", password, access.Wish{}, access.Token{})
			return err
		}
		for range 10 {
			is(t, try("wrong"), fault.Invalid, access.WrongLogin)
		}
		is(t, try(good), fault.TooMany, "limit.login")
		w.forgot()
		ok(t, w.login.Reset(w.ctx, from("192.0.2.4"), w.token("password.reset"), mine(next)))
		ok(t, try(next))
	})
}

func TestAnAddressIsConfirmedOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		token := w.token("email.verify")
		claim, err := w.login.Claim(w.ctx, token)
		if err != nil || claim.Email != "Ann@example.com" || claim.New || !w.again(me).Verified.IsZero() {
			t.Errorf("looking at the link: %+v, %v", claim, err)
		}
		_, err = w.login.Confirm(w.ctx, me.Actor(), token)
		ok(t, err)
		if w.again(me).Verified.IsZero() {
			t.Error("not confirmed")
		}
		_, err = w.login.Confirm(w.ctx, me.Actor(), token)
		is(t, err, fault.NotFound, "link")
		is(t, w.login.SendProof(w.ctx, me, ""), fault.Conflict, "email.verified")
	})
}

func TestALinkToConfirmIsSentAgainOnceAMinuteAndFiveTimesADay(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		first := w.token("email.verify")
		for range 5 {
			ok(t, w.login.SendProof(w.ctx, me, ""))
			is(t, w.login.SendProof(w.ctx, me, ""), fault.TooMany, "limit.verify")
			w.clock().Add(time.Minute)
		}
		is(t, w.login.SendProof(w.ctx, me, ""), fault.TooMany, "limit.verify-day")
		_, err := w.login.Claim(w.ctx, first)
		is(t, err, fault.NotFound, "link")
		_, err = w.login.Confirm(w.ctx, me.Actor(), w.token("email.verify"))
		ok(t, err)
	})
}

func TestTheJobOfANewLoginMailsOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		w.letters("email.verify")
		ok(t, w.db.WriteGlobal(w.ctx, db.Lock{}, func(tx *db.Tx) error {
			return w.jobs.Tell(w.ctx, tx, access.LoginCreated{User: me.User().ID})
		}))
		if n := len(w.letters("email.verify")); n != 1 {
			t.Errorf("%d mails", n)
		}
	})
}

// Whoever has an IPv6 network has more addresses in it than there are limits: they
// are counted as one.
func TestTheMachinesOfOneNetworkAreCountedTogether(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for i := range 5 {
			ok(t, w.login.Forgot(w.ctx, from(fmt.Sprintf("2001:db8:1:2::%d", i+1)), fmt.Sprintf("nobody%d@example.com", i), "/"))
		}
		is(t, w.login.Forgot(w.ctx, from("2001:db8:1:2::ffff"), "another@example.com", "/"), fault.TooMany, "limit.forgot-from")
		ok(t, w.login.Forgot(w.ctx, from("2001:db8:1:3::1"), "another@example.com", "/"))

		register := func(ip string, n int) error {
			r := ann()
			r.Email = fmt.Sprintf("ann%d@example.com", n)
			_, _, err := w.login.Register(w.ctx, from(ip), r, access.Token{})
			return err
		}
		for i := range 20 {
			ok(t, register(fmt.Sprintf("2001:db8:1:2::%d", i+1), i))
		}
		is(t, register("2001:db8:1:2::ffff", 20), fault.TooMany, "limit.register")
		ok(t, register("2001:db8:1:3::1", 20))
	})
}
