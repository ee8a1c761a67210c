package settings

import (
	"cmp"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"atrium/base/access"
	"atrium/base/config"
)

// A Snapshot is what is in force at one moment. It is never changed.
type Snapshot struct {
	Settings
	changes map[string]Change
	outside outside
	offer   access.Offer
}

// Offer is the permissions that are offered, and the presets of them.
func (s *Snapshot) Offer() access.Offer { return s.offer }

// A Change is the latest of a section.
type Change struct {
	Version int64 // counts from 1; 0: it was never saved
	At      time.Time
	By      string // the name of who did it
}

// Latest is the latest change of a section.
func Latest[S Section](s *Snapshot) Change { return s.changes[Row[S]()] }

// outside is what is set by flag, environment or file, which wins.
type outside struct {
	smtp      *url.URL // nil: not set there
	from      *netmail.Address
	smtpBy    config.Source
	fromBy    config.Source
	otherwise netmail.Address // the sender when nobody has set one
}

func outsideOf(c *config.Settings) outside {
	from := c.MailFrom()
	o := outside{smtp: c.SMTPURL(), otherwise: from}
	if by, ok := c.Outside("ATRIUM_SMTP_URL"); ok {
		o.smtpBy = by
	}
	if by, ok := c.Outside("ATRIUM_MAIL_FROM"); ok {
		o.from, o.fromBy = &from, by
	}
	return o
}

// ServerFromOutside tells whether the mail server is set by flag, environment or
// file, and by which.
func (s *Snapshot) ServerFromOutside() (config.Source, bool) {
	return s.outside.smtpBy, s.outside.smtp != nil
}

// SenderFromOutside is ServerFromOutside for the sender of mails.
func (s *Snapshot) SenderFromOutside() (config.Source, bool) {
	return s.outside.fromBy, s.outside.from != nil
}

// SMTP is the mail server, with user and password: that of the configuration,
// else that of the settings, else nil, and mails wait.
func (s *Snapshot) SMTP() *url.URL {
	if s.outside.smtp != nil || s.Mail.Host == "" {
		return s.outside.smtp
	}
	u := &url.URL{Scheme: "smtp", Host: net.JoinHostPort(s.Mail.Host, strconv.Itoa(s.Mail.Port))}
	if s.Mail.Encryption == TLS {
		u.Scheme = "smtps"
	}
	if s.Mail.User != "" {
		u.User = url.UserPassword(s.Mail.User, s.Mail.Password.Reveal())
	}
	return u
}

// Sender is whom mails are from: who is set in the configuration, else in the
// settings. Without a name it has the company's.
func (s *Snapshot) Sender() netmail.Address {
	if s.outside.from != nil {
		return named(*s.outside.from, s.Company.Name)
	}
	a := netmail.Address{Name: s.Mail.FromName, Address: s.outside.otherwise.Address}
	if s.Mail.FromEmail != "" {
		a.Address = s.Mail.FromEmail
	}
	return named(a, s.Company.Name)
}

func named(a netmail.Address, name string) netmail.Address {
	if a.Name == "" {
		a.Name = name
	}
	return a
}

// SenderHost is the domain of Sender in ASCII: what the program is called in
// greetings and Message-IDs.
func (s *Snapshot) SenderHost() string {
	a := s.Sender().Address
	host := a[strings.LastIndexByte(a, '@')+1:]
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		return ascii
	}
	return host
}

// Language is the language to speak to somebody who has chosen this one: the
// host's when they chose none, "".
func (s *Snapshot) Language(chosen string) string { return cmp.Or(chosen, s.Region.Language) }

// HelpHref is where Help leads; "": there is no contact.
func (s *Snapshot) HelpHref() string {
	href, ok := contact(s.Company.Contact)
	if !ok {
		return ""
	}
	return href
}
