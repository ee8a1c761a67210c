package mail

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"atrium/base/db"
	"atrium/fault"
)

// choosy is a postbox whose server answers RCPT by what no says of an address.
func choosy(t *testing.T, no func(to string) *smtp.SMTPError) *postbox {
	t.Helper()
	return newPostbox(t, false, func(b *postbox) { b.rcpt = no })
}

func nobody(string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
}

func (o *office) refused(email string) (Refusal, bool) {
	o.t.Helper()
	r, is, err := refused(o.t.Context(), o.db.Auto(), email)
	if err != nil {
		o.t.Fatal(err)
	}
	return r, is
}

// latest is acme's latest mail.
func (o *office) latest() Message {
	o.t.Helper()
	list, err := List(o.t.Context(), o.db.Auto(), acme, 0, 1)
	if err != nil || len(list) != 1 {
		o.t.Fatal(list, err)
	}
	return list[0]
}

func TestNothingMoreIsSentToAnAddressThatRefusedMailForGood(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := choosy(t, nobody)
		o := h.office(box.url())
		o.send(notice("Bob@Example.org"))
		o.drain()
		m := o.only()
		if m.State != Failed || m.Answer != "550 5.1.1 no such user" {
			t.Fatalf("%+v", m.Delivery)
		}
		r, is := o.refused("bob@example.org")
		if !is || r.Email != "Bob@Example.org" || r.Answer != m.Answer || !r.At.Equal(o.clock.Now()) || r.Mail != m.Mark() {
			t.Fatalf("%+v %v", r, is)
		}
		_, before := box.counts()
		o.later(time.Hour)
		o.send(notice("bob@example.org"))
		o.drain()
		if _, froms := box.counts(); froms != before {
			t.Error("the server was asked again")
		}
		m = o.latest()
		if m.State != Cancelled || m.Attempts != 0 || m.Answer != r.Answer || !m.Refused.Equal(r.At) {
			t.Errorf("%+v", m.Delivery)
		}
		o.send(notice("cat@example.org"))
		o.drain()
		if m = o.latest(); m.State != Failed {
			t.Errorf("another address suffers: %+v", m.Delivery)
		}
	})
}

// What guards a login and what somebody asked for is tried: so an address that
// works again is found out by itself.
func TestAMailThatIsAwaitedIsTriedAndLiftsTheRefusal(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		no := nobody
		box := choosy(t, func(to string) *smtp.SMTPError { return no(to) })
		o := h.office(box.url())
		o.send(notice("bob@example.org"))
		o.drain()
		o.later(time.Hour)
		o.send(invitation())
		o.drain()
		if m := o.latest(); m.State != Failed || m.Attempts != 1 {
			t.Fatalf("%+v", m.Delivery)
		}
		if r, is := o.refused("bob@example.org"); !is || !r.At.Equal(o.clock.Now()) {
			t.Errorf("the second refusal is not noted: %+v", r)
		}
		no = func(string) *smtp.SMTPError { return nil }
		l := notice("bob@example.org")
		l.Account, l.Kind, l.Topic = 0, "password.reset", Essential
		o.send(l)
		o.drain()
		if _, is := o.refused("bob@example.org"); is {
			t.Error("the address takes mails again, and gets none")
		}
		o.send(notice("bob@example.org"))
		o.drain()
		if m := o.latest(); m.State != Sent {
			t.Errorf("%+v", m.Delivery)
		}
	})
}

func TestARefusalIsLifted(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		no := nobody
		box := choosy(t, func(to string) *smtp.SMTPError { return no(to) })
		o := h.office(box.url())
		o.send(notice("bob@example.org"))
		o.drain()
		if err := o.again(); fault.CodeOf(err) != "mail.refused" {
			t.Errorf("it is run again: %v", err)
		}
		no = func(string) *smtp.SMTPError { return nil }
		lift := func() (r Refusal, err error) {
			err = o.db.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
				r, err = Lift(t.Context(), tx, "bob@example.org")
				return err
			})
			return r, err
		}
		if r, err := lift(); err != nil || r.Email != "bob@example.org" {
			t.Fatal(r, err)
		}
		if _, err := lift(); !fault.Is(err, fault.NotFound) {
			t.Errorf("lifted twice: %v", err)
		}
		if err := o.again(); err != nil {
			t.Fatal(err)
		}
		o.drain()
		o.want(Sent, 2, "")
	})
}

