package mail

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/clock/clocktest"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/settings"
	"atrium/base/vault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	acme    id.Account = 10001
	base               = "https://atrium.example.com"
	secret1            = base + "/invitation/10001.TtxtTtxtTtxtTtxtTtxtTtxtTtxtTtxtTtxtTtxtTtx"
)

func schemas() []fs.FS { return []fs.FS{access.Schema, job.Schema, settings.Schema, Schema} }

// An office is a process that sends mail.
type office struct {
	*Mail
	t     *testing.T
	jobs  *job.Jobs
	clock *clocktest.Clock
}

// A house is what the processes of a test share: a database and its keys.
type house struct {
	*db.DB
	t    *testing.T
	keys *vault.Vault
}

// each runs fn on both databases.
func each(t *testing.T, fn func(t *testing.T, h house)) {
	t.Helper()
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
		fn(t, house{d, t, newKeys(t)})
	})
}

// newKeys are keys that nothing was sealed with.
func newKeys(t *testing.T) *vault.Vault {
	t.Helper()
	v, err := vault.Load(filepath.Join(t.TempDir(), "atrium.key"), true)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// settings are those of a company of this name, which sends to url, "" for
// nowhere.
func (h house) settings(name, url string) *settings.Store {
	h.t.Helper()
	value, err := json.Marshal(settings.Company{Name: name})
	if err != nil {
		h.t.Fatal(err)
	}
	err = h.WriteGlobal(h.t.Context(), db.Lock{}, func(tx *db.Tx) error {
		return tx.ExecOne(h.t.Context(), `INSERT INTO settings (name, value, sealed, version, changed_at, changed_by) VALUES ('company', $1, '', 1, 0, '')
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, string(value))
	})
	if err != nil {
		h.t.Fatal(err)
	}
	c := &config.Settings{SMTP: config.URL(url), From: "Acme Hosting <no-reply@example.com>"}
	s, err := settings.Open(h.t.Context(), h.DB, h.keys, slog.New(slog.DiscardHandler), c)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// office opens an office that sends to url, "" for nowhere.
func (h house) office(url string, change ...func(*Config)) *office {
	h.t.Helper()
	c := Config{Settings: h.settings("Acme Hosting", url), BaseURL: base, Readable: true}
	for _, f := range change {
		f(&c)
	}
	j := job.New(h.DB, slog.New(slog.DiscardHandler))
	m, err := New(h.t.Context(), h.DB, j, h.keys, c)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(m.Close)
	return &office{Mail: m, t: h.t, jobs: j, clock: dbtest.Clock(h.DB)}
}

// away has the office reach addr whatever the mail server's name.
func (o *office) away(addr string) {
	o.smtp.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
}

// of is the account of a write.
type of id.Account

func (a of) Account() id.Account { return id.Account(a) }

func (o *office) send(l Letter) {
	o.t.Helper()
	err := o.db.Write(o.t.Context(), of(l.Account), func(tx *db.Tx) error { return o.Send(o.t.Context(), tx, l) })
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) void(account id.Account, ref string) {
	o.t.Helper()
	err := o.db.Write(o.t.Context(), of(account), func(tx *db.Tx) error { return o.Void(o.t.Context(), tx, account, ref) })
	if err != nil {
		o.t.Fatal(err)
	}
}

// drain works everything that is due.
func (o *office) drain() {
	o.t.Helper()
	if err := o.jobs.Drain(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// later moves the clock, then works what is due.
func (o *office) later(d time.Duration) {
	o.t.Helper()
	o.clock.Add(d)
	o.drain()
}

// only is the one mail of acme.
func (o *office) only() Message {
	o.t.Helper()
	list, err := List(o.t.Context(), o.db.Auto(), acme, 0, 10)
	if err != nil || len(list) != 1 {
		o.t.Fatalf("%d mails, not one (%v)", len(list), err)
	}
	return list[0]
}

func (o *office) want(s State, attempts int64, said string) {
	o.t.Helper()
	if m := o.only(); m.State != s || m.Attempts != attempts || !strings.Contains(m.Answer, said) {
		o.t.Errorf("the mail is %s after %d tries, %q; want %s after %d, %q", m.State, m.Attempts, m.Answer, s, attempts, said)
	}
}

// invitation is a letter with a one-time link.
func invitation() Letter {
	return Letter{
		Account: acme, To: Address{"Bob", "bob@example.org"}, Kind: "invitation", Ref: "invitation:1",
		Subject: "Acme has invited you to their account",
		Blocks: []Block{
			P("Ann Lee (ann@example.com) has invited you to the account Acme."),
			Items([]string{"View Invoices", "View Tickets"}),
			Quote("Hello Bob,\nplease look after the invoices."),
			Secret("See the invitation", secret1),
			P("If you do nothing, nothing happens."),
		},
	}
}

// columns are all texts of the tables, as whoever steals the database reads them.
func (h house) columns() string {
	h.t.Helper()
	list, err := db.All(h.t.Context(), h.Across(), func(r db.Row) (string, error) {
		var s string
		return s, r.Scan(&s)
	}, `SELECT kind || '|' || ref || '|' || language || '|' || to_name || '|' || to_email || '|' || subject || '|' || body_text || '|' ||
			body_html || '|' || sealed || '|' || message_id || '|' || state || '|' || answer FROM emails
		UNION ALL SELECT lane || '|' || kind || '|' || args || '|' || unique_key || '|' || error FROM jobs`)
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Join(list, "\n")
}

// wantNoSecret sees that the one-time link can't be read in the database.
func (h house) wantNoSecret() {
	h.t.Helper()
	if s := h.columns(); strings.Contains(s, secret1) || strings.Contains(s, secret1[len(secret1)-20:]) {
		h.t.Errorf("the one-time link can be read:\n%s", s)
	}
}
