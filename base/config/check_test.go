package config_test

import (
	"fmt"
	"log/slog"
	"net/mail"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"atrium/base/config"
)

func TestCheck(t *testing.T) {
	type S = config.Settings
	const https = "https://clients.example.com"
	for _, tt := range []struct {
		name string
		set  func(*S)
		want string // "" is valid
	}{
		{"listen on a port", func(s *S) { s.Listen = ":8080" }, ""},
		{"listen on any free port", func(s *S) { s.Listen = "127.0.0.1:0" }, ""},
		{"listen on IPv6", func(s *S) { s.Listen = "[::1]:8080" }, ""},
		{"listen without port", func(s *S) { s.Listen = "127.0.0.1" }, "ATRIUM_LISTEN: "},
		{"listen on nothing", func(s *S) { s.Listen = "" }, "ATRIUM_LISTEN: "},
		{"listen on a name", func(s *S) { s.Listen = "example.com:80" }, "write its IP address"},
		{"listen on a service", func(s *S) { s.Listen = ":http" }, "is not a port"},
		{"listen beyond ports", func(s *S) { s.Listen = ":65536" }, "is not a port"},

		{"https", func(s *S) { s.Base = https }, ""},
		{"https with port and slash", func(s *S) { s.Base = https + ":8443/" }, ""},
		{"https on IPv6", func(s *S) { s.Base = "https://[2001:db8::1]" }, ""},
		{"http on localhost", func(s *S) { s.Base = "http://LOCALHOST" }, ""},
		{"http on 127.9.9.9", func(s *S) { s.Base = "http://127.9.9.9:80" }, ""},
		{"http on ::1", func(s *S) { s.Base = "http://[::1]:8080" }, ""},
		{"http elsewhere", func(s *S) { s.Base = "http://clients.example.com" }, "ATRIUM_BASE_URL: passwords would travel readable"},
		{"http on a name like localhost", func(s *S) { s.Base = "http://localhost.example.com" }, "--insecure-http"},
		{"http on a name like 127", func(s *S) { s.Base = "http://127.0.0.1.example.com" }, "--insecure-http"},
		{"http on 0.0.0.0", func(s *S) { s.Base = "http://0.0.0.0" }, "--insecure-http"},
		{"http on the local network", func(s *S) { s.Base = "http://192.168.1.2" }, "--insecure-http"},
		{"http elsewhere, allowed", func(s *S) { s.Base, s.InsecureHTTP = "http://192.168.1.2", true }, ""},
		{"no base URL", func(s *S) { s.Base = "" }, "ATRIUM_BASE_URL: write it as"},
		{"base URL without scheme", func(s *S) { s.Base = "clients.example.com" }, "write it as"},
		{"base URL of another scheme", func(s *S) { s.Base = "ftp://clients.example.com" }, "write it as"},
		{"base URL without host", func(s *S) { s.Base = "https://" }, "write it as"},
		{"base URL without host but a port", func(s *S) { s.Base = "https://:443" }, "not a name"},
		{"base URL with path", func(s *S) { s.Base = https + "/clients" }, "leave out what follows"},
		{"base URL with query", func(s *S) { s.Base = https + "?" }, "leave out what follows"},
		{"base URL with fragment", func(s *S) { s.Base = https + "#" }, "leave out what follows"},
		{"base URL with user", func(s *S) { s.Base = "https://ann:s3cret@example.com" }, "leave out the user"},
		{"base URL with a bad port", func(s *S) { s.Base = https + ":65536" }, "port"},
		{"base URL with an empty port", func(s *S) { s.Base = https + ":" }, "port"},
		{"base URL in Unicode", func(s *S) { s.Base = "https://bücher.example" }, "xn--"},
		{"base URL with a dot behind", func(s *S) { s.Base = https + "." }, "not a name"},
		{"base URL with a zone", func(s *S) { s.Base = "https://[fe80::1%25eth0]" }, "not an IP address"},

		{"SQLite elsewhere", func(s *S) { s.Database = "sqlite:/var/lib/atrium/a.db" }, ""},
		{"SQLite without file", func(s *S) { s.Database = "sqlite:" }, "ATRIUM_DATABASE_URL: name a file"},
		{"SQLite in memory", func(s *S) { s.Database = "sqlite::memory:" }, "name a file"},
		{"SQLite folder", func(s *S) { s.Database = "sqlite:data/" }, "name a file"},
		{"SQLite with a host", func(s *S) { s.Database = "sqlite://atrium.db" }, "name a file"},
		{"no database", func(s *S) { s.Database = "" }, "ATRIUM_DATABASE_URL: write it as"},
		{"bare file", func(s *S) { s.Database = "atrium.db" }, "ATRIUM_DATABASE_URL: write it as"},
		{"other database", func(s *S) { s.Database = "mysql://root:s3cret@db/a" }, "ATRIUM_DATABASE_URL: write it as"},
		{"unreadable database", func(s *S) { s.Database, s.KeyFile = "postgres://ann:s3%cret@db/a", "k" }, "ATRIUM_DATABASE_URL: write it as"},
		{"PostgreSQL", func(s *S) { s.Database, s.KeyFile = "postgres://ann:s3cret@db/a?sslmode=verify-full", "k" }, ""},
		{"PostgreSQL by socket", func(s *S) { s.Database, s.KeyFile = "postgres:///a?host=/run/postgresql", "k" }, ""},
		{"PostgreSQL without key file", func(s *S) { s.Database = "postgres://db/a" }, "ATRIUM_SECRET_KEY_FILE: with PostgreSQL"},

		{"PostgreSQL on two hosts", func(s *S) {
			s.Database, s.KeyFile = "postgres://ann:s3cret@db1:5432,db2:5432/a?target_session_attrs=read-write", "k"
		}, ""},
		{"PostgreSQL on two hosts by query", func(s *S) {
			s.Database, s.KeyFile = "postgres:///a?host=db1,db2&target_session_attrs=primary", "k"
		}, ""},
		{"PostgreSQL on any of two hosts", func(s *S) { s.Database, s.KeyFile = "postgres://ann:s3cret@db1,db2/a", "k" }, "add target_session_attrs=read-write"},
		{"PostgreSQL on any of two hosts by query", func(s *S) {
			s.Database, s.KeyFile = "postgres:///a?host=db1,db2&target_session_attrs=prefer-standby&password=s3cret", "k"
		}, "add target_session_attrs=read-write"},
		{"replica", func(s *S) {
			s.Database, s.KeyFile, s.DatabaseRead = "postgres://db/a", "k", "postgres://ann:s3cret@replica/a"
		}, ""},
		{"replica of SQLite", func(s *S) { s.DatabaseRead = "postgres://ann:s3cret@replica/a" }, "ATRIUM_DATABASE_READ_URL: SQLite has no replicas"},
		{"replica of another kind", func(s *S) {
			s.Database, s.KeyFile, s.DatabaseRead = "postgres://db/a", "k", "sqlite:a.db"
		}, "ATRIUM_DATABASE_READ_URL: write it as"},

		{"proxies", func(s *S) { s.Proxies = "10.0.0.1, 192.168.0.0/16,::1,2001:db8::/32" }, ""},
		{"proxies by name", func(s *S) { s.Proxies = "proxy.example" }, "ATRIUM_TRUSTED_PROXIES: "},
		{"proxies with a gap", func(s *S) { s.Proxies = "10.0.0.1,,10.0.0.2" }, "is not an address"},
		{"proxies, comma behind", func(s *S) { s.Proxies = "10.0.0.1," }, "is not an address"},
		{"proxies with a port", func(s *S) { s.Proxies = "10.0.0.1:80" }, "is not an address"},
		{"proxies with a zone", func(s *S) { s.Proxies = "fe80::1%eth0" }, "is not an address"},
		{"proxies mapped", func(s *S) { s.Proxies = "::ffff:10.0.0.0/104" }, "is not an address"},
		{"proxies within a network", func(s *S) { s.Proxies = "10.0.0.1/8" }, "write 10.0.0.0/8 for the network or 10.0.0.1 for the one address"},
		{"everybody", func(s *S) { s.Proxies = "0.0.0.0/0" }, "is everybody"},
		{"everybody on IPv6", func(s *S) { s.Proxies = "::/0" }, "is everybody"},

		{"log", func(s *S) { s.Log = "debug" }, ""},
		{"log in capitals", func(s *S) { s.Log = "INFO" }, "ATRIUM_LOG: "},
		{"log nothing", func(s *S) { s.Log = "" }, "ATRIUM_LOG: "},

		{"SMTP", func(s *S) { s.SMTP = "smtp://ann:s3cret@mail.example:587" }, ""},
		{"SMTPS without login", func(s *S) { s.SMTP = "smtps://mail.example/" }, ""},
		{"SMTP without scheme", func(s *S) { s.SMTP = "mail.example:587" }, "ATRIUM_SMTP_URL: write it as"},
		{"SMTP by http", func(s *S) { s.SMTP = "https://ann:s3cret@mail.example" }, "write it as"},
		{"SMTP without host", func(s *S) { s.SMTP = "smtp:mail.example" }, "write it as"},
		{"SMTP with a path", func(s *S) { s.SMTP = "smtp://mail.example/x" }, "write it as"},
		{"SMTP with a query", func(s *S) { s.SMTP = "smtp://mail.example?tls=no" }, "write it as"},
		{"SMTP with a mark in the password", func(s *S) { s.SMTP = "smtp://ann:12#s3cret@mail.example" }, "with %XX for marks"},
		{"SMTP user without password", func(s *S) { s.SMTP = "smtp://ann@mail.example" }, "both a user and a password"},
		{"SMTP password without user", func(s *S) { s.SMTP = "smtp://:s3cret@mail.example" }, "both a user and a password"},
		{"SMTP with an impossible port", func(s *S) { s.SMTP = "smtp://mail.example:0" }, "port"},
		{"SMTP with an impossible host", func(s *S) { s.SMTP = "smtp://s3cret!" }, "not a name"},

		{"sender", func(s *S) { s.From = `"Example, Ltd" <no-reply@example.com>` }, ""},
		{"bare sender", func(s *S) { s.From = "no-reply@example.com" }, ""},
		{"no sender", func(s *S) { s.From = "" }, "ATRIUM_MAIL_FROM: "},
		{"sender without address", func(s *S) { s.From = "Atrium" }, "ATRIUM_MAIL_FROM: "},
		{"two senders", func(s *S) { s.From = "a@example.com, b@example.com" }, "ATRIUM_MAIL_FROM: "},
		{"sender with a header", func(s *S) { s.From = "a@example.com\r\nBcc: b@example.com" }, "ATRIUM_MAIL_FROM: "},

		{"mails shown here", func(s *S) { s.DevMail = true }, ""},
		{"mails shown on IPv6", func(s *S) { s.DevMail, s.Listen, s.Base = true, "[::1]:80", "http://[::1]" }, ""},
		{"mails shown to all addresses", func(s *S) { s.DevMail, s.Listen = true, ":8080" }, "ATRIUM_DEV_MAIL: "},
		{"mails shown to the network", func(s *S) { s.DevMail, s.Listen = true, "192.168.1.2:80" }, "ATRIUM_DEV_MAIL: "},
		{"mails shown to the world", func(s *S) { s.DevMail, s.Base = true, https }, "ATRIUM_DEV_MAIL: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := settings(t, nil)
			tt.set(s)
			err := s.Check()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Check: %v; want %q", err, tt.want)
			}
			if strings.Contains(fmt.Sprint(err), "s3cret") {
				t.Errorf("Check shows a password: %v", err)
			}
			if strings.Contains(fmt.Sprint(err), "\n") {
				t.Errorf("Check says more than one thing: %v", err)
			}
		})
	}
}

