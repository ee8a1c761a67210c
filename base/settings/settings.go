package settings

import (
	"fmt"
	"io"
	"time"

	"atrium/base/access"
)

// Settings are all sections.
type Settings struct {
	Company      Company
	Logos        Logos
	Mail         Mail
	Registration Registration
	Users        Users
	Presets      Presets
	Sessions     Sessions
	Limits       Limits
	Retention    Retention
	Region       Region
}

// Section is the closed set of sections.
type Section interface {
	Company | Logos | Mail | Registration | Users | Presets | Sessions | Limits | Retention | Region
	section
}

// A section knows its row, its place in the struct and its rules.
type section interface {
	row() string              // never renamed
	place(s *Settings) any    // a pointer to the section
	check(o *outcome) section // makes it whole and says what is wrong with it
}

// sections are one of each.
func sections() []section {
	return []section{Company{}, Logos{}, Mail{}, Registration{}, Users{}, Presets{}, Sessions{}, Limits{}, Retention{}, Region{}}
}

// Of gives one section.
func Of[S Section](s Settings) S { var at S; return *at.place(&s).(*S) }

// Row is the name that a section is stored and audited under.
func Row[S Section]() string { var s S; return s.row() }

// Company is who the host is to its customers.
type Company struct {
	Name    string `json:"name"`    // in the top bar, titles and mails
	Contact string `json:"contact"` // an email address or an https:// address where Help leads; "": there is none
	Hue     int    `json:"hue"`     // of the accent colour, 0 to 360
}

// Logos are shown in place of the mark and the company's name.
type Logos struct {
	Light Picture `json:"light"`
	Dark  Picture `json:"dark"` // on dark pages; without one Light stands there, too
}

