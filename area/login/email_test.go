package login_test

import (
	"testing"
	"time"

	"atrium/base/access"
	"atrium/fault"
)

// ask begins a change of address and gives the link's token.
func (w world) ask(me access.Self, email string) access.Token {
	w.t.Helper()
	_, err := w.login.AskEmail(w.ctx, me, email, good, false)
	ok(w.t, err)
	return w.token("email.new")
}

// move changes the address of a login.
func (w world) move(me access.Self, email string) {
	w.t.Helper()
	_, err := w.login.Confirm(w.ctx, me.Actor(), w.ask(me, email))
	ok(w.t, err)
}

func TestANewAddressCountsOnceItIsConfirmed(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		token := w.ask(me, "new@example.com")
		if link, err := w.login.Awaited(w.ctx, me); err != nil || link.Email != "new@example.com" || w.again(me).Email != "Ann@example.com" {
			t.Errorf("awaited %+v, %v", link, err)
		}
		if all := w.letters("email.new"); len(all) != 1 || all[0].To.Email != "new@example.com" {
			t.Errorf("the link went to %+v", all)
		}
		if all := w.letters("email.asked"); len(all) != 1 || all[0].To.Email != "Ann@example.com" {
			t.Errorf("the old address was told: %+v", all)
		}
		claim, err := w.login.Confirm(w.ctx, me.Actor(), token)
		ok(t, err)
		if u := w.again(me); !claim.New || u.Email != "new@example.com" || u.Verified.IsZero() {
			t.Errorf("afterwards: %+v", u)
		}
		if all := w.letters("email.changed"); len(all) != 1 || all[0].To.Email != "Ann@example.com" {
			t.Errorf("the old address was told: %+v", all)
		}
		_, err = w.login.Awaited(w.ctx, me)
		is(t, err, fault.NotFound, "")
	})
}

func TestANewAddressNeedsThePasswordAndBelongsToNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		r := ann()
		r.Email = "bob@example.com"
		_, _, err := w.login.Register(w.ctx, from("192.0.2.3"), r, access.Token{})
		ok(t, err)
		for email, want := range map[string]string{"nobody": "email.malformed", "Ann@example.com": "email.same", "Bob@example.com": access.KnownEmail} {
			_, err := w.login.AskEmail(w.ctx, me, email, good, false)
			is(t, err, fault.Invalid, want)
		}
		_, err = w.login.AskEmail(w.ctx, me, "new@example.com", next, false)
		is(t, err, fault.Invalid, access.WrongLogin)
		if n := len(w.letters("email.new")); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestAnAddressThatSomebodyTookMeanwhileIsAConflict(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		token := w.ask(me, "bob@example.com")
		r := ann()
		r.Email = "bob@example.com"
		_, _, err := w.login.Register(w.ctx, from("192.0.2.3"), r, access.Token{})
		ok(t, err)
		_, err = w.login.Confirm(w.ctx, me.Actor(), token)
		is(t, err, fault.Conflict, "email.taken")
	})
}

func TestACancelledChangeOfAddressHasNoLink(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		token := w.ask(me, "new@example.com")
		ok(t, w.login.CancelEmail(w.ctx, me))
		_, err := w.login.Confirm(w.ctx, me.Actor(), token)
		is(t, err, fault.NotFound, "link")
		is(t, w.login.CancelEmail(w.ctx, me), fault.NotFound, "")
	})
}

func TestANewPasswordStopsAChangeOfAddress(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		token := w.ask(me, "new@example.com")
		ok(t, w.login.SetPassword(w.ctx, me, good, next))
		_, err := w.login.Confirm(w.ctx, me.Actor(), token)
		is(t, err, fault.NotFound, "link")

		w.forgot()
		reset := w.token("password.reset")
		_, err = w.login.AskEmail(w.ctx, me, "new@example.com", next, false)
		ok(t, err)
		token = w.token("email.new")
		ok(t, w.login.Reset(w.ctx, from("192.0.2.4"), reset, mine(good)))
		_, err = w.login.Confirm(w.ctx, me.Actor(), token)
		is(t, err, fault.NotFound, "link")
	})
}

func TestANewAddressKillsALinkThatWasMailedToTheOld(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		w.forgot()
		reset, verify := w.token("password.reset"), w.token("email.verify")
		w.move(me, "new@example.com")
		is(t, w.login.Reset(w.ctx, from("192.0.2.4"), reset, mine(next)), fault.NotFound, "link")
		_, err := w.login.Confirm(w.ctx, me.Actor(), verify)
		is(t, err, fault.NotFound, "link")
	})
}

func TestUndoPutsTheOldAddressBackAndLogsEveryoneOut(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		w.move(me, "thief@example.com")
		undo := w.token("email.changed")
		ok(t, w.login.Forgot(w.ctx, from("192.0.2.4"), "thief@example.com", "/"))
		stolen := w.token("password.reset")
		w.clock().Add(7*24*time.Hour - time.Microsecond)
		former, u, err := w.login.UndoOf(w.ctx, undo)
		if err != nil || former != "Ann@example.com" || u.Email != "thief@example.com" {
			t.Errorf("looking at the link: %s, %+v, %v", former, u, err)
		}
		reset, err := w.login.Undo(w.ctx, from("192.0.2.4"), undo)
		ok(t, err)
		if all, err := w.login.Sessions(w.ctx, me); err != nil || len(all) != 0 || w.again(me).Email != "Ann@example.com" {
			t.Errorf("afterwards: %+v, %v", all, err)
		}
		is(t, w.login.Reset(w.ctx, from("192.0.2.4"), stolen, mine(next)), fault.NotFound, "link")
		ok(t, w.login.Reset(w.ctx, from("192.0.2.4"), reset, mine(next)))
		w.logIn("ann@example.com", next)
		_, err = w.login.Undo(w.ctx, from("192.0.2.4"), undo)
		is(t, err, fault.NotFound, "link")
	})
}

func TestUndoWorksForSevenDays(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		w.move(me, "new@example.com")
		undo := w.token("email.changed")
		w.clock().Add(7 * 24 * time.Hour)
		_, err := w.login.Undo(w.ctx, from("192.0.2.4"), undo)
		is(t, err, fault.NotFound, "link")
	})
}

func TestASecondChangeDoesNotShakeOffTheFirstUndo(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		w.move(me, "thief@example.com")
		first := w.token("email.changed")
		w.clock().Add(time.Minute)
		w.move(me, "robber@example.com")
		second := w.token("email.changed")
		_, err := w.login.Undo(w.ctx, from("192.0.2.4"), first)
		ok(t, err)
		_, err = w.login.Undo(w.ctx, from("192.0.2.4"), second)
		is(t, err, fault.NotFound, "link")
		if u := w.again(me); u.Email != "Ann@example.com" {
			t.Errorf("the address is %s", u.Email)
		}
	})
}

func TestNobodyElseGetsAnAddressThatCanBePutBack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		w.move(me, "new@example.com")
		r := ann()
		r.Email = "ann@EXAMPLE.com"
		_, _, err := w.login.Register(w.ctx, from("192.0.2.3"), r, access.Token{})
		is(t, err, fault.Invalid, access.KnownEmail)
		w.clock().Add(7 * 24 * time.Hour)
		_, _, err = w.login.Register(w.ctx, from("192.0.2.3"), r, access.Token{})
		ok(t, err)
	})
}
