package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"atrium/base/db"
	"atrium/base/job"
)

func TestAMailArrivesWithItsLinkAndTheLinkIsErased(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		o := h.office(box.url())
		o.send(invitation())
		h.wantNoSecret()
		o.want(Queued, 0, "")
		if m, err := o.Open(t.Context(), acme, o.only().ID); err != nil || !strings.Contains(m.Text, secret1) {
			t.Fatal("the link is not there before it is sent", err)
		}
		o.drain()

		p := box.only()
		if p.from != "no-reply@example.com" || p.to != "bob@example.org" {
			t.Errorf("from %s to %s", p.from, p.to)
		}
		got := open(t, p)
		if strings.Count(got.text, secret1) != 1 || strings.Count(got.html, secret1) != 3 {
			t.Errorf("the link stands %d times in the text, %d in the HTML:\n%s\n%s",
				strings.Count(got.text, secret1), strings.Count(got.html, secret1), got.text, got.html)
		}
		m := o.only()
		for name, want := range map[string]string{
			"From":             `"Acme Hosting" <no-reply@example.com>`,
			"To":               `"Bob" <bob@example.org>`,
			"Subject":          "Acme has invited you to their account",
			"Message-Id":       "<10001." + m.ID.String() + "@example.com>",
			"Auto-Submitted":   "auto-generated",
			"Content-Language": "en",
			"Date":             "Sun, 22 Nov 2026 10:00:00 +0000",
		} {
			if is := got.decoded(t, name); is != want {
				t.Errorf("%s is %q, want %q", name, is, want)
			}
		}
		if got.header.Get("User-Agent")+got.header.Get("X-Mailer") != "" {
			t.Error("the mail says what made it")
		}

		o.want(Sent, 1, "")
		if m.Ended.IsZero() {
			t.Error("not ended")
		}
		h.wantNoSecret()
		if !strings.Contains(h.columns(), marker) {
			t.Error("no marker is stored")
		}
		opened, err := o.Open(t.Context(), acme, m.ID)
		if err != nil || strings.Contains(opened.Text+opened.HTML, secret1) {
			t.Error("the link can still be read", err)
		}
		o.later(73 * time.Hour)
		box.only()
	})
}

func TestTemporaryRefusalsAreTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false, scripted(func(n int, _ *smtp.Conn, _ parcel) error {
			if n < 3 {
				return answer(451, "greylisted, come back")
			}
			return nil
		}))
		o := h.office(box.url())
		o.send(invitation())
		o.drain()
		o.want(Queued, 1, "451 4.7.1 greylisted, come back")
		o.later(30 * time.Second)
		o.want(Queued, 1, "")
		o.later(time.Minute)
		o.want(Queued, 2, "451")
		h.wantNoSecret()
		o.later(3 * time.Minute)
		o.want(Sent, 3, "")
		list := box.mails()
		if len(list) != 3 {
			t.Fatalf("%d tries came", len(list))
		}
		first := open(t, list[0])
		for _, p := range list[1:] {
			next := open(t, p)
			if first.header.Get("Message-Id") == "" || next.header.Get("Message-Id") != first.header.Get("Message-Id") || next.header.Get("Date") != first.header.Get("Date") {
				t.Errorf("Message-ID %q, then %q", first.header.Get("Message-Id"), next.header.Get("Message-Id"))
			}
			if next.text != first.text || next.html != first.html {
				t.Error("the tries differ")
			}
		}
	})
}

func TestPermanentRefusalsEndAMailAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		// The server says more than we want to keep, the link too.
		box := newPostbox(t, false, scripted(func(int, *smtp.Conn, parcel) error {
			return answer(550, "no such user; you wrote "+secret1+" and \x1b[31m"+strings.Repeat("ä", 400))
		}))
		o := h.office(box.url())
		o.send(invitation())
		o.drain()
		o.want(Failed, 1, "550 5.7.1 no such user; you wrote [removed] and [31m")
		if a := o.only().Answer; len(a) > 500 || line(a) != a {
			t.Errorf("%d bytes: %q", len(a), a)
		}
		h.wantNoSecret()
		o.later(73 * time.Hour)
		box.only()
		if failed, err := o.jobs.Failed(t.Context()); err != nil || len(failed) != 0 {
			t.Errorf("a refused mail is not a failed job: %v %v", failed, err)
		}
	})
}

