package mail

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

func TestAMailIsThereOnlyIfItsTransactionCommits(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		o := h.office(box.url())
		sorry := errors.New("changed my mind")
		err := h.Write(t.Context(), of(acme), func(tx *db.Tx) error {
			if err := o.Send(t.Context(), tx, invitation()); err != nil {
				return err
			}
			return sorry
		})
		if !errors.Is(err, sorry) {
			t.Fatal(err)
		}
		o.drain()
		if list, err := List(t.Context(), h.Auto(), acme, 0, 10); err != nil || len(list)+len(box.mails()) != 0 {
			t.Errorf("%d mails, %d sent, %v", len(list), len(box.mails()), err)
		}
	})
}

func TestTheHistoryIsTheAccountsOwnLatestFirst(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		for n := range 5 {
			l := invitation()
			l.Subject, l.User = fmt.Sprint("Mail ", n), 7
			o.send(l)
		}
		other := invitation()
		other.Account, other.Subject = acme+1, "Not yours"
		o.send(other)

		var got []string
		var before ID
		for {
			page, err := List(t.Context(), h.Auto(), acme, before, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, m := range page {
				got = append(got, m.Subject)
				if m.To != (Address{"Bob", "bob@example.org"}) || m.User != 7 || m.Kind != "invitation" || m.Account != acme ||
					m.Language != "en" || m.State != Queued || !m.Created.Equal(h.Clock().Now()) || !m.Ended.IsZero() || m.Text+m.HTML != "" {
					t.Errorf("%+v", m)
				}
			}
			before = page[len(page)-1].ID
		}
		if s := strings.Join(got, ", "); s != "Mail 4, Mail 3, Mail 2, Mail 1, Mail 0" {
			t.Error(s)
		}

		m, err := Find(t.Context(), h.Auto(), acme, before)
		if err != nil || m.Subject != "Mail 0" || !strings.Contains(m.Text, "See the invitation:\nlink removed\n") || strings.Contains(m.Text+m.HTML, secret1) {
			t.Errorf("%+v %v", m, err)
		}
		for _, account := range []id.Account{0, acme + 1} {
			if _, err := Find(t.Context(), h.Auto(), account, before); !fault.Is(err, fault.NotFound) {
				t.Errorf("account %s found it: %v", account, err)
			}
			if _, err := o.Open(t.Context(), account, before); !fault.Is(err, fault.NotFound) {
				t.Errorf("account %s opened it: %v", account, err)
			}
		}
	})
}

func TestTheOutboxIsForTheDemoOnly(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		for n := range id.Account(3) { // 0: of no account
			l := invitation()
			l.Account = n
			o.send(l)
		}
		list, err := o.Outbox(t.Context(), 0, 2)
		if err != nil || len(list) != 2 || list[0].Account != 2 || list[1].Account != 1 {
			t.Fatal(list, err)
		}
		if list, err = o.Outbox(t.Context(), list[1].ID, 2); err != nil || len(list) != 1 || list[0].Account != 0 {
			t.Fatal(list, err)
		}
		m, err := o.Open(t.Context(), 0, list[0].ID)
		if err != nil || !strings.Contains(m.Text, secret1) {
			t.Errorf("%v\n%s", err, m.Text)
		}

		serving := h.office("", func(c *Config) { c.Readable = false })
		if _, err := serving.Outbox(t.Context(), 0, 2); !fault.Is(err, fault.NotFound) {
			t.Errorf("Outbox: %v", err)
		}
		if _, err := serving.Open(t.Context(), 0, list[0].ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("Open: %v", err)
		}
	})
}

