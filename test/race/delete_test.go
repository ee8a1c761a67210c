package race

import (
	"net/http"
	"testing"

	"atrium/base/access"
	"atrium/base/id"
)

// A user is deleted at the moment at which they get an account: either they have
// it and stay, or they are gone and nobody is its member.
func TestDeletingAUserAgainstTheirJoiningAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		stan := w.StaffAs("stan", access.Support)
		deleted := 0
		for i, bob := range w.Crowd("bob", rounds) {
			link, _ := invite(t, w, acme, bob.Email, "domains")
			u := user(t, w, bob)
			accept := attempt{by: bob, path: link + "/accept"}
			end := attempt{by: stan, path: "/staff/users/" + id.User(u).String() + "/delete"}
			headStart(i, &accept, &end)
			answers := w.race(inTurn(i, accept, end)...)
			first, second := answers[i%2], answers[1-i%2]
			is := number(t, w, `SELECT count(*) FROM users WHERE id = $1`, u)
			member := number(t, w, `SELECT count(*) FROM memberships WHERE account_id = $1 AND user_id = $2`, acme.Number, u)
			if is != member {
				t.Fatalf("round %d: %d users, %d members", i, is, member)
			}
			joined, to := first.Status == http.StatusSeeOther && first.Header.Get("Location") == acme.Path("/"), second.SeeOther()
			if joined != (is == 1) || (to == "/staff/users") != (is == 0) {
				t.Errorf("round %d: the user is there: %d; accepting answered %d to %q, deleting led to %s", i, is, first.Status, first.Header.Get("Location"), to)
			}
			if is == 0 {
				deleted++
			}
		}
		if deleted == 0 || deleted == rounds {
			t.Errorf("%d of %d were deleted: one side always wins", deleted, rounds)
		}
	})
}