func TestARefusedAddressSaysWhy(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("smtp://" + dumb(t, func(line string) string {
			switch {
			case strings.HasPrefix(line, "MAIL"):
				return "250 fine"
			case strings.HasPrefix(line, "RCPT"):
				return "554-5.1.1 nobody\r\n554 5.1.1 of that name"
			}
			return "250 postbox.test"
		}))
		o.send(invitation())
		o.drain()
		o.want(Failed, 1, "554 5.1.1 nobody 5.1.1 of that name")
		if a := o.only().Answer; strings.Contains(a, "affected") {
			t.Errorf("not only the server's words: %q", a)
		}
	})
}

// dumb is a server that answers each line as it is told, by hand. Its address
// is what dumb gives.
func dumb(t *testing.T, reply func(line string) string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				fmt.Fprint(c, "220 postbox.test\r\n")
				buf := make([]byte, 4096)
				for {
					n, err := c.Read(buf)
					if err != nil {
						return
					}
					if _, err := fmt.Fprint(c, reply(string(buf[:n]))+"\r\n"); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}

// The server takes the mail, but its answer is lost: it comes twice, and can be
// told to be the same.
func TestALostAnswerSendsTheSameMailAgain(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false, scripted(func(n int, c *smtp.Conn, _ parcel) error {
			if n == 1 {
				c.Conn().Close()
			}
			return nil
		}))
		o := h.office(box.url())
		o.send(invitation())
		o.drain()
		o.want(Queued, 1, "EOF")
		o.later(2 * time.Minute)
		o.want(Sent, 2, "")
		list := box.mails()
		if len(list) != 2 {
			t.Fatalf("%d mails", len(list))
		}
		if a, b := open(t, list[0]), open(t, list[1]); a.header.Get("Message-Id") != b.header.Get("Message-Id") {
			t.Error("two Message-IDs")
		}
	})
}

func TestAMailIsGivenUpAfterThreeDays(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false, scripted(func(int, *smtp.Conn, parcel) error { return answer(421, "full") }))
		o := h.office("") // it waits for a week, which does not count
		o.send(invitation())
		o.later(7 * 24 * time.Hour)
		o.want(Queued, 0, "")

		o = h.office(box.url())
		o.drain()
		o.want(Queued, 1, "421")
		began := o.clock.Now()
		for range 1000 {
			if o.later(10 * time.Minute); o.only().State != Queued {
				break
			}
		}
		m := o.only()
		if took := m.Ended.Sub(began); m.State != Failed || took < patience || took > patience+90*time.Minute {
			t.Errorf("%s after %v", m.State, took)
		}
		if n := len(box.mails()); n < 50 || n > 120 {
			t.Errorf("tried %d times", n)
		}
		h.wantNoSecret()
	})
}

func TestATarpitIsLeftAlone(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		l, err := net.Listen("tcp", "127.0.0.1:0") // takes calls and says nothing
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		o := h.office("smtp://" + l.Addr().String())
		o.smtp.timeout = 50 * time.Millisecond
		began := time.Now()
		o.send(invitation())
		o.drain()
		o.want(Queued, 1, "i/o timeout")

		// One that is slow in the middle.
		slow := dumb(t, func(line string) string {
			if strings.HasPrefix(line, "MAIL") {
				time.Sleep(time.Second)
			}
			return "250 postbox.test"
		})
		o = h.office("smtp://" + slow)
		o.smtp.timeout = 50 * time.Millisecond
		o.later(2 * time.Minute)
		o.want(Queued, 2, "i/o timeout")
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestStoppingDoesNotWaitForATarpit(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		begun := make(chan struct{})
		box := newPostbox(t, false, scripted(func(_ int, c *smtp.Conn, _ parcel) error {
			close(begun)
			io.Copy(io.Discard, c.Conn()) // until the other side hangs up
			return nil
		}))
		o := h.office(box.url())
		o.send(invitation())
		ctx, stop := context.WithCancel(t.Context())
		go func() { <-begun; stop() }()
		err := o.deliver(ctx, delivery{acme, o.only().ID}, o.turns)
		if err == nil {
			t.Error("sent?")
		}
		o.want(Queued, 1, "")
	})
}

