package mail

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"sync"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/settings"
	"atrium/base/vault"
	"atrium/fault"
)

// Config says how mails leave and what they look like.
type Config struct {
	Settings *settings.Store // has the mail server, the sender, the name on top and the contact below, at each moment
	BaseURL  string          // where every link leads to
	Host     string          // the name in greetings and Message-IDs; "": the domain of the sender
	Roots    *x509.CertPool  // who may sign the mail server's certificate; nil: whom the system trusts
	Readable bool            // Outbox and Open answer, one-time links readable: atrium demo and --dev-mail only
}

// Mail sends mails and keeps their history.
type Mail struct {
	Config
	db    *db.DB
	jobs  *job.Jobs
	vault *vault.Vault
	base  string

	sources []Source
	turns   chan struct{} // a place for each connection of those that go after the first

	mu   sync.Mutex
	to   string  // the address of smtp, with user and password
	smtp *sender // nil: mails wait
}

// How many mails one process hands over at once: of those that go first, and of
// the others. Of these more are under way: while some are handed over, what came
// of the others is written down, which waits for the disk.
const (
	connectionsFirst = 2
	connections      = 4
	workers          = 3 * connections
)

// New makes the mail of one process and registers its jobs. It fails on a
// configuration that can't work.
func New(ctx context.Context, d *db.DB, j *job.Jobs, v *vault.Vault, c Config) (*Mail, error) {
	m := &Mail{Config: c, db: d, jobs: j, vault: v, base: strings.TrimSuffix(c.BaseURL, "/"), turns: make(chan struct{}, connections)}
	s := c.Settings.Current(ctx, d.Auto())
	if _, err := fromOf(s); err != nil {
		from := s.Sender()
		return nil, fmt.Errorf("the sender %q is not an address like Atrium <no-reply@example.com>: %w", from.String(), err)
	}
	if _, err := m.server(s); err != nil {
		return nil, err
	}
	first := make(chan struct{}, connectionsFirst)
	job.OnLane(j, "mail.first", connectionsFirst, func(ctx context.Context, a awaited) error { return m.deliver(ctx, delivery(a), first) })
	job.OnLane(j, "mail", workers, func(ctx context.Context, d delivery) error { return m.deliver(ctx, d, m.turns) })
	job.While(j, "mail.first", m.open)
	job.While(j, "mail", m.open)
	job.Paced(j, "mail", m.pace, "mail.first", "mail")
	job.Every(j, "mail.expire", 10*time.Minute, m.expire)
	return m, nil
}

// open tells whether there is a mail server.
func (m *Mail) open(ctx context.Context) bool {
	return m.Settings.Current(ctx, m.db.Auto()).SMTP() != nil
}

// server is the sender to the mail server in force, nil if there is none. When
// another is set than before, the kept connections to that one end.
func (m *Mail) server(s *settings.Snapshot) (*sender, error) {
	u, to := s.SMTP(), ""
	if u != nil {
		to = m.host(s) + " " + u.String()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if to == m.to {
		return m.smtp, nil
	}
	var next *sender
	if u != nil {
		var err error
		if next, err = newSender(u, m.host(s), m.Roots); err != nil {
			return nil, err
		}
	}
	if m.smtp != nil {
		go m.smtp.close() // those that send end with their mail
	}
	m.to, m.smtp = to, next
	return next, nil
}

// host is what the program is called in greetings and Message-IDs.
func (m *Mail) host(s *settings.Snapshot) string { return cmp.Or(m.Host, s.SenderHost()) }

// fromOf is the sender as it stands in the mail.
func fromOf(s *settings.Snapshot) (*netmail.Address, error) {
	from := s.Sender()
	return parseAddress(Address{line(from.Name), from.Address})
}

// Close ends the connections that are kept between mails.
func (m *Mail) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.smtp != nil {
		m.smtp.close()
	}
}

// Send writes a letter down, to be sent once the transaction has committed. It
// is Invalid when the addressee's email is none.
func (m *Mail) Send(ctx context.Context, tx *db.Tx, l Letter) error {
	if l.Language == "" {
		l.Language = "en"
	}
	l = l.clean()
	if l.Topic != Essential && l.Reader == "" && l.User != 0 {
		l.Reader = MemberKey(l.User)
	}
	if err := l.check(m.base); err != nil {
		return err
	}
	l, link := l.hide()
	key := db.NewID[email](tx)
	sealed := ""
	if link != "" {
		var err error
		if sealed, err = m.vault.Seal([]byte(link), aad(l.Account, key)); err != nil {
			return err
		}
	}
	s := m.Settings.Current(ctx, tx)
	text, html, err := render(l, m.head(s))
	if err != nil {
		return err
	}
	if err := insertEmail(ctx, tx, l, key, text, html, sealed, m.messageID(s, l.Account, key)); err != nil {
		return err
	}
	return m.jobs.Enqueue(ctx, tx, l.job(key))
}

func render(l Letter, at letterhead) (text, html string, err error) {
	var b strings.Builder
	err = letterHTML(l, at).Render(context.Background(), &b)
	return writeText(l, at), b.String(), err
}

// A letterhead is what is around every letter.
type letterhead struct{ brand, base, contact, contactHref string }

func (m *Mail) head(s *settings.Snapshot) letterhead {
	return letterhead{brand: line(s.Company.Name), base: m.base, contact: line(s.Company.Contact), contactHref: s.HelpHref()}
}

func (m *Mail) messageID(s *settings.Snapshot, account id.Account, key ID) string {
	return fmt.Sprintf("%s.%s@%s", account, key, m.host(s))
}

// aad ties a sealed link to its row.
func aad(account id.Account, key ID) string {
	return fmt.Sprintf("emails/%s/%s", account, key)
}

// Void is called when what a one-time link belongs to has ended: the link is
// erased, and mails that still wait are not sent.
func (m *Mail) Void(ctx context.Context, tx *db.Tx, account id.Account, ref string) error {
	if ref == "" {
		return errors.New("mail: to void takes a ref")
	}
	return updateVoid(ctx, tx, account, ref)
}

// Forget is Void of all mails of an account that is deleted: none is sent any
// more, and no link is kept.
func (m *Mail) Forget(ctx context.Context, tx *db.Tx, account id.Account) error {
	return updateForgetAll(ctx, tx, account)
}

// Outbox lists the mails of all accounts, latest first, those before a given
// one; 0 starts at the end. It is NotFound unless Config.Readable.
func (m *Mail) Outbox(ctx context.Context, before ID, limit int) ([]Message, error) {
	if !m.Readable {
		return nil, fault.NotFoundf("What you are looking for is not here.")
	}
	return listOutbox(ctx, m.db.Across(), before, limit)
}

// Open is Find with the one-time link readable, while it is still there. It is
// NotFound unless Config.Readable.
func (m *Mail) Open(ctx context.Context, account id.Account, key ID) (Message, error) {
	if !m.Readable {
		return Message{}, fault.NotFoundf("What you are looking for is not here.")
	}
	e, err := findEmail(ctx, m.db.Auto(), account, key)
	if err != nil {
		return Message{}, err
	}
	link, err := m.unseal(e)
	if err != nil {
		return Message{}, err
	}
	if link == "" {
		return conceal(e.Message), nil
	}
	return reveal(e.Message, link), nil
}

func (m *Mail) unseal(e email) (string, error) {
	if e.sealed == "" {
		return "", nil
	}
	link, err := m.vault.Open(e.sealed, aad(e.Account, e.ID))
	return string(link), err
}
