package host

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/config"
	"atrium/base/settings"
	"atrium/ui"
)

func registrationForm() form[settings.Registration] {
	return form[settings.Registration]{path: "/settings/registration", title: "Registration", fields: []string{"open"},
		read: func(t typed, _ settings.Registration) settings.Registration {
			return settings.Registration{Open: settings.Opening(t.Text("open"))}
		},
		draw: func(f ui.Frame, v view[settings.Registration]) templ.Component { return registrationPage(f, v) }}
}

func usersForm() form[settings.Users] {
	fields := []string{"managed", "transfer", "offer*"}
	for _, n := range access.Everything.Names() {
		fields = append(fields, note(n))
	}
	return form[settings.Users]{path: "/settings/users", title: "Users and permissions", fields: fields, read: readUsers,
		draw: func(f ui.Frame, v view[settings.Users]) templ.Component { return usersPage(f, v) }}
}

// note is the field of the host's sentence about a permission.
func note(n access.Name) string { return "note-" + n.Slug() }

func readUsers(t typed, _ settings.Users) settings.Users {
	u := settings.Users{Managed: t.Text("managed") == "yes", Transfer: t.Text("transfer") == "yes", Notes: map[string]string{}}
	for _, n := range access.Everything.Names() {
		if !slices.Contains(t.All("offer"), n.Slug()) {
			u.Hidden = append(u.Hidden, n.Slug())
		}
		u.Notes[n.Slug()] = t.Text(note(n))
	}
	return u
}

func sessionsForm() form[settings.Sessions] {
	return form[settings.Sessions]{path: "/settings/sessions", title: "Sessions",
		fields: []string{"user_idle_minutes", "user_most_hours", "remembered_idle_days", "remembered_most_days", "staff_idle_minutes", "staff_most_hours"},
		read: func(t typed, _ settings.Sessions) settings.Sessions {
			return settings.Sessions{
				UserIdle: t.number("user_idle_minutes"), UserMost: t.number("user_most_hours"),
				RememberedIdle: t.number("remembered_idle_days"), RememberedMost: t.number("remembered_most_days"),
				StaffIdle: t.number("staff_idle_minutes"), StaffMost: t.number("staff_most_hours"),
			}
		},
		draw: func(f ui.Frame, v view[settings.Sessions]) templ.Component { return sessionsPage(f, v) }}
}

func limitsForm() form[settings.Limits] {
	return form[settings.Limits]{path: "/settings/limits", title: "Limits", fields: []string{"invites_per_hour", "invites_pending"},
		read: func(t typed, _ settings.Limits) settings.Limits {
			return settings.Limits{InvitesPerHour: t.number("invites_per_hour"), InvitesPending: t.number("invites_pending")}
		},
		draw: func(f ui.Frame, v view[settings.Limits]) templ.Component { return limitsPage(f, v) }}
}

func retentionForm() form[settings.Retention] {
	return form[settings.Retention]{path: "/settings/retention", title: "Retention", fields: []string{"activity_shown_days", "activity_kept_days", "bodies_kept_days"},
		read: func(t typed, _ settings.Retention) settings.Retention {
			return settings.Retention{ActivityShown: t.number("activity_shown_days"), ActivityKept: t.numberOrNone("activity_kept_days"), BodiesKept: t.numberOrNone("bodies_kept_days")}
		},
		draw: func(f ui.Frame, v view[settings.Retention]) templ.Component { return retentionPage(f, v) }}
}

func regionForm() form[settings.Region] {
	return form[settings.Region]{path: "/settings/region", title: "Language and time zone", fields: []string{"language", "time_zone"},
		read: func(t typed, _ settings.Region) settings.Region {
			return settings.Region{Language: t.Text("language"), TimeZone: t.Text("time_zone")}
		},
		draw: func(f ui.Frame, v view[settings.Region]) templ.Component { return regionPage(f, v) }}
}

// A tab is one of the pages of the settings.
type tab struct{ path, title string }

func tabs() []tab {
	return []tab{
		{companyForm().path, companyForm().title}, {mailForm().path, mailForm().title}, {registrationForm().path, registrationForm().title},
		{usersForm().path, usersForm().title}, {presetsPath, presetsTitle}, {sessionsForm().path, sessionsForm().title}, {limitsForm().path, limitsForm().title}, {retentionForm().path, retentionForm().title},
		{regionForm().path, regionForm().title},
	}
}

// from says where a value comes from that can't be changed here.
func from(p ui.Printer, by config.Source, name string) string {
	switch by {
	case config.FromFlag:
		return p.T("Set by a flag when Atrium was started (%s). It can be changed there only.", name)
	case config.FromFile:
		return p.T("Set in the configuration file (%s). It can be changed there only.", name)
	}
	return p.T("Set in the environment (%s). It can be changed there only.", name)
}

// server is a mail server in words, without its password.
func server(u *url.URL) string {
	if name := u.User.Username(); name != "" {
		return u.Scheme + "://" + name + "@" + u.Host
	}
	return u.Scheme + "://" + u.Host
}

func encryptions(p ui.Printer) []ui.Option {
	return []ui.Option{
		{Value: string(settings.StartTLS), Label: p.T("STARTTLS (usually port 587)")},
		{Value: string(settings.TLS), Label: p.T("TLS from the start (usually port 465)")},
		{Value: string(settings.Plain), Label: p.T("None: the server is on this machine")},
	}
}

// zones are to choose from, and the one that is set.
func zones(now string) []ui.Option {
	all := ui.Zones()
	if !ui.KnownZone(now) {
		all = slices.Insert(all, 0, ui.Option{Value: now, Label: now})
	}
	return all
}
