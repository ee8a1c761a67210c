package settings_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/settings"
	"atrium/base/vault"
	"atrium/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// A house is a database and its keys, which processes share.
type house struct {
	*testing.T
	*db.DB
	keys *vault.Vault
	log  *bytes.Buffer
}

func each(t *testing.T, fn func(h house)) {
	dbtest.Each(t, []fs.FS{access.Schema, settings.Schema}, func(t *testing.T, d *db.DB) {
		v, err := vault.Load(filepath.Join(t.TempDir(), "key"), true)
		if err != nil {
			t.Fatal(err)
		}
		fn(house{t, d, v, &bytes.Buffer{}})
	})
}

// process opens the settings as a process does that is started with c.
func (h house) process(c config.Settings) *settings.Store {
	h.Helper()
	if c.From == "" {
		c.From = "Atrium <no-reply@localhost>" // the default
	}
	s, err := settings.Open(h.Context(), h.DB, h.keys, slog.New(slog.NewTextHandler(h.log, nil)), &c)
	if err != nil {
		h.Fatal(err)
	}
	return s
}

func save[S settings.Section](h house, s *settings.Store, next S, version int64) error {
	err := h.WriteGlobal(h.Context(), db.Lock{}, func(tx *db.Tx) error {
		_, _, err := settings.Save(h.Context(), tx, s, next, version, "Jonas")
		return err
	})
	if err == nil {
		err = s.Reload(h.Context())
	}
	return err
}

func (h house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h house) now(s *settings.Store) *settings.Snapshot { return s.Current(h.Context(), h.Auto()) }

func server() settings.Mail {
	return settings.Mail{Host: "smtp.example.com", Port: 465, Encryption: settings.TLS, User: "ann", Password: "s3cret-sesame", FromName: "Ours", FromEmail: "us@example.com"}
}

func TestWhatIsSetFromOutsideWins(t *testing.T) {
	each(t, func(h house) {
		h.must(save(h, h.process(config.Settings{}), server(), 0))
		for _, tt := range []struct {
			name               string
			c                  config.Settings
			smtp, from         string
			outServer, outFrom bool
		}{
			{"nothing outside", config.Settings{}, "smtps://ann:s3cret-sesame@smtp.example.com:465", `"Ours" <us@example.com>`, false, false},
			{"a server", config.Settings{SMTP: "smtp://mail.host.example"}, "smtp://mail.host.example:587", `"Ours" <us@example.com>`, true, false},
			{"a sender", config.Settings{From: "Them <them@host.example>"}, "smtps://ann:s3cret-sesame@smtp.example.com:465", `"Them" <them@host.example>`, false, true},
			{"a sender without name", config.Settings{From: "them@host.example"}, "smtps://ann:s3cret-sesame@smtp.example.com:465", `"Atrium" <them@host.example>`, false, true},
		} {
			s := h.now(h.process(tt.c))
			from := s.Sender()
			if got := s.SMTP().String(); got != tt.smtp || from.String() != tt.from {
				h.Errorf("%s: %s from %s, want %s from %s", tt.name, got, from.String(), tt.smtp, tt.from)
			}
			_, outServer := s.ServerFromOutside()
			_, outFrom := s.SenderFromOutside()
			if outServer != tt.outServer || outFrom != tt.outFrom {
				h.Errorf("%s: from outside are server %t, sender %t", tt.name, outServer, outFrom)
			}
		}
	})
}

func TestAHostThatHasSetNothing(t *testing.T) {
	each(t, func(h house) {
		s := h.now(h.process(config.Settings{}))
		from := s.Sender()
		if s.SMTP() != nil || from.String() != `"Atrium" <no-reply@localhost>` || s.HelpHref() != "" || !s.Users.Managed || s.Offer().Set() != access.Everything {
			h.Errorf("it has %+v, from %s", s.Settings, from.String())
		}
	})
}

func TestAnotherProcessSeesAChangeWithinASecondAndThisOneAtOnce(t *testing.T) {
	each(t, func(h house) {
		here, there := h.process(config.Settings{}), h.process(config.Settings{})
		h.must(save(h, here, settings.Company{Name: "Northwind", Hue: 10}, 0))
		if got := h.now(here).Company.Name; got != "Northwind" {
			h.Errorf("here it is %q", got)
		}
		if got := h.now(there).Company.Name; got != "Atrium" {
			h.Errorf("there it is %q without having looked", got)
		}
		dbtest.Clock(h.DB).Add(time.Second)
		if got := h.now(there).Company.Name; got != "Northwind" {
			h.Errorf("a second later it is %q there", got)
		}
		dbtest.Clock(h.DB).Add(-time.Hour)
		h.must(save(h, here, settings.Company{Name: "Southwind", Hue: 10}, 1))
		if got := h.now(there).Company.Name; got != "Southwind" {
			h.Errorf("after the clock was put back it is %q there", got)
		}
	})
}