func TestStatesAreOfTheLatestMailAboutEach(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false, scripted(func(n int, _ *smtp.Conn, _ parcel) error {
			return [...]error{nil, answer(550, "no"), answer(450, "not now")}[min(n-1, 2)]
		}))
		o := h.office(box.url())
		post := func(account id.Account, ref string) {
			l := invitation()
			l.Account, l.Ref = account, ref
			if ref == "" {
				l.Blocks = []Block{P("Hello")}
			}
			o.send(l)
			o.drain()
		}
		post(acme, "invitation:1")   // sent
		post(acme+1, "invitation:2") // refused, and not ours
		post(acme, "invitation:1")   // to be tried again
		post(acme, "")               // nobody asks for it
		got, err := States(t.Context(), h.Auto(), acme, "invitation:1", "invitation:2", "invitation:3", "")
		if err != nil || len(got) != 1 {
			t.Fatal(got, err)
		}
		if s := got["invitation:1"]; s.State != Queued || !strings.Contains(s.Answer, "450") {
			t.Errorf("%+v", s)
		}
		if got, err = States(t.Context(), h.Auto(), acme+1, "invitation:2"); err != nil || got["invitation:2"].State != Failed {
			t.Error(got, err)
		}
		if got, err = States(t.Context(), h.Auto(), acme); err != nil || len(got) != 0 {
			t.Error(got, err)
		}
		var many []string
		for n := range 101 {
			many = append(many, fmt.Sprint("invitation:", n))
		}
		if got, err = States(t.Context(), h.Auto(), acme, many...); err != nil || len(got) != 1 {
			t.Error(got, err)
		}
	})
}

func TestALinkThatDiedIsNotSent(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		o.send(invitation())
		l := invitation()
		l.Ref = "invitation:2"
		o.send(l)
		l.Account = acme + 1
		l.Ref = "invitation:1"
		o.send(l)
		o.void(acme, "invitation:1")
		o.void(acme, "invitation:1") // again is no matter
		states, err := States(t.Context(), h.Auto(), acme, "invitation:1", "invitation:2")
		if s := states["invitation:1"]; err != nil || s.State != Cancelled || s.Ended.IsZero() || states["invitation:2"].State != Queued {
			t.Errorf("%+v %v", states, err)
		}
		if err := h.Write(t.Context(), of(acme), func(tx *db.Tx) error { return o.Void(t.Context(), tx, acme, "") }); err == nil {
			t.Error("voided everything")
		}
		list, err := o.Outbox(t.Context(), 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			m, err := o.Open(t.Context(), m.Account, m.ID)
			if err != nil || strings.Contains(m.Text, secret1) != (m.State == Queued) {
				t.Errorf("%s: %v\n%s", m.State, err, m.Text)
			}
		}
		box := newPostbox(t, false)
		h.office(box.url()).drain()
		if n := len(box.mails()); n != 2 {
			t.Errorf("%d were sent", n)
		}
	})
}

func TestAMailVoidedOnItsWayWasSent(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		var o *office
		box := newPostbox(t, false, scripted(func(int, *smtp.Conn, parcel) error {
			o.void(acme, "invitation:1")
			return nil
		}))
		o = h.office(box.url())
		o.send(invitation())
		o.drain()
		o.want(Sent, 1, "")
		h.wantNoSecret()
	})
}

func TestALinkThatEndsByItselfTakesItsMailAlong(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		letter := func(ref string, hours time.Duration) Letter {
			l := invitation()
			l.Ref = ref
			if hours > 0 {
				l.Dies = h.Clock().Now().Add(hours * time.Hour)
			}
			return l
		}
		waiting := h.office("")
		waiting.send(letter("a", 1))
		waiting.send(letter("b", 2))
		waiting.send(letter("c", 0))
		state := func(ref string) State {
			t.Helper()
			got, err := States(t.Context(), h.Auto(), acme, ref)
			if err != nil {
				t.Fatal(err)
			}
			return got[ref].State
		}
		waiting.later(time.Hour - time.Microsecond)
		if state("a") != Queued {
			t.Error("too early")
		}
		waiting.later(10 * time.Minute)
		if state("a") != Cancelled || state("b") != Queued || state("c") != Queued {
			t.Error(state("a"), state("b"), state("c"))
		}
		// Delivery does not wait for that: what is late is not sent.
		sending := h.office(box.url())
		sending.clock.Add(time.Hour)
		if err := sending.deliver(t.Context(), delivery{acme, last(t, h, "b")}, sending.turns); err != nil {
			t.Fatal(err)
		}
		if state("b") != Cancelled || len(box.mails()) != 0 {
			t.Error(state("b"), len(box.mails()))
		}
		sending.drain()
		if state("c") != Sent || len(box.mails()) != 1 {
			t.Error(state("c"), len(box.mails()))
		}
	})
}

