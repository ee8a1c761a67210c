package settings

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"atrium/base/access"
	"atrium/fault"
)

// outcome collects what is wrong with a section, by its form's fields.
type outcome struct{ fault.Fields }

func (o *outcome) between(field string, n, least, most int) {
	if n < least || n > most {
		o.Add(field, "Enter a number from %d to %d.", least, most)
	}
}

const mostNote = 200

func (c Company) check(o *outcome) section {
	c.Name, c.Contact = access.CleanName(c.Name), strings.TrimSpace(c.Contact)
	switch {
	case c.Name == "":
		o.Add("name", "Enter the company's name.")
	case len([]rune(c.Name)) > access.MostName:
		o.Add("name", "Shorten the name to %d characters.", access.MostName)
	case strings.Contains(c.Name, "://"):
		o.Add("name", "A name is not a web address.")
	}
	if _, ok := contact(c.Contact); c.Contact != "" && !ok {
		o.Add("contact", "Enter an email address, or a web address that begins with https://.")
	}
	o.between("hue", c.Hue, 0, 360)
	return c
}

// contact is where a contact leads.
func contact(text string) (href string, ok bool) {
	if e, ok := access.ParseEmail(text); ok {
		return "mailto:" + url.PathEscape(e.Typed), true
	}
	u, err := url.Parse(text)
	ok = err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && len(text) <= 300 && !strings.ContainsAny(text, " \t\r\n\"<>")
	return text, ok
}

func (l Logos) check(*outcome) section { return l }

func (m Mail) check(o *outcome) section {
	m.Host, m.User = strings.ToLower(strings.TrimSpace(m.Host)), strings.TrimSpace(m.User)
	m.FromName, m.FromEmail = access.CleanName(m.FromName), strings.TrimSpace(m.FromEmail)
	if m.Host != "" {
		m.checkServer(o)
	} else if m.User != "" {
		o.Add("host", "Enter the mail server's name, or leave out the user.")
	}
	if len([]rune(m.FromName)) > access.MostName {
		o.Add("from_name", "Shorten the name to %d characters.", access.MostName)
	}
	if _, ok := access.ParseEmail(m.FromEmail); m.FromEmail != "" && !ok {
		o.Add("from_email", "Enter an address like no-reply@example.com.")
	}
	if m.PerMinute != 0 {
		o.between("per_minute", m.PerMinute, 1, mostPerMinute)
	}
	if m.User == "" {
		m.Password = ""
	}
	return m
}

func (m Mail) checkServer(o *outcome) {
	if !hostname(m.Host) {
		o.Add("host", "Enter a name like smtp.example.com, or an IP address.")
	}
	o.between("port", m.Port, 1, 65535)
	switch {
	case !slices.Contains([]Encryption{StartTLS, TLS, Plain}, m.Encryption):
		o.Add("encryption", "Choose how the way to the mail server is encrypted.")
	case m.Encryption == Plain && !loopback(m.Host):
		o.Add("encryption", "Without encryption only a mail server on this machine can be used: everybody on the way could read the mails and the password.")
	}
	switch {
	case m.User != "" && m.Password == "":
		o.Add("password", "Enter the password of this user.")
	case len(m.Password) > 500 || strings.ContainsAny(string(m.Password)+m.User, "\r\n\x00"):
		o.Add("password", "A mail server takes no such password.")
	}
}

// mostPerMinute is the largest limit on mails; what is faster needs none.
const mostPerMinute = 6000

// hostname tells whether a mail server can be called so.
func hostname(name string) bool {
	if a, err := netip.ParseAddr(name); err == nil {
		return a.Zone() == ""
	}
	ascii, err := idna.Lookup.ToASCII(name)
	return err == nil && ascii == name && len(name) <= 253
}

// loopback tells whether a host is this machine to itself.
func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

func (r Registration) check(o *outcome) section {
	if !slices.Contains([]Opening{Everybody, Invited, Nobody}, r.Open) {
		o.Add("open", "Choose who may make a login.")
	}
	return r
}

