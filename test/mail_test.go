package test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// However the mail server is out of order, people don't notice: pages answer
// while every worker hangs on it, no mail is lost, and each arrives once when
// the server is back.
func TestNothingIsLostWhileTheMailServerIsDown(t *testing.T) {
	for _, c := range []struct {
		how  string
		down func(*apptest.Gate, *apptest.World)
		says string // User Management, of a mail that was tried
	}{
		{"off", func(g *apptest.Gate, _ *apptest.World) { g.Refuse() }, "Email not sent yet"},
		{"silent", func(g *apptest.Gate, _ *apptest.World) { g.Hold() }, "Email queued"},
		{"busy", func(_ *apptest.Gate, w *apptest.World) { w.Mail.SetDown(true) }, "come back later"},
	} {
		for _, engine := range dbtest.Engines() {
			t.Run(c.how+" "+engine, func(t *testing.T) {
				g := apptest.NewGate(t)
				w := apptest.New(t, engine, apptest.Through(g))
				c.down(g, w)
				acme := w.Account("Acme", "ann")
				sent := []string{acme.Owner.Email}
				invite := func() {
					email := "x" + strconv.Itoa(len(sent)) + "@example.com"
					acme.Invite(email, "domains").SeeOther()
					sent = append(sent, email)
				}
				for range 6 { // with the one about the address, more than there are workers for mails that somebody waits for
					invite()
				}
				if c.how == "silent" {
					eventually(t, "the workers hang on the server", func() bool { return g.Held() >= 2 })
				}
				eventually(t, "User Management says "+c.says, func() bool {
					return strings.Contains(acme.Owner.Get(acme.Path("/users")).OK().Find("main").Text(), c.says)
				})
				invite()
				if n := w.Mail.Len(); n != 0 {
					t.Fatalf("%d mails arrived at a server that is down", n)
				}
				w.Mail.SetDown(false)
				g.Mend()
				arriveOnce(t, w, sent)
				for _, email := range sent[1:] {
					w.Person("guest").Get(w.Mail.To(email)[0].Link(t, "/invite/")).OK().Says("Join Acme")
				}
				acme.Owner.Get(acme.Path("/users")).Says("Email sent").SaysNot("not sent yet").SaysNot("Email queued")
			})
		}
	}
}

// A mail waits in the database and nowhere else: another process sends what
// this one could not.
func TestMailWaitsForTheNextProcess(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			g := apptest.NewGate(t)
			w := apptest.New(t, engine, apptest.Through(g))
			g.Refuse()
			acme := w.Account("Acme", "ann")
			acme.Invite("bob@example.com", "domains").SeeOther()
			w.Stop()
			g.Mend()
			w = w.Another(apptest.Through(g))
			arriveOnce(t, w, []string{"ann@example.com", "bob@example.com"})
		})
	}
}

// When the server took a mail and its answer was lost, nobody can know: the
// mail is sent again, under the same Message-ID, so that it is shown once.
func TestAMailWhoseAnswerWasLostKeepsItsMessageID(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			g := apptest.NewGate(t)
			w := apptest.New(t, engine, apptest.Through(g))
			acme := w.Account("Acme", "ann")
			w.Mail.Wait(t, "ann@example.com", "onfirm")
			settle(t, w)
			g.LoseAnswers(2)
			acme.Invite("bob@example.com", "domains").SeeOther()
			passTime(t, w, "the mail arrives for the third time", func() bool { return len(w.Mail.To("bob@example.com")) == 3 })
			settle(t, w)
			all := w.Mail.To("bob@example.com")
			for _, l := range all {
				if l.MessageID == "" || l.MessageID != all[0].MessageID || l.Text != all[0].Text {
					t.Errorf("not the same mail: %s and %s", l.MessageID, all[0].MessageID)
				}
			}
			if len(all) != 3 {
				t.Errorf("it arrived %d times, want 3", len(all))
			}
			acme.Owner.Get(acme.Path("/users")).Says("Email sent")
		})
	}
}

// arriveOnce waits until a mail to each address has arrived, and then sees that
// none came twice.
func arriveOnce(t *testing.T, w *apptest.World, addresses []string) {
	t.Helper()
	passTime(t, w, "every mail arrives", func() bool { return w.Mail.Len() >= len(addresses) })
	settle(t, w)
	ids := map[string]bool{}
	for _, address := range addresses {
		all := w.Mail.To(address)
		if len(all) != 1 {
			t.Errorf("%d mails to %s arrived, want 1", len(all), address)
			continue
		}
		ids[all[0].MessageID] = true
	}
	if len(ids) != len(addresses) || ids[""] {
		t.Errorf("%d mails have the Message-IDs %v", len(addresses), ids)
	}
}

// passTime moves the clock, a little at a time, until something is done.
func passTime(t *testing.T, w *apptest.World, what string, done func() bool) {
	t.Helper()
	eventually(t, what, func() bool {
		w.Clock.Add(2 * time.Second)
		return done()
	})
}

// eventually waits until something is done.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("waited in vain until %s", what)
}