func TestCheckSaysEverythingAtOnce(t *testing.T) {
	s := &config.Settings{DevMail: true, SMTP: "x"}
	err := s.Check()
	for _, name := range []string{"LISTEN", "BASE_URL", "DATABASE_URL", "LOG", "SMTP_URL", "MAIL_FROM"} {
		if err == nil || !strings.Contains(err.Error(), "ATRIUM_"+name+": ") {
			t.Errorf("Check does not name ATRIUM_%s: %v", name, err)
		}
	}
}

func TestBaseURLIsAsBrowsersSendIt(t *testing.T) {
	for text, want := range map[string]string{
		"https://Clients.Example.COM/":    "https://clients.example.com",
		"https://clients.example.com:443": "https://clients.example.com",
		"http://localhost:80":             "http://localhost",
		"http://localhost:443":            "http://localhost:443",
		"https://localhost:08443":         "https://localhost:8443",
		"http://[0:0::0:1]:8080":          "http://[::1]:8080",
		"nonsense":                        "<nil>",
	} {
		if got := fmt.Sprint((&config.Settings{Base: text}).BaseURL()); got != want {
			t.Errorf("BaseURL of %s is %s, want %s", text, got, want)
		}
	}
}

func TestSMTPURLHasItsPort(t *testing.T) {
	for text, want := range map[config.URL]string{
		"smtp://ann:p%40ss@Mail.example": "smtp://ann:p%40ss@mail.example:587",
		"smtps://mail.example/":          "smtps://mail.example:465",
		"smtp://127.0.0.1:2525":          "smtp://127.0.0.1:2525",
	} {
		if got := (&config.Settings{SMTP: text}).SMTPURL(); got == nil || got.String() != want {
			t.Errorf("SMTPURL is %s, want %s", got, want)
		}
	}
	if got := (&config.Settings{}).SMTPURL(); got != nil {
		t.Errorf("without SMTP: %s", got)
	}
}