// last is the latest mail about ref.
func last(t *testing.T, h house, ref string) ID {
	t.Helper()
	n, err := db.One(t.Context(), h.Auto(), func(r db.Row) (ID, error) {
		var n ID
		return n, r.Scan(&n)
	}, `SELECT max(id) FROM emails WHERE account_id = $1 AND ref = $2`, acme, ref)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestALinkNobodyCanUnsealIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		h.office("").send(invitation())
		stranger := h
		stranger.keys = newKeys(t)
		o := stranger.office(box.url())
		o.drain()
		o.want(Queued, 1, "can't be unsealed")
		if len(box.mails()) != 0 {
			t.Error("sent without its link")
		}
		o = h.office(box.url()) // the key file was put back
		o.later(2 * time.Minute)
		o.want(Sent, 2, "")
	})
}

// A sealed link moved to another row opens nothing there.
func TestASealedLinkBelongsToItsRow(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		o.send(invitation())
		l := invitation()
		l.Account = acme + 1
		o.send(l)
		err := h.Write(t.Context(), of(acme), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE emails SET sealed = (SELECT sealed FROM emails WHERE account_id = $1) WHERE account_id = $2`, acme, acme+1)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		list, err := List(t.Context(), h.Auto(), acme+1, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := o.Open(t.Context(), acme+1, list[0].ID); err == nil {
			t.Errorf("opened\n%s", m.Text)
		}
	})
}

func TestOldTextsAreForgottenUnlessTheyWait(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		sends, waits := h.office(box.url()), h.office("")
		err := h.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
			return tx.ExecOne(t.Context(), `INSERT INTO accounts (account_id, name, created_at) VALUES ($1, 'Acme', 1)`, acme)
		})
		if err != nil {
			t.Fatal(err)
		}
		old := invitation()
		sends.send(old)
		old.Account = 0
		sends.send(old)
		sends.drain()
		old.Ref, old.Blocks = "", []Block{P("It waits.")}
		waits.send(old)
		waits.clock.Add(48 * time.Hour)
		fresh := invitation()
		sends.send(fresh)
		sends.jobs.Drain(t.Context()) // takes the one that waits along
		waits.send(old)
		waits.clock.Add(time.Hour)
		bodies := func(of string) int64 {
			t.Helper()
			n, err := db.One(t.Context(), h.Across(), func(r db.Row) (int64, error) {
				var n int64
				err := r.Scan(&n)
				return n, err
			}, `SELECT count(*) FROM emails WHERE body_text <> '' AND body_html <> '' AND account_id >= 0 AND `+of)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		n, err := Forget(t.Context(), h.DB, waits.clock.Now().Add(-24*time.Hour))
		if err != nil || n != 3 || bodies(`state = 'sent'`) != 1 {
			t.Errorf("%d were emptied, %d that were sent are left: %v", n, bodies(`state = 'sent'`), err)
		}
		waits.clock.Add(48 * time.Hour)
		n, err = Forget(t.Context(), h.DB, waits.clock.Now().Add(-24*time.Hour))
		if err != nil || n != 1 || bodies(`state = 'sent'`) != 0 || bodies(`state = 'queued'`) != 1 {
			t.Errorf("%d were emptied, %d that wait are left: %v", n, bodies(`state = 'queued'`), err)
		}
	})
}
