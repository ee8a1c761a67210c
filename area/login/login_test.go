package login_test

import (
	"testing"
	"time"

	"atrium/area/login"
	"atrium/base/access"
	"atrium/fault"
)

func TestRegisteringMakesALoginAndAnAccountThatItOwns(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		token, account, err := w.login.Register(w.ctx, from("192.0.2.1"), ann(), access.Token{})
		ok(t, err)
		me := w.self(token)
		owner, err := access.FindOwner(w.ctx, w.db.Auto(), account)
		ok(t, err)
		card, err := access.FindCard(w.ctx, w.db.Auto(), account)
		ok(t, err)
		if owner.User != me.User().ID || card.Name != "Ann Archer" || card.TimeZone != "Europe/Berlin" {
			t.Errorf("owner %v, card %+v", owner, card)
		}
		if got := w.audited(0); got != "login.created" {
			t.Errorf("audited of no account: %s", got)
		}
		if got := w.audited(account); got != "account.opened" {
			t.Errorf("audited of the account: %s", got)
		}
		if all := w.letters("email.verify"); len(all) != 1 || all[0].To.Email != "Ann@example.com" {
			t.Errorf("asked to confirm the address: %+v", all)
		}
	})
}

func TestTheAccountIsCalledAsItsOwnerSays(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		r := ann()
		r.Account = "  Archer \n GmbH "
		_, account, err := w.login.Register(w.ctx, from("192.0.2.1"), r, access.Token{})
		ok(t, err)
		if card, err := access.FindCard(w.ctx, w.db.Auto(), account); err != nil || card.Name != "Archer GmbH" {
			t.Errorf("%+v, %v", card, err)
		}
	})
}

func TestEverythingWrongWithARegistrationIsSaidAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		r := ann()
		r.FirstName, r.Email, r.Password, r.Country = "", "nobody", "short", "XX"
		_, _, err := w.login.Register(w.ctx, from("192.0.2.1"), r, access.Token{})
		e, _ := fault.As(err)
		var names []string
		for _, f := range e.Fields {
			names = append(names, f.Name)
		}
		if got := len(names); got != 4 || names[0] != "first" || names[1] != "email" || names[2] != "password" || names[3] != "country" {
			t.Errorf("wrong: %v", names)
		}
	})
}

func TestAKnownAddressIsToldFiveTimesAnHour(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.register()
		r := ann()
		r.Email = "ANN@EXAMPLE.com"
		for range 5 {
			_, _, err := w.login.Register(w.ctx, from("192.0.2.9"), r, access.Token{})
			is(t, err, fault.Invalid, access.KnownEmail)
		}
		_, _, err := w.login.Register(w.ctx, from("192.0.2.9"), r, access.Token{})
		is(t, err, fault.TooMany, "limit.known")
	})
}

// Who is told no more that an address has a login is not told that one has none,
// either: the difference would say the same.
func TestWhoHasTriedManyAddressesIsToldNothingOfAnyMore(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register() // at 192.0.2.1
		known, unknown := ann(), ann()
		unknown.Email = "bob@example.com"
		for range 5 {
			_, _, err := w.login.Register(w.ctx, from("192.0.2.1"), known, access.Token{})
			is(t, err, fault.Invalid, access.KnownEmail)
		}
		for _, r := range []login.Registration{known, unknown} {
			_, _, err := w.login.Register(w.ctx, from("192.0.2.1"), r, access.Token{})
			is(t, err, fault.TooMany, "limit.known")
		}
		_, err := w.login.AskEmail(w.ctx, me, "bob@example.com", good, false)
		is(t, err, fault.TooMany, "limit.known")
		_, _, err = w.login.Register(w.ctx, from("192.0.2.2"), unknown, access.Token{})
		ok(t, err)
		w.clock().Add(time.Hour)
		unknown.Email = "cleo@example.com"
		_, _, err = w.login.Register(w.ctx, from("192.0.2.1"), unknown, access.Token{})
		ok(t, err)
	})
}

