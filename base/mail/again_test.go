package mail

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"atrium/base/db"
	"atrium/fault"
)

func (o *office) again() error {
	o.t.Helper()
	key := o.only().ID
	return o.db.Write(o.t.Context(), of(acme), func(tx *db.Tx) error {
		_, err := o.Again(o.t.Context(), tx, acme, key)
		return err
	})
}

func (o *office) sealed() bool {
	o.t.Helper()
	e, err := findEmail(o.t.Context(), o.db.Auto(), acme, o.only().ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return e.sealed != ""
}

// refusing refuses until it is told to accept.
func refusing(refuse *bool) postboxOption {
	return scripted(func(int, *smtp.Conn, parcel) error {
		if *refuse {
			return answer(550, "relaying denied")
		}
		return nil
	})
}

func TestAMailThatWasGivenUpIsRunAgainWithItsLink(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		refuse := true
		box := newPostbox(t, false, refusing(&refuse))
		o := h.office(box.url())
		o.send(invitation())
		o.drain()
		o.want(Failed, 1, "relaying denied")
		h.wantNoSecret()
		if !o.sealed() {
			t.Fatal("the link of a mail that was given up is gone while it lives")
		}
		refuse = false
		if err := o.again(); err != nil {
			t.Fatal(err)
		}
		o.want(Queued, 1, "relaying denied")
		o.drain()
		o.want(Sent, 2, "")
		if o.sealed() {
			t.Error("the link is kept after the mail server has it")
		}
		if got := open(t, box.mails()[len(box.mails())-1]); !strings.Contains(got.text, secret1) {
			t.Errorf("the mail came without its link:\n%s", got.text)
		}
		if err := o.again(); fault.CodeOf(err) != "mail.state" {
			t.Errorf("a mail that was sent is run again: %v", err)
		}
	})
}

func TestAMailWhoseLinkDiedIsNotRunAgain(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		refuse := true
		box := newPostbox(t, false, refusing(&refuse))
		for what, die := range map[string]func(*office){
			"voided":    func(o *office) { o.void(acme, "invitation:1") },
			"its time":  func(o *office) { o.clock.Add(time.Hour) },
			"swept":     func(o *office) { o.later(time.Hour + 10*time.Minute) },
			"too early": nil,
		} {
			o := h.office(box.url())
			l := invitation()
			l.Dies = o.clock.Now().Add(time.Hour)
			o.send(l)
			o.drain()
			o.want(Failed, 1, "relaying denied")
			if die != nil {
				die(o)
			}
			if err := o.again(); (fault.CodeOf(err) == "mail.link") != (die != nil) {
				t.Errorf("%s: %v", what, err)
			}
			if o.sealed() != (what == "its time" || die == nil) {
				t.Errorf("%s: is the link kept? %v", what, o.sealed())
			}
			h.clear()
		}
	})
}

// clear forgets every mail and job.
func (h house) clear() {
	h.t.Helper()
	err := h.WriteGlobal(h.t.Context(), db.Lock{}, func(tx *db.Tx) error {
		_, err1 := tx.Exec(h.t.Context(), `DELETE FROM emails WHERE account_id >= 0`)
		_, err2 := tx.Exec(h.t.Context(), `DELETE FROM jobs WHERE period = 0`)
		return errors.Join(err1, err2)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestMailsOfAllAccountsArePagedByState(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		for n := range 7 {
			l := invitation()
			l.Ref = ""
			if n%2 == 1 {
				l.Account = 0
			}
			l.Blocks = l.Blocks[:1]
			o.send(l)
		}
		err := o.db.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE emails SET state = 'failed' WHERE account_id = $1`, acme)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for s, want := range map[State]int64{"": 7, Failed: 4, Queued: 3} {
			var seen int64
			var last Mark
			for before := (Mark{}); ; before = last {
				page, err := Across(t.Context(), o.db, s, before, 2)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range page {
					if s != "" && m.State != s || last.ID != 0 && m.ID > last.ID {
						t.Errorf("%q: %+v", s, m)
					}
					seen, last = seen+1, m.Mark()
				}
				if len(page) < 2 {
					break
				}
			}
			if seen != want {
				t.Errorf("%q: %d mails, want %d", s, seen, want)
			}
			if s == "" {
				continue
			}
			for _, most := range []int64{2, 100} {
				if n, err := Count(t.Context(), o.db, s, most); err != nil || n != min(want, most) {
					t.Errorf("%q: counted %d of %d (%v)", s, n, want, err)
				}
			}
		}
	})
}