func TestNothingIsLostWhileTheServerIsDown(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		box.ear.Close()
		o := h.office(box.url())
		const mails = 20
		for n := range mails {
			l := invitation()
			l.To.Email = fmt.Sprintf("bob%d@example.org", n)
			o.send(l)
		}
		o.drain()
		o.later(10 * time.Minute)
		list, err := List(t.Context(), h.Auto(), acme, 0, 100)
		if err != nil || len(list) != mails {
			t.Fatal(len(list), err)
		}
		for _, m := range list {
			if m.State != Queued || m.Attempts != 2 || !strings.Contains(m.Answer, "connection refused") {
				t.Fatalf("%+v", m.Delivery)
			}
		}

		l, err := net.Listen("tcp", box.addr)
		if err != nil {
			t.Fatal(err)
		}
		box.serve(l, false)
		o.later(10 * time.Minute)
		came := map[string]int{}
		for _, p := range box.mails() {
			came[p.to]++
		}
		if len(came) != mails || len(box.mails()) != mails {
			t.Errorf("%d mails came to %d people", len(box.mails()), len(came))
		}
		if calls, _ := box.counts(); calls != 1 {
			t.Errorf("%d connections for %d mails", calls, mails)
		}
	})
}

func TestWithoutAServerMailsWaitUntilThereIsOne(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		o.send(invitation())
		o.later(48 * time.Hour)
		o.want(Queued, 0, "")
		m, err := o.Open(t.Context(), acme, o.only().ID)
		if err != nil || !strings.Contains(m.Text, secret1) || !strings.Contains(m.HTML, `href="`+secret1+`"`) {
			t.Errorf("the link can't be read: %v\n%s", err, m.Text)
		}
		box := newPostbox(t, false)
		h.office(box.url()).drain()
		box.only()
		o.want(Sent, 1, "")
	})
}

func TestKeptConnectionsMayHaveClosed(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		o := h.office(box.url())
		for n := range 3 {
			l := invitation()
			l.Ref = fmt.Sprint("invitation:", n)
			o.send(l)
			o.drain()
			box.tire()
		}
		if calls, _ := box.counts(); calls != 3 || len(box.mails()) != 3 {
			t.Errorf("%d connections, %d mails", calls, len(box.mails()))
		}
		states, err := States(t.Context(), h.Auto(), acme, "invitation:0", "invitation:1", "invitation:2")
		if err != nil {
			t.Fatal(err)
		}
		for ref, s := range states {
			if s.State != Sent || s.Attempts != 1 {
				t.Errorf("%s: %+v", ref, s)
			}
		}
	})
}

func TestKeptConnectionsAreGivenUpAfterAWhile(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		o := h.office(box.url())
		o.smtp.keep = 10 * time.Millisecond
		o.send(invitation())
		o.drain()
		for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
			o.smtp.mu.Lock()
			n := len(o.smtp.idle)
			o.smtp.mu.Unlock()
			if n == 0 {
				return
			}
			if time.Now().After(end) {
				t.Fatal("kept for ever")
			}
		}
	})
}