func TestTheKeyFileStandsBesideTheDatabase(t *testing.T) {
	for _, tt := range []struct {
		s      config.Settings
		path   string
		sqlite bool
	}{
		{config.Settings{Database: "sqlite:atrium.db"}, "atrium.key", true},
		{config.Settings{Database: "sqlite:/var/lib/atrium/live.db"}, "/var/lib/atrium/atrium.key", true},
		{config.Settings{Database: "sqlite:a.db", KeyFile: "/etc/k"}, "/etc/k", true},
		{config.Settings{Database: "postgres://db/a", KeyFile: "/etc/k"}, "/etc/k", false},
		{config.Settings{Database: "postgres://db/a"}, "", false},
	} {
		if got := tt.s.SecretKeyFile(); got != tt.path || tt.s.SQLite() != tt.sqlite {
			t.Errorf("%s: key file %q, SQLite %v", tt.s.Database, got, tt.s.SQLite())
		}
	}
}

func TestTrustedProxies(t *testing.T) {
	s := config.Settings{Proxies: " 10.0.0.1, ::ffff:10.0.0.2 ,192.168.0.0/16,2001:db8::/32 "}
	want := []netip.Prefix{
		netip.MustParsePrefix("10.0.0.1/32"), netip.MustParsePrefix("10.0.0.2/32"),
		netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("2001:db8::/32"),
	}
	if got := s.TrustedProxies(); !slices.Equal(got, want) {
		t.Errorf("TrustedProxies = %v, want %v", got, want)
	}
	if got := (&config.Settings{}).TrustedProxies(); got != nil {
		t.Errorf("by default %v are trusted", got)
	}
}

func TestMailFromAndLogLevel(t *testing.T) {
	s := config.Settings{From: "Example Hosting <no-reply@example.com>", Log: "warn"}
	if diff := cmp.Diff(mail.Address{Name: "Example Hosting", Address: "no-reply@example.com"}, s.MailFrom()); diff != "" {
		t.Error(diff)
	}
	if s.LogLevel() != slog.LevelWarn {
		t.Errorf("LogLevel = %v", s.LogLevel())
	}
}
