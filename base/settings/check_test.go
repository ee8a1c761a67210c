package settings_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/config"
	"atrium/base/settings"
	"atrium/fault"
)

// fieldsOf are the fields that an error is about.
func fieldsOf(err error) string {
	var names []string
	if e, ok := fault.As(err); ok {
		for _, f := range e.Fields {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, " ")
}

func wants[S settings.Section](h house, s *settings.Store, next S, fields string) {
	h.Helper()
	if got := fieldsOf(save(h, s, next, 0)); got != fields {
		h.Errorf("%+v is wrong at %q, want %q", next, got, fields)
	}
}

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	each(t, func(h house) {
		s := h.process(config.Settings{})
		long := strings.Repeat("x", 81)
		wants(h, s, settings.Company{}, "name")
		wants(h, s, settings.Company{Name: long, Contact: "call us", Hue: 361}, "name contact hue")
		wants(h, s, settings.Company{Name: "See https://evil.example", Contact: "http://example.com", Hue: -1}, "name contact hue")
		wants(h, s, settings.Company{Name: "A", Contact: "javascript:alert(1)"}, "contact")
		wants(h, s, settings.Company{Name: "A", Contact: "https://user:pw@example.com"}, "contact")
		wants(h, s, settings.Mail{User: "ann"}, "host")
		wants(h, s, settings.Mail{Host: "smtp://x", Encryption: "rot13"}, "host port encryption")
		wants(h, s, settings.Mail{Host: "mail.example.com", Port: 25, Encryption: settings.Plain}, "encryption")
		wants(h, s, settings.Mail{Host: "mail.example.com", Port: 587, Encryption: settings.StartTLS, User: "ann"}, "password")
		wants(h, s, settings.Mail{Host: "mail.example.com", Port: 587, Encryption: settings.StartTLS, User: "ann", Password: "a\r\nRSET"}, "password")
		wants(h, s, settings.Mail{FromName: long, FromEmail: "nobody"}, "from_name from_email")
		wants(h, s, settings.Registration{Open: "maybe"}, "open")
		wants(h, s, settings.Users{Hidden: []string{"root"}}, "hidden")
		wants(h, s, settings.Users{Notes: map[string]string{"domains": strings.Repeat("x", 201)}}, "note-domains")
		wants(h, s, settings.Sessions{}, "user_idle_minutes user_most_hours remembered_idle_days remembered_most_days staff_idle_minutes staff_most_hours")
		wants(h, s, settings.Sessions{14, 1, 1, 1, 15, 1}, "user_idle_minutes")
		wants(h, s, settings.Sessions{1441, 169, 91, 366, 61, 25}, "user_idle_minutes user_most_hours remembered_idle_days remembered_most_days staff_idle_minutes staff_most_hours")
		wants(h, s, settings.Sessions{61, 1, 8, 7, 60, 1}, "user_idle_minutes remembered_idle_days")
		wants(h, s, settings.Limits{}, "invites_per_hour invites_pending")
		wants(h, s, settings.Retention{ActivityShown: 29, ActivityKept: 3651, BodiesKept: 1}, "activity_shown_days activity_kept_days bodies_kept_days")
		wants(h, s, settings.Retention{ActivityShown: 180, ActivityKept: 90}, "activity_kept_days")
		wants(h, s, settings.Region{Language: "tlh", TimeZone: "Mars/Phobos"}, "language time_zone")
		wants(h, s, settings.Region{Language: "en-XA", TimeZone: "Local"}, "language time_zone")
		wants(h, s, settings.Region{TimeZone: "UTC"}, "language")
	})
}

func TestAMailServerOfThisMachineNeedsNoEncryption(t *testing.T) {
	each(t, func(h house) {
		s := h.process(config.Settings{})
		h.must(save(h, s, settings.Mail{Host: "LOCALHOST", Port: 25, Encryption: settings.Plain}, 0))
		if got := h.now(s).SMTP().String(); got != "smtp://localhost:25" {
			h.Errorf("it is %s", got)
		}
		h.must(save(h, s, settings.Mail{Host: "::1", Port: 25, Encryption: settings.Plain}, 1))
		if got := h.now(s).SMTP().String(); got != "smtp://[::1]:25" {
			h.Errorf("it is %s", got)
		}
	})
}

func TestSessionsAreWhatTheBoundsAllow(t *testing.T) {
	each(t, func(h house) {
		s := h.process(config.Settings{})
		if got := h.now(s).Sessions.Lives(); got != access.DefaultLives() {
			h.Errorf("at first they live %+v", got)
		}
		h.must(save(h, s, settings.Sessions{15, 1, 1, 1, 15, 1}, 0))
		h.must(save(h, s, settings.Sessions{1440, 168, 90, 365, 60, 24}, 1))
		day := 24 * time.Hour
		want := access.Lives{User: access.Life{Idle: day, Most: 7 * day}, Remembered: access.Life{Idle: 90 * day, Most: 365 * day}, Staff: access.Life{Idle: time.Hour, Most: day}}
		if got := h.now(s).Sessions.Lives(); got != want {
			h.Errorf("they live %+v", got)
		}
	})
}

func TestHidingAPermissionHidesWhatNeedsIt(t *testing.T) {
	each(t, func(h house) {
		s := h.process(config.Settings{})
		h.must(save(h, s, settings.Users{Managed: true, Hidden: []string{"products", "quotes"}}, 0))
		want := []string{"products", "manageproducts", "productsso", "quotes"}
		if u := h.now(s).Users; !slices.Equal(u.Hidden, want) || h.now(s).Offer().Len() != 9 {
			h.Errorf("hidden are %v", u.Hidden)
		}
	})
}
