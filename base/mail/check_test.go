package mail

import (
	"path/filepath"
	"strings"
	"testing"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/vault"
)

// oneHouse is for what does not depend on the database.
func oneHouse(t *testing.T) house {
	return house{dbtest.Open(t, dbtest.SQLite, schemas()), t, newKeys(t)}
}

func TestCheckSaysHowTheServerAnswers(t *testing.T) {
	theirs, pool := certificate(t, "mail.example.com")
	h := oneHouse(t)
	trusting := func(c *Config) { c.Roots = pool }
	for _, c := range []struct {
		name, url string
		implicit  bool
		options   []postboxOption
		says      []string
	}{
		{"STARTTLS", "smtp://atrium:s3cret@mail.example.com", false, []postboxOption{withTLS(theirs), withLogin("atrium", "s3cret")}, []string{"TLS 1.3, logged in as atrium"}},
		{"TLS", "smtps://atrium:s3cret@mail.example.com", true, []postboxOption{withTLS(theirs), withLogin("atrium", "s3cret")}, []string{"TLS 1.3, logged in as atrium"}},
		{"no log in", "smtp://mail.example.com", false, []postboxOption{withTLS(theirs)}, []string{`"Hello`, "TLS 1.3"}},
		{"this machine", "smtp://127.0.0.1", false, nil, []string{"not encrypted"}},
	} {
		box := newPostbox(t, c.implicit, c.options...)
		o := h.office(c.url, trusting)
		o.away(box.addr)
		said, err := o.Check(t.Context())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for _, s := range c.says {
			if !strings.Contains(said, s) {
				t.Errorf("%s: %q does not say %q", c.name, said, s)
			}
		}
		if _, froms := box.counts(); froms != 0 || strings.Contains(said, "s3cret") {
			t.Errorf("%s: %d mails were begun; %q", c.name, froms, said)
		}
	}
	if said, err := h.office("").Check(t.Context()); said != "" || err != nil {
		t.Error(said, err)
	}
}

func TestCheckSaysWhatIsWrongInTheServersWords(t *testing.T) {
	theirs, pool := certificate(t, "mail.example.com")
	h := oneHouse(t)
	withRoots := func(c *Config) { c.Roots = pool }
	box := newPostbox(t, false, withTLS(theirs), withLogin("atrium", "right"))
	open := newPostbox(t, false, withTLS(theirs))
	for _, c := range []struct {
		name, url, addr string
		change          func(*Config)
		says            string
	}{
		{"nobody there", "smtp://mail.example.com", "127.0.0.1:1", withRoots, "connection refused"},
		{"busy", "smtp://mail.example.com", dumb(t, func(string) string { return "421 too busy" }), withRoots, "421 too busy"},
		{"no TLS", "smtp://mail.example.com", newPostbox(t, false).addr, withRoots, "does not support STARTTLS"},
		{"a certificate nobody trusts", "smtp://mail.example.com", box.addr, func(*Config) {}, "unknown authority"},
		{"a wrong password", "smtp://atrium:wr0ng@mail.example.com", box.addr, withRoots, "535"},
		{"no log in offered", "smtp://atrium:wr0ng@mail.example.com", open.addr, withRoots, "does not support SMTP AUTH"},
	} {
		o := h.office(c.url, c.change)
		o.away(c.addr)
		said, err := o.Check(t.Context())
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "wr0ng") {
			t.Errorf("%s: %q, %v; want %q", c.name, said, err, c.says)
		}
	}
}

func TestAnotherKeyFileOpensNoLink(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		wantUnreadable(t, o, 0, 0)
		o.send(invitation())
		wantUnreadable(t, o, 1, 0)
		other, err := vault.Load(filepath.Join(t.TempDir(), "other.key"), true)
		if err != nil {
			t.Fatal(err)
		}
		h.keys = other
		wantUnreadable(t, h.office(""), 1, 1)
	})
}

func wantUnreadable(t *testing.T, o *office, all, unreadable int64) {
	t.Helper()
	n, m, err := o.Unreadable(t.Context())
	if err != nil || n != all || m != unreadable {
		t.Errorf("%d of %d links can't be opened, %v; want %d of %d", m, n, err, unreadable, all)
	}
}

func TestAWaitingMailHasAJob(t *testing.T) {
	each(t, func(t *testing.T, h house) {
		o := h.office("")
		o.send(invitation())
		for _, want := range []int64{0, 1} {
			if n, err := Undelivered(t.Context(), h.Across()); err != nil || n != want {
				t.Errorf("%d mails have no job, %v; want %d", n, err, want)
			}
			err := h.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `DELETE FROM jobs`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
