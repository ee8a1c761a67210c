package atrium_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"atrium"
	"atrium/base/clock"
	"atrium/base/clock/clocktest"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/vault"
)

// patient is what a doctor is shown: an empty Atrium that nothing is wrong with,
// but for what change does.
func patient(t *testing.T, database string, change ...func(*atrium.Config)) atrium.Config {
	t.Helper()
	key := filepath.Join(t.TempDir(), "atrium.key")
	if _, err := vault.Load(key, true); err != nil {
		t.Fatal(err)
	}
	c := atrium.Config{Log: slog.New(slog.DiscardHandler), Settings: config.Settings{
		Listen: "127.0.0.1:8080", Base: "http://localhost:8080", Database: config.URL(database), Log: "info",
		From: "Atrium <no-reply@localhost>", KeyFile: key,
	}}
	for _, f := range change {
		f(&c)
	}
	return c
}

// wantSaid wants that the doctor finds this, and no other problem.
func wantSaid(t *testing.T, c atrium.Config, level atrium.Level, words string) {
	t.Helper()
	var all []string
	found := false
	atrium.Doctor(t.Context(), c, func(f atrium.Finding) {
		all = append(all, string(f.Level)+" "+f.Text)
		same := f.Level == level && strings.Contains(f.Text, words)
		found = found || same
		if f.Level == atrium.Problem && !same {
			t.Errorf("a problem besides %q: %s", words, f.Text)
		}
		if strings.ContainsAny(f.Text, "\n\r") || f.Text != strings.TrimSpace(f.Text) {
			t.Errorf("not a line: %q", f.Text)
		}
	})
	if !found {
		t.Errorf("nothing says %s %q:\n%s", level, words, strings.Join(all, "\n"))
	}
}

func migrated(t *testing.T, engine string) string {
	return dbtest.Migrated(t, engine, atrium.Schemas())
}

func TestTheDoctorLooksAtTheClocks(t *testing.T) {
	off := func(by time.Duration) func(*atrium.Config) {
		return func(c *atrium.Config) { c.Clock = clock.From(time.Now().Add(by)) }
	}
	url := migrated(t, dbtest.Postgres)
	wantSaid(t, patient(t, url), atrium.OK, "the database server's says the same")
	wantSaid(t, patient(t, url, off(-20500*time.Millisecond)), atrium.Warning, "are 20")
	wantSaid(t, patient(t, url, off(10*time.Minute+500*time.Millisecond)), atrium.Problem, "are 10m0")
	before := func(c *atrium.Config) { c.Clock = clocktest.At(time.Date(1970, 1, 1, 0, 5, 0, 0, time.UTC)) }
	wantSaid(t, patient(t, migrated(t, dbtest.SQLite), before), atrium.Problem, "this machine says it is 1970-01-01 00:05:00: set its clock")
}

func TestTheDoctorLooksAtTheAddresses(t *testing.T) {
	url := migrated(t, dbtest.SQLite)
	for _, c := range []struct {
		listen, base, proxies string
		level                 atrium.Level
		says                  string
	}{
		{"127.0.0.1:8080", "http://localhost:8080", "", atrium.OK, "people use http://localhost:8080"},
		{"[::1]:8080", "http://[::1]:8080", "", atrium.OK, "people use http://[::1]:8080"},
		{"127.0.0.1:8080", "https://clients.example.com", "127.0.0.1", atrium.OK, "people use https://clients.example.com"},
		{":8080", "http://localhost:8080", "", atrium.Warning, "set ATRIUM_BASE_URL"},
		{"0.0.0.0:8080", "http://127.0.0.1:8080", "", atrium.Warning, "set ATRIUM_BASE_URL"},
		{":80", "http://clients.example.com", "", atrium.Warning, "without encryption"},
		{"127.0.0.1:8080", "https://clients.example.com", "", atrium.Warning, "ATRIUM_TRUSTED_PROXIES is not set"},
	} {
		wantSaid(t, patient(t, url, func(p *atrium.Config) {
			p.Settings.Listen, p.Settings.Base, p.Settings.Proxies, p.Settings.InsecureHTTP = c.listen, c.base, c.proxies, true
		}), c.level, c.says)
	}
	wantSaid(t, patient(t, url, func(p *atrium.Config) { p.Settings.Listen = "everywhere" }), atrium.Problem, "settings: ATRIUM_LISTEN")
}

func TestTheDoctorLooksAtTheSchema(t *testing.T) {
	later := fstest.MapFS{"schema/20991231000000_later.sql": {Data: []byte("-- +goose Up\nCREATE TABLE later (id BIGINT);")}}
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			empty := dbtest.URL(t, engine)
			dbtest.Reopen(t, empty, atrium.Schemas()) // SQLite's file
			wantSaid(t, patient(t, empty), atrium.Problem, "has no tables yet")

			half := dbtest.URL(t, engine)
			known, err := db.Versions(atrium.Schemas())
			if err != nil {
				t.Fatal(err)
			}
			if err := dbtest.Reopen(t, half, atrium.Schemas()).MigrateTo(t.Context(), known[0]); err != nil {
				t.Fatal(err)
			}
			wantSaid(t, patient(t, half), atrium.Problem, fmt.Sprintf("lacks %d migrations", len(known)-1))

			newer := dbtest.Migrated(t, engine, append([]fs.FS{later}, atrium.Schemas()...))
			wantSaid(t, patient(t, newer), atrium.Problem, "of a newer Atrium")
		})
	}
}

