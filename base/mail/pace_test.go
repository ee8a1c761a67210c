package mail

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/settings"
)

// perMinute sets the limit on mails.
func (o *office) perMinute(n int) {
	o.t.Helper()
	value, err := json.Marshal(settings.Mail{Port: 587, Encryption: settings.StartTLS, PerMinute: n})
	if err != nil {
		o.t.Fatal(err)
	}
	err = o.db.WriteGlobal(o.t.Context(), db.Lock{}, func(tx *db.Tx) error {
		return tx.ExecOne(o.t.Context(), `INSERT INTO settings (name, value, sealed, version, changed_at, changed_by) VALUES ('mail', $1, '', 1, 0, '')
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, string(value))
	})
	if err != nil {
		o.t.Fatal(err)
	}
	if err := o.Settings.Reload(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// notice is a letter that nobody waits for.
func notice(to string) Letter {
	return Letter{Account: acme, To: Address{Email: to}, Kind: "notice", Topic: General, Subject: "A notice", Blocks: []Block{P("Hello")}}
}

func TestNoMoreMailsLeaveInAMinuteThanTheLimitAndWhatIsAwaitedGoesFirst(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		o := h.office(box.url())
		o.perMinute(6)
		other := h.office(box.url()) // another process, which shares the limit
		for n := range 20 {
			o.send(notice(fmt.Sprintf("bob%d@example.org", n)))
		}
		o.drain()
		o.send(invitation())
		other.drain()
		if n := len(box.mails()); n != 1 {
			t.Fatalf("%d mails left at once", n)
		}
		for range 59 {
			o.later(time.Second)
			other.drain()
		}
		list := box.mails()
		if len(list) != 6 {
			t.Errorf("%d mails left in the first minute", len(list))
		}
		if list[0].to != "bob0@example.org" || list[1].to != "bob@example.org" || list[2].to != "bob1@example.org" {
			t.Errorf("they left in the order %s, %s, %s", list[0].to, list[1].to, list[2].to)
		}
		o.perMinute(0)
		o.drain()
		if n := len(box.mails()); n != 21 {
			t.Errorf("without a limit %d of 21 left", n)
		}
	})
}

// A try that fails takes its place in the minute, too: the server was asked.
func TestATryThatFailsCountsInTheMinute(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		refuse := true
		box := newPostbox(t, false, refusing(&refuse))
		o := h.office(box.url())
		o.perMinute(1)
		o.send(notice("bob@example.org"))
		o.send(notice("cat@example.org"))
		o.drain()
		o.later(59 * time.Second)
		if _, froms := box.counts(); froms != 1 {
			t.Errorf("%d were begun within a minute", froms)
		}
		o.later(time.Second)
		if _, froms := box.counts(); froms != 2 {
			t.Errorf("%d were begun within two minutes", froms)
		}
	})
}
