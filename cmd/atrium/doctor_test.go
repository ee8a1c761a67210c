package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"atrium/base/db/dbtest"
	"atrium/base/vault"
)

// lines are those that begin with a level.
func lines(said, level string) (list []string) {
	for l := range strings.Lines(said) {
		if strings.HasPrefix(l, level) {
			list = append(list, strings.TrimSpace(l))
		}
	}
	return list
}

// wantOne wants one problem, which says words, and the exit status.
func wantOne(t *testing.T, h *host, words ...string) {
	t.Helper()
	said := h.want(1, []string{"1 of these must be mended"}, "doctor")
	problems := lines(said, "problem")
	if len(problems) != 1 {
		t.Fatalf("want one problem:\n%s", said)
	}
	for _, w := range words {
		if !strings.Contains(problems[0], w) {
			t.Errorf("%q does not say %q", problems[0], w)
		}
	}
}

func TestTheDoctor(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			w := lived(t, engine)
			h := settled(t, w, engine)
			h.env["ATRIUM_SMTP_URL"] = "smtp://" + w.Mail.Addr
			h.env["ATRIUM_MAIL_FROM"] = "Host <no-reply@host.example>"

			t.Run("healthy", func(t *testing.T) {
				said := (&host{t, h.folder, h.env}).want(0, []string{
					"ok       addresses: people use http://localhost:8080, Atrium listens on 127.0.0.1:8080",
					"ok       clock: this machine says",
					"opens and is up to date", "ok       database: it can be written",
					"ok       key file: " + w.Secrets + " opens all that is sealed",
					"ok       mail: " + w.Mail.Addr + " answers", "not encrypted",
					"ok       work: no job was given up", "ok       data: all ",
				}, "doctor")
				if n := len(lines(said, "problem")); n != 0 {
					t.Errorf("%d problems:\n%s", n, said)
				}
				wantOnly := map[string]string{dbtest.SQLite: "database: its file is whole", dbtest.Postgres: "clock: the database server's says the same"}
				for e, words := range wantOnly {
					if strings.Contains(said, words) != (e == engine) {
						t.Errorf("%q:\n%s", words, said)
					}
				}
			})
			t.Run("another key file", func(t *testing.T) {
				other := h.but(t, "ATRIUM_SECRET_KEY_FILE", filepath.Join(h.folder, "other.key"))
				wantOne(t, other, "key file", "other.key", "is missing")
				if _, err := vault.Load(other.env["ATRIUM_SECRET_KEY_FILE"], true); err != nil {
					t.Fatal(err)
				}
				wantOne(t, other, "key file", "other.key does not open", "put back the one they were sealed with")
			})
			t.Run("mail server refuses", func(t *testing.T) {
				wantOne(t, h.but(t, "ATRIUM_SMTP_URL", "smtp://"+deaf(t)), "mail", "connection refused")
				wantOne(t, h.but(t, "ATRIUM_SMTP_URL", "smtp://atrium:s3cret@"+w.Mail.Addr), "mail", "does not support SMTP AUTH")
			})
			t.Run("no mail server", func(t *testing.T) {
				none := h.but(t, "ATRIUM_SMTP_URL", "")
				none.want(0, []string{"warning  mail: no mail server is set (in the staff area's settings, or ATRIUM_SMTP_URL), so mails wait", " wait"}, "doctor")
			})
			t.Run("wrong settings", func(t *testing.T) {
				wantOne(t, h.but(t, "ATRIUM_BASE_URL", "localhost"), "settings", "ATRIUM_BASE_URL")
			})
			t.Run("broken data", func(t *testing.T) {
				h.run(`DELETE FROM user_accounts`)
				h.run(`UPDATE user_lines SET accounts = 0`)
				wantOne(t, h.but(t, "", ""), "data: this does not hold: Every membership is in its user's list of accounts (broken")
			})
		})
	}
}

// but is the host with one setting changed.
func (h *host) but(t *testing.T, name, value string) *host {
	other := &host{t, h.folder, map[string]string{name: value}}
	for n, v := range h.env {
		if n != name {
			other.env[n] = v
		}
	}
	return other
}

// deaf is an address where nobody listens.
func deaf(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestTheDoctorMakesNoDatabase(t *testing.T) {
	h := newHost(t, "sqlite:atrium.db", "atrium.key")
	said := h.want(1, []string{"problem  key file: ", "problem  database: there is no database atrium.db"}, "doctor")
	if strings.Contains(said, "goroutine") {
		t.Error(said)
	}
	h.want(1, []string{"there is no database atrium.db"}, "backup", "b")
	if files, err := os.ReadDir(h.folder); err != nil || len(files) != 0 {
		t.Error("something was made:", files, err)
	}
}
