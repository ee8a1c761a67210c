package mail

import (
	"context"
	"errors"
	"math/rand/v2"
	netmail "net/mail"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/fault"
)

// patience is how long a mail is tried, from the first try on.
const patience = 72 * time.Hour

// wait is how long a mail waits after its nth try: a minute, two, four … at
// most an hour, a fifth more or less.
func wait(attempts int64) time.Duration {
	d := time.Hour
	if attempts < 7 {
		d = time.Minute << (attempts - 1)
	}
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}

// delivery is the job that sends one mail.
type delivery struct {
	Account id.Account `json:"account"`
	Email   ID         `json:"email"`
}

// Kind names the work.
func (delivery) Kind() string { return "mail.deliver" }

// awaited is the delivery of a mail that somebody waits for. It is before others.
type awaited delivery

// Kind names the work.
func (awaited) Kind() string { return "mail.first" }

// job is the letter's delivery.
func (l Letter) job(key ID) job.Args {
	d := delivery{l.Account, key}
	if l.Topic == Essential || l.Ref != "" {
		return awaited(d)
	}
	return d
}

// pace is how long it takes at least from one mail to the next.
func (m *Mail) pace(ctx context.Context) time.Duration {
	n := m.Settings.Current(ctx, m.db.Auto()).Mail.PerMinute
	if n == 0 {
		return 0
	}
	return (time.Minute + time.Duration(n) - 1) / time.Duration(n)
}

// deliver hands a mail over to the mail server. It is safe to repeat: a mail
// that has ended is left alone, and one whose acceptance could not be noted is
// sent again with the same Message-ID. turns has a place for each that may be
// handed over at once; whether a mail may go is asked when it has one, since a slow
// mail server has it wait, and what came of it is written down after it.
func (m *Mail) deliver(ctx context.Context, d delivery, turns chan struct{}) error {
	select {
	case turns <- struct{}{}:
	case <-ctx.Done():
		return job.After(time.Second, errNoTurn)
	}
	leave := sync.OnceFunc(func() { <-turns })
	defer leave()
	e, err := findEmail(ctx, m.db.Auto(), d.Account, d.Email)
	if fault.Is(err, fault.NotFound) || err == nil && e.State != Queued {
		return nil
	}
	if err != nil {
		return err
	}
	if !e.dies.IsZero() && !m.db.Clock().Now().Before(e.dies) {
		return m.end(ctx, e.place(), Cancelled, "", 0)
	}
	why, address, err := m.mayGet(ctx, m.db.Auto(), e)
	if err != nil {
		return err
	}
	if why != "" {
		return m.db.Write(ctx, e.place(), func(tx *db.Tx) error { return updateWithheld(ctx, tx, e.place(), why) })
	}
	if address != e.To.Email {
		if err := m.db.Write(ctx, e.place(), func(tx *db.Tx) error { return updateAddress(ctx, tx, e.place(), address) }); err != nil {
			return err
		}
		e.To.Email = address
	}
	before, refused, err := refused(ctx, m.db.Auto(), e.To.Email)
	if err != nil {
		return err
	}
	if refused && !e.insists() {
		return m.db.Write(ctx, e.place(), func(tx *db.Tx) error { return updateRefused(ctx, tx, e.place(), before) })
	}
	if e.optional() {
		out, err := OptedOut(ctx, m.db.Auto(), e.Account, e.To.Email, e.Topic)
		if err != nil {
			return err
		}
		if out {
			return m.db.Write(ctx, e.place(), func(tx *db.Tx) error { return updateWithheld(ctx, tx, e.place(), Unwanted) })
		}
	}
	link, err := m.unseal(e)
	if err != nil {
		return m.failed(ctx, e, verdict{said: "the one-time link can't be unsealed"})
	}
	answer, err := m.hand(ctx, e, link)
	leave()
	if err == errNoServer {
		return job.After(time.Second, err) // it was not tried
	}
	if err != nil {
		return m.failed(ctx, e, judge(err, link))
	}
	return m.sent(ctx, e, words(answer, link), refused)
}

