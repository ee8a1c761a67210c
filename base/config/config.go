// Package config is what whoever runs Atrium can set from outside: by flag, by
// environment or in a file, under the same names, in this order. ATRIUM_LISTEN
// in the environment and in the file is --listen as a flag.
//
// A command embeds Settings; kong fills it, and the values know where they come
// from. Call Check before anything else: the other methods rely on it.
package config

import (
	"cmp"
	"log/slog"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
)

// Settings are the settings of every command that opens Atrium.
type Settings struct {
	Listen       string `name:"listen" default:"127.0.0.1:8080" help:"Address to answer on ($$ATRIUM_LISTEN)."`
	Base         string `name:"base-url" default:"http://localhost:8080" help:"Address that people use ($$ATRIUM_BASE_URL)."`
	Database     URL    `name:"database-url" default:"sqlite:atrium.db" help:"sqlite:FILE or postgres://… ($$ATRIUM_DATABASE_URL)."`
	DatabaseRead URL    `name:"database-read-url" placeholder:"URL" help:"postgres://… of a replica, for staff's searches and reports ($$ATRIUM_DATABASE_READ_URL)."`
	Proxies      string `name:"trusted-proxies" placeholder:"ADDRESS,…" help:"Proxies whose X-Forwarded-For counts ($$ATRIUM_TRUSTED_PROXIES)."`
	Log          string `name:"log" default:"info" help:"debug, info, warn or error ($$ATRIUM_LOG)."`
	File         string `name:"config" placeholder:"FILE" help:"File of NAME=value lines ($$ATRIUM_CONFIG)."`
	SMTP         URL    `name:"smtp-url" placeholder:"URL" help:"smtp://user:password@host:587 or smtps://…; without it mails wait ($$ATRIUM_SMTP_URL)."`
	From         string `name:"mail-from" default:"Atrium <no-reply@localhost>" help:"Sender of mails ($$ATRIUM_MAIL_FROM)."`
	KeyFile      string `name:"secret-key-file" placeholder:"FILE" help:"Keys of what is stored sealed; atrium.key beside an SQLite database ($$ATRIUM_SECRET_KEY_FILE)."`
	InsecureHTTP bool   `name:"insecure-http" help:"Allow an http base URL that is not on this machine ($$ATRIUM_INSECURE_HTTP)."`
	DevMail      bool   `name:"dev-mail" help:"Show all mails, readable, at /dev/mail; on this machine only ($$ATRIUM_DEV_MAIL)."`

	from map[string]Source // by name; without an entry it is the default
}

// BaseURL is the address that people use: scheme and host, without a path. The
// host is in lower case and a port that the scheme implies is left out, as
// browsers send them.
func (s *Settings) BaseURL() *url.URL {
	u, err := parseBase(s.Base)
	if err != nil {
		return nil
	}
	return u
}

// SQLite tells whether the database is an SQLite file, not PostgreSQL.
func (s *Settings) SQLite() bool { return s.sqlitePath() != "" }

// DatabaseFile is the path of the SQLite database, or "" with PostgreSQL.
func (s *Settings) DatabaseFile() string { return s.sqlitePath() }

func (s *Settings) sqlitePath() string {
	path, _ := strings.CutPrefix(string(s.Database), "sqlite:")
	if path == string(s.Database) {
		return ""
	}
	return path
}

// SecretKeyFile is the path of the vault's key file.
func (s *Settings) SecretKeyFile() string {
	if s.KeyFile == "" && s.SQLite() {
		return filepath.Join(filepath.Dir(s.sqlitePath()), "atrium.key")
	}
	return s.KeyFile
}

// SMTPURL is the mail server with its port, or nil when mails wait.
func (s *Settings) SMTPURL() *url.URL {
	u, err := parseSMTP(string(s.SMTP))
	if err != nil {
		return nil
	}
	return u
}

// MailFrom is the sender of mails.
func (s *Settings) MailFrom() mail.Address {
	a, err := mail.ParseAddress(s.From)
	if err != nil {
		return mail.Address{}
	}
	return *a
}

// TrustedProxies are the addresses whose X-Forwarded-For counts.
func (s *Settings) TrustedProxies() []netip.Prefix {
	prefixes, err := parseProxies(s.Proxies)
	if err != nil {
		return nil
	}
	return prefixes
}

// LogLevel is the least important level that is logged.
func (s *Settings) LogLevel() slog.Level {
	level, err := parseLevel(s.Log)
	if err != nil {
		return slog.LevelInfo
	}
	return level
}

// A Source says where a value comes from.
type Source string

// The sources, the strongest first.
const (
	FromFlag        Source = "flag"
	FromEnvironment Source = "environment"
	FromFile        Source = "file"
	FromDefault     Source = "default"
)

// A Setting is one line of what is in force.
type Setting struct {
	Name  string // as in the environment: ATRIUM_LISTEN
	Value string // without passwords
	From  Source
}

// Sources lists all settings in the order of the documentation.
func (s *Settings) Sources() []Setting {
	var list []Setting
	v := reflect.ValueOf(*s)
	for _, f := range fields() {
		set := Setting{Name: f.name, From: cmp.Or(s.from[f.name], FromDefault)}
		switch value := v.FieldByIndex(f.index).Interface().(type) {
		case bool:
			set.Value = strconv.FormatBool(value)
		case URL:
			set.Value = value.String()
		case string:
			set.Value = value
		}
		if f.name == "ATRIUM_SECRET_KEY_FILE" {
			set.Value = s.SecretKeyFile()
		}
		list = append(list, set)
	}
	return list
}

// A field is one setting's place in Settings.
type field struct {
	flag, name string // listen, ATRIUM_LISTEN
	index      []int
}

func fields() []field {
	var list []field
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Settings]()) {
		if flag := f.Tag.Get("name"); flag != "" {
			list = append(list, field{flag, variable(flag), f.Index})
		}
	}
	return list
}

// variable is the name in the environment and in the file of a flag.
func variable(flag string) string {
	return "ATRIUM_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Outside tells whether a setting was set by flag, environment or file, or by
// the program itself, and not left at its default; and by which. name is as in
// the environment.
func (s *Settings) Outside(name string) (Source, bool) {
	by := cmp.Or(s.from[name], FromDefault)
	for _, f := range fields() {
		if f.name == name && by == FromDefault {
			value := reflect.ValueOf(*s).FieldByIndex(f.index)
			return by, value.String() != reflect.TypeFor[Settings]().FieldByIndex(f.index).Tag.Get("default")
		}
	}
	return by, by != FromDefault
}
