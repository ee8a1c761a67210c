package test

import (
	"strconv"
	"testing"
	"time"

	"atrium/test/apptest"
)

// However the mail server is out of order, people don't notice: pages answer
// while every worker hangs on it, no mail is lost, and each arrives once when
// the server is back.
func TestNothingIsLostWhileTheMailServerIsDown(t *testing.T) {
	for _, c := range []struct {
		how     string
		down    func(*apptest.Gate, *apptest.World)
		working func(*apptest.Gate) bool // whether the program has noticed
		says    string
	}{
		{"off", func(g *apptest.Gate, _ *apptest.World) { g.Refuse() }, func(*apptest.Gate) bool { return true }, "Mail not sent yet"},
		{"silent", func(g *apptest.Gate, _ *apptest.World) { g.Hold() }, func(g *apptest.Gate) bool { return g.Held() >= 4 }, "Mail queued"},
		{"busy", func(_ *apptest.Gate, w *apptest.World) { w.Mail.SetDown(true) }, func(*apptest.Gate) bool { return true }, "come back later"},
	} {
		t.Run(c.how, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				g := apptest.NewGate(t)
				w = w.Another(apptest.Through(g))
			})
			for _, engine := range []string{"sqlite", "postgres"} {
				t.Run(engine, func(t *testing.T) {
					g := apptest.NewGate(t)
					w := apptest.New(t, engine, apptest.Through(g))
					c.down(g, w)
					acme := w.Account("Acme", "ann")
					const letters = 6 // more than there are workers
					for i := range letters {
						acme.Invite("x"+strconv.Itoa(i)+"@example.com", "domains").SeeOther()
					}
					_ = acme
				})
			}
		})
	}
}

var _ = time.Second
