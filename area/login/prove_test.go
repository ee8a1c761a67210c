package login_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/test/apptest"
)

func TestWhatIsProtectedAsksWhoItIsOnceInTenMinutes(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		const codes = "/me/security/codes"
		w.Unaudited(func() { leads(t, ann.Post(codes, nil), "/me/security") }) // she has just logged in
		leads(t, ann.Get("/me/prove?next=%2Fme%2Fsessions"), "/me/sessions")
		w.Clock.Add(access.FreshFor)
		off := "/me/prove?next=%2Fme%2Fsecurity%2Ftwo-step%2Foff%3Fa%3Db"
		leads(t, ann.Get("/me/security/two-step/off?a=b"), off)
		w.Unaudited(func() {
			leads(t, ann.Post(codes, nil), "/me/prove?next=%2Fme%2Fsecurity%2Fcodes")
			from := func(page string) *apptest.Response {
				form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Referer": {page}}
				return ann.Do("POST", codes, io.NopCloser(strings.NewReader("")), form)
			}
			leads(t, from(w.URL+"/me/security"), "/me/prove?next=%2Fme%2Fsecurity") // the page of the form
			leads(t, from("https://elsewhere.example/x"), "/me/prove?next=%2Fme%2Fsecurity%2Fcodes")
			ann.Get("/me/prove").Says("Nothing was changed yet.")
		})
		page := ann.Get(off).OK()
		says(t, page.Submit("form[action='/me/prove']", form("password", "not my password")).Is(http.StatusUnprocessableEntity), "#password-error", "not your current password")
		leads(t, ann.Get("/me/security/two-step/off"), "/me/prove?next=%2Fme%2Fsecurity%2Ftwo-step%2Foff")
		before := ann.Cookies()
		leads(t, page.Submit("form[action='/me/prove']", form("password", apptest.Password)), "/me/security/two-step/off?a=b")
		leads(t, ann.Get("/me/security/two-step/off"), "/me/security") // it lets her in: there is nothing to turn off
		stale := w.Person("stale")
		stale.Wear(before)
		leads(t, stale.Get("/me/profile"), "/login?next=%2Fme%2Fprofile") // the session has another token
		if n := w.DBCount(`SELECT count(*) FROM audit WHERE account_id = 0 AND action = 'session.proved'`); n != 1 {
			t.Errorf("the audit has %d proofs", n)
		}
		w.Clock.Add(access.FreshFor - time.Second)
		leads(t, ann.Get("/me/security/two-step/off"), "/me/security")
		w.Clock.Add(time.Second)
		leads(t, ann.Get("/me/security/two-step/off"), "/me/prove?next=%2Fme%2Fsecurity%2Ftwo-step%2Foff")
		leads(t, ann.Get("/me/prove?next=https%3A%2F%2Felsewhere.example").OK().Submit("form[action='/me/prove']", form("password", apptest.Password)), "/")
		w.Holds()
	})
}

func TestAProofIsOfOneSessionAndItsPassword(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		other := w.self(w.logIn("ann@example.com", good))
		w.clock().Add(access.FreshFor)
		token, err := w.login.Prove(w.ctx, me, good)
		ok(t, err)
		if now := w.clock().Now(); !w.self(token).Session().Fresh(now) || other.Session().Fresh(now) {
			t.Error("another session than the one that was proved is fresh")
		}
		if _, err := w.login.Prove(w.ctx, me, good); err == nil {
			t.Error("a session was proved by its former token")
		}
	})
}