func TestLoggingInEndsTheSessionThatTheBrowserHad(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.register()
		old := w.logIn("ann@example.com", good)
		o, err := w.login.LogIn(w.ctx, from("192.0.2.2"), "ann@example.com", good, access.Wish{Remember: true}, old)
		ok(t, err)
		fresh := o.Session
		if w.alive(old) || !w.alive(fresh) || !w.self(fresh).Session().Remember {
			t.Error("the old session lives, or the new one does not")
		}
		w.clock().Add(29 * 24 * time.Hour)
		if !w.alive(fresh) {
			t.Error("a remembered browser is logged out after 29 days")
		}
	})
}

func TestAWrongPasswordOpensNoSession(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.register()
		for _, email := range []string{"ann@example.com", "nobody@example.com", "no address"} {
			_, err := w.login.LogIn(w.ctx, from("192.0.2.2"), email, next, access.Wish{}, access.Token{})
			is(t, err, fault.Invalid, access.WrongLogin)
		}
	})
}

func TestLoggingOutEndsTheSession(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		token := w.logIn("ann@example.com", good)
		ok(t, w.login.LogOut(w.ctx, me.Actor(), token))
		if w.alive(token) {
			t.Error("the session lives")
		}
		if got := w.audited(0); got != "login.created session.opened session.ended" {
			t.Errorf("audited: %s", got)
		}
	})
}

func TestSessionsAreEndedByTheirOwnUserOnly(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		r := ann()
		r.Email = "bob@example.com"
		token, _, err := w.login.Register(w.ctx, from("192.0.2.3"), r, access.Token{})
		ok(t, err)
		bob := w.self(token)
		is(t, w.login.EndSession(w.ctx, me, bob.Session().ID), fault.NotFound, "")
		other := w.logIn("ann@example.com", good)
		ok(t, w.login.EndSession(w.ctx, me, w.self(other).Session().ID))
		w.logIn("ann@example.com", good)
		w.logIn("ann@example.com", good)
		if all, err := w.login.Sessions(w.ctx, me); err != nil || len(all) != 3 {
			t.Errorf("%d sessions, %v", len(all), err)
		}
		if n, err := w.login.EndOthers(w.ctx, me); err != nil || n != 2 {
			t.Errorf("ended %d, %v", n, err)
		}
		if !w.alive(token) || w.alive(other) {
			t.Error("bob is logged out, or ann's other browser is not")
		}
	})
}

func TestAProfileIsStoredClean(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		ok(t, w.login.SetProfile(w.ctx, me, profile("Anna\u202e \t Maria", "", "en", "America/New_York")))
		if u := w.again(me); u.FirstName != "Anna Maria" || u.LastName != "" || u.TimeZone != "America/New_York" {
			t.Errorf("stored %+v", u)
		}
		err := w.login.SetProfile(w.ctx, me, profile("", "Archer", "tlh", "Mars/Base"))
		if e, _ := fault.As(err); e == nil || len(e.Fields) != 3 {
			t.Errorf("accepted: %v", err)
		}
	})
}

func TestANewPasswordNeedsThePresentOneAndEndsTheOtherSessions(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		other := w.logIn("ann@example.com", good)
		is(t, w.login.SetPassword(w.ctx, me, next, next+"!"), fault.Invalid, access.WrongLogin)
		is(t, w.login.SetPassword(w.ctx, me, good, good), fault.Invalid, "password.same")
		is(t, w.login.SetPassword(w.ctx, me, good, "password1234"), fault.Invalid, "password.weak")
		ok(t, w.login.SetPassword(w.ctx, me, good, next))
		if all, err := w.login.Sessions(w.ctx, me); err != nil || len(all) != 1 || w.alive(other) {
			t.Errorf("sessions afterwards: %v, %v", all, err)
		}
		w.logIn("ann@example.com", next)
		if len(w.letters("password.changed")) != 1 {
			t.Error("the person was not told")
		}
	})
}
