package race

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"atrium/test/apptest"
)

// rule is the form that switches one of the account's rules on.
func rule(a *apptest.Account, name string) attempt {
	return attempt{by: a.Owner, path: a.Path("/users/rules/" + name), form: url.Values{"on": {"yes"}}}
}

// Somebody accepts with another address than the invited one while the owner
// switches on that this is not done: either they were first and are a member, or
// they are told, and the invitation waits for whom it was sent to.
func TestAcceptAgainstTakingOnlyTheInvitedAddress(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		accepted := 0
		for i, eve := range w.Crowd("eve", rounds) {
			email := "for-" + eve.Email
			link, _ := invite(t, w, acme, email, "domains")
			acme.Owner.Prove()
			accept, on := attempt{by: eve, path: link + "/accept"}, rule(acme, "invited")
			headStart(i, &accept, &on)
			answers := w.race(inTurn(i, accept, on)...)
			first, second := answers[i%2], answers[1-i%2]
			is, member := state(t, w, acme, email), eve.Get(acme.Path("/")).Status == http.StatusOK
			if second.Status != http.StatusSeeOther {
				t.Fatalf("round %d: the rule was answered %d", i, second.Status)
			}
			switch first.Status {
			case http.StatusSeeOther:
				accepted++
				if is != "accepted" || !member {
					t.Errorf("round %d: accepted, the invitation is %s, a member: %v", i, is, member)
				}
			case http.StatusConflict:
				first.Says("takes only the person who was invited")
				if is != "pending" || member {
					t.Errorf("round %d: refused, the invitation is %s, a member: %v", i, is, member)
				}
			default:
				t.Errorf("round %d: accepting was answered %d", i, first.Status)
			}
			w.Holds() // nobody has joined with another address since
			acme.Owner.Post(acme.Path("/users/rules/invited"), url.Values{"on": {"no"}}).SeeOther()
		}
		bothHaveWon(t, accepted)
	})
}

// An owner turns their two-step login off and, in another tab, has everybody use
// it: one of both is refused, and the owner is never shut out by their own rule.
func TestTurningTwoStepLoginOffAgainstAskingForIt(t *testing.T) {
	each(t, func(t *testing.T, w pair) {
		acme := w.Account("Acme", "ann")
		ann := acme.Owner
		for i := range 8 {
			w.Clock.Add(11 * time.Minute) // codes take their time: a proof of this round outlives it
			ann.Prove()
			ann.TurnOnTwoStep()
			off, on := attempt{by: ann, path: "/me/security/two-step/off", form: url.Values{"code": {ann.Code()}}}, rule(acme, "two-step")
			answers := w.race(inTurn(i, off, on)...)
			won := winner(t, answers, http.StatusConflict, http.StatusUnprocessableEntity)
			rule := number(t, w, `SELECT count(*) FROM accounts WHERE account_id = $1 AND two_step_rule_at > 0`, acme.Number)
			if steps := number(t, w, `SELECT count(*) FROM users WHERE two_step_at > 0`); rule != steps || (won == i%2) == (rule == 1) {
				t.Errorf("round %d: %d has won, the rule is on: %d, two-step login: %d", i, won, rule, steps)
			}
			ann.Get(acme.Path("/users/rules")).OK() // never shut out
			if rule == 1 {
				ann.Prove()
				ann.Post(acme.Path("/users/rules/two-step"), url.Values{"on": {"no"}}).SeeOther()
				ann.Post("/me/security/two-step/off", url.Values{"code": {ann.Code()}}).SeeOther()
			}
		}
	})
}