// A Picture is one that is kept. The zero Picture is none.
type Picture struct {
	Hash   string `json:"hash,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// Encryption is how the way to the mail server is encrypted.
type Encryption string

// The three. Plain is only for a server on this machine.
const (
	StartTLS Encryption = "starttls"
	TLS      Encryption = "tls"
	Plain    Encryption = "none"
)

// Mail is how mails leave.
type Mail struct {
	Host       string     `json:"host"` // "": there is no mail server, and mails wait
	Port       int        `json:"port"`
	Encryption Encryption `json:"encryption"`
	User       string     `json:"user"`
	Password   Secret     `json:"-"`
	FromName   string     `json:"from_name"`  // "": the company's
	FromEmail  string     `json:"from_email"` // "": what config says
	PerMinute  int        `json:"per_minute"` // how many mails leave in a minute at most; 0: no limit
}

// keep keeps the password when none was typed and it goes to the same server, as
// the same user and as well encrypted: to send it elsewhere takes knowing it.
func (m *Mail) keep(was Mail) {
	if m.Password == "" && m.Host == was.Host && m.Port == was.Port && m.Encryption == was.Encryption && m.User == was.User {
		m.Password = was.Password
	}
}

// An Opening says who may make a login.
type Opening string

// The three.
const (
	Everybody Opening = "open"       // who comes to /register
	Invited   Opening = "invitation" // who was invited to an account
	Nobody    Opening = "off"
)

// Registration is who may make a login.
type Registration struct {
	Open Opening `json:"open"`
}

// Users is what managers of accounts may do about users.
type Users struct {
	Managed  bool              `json:"managed"`  // in the client area; otherwise by staff only
	Transfer bool              `json:"transfer"` // owners may hand their account over; see OwnersTransfer
	Hidden   []string          `json:"hidden"`   // slugs of the permissions that are not offered
	Notes    map[string]string `json:"notes"`    // the host's own sentence about a permission, by slug
}

// Offered is the permissions that are not hidden.
func (u Users) Offered() access.Set {
	hidden, _ := access.ParseSet(u.Hidden)
	return access.Everything.Without(hidden)
}

// OwnersTransfer tells whether owners may hand their account over. Where only
// staff manage users they may not: the account's users would change.
func (u Users) OwnersTransfer() bool { return u.Managed && u.Transfer }

// Sessions are how long people stay logged in: since they last did something, and
// in any case.
type Sessions struct {
	UserIdle       int `json:"user_idle_minutes"`
	UserMost       int `json:"user_most_hours"`
	RememberedIdle int `json:"remembered_idle_days"` // users who have their browser remembered
	RememberedMost int `json:"remembered_most_days"`
	StaffIdle      int `json:"staff_idle_minutes"`
	StaffMost      int `json:"staff_most_hours"`
}

// Lives are the same as base/access reads them.
func (s Sessions) Lives() access.Lives {
	of := func(idle int, in time.Duration, most int, by time.Duration) access.Life {
		return access.Life{Idle: time.Duration(idle) * in, Most: time.Duration(most) * by}
	}
	return access.Lives{
		User:       of(s.UserIdle, time.Minute, s.UserMost, time.Hour),
		Remembered: of(s.RememberedIdle, day, s.RememberedMost, day),
		Staff:      of(s.StaffIdle, time.Minute, s.StaffMost, time.Hour),
	}
}

const day = 24 * time.Hour

// sessionsOf is how lives are set.
func sessionsOf(l access.Lives) Sessions {
	return Sessions{
		UserIdle: int(l.User.Idle / time.Minute), UserMost: int(l.User.Most / time.Hour),
		RememberedIdle: int(l.Remembered.Idle / day), RememberedMost: int(l.Remembered.Most / day),
		StaffIdle: int(l.Staff.Idle / time.Minute), StaffMost: int(l.Staff.Most / time.Hour),
	}
}

// Limits are on what an account may do.
type Limits struct {
	InvitesPerHour int `json:"invites_per_hour"`
	InvitesPending int `json:"invites_pending"`
}

// Retention is how long things are kept, in days.
type Retention struct {
	ActivityShown int `json:"activity_shown_days"` // to members
	ActivityKept  int `json:"activity_kept_days"`  // 0: for ever
	BodiesKept    int `json:"bodies_kept_days"`    // of emails; 0: for ever
}

// Region is where the host is.
type Region struct {
	Language string `json:"language"`  // one of Languages; of people and accounts that chose none
	TimeZone string `json:"time_zone"` // of the staff area, and of a new login whose browser names none
}

// The defaults that other packages name, too.
const (
	DefaultName = "Atrium"
	DefaultHue  = 195
)

// Defaults are the settings of a host that has set nothing.
func Defaults() Settings {
	return Settings{
		Company:      Company{Name: DefaultName, Hue: DefaultHue},
		Mail:         Mail{Port: 587, Encryption: StartTLS},
		Registration: Registration{Open: Everybody},
		Users:        Users{Managed: true, Transfer: true, Hidden: []string{}, Notes: map[string]string{}},
		Presets:      presetsOf(access.DefaultPresets()),
		Sessions:     sessionsOf(access.DefaultLives()),
		Limits:       Limits{InvitesPerHour: 20, InvitesPending: 100},
		Retention:    Retention{ActivityShown: 180},
		Region:       Region{Language: "en", TimeZone: "UTC"},
	}
}

// A Secret can be used, and is never shown: it prints as dots.
type Secret string

// Format prints dots, whatever the verb.
func (Secret) Format(s fmt.State, _ rune) { io.WriteString(s, "••••") }

// MarshalJSON writes dots.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"••••"`), nil }

// Reveal is the secret itself, for who hands it over to the mail server.
func (s Secret) Reveal() string { return string(s) }

func (Company) row() string      { return "company" }
func (Logos) row() string        { return "logos" }
func (Mail) row() string         { return "mail" }
func (Registration) row() string { return "registration" }
func (Users) row() string        { return "users" }
func (Presets) row() string      { return "presets" }
func (Sessions) row() string     { return "sessions" }
func (Limits) row() string       { return "limits" }
func (Retention) row() string    { return "retention" }
func (Region) row() string       { return "region" }

func (Company) place(s *Settings) any      { return &s.Company }
func (Logos) place(s *Settings) any        { return &s.Logos }
func (Mail) place(s *Settings) any         { return &s.Mail }
func (Registration) place(s *Settings) any { return &s.Registration }
func (Users) place(s *Settings) any        { return &s.Users }
func (Presets) place(s *Settings) any      { return &s.Presets }
func (Sessions) place(s *Settings) any     { return &s.Sessions }
func (Limits) place(s *Settings) any       { return &s.Limits }
func (Retention) place(s *Settings) any    { return &s.Retention }
func (Region) place(s *Settings) any       { return &s.Region }
