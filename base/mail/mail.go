package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/vault"
	"atrium/fault"
)

// Config says how mails leave and what they look like.
type Config struct {
	SMTP     *url.URL       // smtp:// or smtps://, with user and password where needed; nil: mails wait
	From     string         // "Atrium <no-reply@example.com>"
	BaseURL  string         // where every link leads to
	Host     string         // the name in greetings and Message-IDs; "": the domain of From
	Brand    string         // on top of every mail; "": the name of From
	Roots    *x509.CertPool // who may sign the mail server's certificate; nil: whom the system trusts
	Readable bool           // Outbox and Open answer, one-time links readable: atrium demo and --dev-mail only
}

// Mail sends mails and keeps their history.
type Mail struct {
	db       *db.DB
	jobs     *job.Jobs
	vault    *vault.Vault
	smtp     *sender // nil: mails wait
	from     *netmail.Address
	base     string
	host     string
	brand    string
	readable bool
}

// workers is how many mails one process hands over at once.
const workers = 4

// New makes the mail of one process and registers its jobs. It fails on a
// configuration that can't work.
func New(d *db.DB, j *job.Jobs, v *vault.Vault, c Config) (*Mail, error) {
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("the sender %q is not an address like Atrium <no-reply@example.com>: %w", c.From, err)
	}
	m := &Mail{db: d, jobs: j, vault: v, base: strings.TrimSuffix(c.BaseURL, "/"), host: c.Host, brand: line(c.Brand), readable: c.Readable}
	if m.from, err = parseAddress(Address{line(from.Name), from.Address}); err != nil {
		return nil, fmt.Errorf("the sender %q: %w", c.From, err)
	}
	if m.host == "" {
		m.host = m.from.Address[strings.LastIndexByte(m.from.Address, '@')+1:]
	}
	if m.brand == "" {
		m.brand = m.from.Name
	}
	n := 0
	if c.SMTP != nil {
		if m.smtp, err = newSender(c.SMTP, m.host, c.Roots); err != nil {
			return nil, err
		}
		n = workers
	}
	job.OnLane(j, "mail", n, m.deliver)
	job.Every(j, "mail.expire", 10*time.Minute, m.expire)
	return m, nil
}

// Close ends the connections that are kept between mails.
func (m *Mail) Close() {
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
	text, html, err := m.render(l)
	if err != nil {
		return err
	}
	if err := insertEmail(ctx, tx, l, key, text, html, sealed, m.messageID(l.Account, key)); err != nil {
		return err
	}
	return m.jobs.Enqueue(ctx, tx, delivery{l.Account, key})
}

func (m *Mail) render(l Letter) (text, html string, err error) {
	var b strings.Builder
	err = letterHTML(l, m.brand, m.base).Render(context.Background(), &b)
	return writeText(l, m.brand, m.base), b.String(), err
}

func (m *Mail) messageID(account id.Account, key ID) string {
	return fmt.Sprintf("%s.%s@%s", account, key, m.host)
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

// Outbox lists the mails of all accounts, latest first, those before a given
// one; 0 starts at the end. It is NotFound unless Config.Readable.
func (m *Mail) Outbox(ctx context.Context, before ID, limit int) ([]Message, error) {
	if !m.readable {
		return nil, fault.NotFoundf("What you are looking for is not here.")
	}
	return listOutbox(ctx, m.db.Across(), before, limit)
}

// Open is Find with the one-time link readable, while it is still there. It is
// NotFound unless Config.Readable.
func (m *Mail) Open(ctx context.Context, account id.Account, key ID) (Message, error) {
	if !m.readable {
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