func TestSTARTTLSIsRequiredAndTheCertificateChecked(t *testing.T) {
	theirs, pool := certificate(t, "mail.example.com")
	others, _ := certificate(t, "mail.example.com")
	wrong, wrongPool := certificate(t, "mail.example.net")
	for _, c := range []struct {
		name   string
		server *tls.Config
		roots  func(*Config)
		said   string // "" : it arrives
	}{
		{"offered", theirs, func(c *Config) { c.Roots = pool }, ""},
		{"stripped", nil, func(c *Config) { c.Roots = pool }, "does not support STARTTLS"},
		{"signed by nobody we trust", theirs, func(*Config) {}, "unknown authority"},
		{"signed by another", others, func(c *Config) { c.Roots = pool }, "unknown authority"},
		{"of another name", wrong, func(c *Config) { c.Roots = wrongPool }, "not mail.example.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, h house) {
				var options []postboxOption
				if c.server != nil {
					options = append(options, withTLS(c.server))
				}
				box := newPostbox(t, false, append(options, withLogin("atrium", "s3cret"))...)
				o := h.office("smtp://atrium:s3cret@mail.example.com:587", c.roots)
				o.away(box.addr)
				o.send(invitation())
				o.drain()
				if c.said != "" {
					o.want(Queued, 1, c.said)
					if _, froms := box.counts(); froms != 0 {
						t.Error("a mail was begun")
					}
					return
				}
				o.want(Sent, 1, "")
				if p := box.only(); !p.tls || p.user != "atrium" {
					t.Errorf("TLS %v, user %q", p.tls, p.user)
				}
			})
		})
	}
}

func TestImplicitTLS(t *testing.T) {
	theirs, pool := certificate(t, "mail.example.com")
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, true, withTLS(theirs), withLogin("atrium", "s3cret"))
		o := h.office("smtps://atrium:s3cret@mail.example.com", func(c *Config) { c.Roots = pool })
		o.away(box.addr)
		if o.smtp.port != 465 {
			t.Errorf("port %d", o.smtp.port)
		}
		o.send(invitation())
		o.drain()
		o.want(Sent, 1, "")
		if p := box.only(); !p.tls || p.user != "atrium" {
			t.Errorf("TLS %v, user %q", p.tls, p.user)
		}

		// Without one we trust, not a byte goes.
		o = h.office("smtps://atrium:s3cret@mail.example.com")
		o.away(box.addr)
		l := invitation()
		l.Ref = "invitation:2"
		o.send(l)
		o.drain()
		states, err := States(t.Context(), h.Auto(), acme, "invitation:2")
		if s := states["invitation:2"]; err != nil || s.State != Queued || !strings.Contains(s.Answer, "unknown authority") {
			t.Errorf("%+v %v", s, err)
		}
	})
}

// A server on this machine has a self-made certificate, or none.
func TestAServerOnThisMachineNeedsNoCertificate(t *testing.T) {
	theirs, _ := certificate(t, "snakeoil")
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false, withTLS(theirs), withLogin("atrium", "s3cret"))
		o := h.office("smtp://atrium:s3cret@" + box.addr)
		o.send(invitation())
		o.drain()
		o.want(Sent, 1, "")
		if !box.only().tls {
			t.Error("TLS was offered and not used")
		}
	})
}

// A log in that the server refuses is not the mail's fault.
func TestARefusedLogInIsTriedAgainAndNotTold(t *testing.T) {
	theirs, pool := certificate(t, "mail.example.com")
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false, withTLS(theirs), withLogin("atrium", "right"))
		for n, user := range []string{"atrium:wr0ngpassword@", ""} {
			o := h.office("smtp://"+user+"mail.example.com", func(c *Config) { c.Roots = pool })
			o.away(box.addr)
			l := invitation()
			l.Ref = fmt.Sprint("invitation:", n)
			o.send(l)
			o.drain()
			states, err := States(t.Context(), h.Auto(), acme, l.Ref)
			if s := states[l.Ref]; err != nil || s.State != Queued || s.Attempts != 1 || s.Answer == "" {
				t.Errorf("%q: %+v %v", user, s, err)
			}
		}
		if strings.Contains(h.columns(), "wr0ng") {
			t.Error("the password can be read")
		}
	})
}

