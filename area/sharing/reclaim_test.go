package sharing_test

import (
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/db"
)

// Between the moment a login goes to its person and the job that takes back what its
// maker gave lies a while. Whoever takes what was given in it, loses it all the same;
// whom the person lets in stays.
func TestWhatWasGivenBeforeALoginWasReclaimedCantBeTakenUntilTheJobRuns(t *testing.T) {
	eachOffice(t, func(t *testing.T, o office) {
		o.Listen()
		bob, cleo, dora := o.person("Bob"), o.person("Cleo"), o.person("Dora")
		old, _ := o.link(o.ann, o.invite(o.ann, "bob@example.com", "domains").ID)
		o.clock.Add(time.Minute)
		fact := access.LoginReclaimed{User: o.user(o.ann), At: o.clock.Now()}
		tell := func() { o.do(func(tx *db.Tx) error { return o.Jobs.Tell(t.Context(), tx, fact) }) }
		tell()
		o.clock.Add(time.Minute)
		ok(t, o.accepts(old, o.self(bob)))
		theirs, _ := o.link(o.mia, o.invite(o.mia, "cleo@example.com", "domains").ID)
		ok(t, o.accepts(theirs, o.self(cleo)))
		own, _ := o.link(o.ann, o.invite(o.ann, "dora@example.com", "domains").ID)
		ok(t, o.accepts(own, o.self(dora)))
		for range 2 { // told again, it does no more
			ok(t, o.Jobs.Drain(t.Context()))
			for name, who := range map[string]access.Token{"a manager from before": o.mia, "who was invited before": bob, "whom a manager from before invited": cleo, "whom the person invited": dora} {
				is, err := access.IsMember(t.Context(), o.DB.Auto(), o.acme, o.user(who))
				ok(t, err)
				if is != (who == dora) {
					t.Errorf("%s is a member: %v", name, is)
				}
			}
			tell()
		}
	})
}