// errNoServer is what a mail meets whose mail server was taken away a moment ago,
// errNoTurn what one meets that still waited for a connection when Atrium was stopped.
var (
	errNoServer = errors.New("there is no mail server")
	errNoTurn   = errors.New("stopped before its turn")
)

// unfit is why a mail can't be sent, today or later.
type unfit struct{ error }

// hand gives a mail to the mail server that is in force, and gives the server's
// words.
func (m *Mail) hand(ctx context.Context, e email, link string) (answer string, err error) {
	s := m.Settings.Current(ctx, m.db.Auto())
	server, err := m.server(s)
	if err != nil {
		return "", err
	}
	if server == nil {
		return "", errNoServer
	}
	from, err := fromOf(s)
	if err != nil {
		return "", err
	}
	msg, err := compose(e, from, link)
	if err != nil {
		return "", unfit{err}
	}
	off, err := m.optOutURL(e)
	if err != nil {
		return "", err
	}
	if off != "" {
		msg.SetGenHeader("List-Unsubscribe", "<"+off+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	if answer, err = server.send(ctx, msg); err != nil {
		return "", confided{err, server.password}
	}
	return scrub(answer, server.password), nil
}

// failed notes a try that did not succeed, and gives the mail up when no other
// can or when it has been tried for long enough.
func (m *Mail) failed(ctx context.Context, e email, v verdict) error {
	// What was tried is noted even when this process is being stopped.
	ctx = context.WithoutCancel(ctx)
	p, now := e.place(), m.db.Clock().Now()
	if v.forGood || !e.tried.IsZero() && now.Sub(e.tried) >= patience {
		return m.db.Write(ctx, p, func(tx *db.Tx) error {
			if v.address {
				if err := upsertRefusal(ctx, tx, e, v.said); err != nil {
					return err
				}
			}
			return updateEnded(ctx, tx, p, Failed, v.said, 1)
		})
	}
	if err := m.db.Write(ctx, p, func(tx *db.Tx) error { return updateTried(ctx, tx, p, v.said) }); err != nil {
		return err
	}
	return job.After(wait(e.Attempts+1), errors.New(v.said))
}

// sent notes that the mail server has a mail. An address that had refused others
// takes them again. Its job ends with that.
func (m *Mail) sent(ctx context.Context, e email, said string, refused bool) error {
	ctx = context.WithoutCancel(ctx)
	return m.db.Write(ctx, e.place(), func(tx *db.Tx) error {
		if refused {
			if err := deleteRefusal(ctx, tx, e.To.Email); err != nil {
				return err
			}
		}
		if err := updateEnded(ctx, tx, e.place(), Sent, said, 1); err != nil {
			return err
		}
		return job.Done(ctx, tx)
	})
}

func (m *Mail) end(ctx context.Context, p place, s State, said string, tries int64) error {
	ctx = context.WithoutCancel(ctx)
	return m.db.Write(ctx, p, func(tx *db.Tx) error { return updateEnded(ctx, tx, p, s, said, tries) })
}

// compose makes the mail as it travels.
func compose(e email, from *netmail.Address, link string) (*gomail.Msg, error) {
	to, err := parseAddress(e.To)
	if err != nil {
		return nil, err
	}
	body := reveal(e.Message, link)
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	msg.Subject(e.Subject)
	msg.SetDateWithValue(e.Created)
	msg.SetMessageIDWithValue(e.messageID)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("Content-Language", e.Language)
	msg.SetBodyString(gomail.TypeTextPlain, body.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, body.HTML)
	return msg, nil
}

// expire cancels mails that wait with a link that has ended by itself, and
// erases such links from mails that were given up.
func (m *Mail) expire(ctx context.Context) error {
	for {
		list, err := listDying(ctx, m.db.Across(), m.db.Clock().Now(), 100)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, p := range list {
			if err := m.end(ctx, p, Cancelled, "", 0); err != nil {
				return err
			}
			if err := m.db.Write(ctx, p, func(tx *db.Tx) error { return updateForgotten(ctx, tx, p) }); err != nil {
				return err
			}
		}
	}
}