func TestTwoProcessesSendEachMailOnce(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false)
		const mails = 60
		one, two := h.office(box.url()), h.office(box.url())
		for n := range mails {
			l := invitation()
			l.To.Email, l.Ref = fmt.Sprintf("bob%d@example.org", n), ""
			l.Blocks = []Block{P("Hello")}
			one.send(l)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		for _, o := range []*office{one, two} {
			go func() { ended <- o.jobs.Run(ctx) }()
		}
		for end := time.Now().Add(20 * time.Second); len(box.mails()) < mails && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
		stop()
		if err := errors.Join(<-ended, <-ended); err != nil {
			t.Error(err)
		}
		came := map[string]int{}
		for _, p := range box.mails() {
			came[p.to]++
		}
		if len(came) != mails || len(box.mails()) != mails {
			t.Errorf("%d mails to %d people", len(box.mails()), len(came))
		}
		if calls, _ := box.counts(); calls > 2*connections {
			t.Errorf("%d connections", calls)
		}
	})
}

// A slow mail server meets as many at once as there are connections, however many
// mails are under way.
func TestASlowServerIsNotCrowded(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		release := make(chan struct{})
		var now, most atomic.Int64
		box := newPostbox(t, false, scripted(func(int, *smtp.Conn, parcel) error {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			<-release
			now.Add(-1)
			return nil
		}))
		const mails = 4 * workers
		o := h.office(box.url())
		for n := range mails {
			o.send(notice(fmt.Sprintf("bob%d@example.org", n)))
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- o.jobs.Run(ctx) }()
		until := func(done func() bool) {
			for end := time.Now().Add(20 * time.Second); !done() && time.Now().Before(end); {
				time.Sleep(5 * time.Millisecond)
			}
		}
		until(func() bool { return now.Load() >= connections })
		time.Sleep(200 * time.Millisecond) // for those that should not come
		close(release)
		until(func() bool { return len(box.mails()) == mails })
		stop()
		if err := <-ended; err != nil || most.Load() != connections || len(box.mails()) != mails {
			t.Errorf("%v; %d at once, %d mails came", err, most.Load(), len(box.mails()))
		}
	})
}

// A mail that waits for its turn is looked at when that comes: whom it may not go to
// any more by then, or what was ended meanwhile, is not sent.
func TestWhatEndsWhileAMailWaitsForItsTurnIsNotSent(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		release := make(chan struct{})
		var now atomic.Int64
		box := newPostbox(t, false, scripted(func(int, *smtp.Conn, parcel) error {
			now.Add(1)
			<-release
			return nil
		}))
		o := h.office(box.url())
		for n := range workers {
			o.send(notice(fmt.Sprintf("bob%d@example.org", n)))
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- o.jobs.Run(ctx) }()
		for end := time.Now().Add(20 * time.Second); now.Load() < connections && time.Now().Before(end); {
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(300 * time.Millisecond) // for the others to get as far as they can
		err := o.db.Write(t.Context(), place{account: acme}, func(tx *db.Tx) error { return o.Forget(t.Context(), tx, acme) })
		if err != nil {
			t.Fatal(err)
		}
		close(release)
		time.Sleep(300 * time.Millisecond)
		stop()
		if err := <-ended; err != nil || len(box.mails()) != connections {
			t.Errorf("%v; %d mails came, want the %d that were being handed over", err, len(box.mails()), connections)
		}
	})
}

// Whatever a mail server echoes, the link is neither in the log nor in a job.
func TestTheLinkIsOnNoLog(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		box := newPostbox(t, false, scripted(func(n int, _ *smtp.Conn, p parcel) error {
			return answer(450, "not now: "+secret1)
		}))
		var out bytes.Buffer
		j := job.New(h.DB, slog.New(slog.NewTextHandler(&out, nil)))
		m, err := New(t.Context(), h.DB, j, h.keys, Config{Settings: h.settings("Acme", box.url()), BaseURL: base})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(m.Close)
		err = h.Write(t.Context(), of(acme), func(tx *db.Tx) error { return m.Send(t.Context(), tx, invitation()) })
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := out.String(); strings.Contains(s, secret1[len(secret1)-20:]) || !strings.Contains(s, removed) {
			t.Errorf("the log says %s", s)
		}
		h.wantNoSecret()
	})
}