// check hides with a permission those that need it: they could not be given
// without it.
func (u Users) check(o *outcome) section {
	hidden, ok := access.ParseSet(u.Hidden)
	if !ok {
		o.Add("hidden", "One of these permissions does not exist. Reload the page.")
	}
	for _, n := range access.Everything.Names() {
		if need, ok := n.Needs(); ok && hidden.Has(need) {
			hidden |= access.SetOf(n)
		}
	}
	if hidden == access.Everything {
		o.Add("hidden", "Leave at least one permission that can be given.")
	}
	notes := map[string]string{}
	for _, n := range access.Everything.Names() {
		note := access.CleanName(u.Notes[n.Slug()])
		if len([]rune(note)) > mostNote {
			o.Add("note-"+n.Slug(), "Shorten the sentence to %d characters.", mostNote)
		}
		if note != "" {
			notes[n.Slug()] = note
		}
	}
	u.Hidden, u.Notes = hidden.Slugs(), notes
	return u
}

// The bounds of sessions. That one is in use is noted every five minutes, so that
// who works on is not logged out only from a quarter of an hour up. Above a week
// there is "Remember this browser"; and browsers forget a cookie after a year at
// the latest. Staff see every account: what stands open before an empty chair ends
// within an hour, and every day begins with both steps, as NIST SP 800-63B-4
// recommends where two are asked for.
const (
	leastIdle      = 15
	mostUserIdle   = 24 * 60
	mostUser       = 7 * 24
	mostUnused     = 90
	MostRemembered = 365 // days
	mostStaffIdle  = 60
	mostStaff      = 24
)

func (s Sessions) check(o *outcome) section {
	o.between("user_idle_minutes", s.UserIdle, leastIdle, mostUserIdle)
	o.between("user_most_hours", s.UserMost, 1, mostUser)
	o.between("remembered_idle_days", s.RememberedIdle, 1, mostUnused)
	o.between("remembered_most_days", s.RememberedMost, 1, MostRemembered)
	o.between("staff_idle_minutes", s.StaffIdle, leastIdle, mostStaffIdle)
	o.between("staff_most_hours", s.StaffMost, 1, mostStaff)
	if len(o.Fields) > 0 {
		return s
	}
	l := s.Lives()
	o.within("user_idle_minutes", l.User)
	o.within("remembered_idle_days", l.Remembered)
	o.within("staff_idle_minutes", l.Staff)
	return s
}

// within refuses to wait for use longer than a session lives.
func (o *outcome) within(field string, l access.Life) {
	if l.Idle > l.Most {
		o.Add(field, "This is longer than the time after which they are logged out in any case.")
	}
}

func (l Limits) check(o *outcome) section {
	o.between("invites_per_hour", l.InvitesPerHour, 1, 1000)
	o.between("invites_pending", l.InvitesPending, 1, 1000)
	return l
}

func (r Retention) check(o *outcome) section {
	const least, most = 30, 3650
	o.between("activity_shown_days", r.ActivityShown, least, most)
	if r.ActivityKept != 0 {
		o.between("activity_kept_days", r.ActivityKept, least, most)
	}
	if r.BodiesKept != 0 {
		o.between("bodies_kept_days", r.BodiesKept, least, most)
	}
	if len(o.Fields) == 0 && r.ActivityKept != 0 && r.ActivityKept < r.ActivityShown {
		o.Add("activity_kept_days", "Members see %d days: keep at least as many.", r.ActivityShown)
	}
	return r
}

// Languages are those that there are words for, by code. What they are called is
// in ui, above this package.
func Languages() []string { return []string{"de", "en"} }

func (r Region) check(o *outcome) section {
	if !slices.Contains(Languages(), r.Language) {
		o.Add("language", "Choose a language from the list.")
	}
	if _, err := time.LoadLocation(r.TimeZone); err != nil || r.TimeZone == "" || r.TimeZone == "Local" {
		o.Add("time_zone", "Choose a time zone from the list.")
	}
	return r
}
