package config

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
)

// Check says in plain words what is wrong with the settings: all of it at once,
// a line each. It never shows a password.
func (s *Settings) Check() error {
	return errors.Join(
		s.checkListen(),
		s.checkBase(),
		s.checkDatabase(),
		s.checkReplica(),
		named("ATRIUM_TRUSTED_PROXIES", errOf(parseProxies(s.Proxies))),
		named("ATRIUM_LOG", errOf(parseLevel(s.Log))),
		named("ATRIUM_SMTP_URL", errOf(parseSMTP(string(s.SMTP)))),
		s.checkFrom(),
		s.checkKeyFile(),
		s.checkDevMail(),
	)
}

func errOf[T any](_ T, err error) error { return err }

func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

func (s *Settings) checkListen() error {
	_, err := listenHost(s.Listen)
	return named("ATRIUM_LISTEN", err)
}

func (s *Settings) checkBase() error {
	u, err := parseBase(s.Base)
	if err == nil && u.Scheme == "http" && !loopback(u.Hostname()) && !s.InsecureHTTP {
		err = errors.New("passwords would travel readable; use https, or allow http with --insecure-http")
	}
	return named("ATRIUM_BASE_URL", err)
}

func (s *Settings) checkDatabase() error {
	return named("ATRIUM_DATABASE_URL", s.Database.CheckDatabase())
}

// CheckDatabase says what is wrong with the address of a database.
func (u URL) CheckDatabase() error {
	file, sqlite := strings.CutPrefix(string(u), "sqlite:")
	switch {
	case sqlite && !plainFile(file):
		return errors.New("name a file: sqlite:atrium.db, or sqlite:/var/lib/atrium/atrium.db")
	case !sqlite && !postgres(string(u)):
		return errors.New("write it as sqlite:FILE or postgres://user:password@host/database, with %XX for marks in the password")
	case !sqlite && mayBeStandby(string(u)):
		return errors.New("it names several hosts: add target_session_attrs=read-write, or what people may do could be read from a standby, which may be behind")
	}
	return nil
}

func (s *Settings) checkReplica() error {
	switch read := string(s.DatabaseRead); {
	case read == "":
		return nil
	case s.SQLite():
		return named("ATRIUM_DATABASE_READ_URL", errors.New("SQLite has no replicas: leave it out, or use PostgreSQL"))
	case !postgres(read):
		return named("ATRIUM_DATABASE_READ_URL", errors.New("write it as postgres://user:password@host/database, with %XX for marks in the password"))
	}
	return nil
}

func (s *Settings) checkFrom() error {
	_, err := mail.ParseAddress(s.From)
	if err != nil || strings.ContainsAny(s.From, "\r\n") {
		return fmt.Errorf("ATRIUM_MAIL_FROM: %q is not an address; write it as Example Hosting <no-reply@example.com>", s.From)
	}
	return nil
}

// plainFile tells whether a text names a file, and is no folder, :memory: or //host/file.
func plainFile(text string) bool {
	return text != "" && text[0] != ':' && !strings.HasPrefix(text, "//") && !strings.HasSuffix(text, "/")
}

func (s *Settings) checkKeyFile() error {
	if s.KeyFile == "" && postgres(string(s.Database)) {
		return errors.New("ATRIUM_SECRET_KEY_FILE: with PostgreSQL, name the file of the secret keys; all processes need the same one")
	}
	return nil
}

func (s *Settings) checkDevMail() error {
	if !s.DevMail {
		return nil
	}
	base, baseErr := parseBase(s.Base)
	host, listenErr := listenHost(s.Listen)
	if baseErr != nil || listenErr != nil {
		return nil // said already
	}
	if !loopback(base.Hostname()) || !loopback(host) {
		return errors.New("ATRIUM_DEV_MAIL: it shows every mail to everyone, so the base URL and the address to listen on must be of this machine only (localhost, 127.0.0.1)")
	}
	return nil
}
