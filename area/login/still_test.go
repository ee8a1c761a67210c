package login_test

import (
	"testing"

	"atrium/area/login"
	"atrium/base/access"
	"atrium/fault"
)

// Between the door and the transaction of what is asked for there are slow hashes. A
// session that is ended meanwhile, by its person or with a new password, leaves
// nothing behind that opens the login.
func TestWhoWasLoggedOutMeanwhileChangesNothingThatOpensTheLogin(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.register()
		thief := w.self(w.logIn("ann@example.com", good))
		ok(t, w.login.BeginTwoStep(w.ctx, thief, ""))
		setup, err := w.login.Setup(w.ctx, thief)
		ok(t, err)
		key, err := setup.Secret.Code(w.clock().Now())
		ok(t, err)
		if _, err := w.login.EndOthers(w.ctx, ann); err != nil {
			t.Fatal(err)
		}
		gone := func(what string, err error) {
			t.Helper()
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		gone("another password", w.login.SetPassword(w.ctx, thief, good, next))
		_, err = w.login.AskEmail(w.ctx, thief, "thief@example.com", good, false)
		gone("another address", err)
		_, err = w.login.TurnOnTwoStep(w.ctx, thief, key)
		gone("an authenticator app", err)
		gone("a key for one", w.login.BeginTwoStep(w.ctx, thief, ""))

		codes := w.turnOn(ann)
		_, err = w.login.RenewRecovery(w.ctx, thief)
		gone("recovery codes", err)
		gone("no second step", w.login.TurnOffTwoStep(w.ctx, thief, codes[0]))
		if _, err := w.login.LogIn(w.ctx, from("192.0.2.3"), "ann@example.com", good, access.Wish{}, access.Token{}); err != nil {
			t.Errorf("the password is another: %v", err)
		}
		ok(t, w.login.TurnOffTwoStep(w.ctx, ann, codes[0])) // which is as good as it was
	})
}

// A new password that was set by the mailed link meanwhile is the last word, too.
func TestAPasswordThatIsBeingChangedIsNotPutInPlaceOfOneSetByTheLink(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.register()
		thief := w.self(w.logIn("ann@example.com", good))
		ok(t, w.login.Forgot(w.ctx, from("192.0.2.9"), "ann@example.com", "/"))
		link := w.token("password.reset")
		const theirs = "sober lantern meadow quilt"
		w.meanwhile(func() {
			ok(t, w.login.Reset(w.ctx, from("192.0.2.9"), link, login.Renewal{Password: theirs, Made: login.MadeByMe}))
		})
		if err := w.login.SetPassword(w.ctx, thief, good, next); !fault.Is(err, fault.NotFound) {
			t.Errorf("got %v", err)
		}
		if _, err := w.login.LogIn(w.ctx, from("192.0.2.9"), "ann@example.com", theirs, access.Wish{}, access.Token{}); err != nil {
			t.Errorf("the password is not the one set by the link: %v", err)
		}
	})
}