func TestTheDoctorLooksAtWhatFailed(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := migrated(t, engine)
			p := patient(t, url)
			d := dbtest.Reopen(t, url, atrium.Schemas(), func(o *db.Options) { o.Trace = nil })
			wantSaid(t, p, atrium.OK, "work: no job was given up")
			wantSaid(t, p, atrium.OK, "mail: 0 wait")
			run(t, d, `INSERT INTO jobs (id, lane, kind, args, run_at, failed_at, error, created_at) VALUES (1, '', 'tidy', '', 1, 5, 'older', 1), (2, '', 'sweep', '', 1, 6, 'no broom', 1)`)
			wantSaid(t, p, atrium.Warning, "work: 2 jobs were given up; the latest because of: sweep: no broom")

			const mail = `INSERT INTO emails (account_id, id, user_id, kind, ref, language, to_name, to_email, subject, body_text, body_html, sealed, dies_at,
				message_id, state, answer, created_at, ended_at) VALUES (0, %id, 0, '', '', 'en', '', '', '', '', '', '', 0, '', '%state', '%answer', 1, %ended)`
			now := time.Now().UnixMicro()
			for _, m := range [][]string{{"1", "failed", "550 no such user", fmt.Sprint(now - 1e6)}, {"2", "failed", "550 long ago", fmt.Sprint(now - 30*24*3600*1e6)}} {
				run(t, d, strings.NewReplacer("%id", m[0], "%state", m[1], "%answer", m[2], "%ended", m[3]).Replace(mail))
			}
			wantSaid(t, p, atrium.Warning, "mail: 1 were given up in the last seven days; the latest because of: 550 no such user")
			run(t, d, strings.NewReplacer("%id", "3", "%state", "queued", "%answer", "421 busy", "%ended", "0").Replace(mail),
				`INSERT INTO jobs (id, lane, kind, args, run_at, created_at) VALUES (3, 'mail', 'mail.deliver', '{"account":0,"email":"00000000003"}', 1, 1)`)
			wantSaid(t, p, atrium.Warning, "mail: 1 wait; the latest because of: 421 busy")
		})
	}
}

func TestTheDoctorTriesToWrite(t *testing.T) {
	url := migrated(t, dbtest.Postgres)
	d := dbtest.Reopen(t, url, atrium.Schemas())
	name := url[strings.LastIndex(url, "/")+1 : strings.LastIndex(url, "?")]
	run(t, d, `ALTER DATABASE `+name+` SET default_transaction_read_only = on`)
	wantSaid(t, patient(t, url), atrium.Problem, "database: it can't be written: ")
}

func TestTheDoctorFindsADamagedFile(t *testing.T) {
	url := migrated(t, dbtest.SQLite)
	path := strings.TrimPrefix(url, "sqlite:")
	d := dbtest.Reopen(t, url, atrium.Schemas())
	run(t, d, `INSERT INTO counters (name, value) VALUES ('x', 1)`, `PRAGMA ignore_check_constraints = ON`,
		`INSERT INTO accounts (account_id, name, status, created_at) VALUES (10001, 'Acme', 'asleep', 1)`,
		`INSERT INTO users (id, email, email_key, first_name, last_name, password_hash, language, time_zone, created_at) VALUES (1, '', '', '', '', '', '', '', 1)`,
		`INSERT INTO memberships (account_id, user_id, owner, joined_at, listed) VALUES (10001, 1, TRUE, 1, '0')`,
		`INSERT INTO user_accounts (account_id, user_id, listed) VALUES (10001, 1, '0acme')`,
		`INSERT INTO account_terms (account_id, term) VALUES (10001, '10001'), (10001, ';off'), (10001, '=asleep'), (10001, '@1970-01-01'), (10001, 'acme')`,
		`INSERT INTO account_lines (account_id, name, name_key, company, status, created_at, owner, owner_email, members, terms)
			VALUES (10001, 'Acme', 'acme', '', 'asleep', 1, '', '', 1, '10001 ;off =asleep @1970-01-01 acme')`,
		`INSERT INTO user_lines (user_id, name, email, email_key, verified, two_step, disabled, accounts, last_login_at, terms)
			VALUES (1, '', '', '', FALSE, FALSE, FALSE, 1, 0, '')`,
		`INSERT INTO audit (account_id, id, at, actor_kind, user_id, staff_id, actor_name, ip, agent, action, subject, before, after)
			VALUES (10001, 1, 1, '', 1, 0, '', '', '', 'account.opened', '', '', '')`)
	wantSaid(t, patient(t, url), atrium.Problem, "its file is damaged: CHECK constraint failed in accounts")
	text := filepath.Join(filepath.Dir(path), "letter")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	wantSaid(t, patient(t, "sqlite:"+text), atrium.Problem, "is not a SQLite database")
	wantSaid(t, patient(t, "postgres://nobody@127.0.0.1:1/none"), atrium.Problem, "does not answer")
}

func TestTheDoctorShowsNoPassword(t *testing.T) {
	c := patient(t, "postgres://atrium:s3cret@127.0.0.1:1/none")
	atrium.Doctor(context.Background(), c, func(f atrium.Finding) {
		if strings.Contains(f.Text, "s3cret") {
			t.Error(f.Text)
		}
	})
}