func TestWhichRefusalsAreAboutTheAddress(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		for n, c := range []struct {
			stage, said string
			address     bool
		}{
			{"RCPT", "550 5.1.1 no such user", true},
			{"RCPT", "550 no such user here", true},
			{"RCPT", "551 user not local", true},
			{"RCPT", "553 5.1.3 bad address", true},
			{"RCPT", "556 5.1.10 the domain takes no mail", true},
			{"RCPT", "550 5.2.1 mailbox disabled", true},
			{"DATA", "550 5.1.1 no such user after all", true},
			{"RCPT", "550 5.7.1 relaying denied", false},
			{"RCPT", "550 relay not permitted", false},
			{"RCPT", "554 5.7.1 blocked by a list", false},
			{"RCPT", "552 5.2.2 mailbox full", false},
			{"RCPT", "554 no", false},
			{"RCPT", "450 4.1.1 not now", false},
			{"RCPT", "530 log in first", false},
			{"MAIL", "550 5.1.8 bad sender", false},
			{"MAIL", "550 sender refused", false},
			{"DATA", "554 5.6.0 content refused", false},
			{"DATA", "550 spam", false},
		} {
			o := h.office("smtp://" + dumb(t, func(line string) string {
				switch {
				case strings.HasPrefix(line, c.stage):
					return c.said
				case strings.HasPrefix(line, "DATA"):
					return "354 go on"
				}
				return "250 postbox.test"
			}))
			to := fmt.Sprintf("bob%d@example.org", n)
			o.send(notice(to))
			o.drain()
			m := o.latest()
			if _, is := o.refused(to); is != c.address || !strings.HasPrefix(m.Answer, c.said) {
				t.Errorf("%s, %s: refused %v, %+v", c.stage, c.said, is, m.Delivery)
			}
		}
	})
}

func TestRefusalsAreListedAndFoundByTheFrontOfAddressOrDomain(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office(choosy(t, nobody).url())
		for _, to := range []string{"ann@example.org", "Zoë@bücher.example", "bob@mail.example", "zoltan@example.org"} {
			o.send(notice(to))
		}
		o.drain()
		find := func(text string) string {
			var got []string
			for after := ""; ; {
				page, err := Refusals(t.Context(), o.db.Auto(), text, after, 2)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page {
					got, after = append(got, r.Email), r.Key
				}
				if len(page) < 2 {
					return strings.Join(got, " ")
				}
			}
		}
		for text, want := range map[string]string{
			"": "ann@example.org bob@mail.example zoltan@example.org Zoë@bücher.example", "ANN": "ann@example.org",
			"example.org": "ann@example.org zoltan@example.org", "zo": "zoltan@example.org Zoë@bücher.example", "mail": "bob@mail.example", "nobody": "",
		} {
			if got := find(text); got != want {
				t.Errorf("%q finds %q, want %q", text, got, want)
			}
		}
		for most, want := range map[int64]int64{10: 4, 3: 3} {
			n, err1 := CountRefusals(t.Context(), o.db.Auto(), o.clock.Now(), most)
			none, err2 := CountRefusals(t.Context(), o.db.Auto(), o.clock.Now().Add(time.Second), most)
			if err := errors.Join(err1, err2); err != nil || n != want || none != 0 {
				t.Errorf("counted %d, then %d (%v)", n, none, err)
			}
		}
	})
}