func TestTheSecondOfTwoWhoSaveIsTold(t *testing.T) {
	each(t, func(h house) {
		s := h.process(config.Settings{})
		for version := range int64(2) {
			h.must(save(h, s, settings.Limits{InvitesPerHour: 5 + int(version), InvitesPending: 7}, version))
			err := save(h, s, settings.Limits{InvitesPerHour: 50, InvitesPending: 70}, version)
			if !fault.Is(err, fault.Conflict) || fault.CodeOf(err) != settings.Changed {
				h.Errorf("the second of version %d gets %v", version, err)
			}
		}
		if l := h.now(s).Limits; l.InvitesPerHour != 6 {
			h.Errorf("there are %+v", l)
		}
		if c := settings.Latest[settings.Limits](h.now(s)); c.Version != 2 || c.By != "Jonas" || c.At.IsZero() {
			h.Errorf("the latest change is %+v", c)
		}
		h.must(save(h, s, settings.Limits{InvitesPerHour: 6, InvitesPending: 7}, 2))
		if c := settings.Latest[settings.Limits](h.now(s)); c.Version != 2 {
			h.Errorf("saving it as it is made version %d", c.Version)
		}
	})
}

func TestAPasswordCanBeReadNowhere(t *testing.T) {
	each(t, func(h house) {
		s := h.process(config.Settings{})
		m := server()
		h.must(save(h, s, m, 0))
		text, err := json.Marshal(h.now(s).Settings)
		h.must(err)
		rows, err := db.All(h.Context(), h.Auto(), func(r db.Row) (string, error) {
			var a, b string
			err := r.Scan(&a, &b)
			return a + b, err
		}, `SELECT value, sealed FROM settings`)
		h.must(err)
		before, after, err := settings.Differences(settings.Mail{}, m)
		h.must(err)
		for _, shown := range []string{string(text), strings.Join(rows, ""), fmt.Sprintf("%v %+v %s %q", m, m, m.Password, m.Password), fmt.Sprint(before, after), h.log.String()} {
			if strings.Contains(shown, "sesame") {
				h.Errorf("it stands in %s", shown)
			}
		}
		if after["password"] != "changed" {
			h.Errorf("the audit says %v", after)
		}
		if got := h.now(h.process(config.Settings{})).Mail.Password.Reveal(); got != "s3cret-sesame" {
			h.Errorf("unsealed it is %q", got)
		}
	})
}

// To send a stored password elsewhere would be to read it.
func TestAPasswordStaysOnlyForItsServerAndUser(t *testing.T) {
	each(t, func(h house) {
		s := h.process(config.Settings{})
		h.must(save(h, s, server(), 0))
		same := server()
		same.Password, same.FromName = "", "Other"
		h.must(save(h, s, same, 1))
		if got := h.now(s).Mail.Password.Reveal(); got != "s3cret-sesame" {
			h.Errorf("it became %q", got)
		}
		for name, change := range map[string]func(*settings.Mail){
			"host": func(m *settings.Mail) { m.Host = "evil.example" }, "port": func(m *settings.Mail) { m.Port = 2525 },
			"user": func(m *settings.Mail) { m.User = "eve" }, "encryption": func(m *settings.Mail) { m.Encryption = settings.StartTLS },
		} {
			other := same
			change(&other)
			if err := save(h, s, other, 2); !fault.Is(err, fault.Invalid) {
				h.Errorf("with another %s: %v", name, err)
			}
		}
		without := same
		without.User = ""
		h.must(save(h, s, without, 2))
		if got := h.now(s).Mail.Password; got != "" {
			h.Error("without a user there is still a password")
		}
	})
}

func TestALostKeyLosesOnlyThePassword(t *testing.T) {
	each(t, func(h house) {
		h.must(save(h, h.process(config.Settings{}), server(), 0))
		v, err := vault.Load(filepath.Join(t.TempDir(), "other"), true)
		h.must(err)
		h.keys = v
		s := h.process(config.Settings{})
		if m := h.now(s).Mail; m.Host != "smtp.example.com" || m.Password != "" {
			h.Errorf("there is %+v", m)
		}
		if sealed, closed, err := s.Sealed(h.Context()); sealed != 1 || closed != 1 || err != nil {
			h.Errorf("%d sealed, %d of them closed, %v", sealed, closed, err)
		}
	})
}