func TestEveryTryIsKeptWithTheServersWords(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false, scripted(func(n int, _ *smtp.Conn, _ parcel) error {
			switch n {
			case 1, 2:
				return answer(450+n, fmt.Sprint("come back ", n))
			case 3:
				return answer(554, "spam")
			}
			return nil
		}))
		o := h.office(box.url())
		o.send(invitation())
		o.drain()
		at := o.clock.Now()
		o.later(10 * time.Minute)
		o.later(10 * time.Minute)
		o.want(Failed, 3, "554")
		check := func(want ...string) {
			t.Helper()
			tries, err := Tries(t.Context(), o.db.Auto(), acme, o.only().ID)
			var got []string
			for _, x := range tries {
				got = append(got, x.Answer)
			}
			if err != nil || strings.Join(got, "|") != strings.Join(want, "|") {
				t.Errorf("the tries are %q (%v), want %q", got, err, want)
			}
			if first := tries[len(tries)-1]; !first.At.Equal(at) {
				t.Errorf("the first was at %v, not %v", first.At, at)
			}
		}
		check("554 5.7.1 spam", "452 4.7.1 come back 2", "451 4.7.1 come back 1")
		if err := o.again(); err != nil {
			t.Fatal(err)
		}
		o.drain()
		o.want(Sent, 4, "")
		check("554 5.7.1 spam", "452 4.7.1 come back 2", "451 4.7.1 come back 1")
	})
}

// Who strips STARTTLS on the way, or answers it with a no, gets neither password
// nor mail.
func TestNothingLeaksToWhoStripsSTARTTLS(t *testing.T) {
	for _, starttls := range []string{"", "454 4.7.0 not now"} {
		each(t, func(t *testing.T, h house) {
			var mu sync.Mutex
			var heard []string
			addr := dumb(t, func(line string) string {
				mu.Lock()
				defer mu.Unlock()
				heard = append(heard, line)
				switch {
				case strings.HasPrefix(line, "EHLO") && starttls != "":
					return "250-postbox.test\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS"
				case strings.HasPrefix(line, "EHLO"):
					return "250-postbox.test\r\n250 AUTH PLAIN LOGIN"
				case strings.HasPrefix(line, "STARTTLS"):
					return starttls
				}
				return "250 fine"
			})
			o := h.office("smtp://atrium:s3cret@mail.example.com:587")
			o.away(addr)
			o.send(invitation())
			o.drain()
			o.want(Queued, 1, "")
			mu.Lock()
			defer mu.Unlock()
			if len(heard) == 0 {
				t.Error("the server was not spoken to")
			}
			for _, line := range heard {
				if verb := strings.Fields(line)[0]; verb != "EHLO" && verb != "STARTTLS" && verb != "QUIT" && verb != "RSET" {
					t.Errorf("it went in the clear: %q", line)
				}
			}
			h.wantNoSecret()
		})
	}
}

// A connection that breaks in the middle of the mail's text.
func TestAServerThatDropsTheMiddleOfAMailGetsItAgain(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false, func(b *postbox) { b.dropText = 1 })
		o := h.office(box.url())
		o.send(invitation())
		o.drain()
		o.want(Queued, 1, "")
		o.later(2 * time.Minute)
		o.want(Sent, 2, "")
		if p := box.only(); !strings.Contains(p.raw, "Message-ID: <10001."+o.only().ID.String()+"@example.com>") {
			t.Errorf("the mail came as\n%s", p.raw)
		}
	})
}

// What a server says goes into three tables: none of them keeps a link.
func TestTheLinkIsInNoAnswerThatIsKept(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := choosy(t, func(string) *smtp.SMTPError {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "you wrote " + secret1}
		})
		o := h.office(box.url())
		o.send(invitation())
		o.drain()
		tries, err := Tries(t.Context(), o.db.Auto(), acme, o.only().ID)
		r, is := o.refused("bob@example.org")
		if err != nil || len(tries) != 1 || !is {
			t.Fatal(tries, r, is, err)
		}
		for _, said := range []string{tries[0].Answer, r.Answer, o.only().Answer} {
			if strings.Contains(said, secret1) || !strings.Contains(said, removed) {
				t.Errorf("it is kept: %q", said)
			}
		}
	})
}

func TestOnlyRepliesAreSaidByAServer(t *testing.T) {
	for answer, server := range map[string]bool{
		"550 5.1.1 no such user": true, "421": true, "250 2.0.0 queued": true,
		"": false, "dial tcp 10.0.0.5:25: connection refused": false, "127 is no reply": false, "1234 neither": false,
		"no answer within 20 seconds": false,
	} {
		if got := SaidByServer(answer); (got != "") != server || server && got != answer {
			t.Errorf("of %q it is %q", answer, got)
		}
	}
}
