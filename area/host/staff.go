package host

import (
	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/web"
	"atrium/fault"
	"atrium/ui"
)

// Staff is the settings in the staff area.
type Staff struct{ Host *Host }

// Routes adds a page for each section.
func (s Staff) Routes(r *web.Routes) {
	in := web.Staff[access.ManageSettings](r)
	in.Menu(web.Entry{Label: "Settings", Path: "/settings", Icon: ui.IconSettings, Rank: 900})
	serve(in, s.Host, companyForm())
	in.PostFile("/settings/logo/{logo}", s.setLogo)
	in.Get("/settings/logo/{logo}", toCompany)
	in.Post("/settings/logo/{logo}/remove", s.removeLogo)
	serve(in, s.Host, mailForm())
	in.Post("/settings/mail/test", s.testMail)
	in.Get("/settings/mail/test", toMail)
	serve(in, s.Host, registrationForm())
	serve(in, s.Host, usersForm())
	s.presetRoutes(in)
	serve(in, s.Host, sessionsForm())
	serve(in, s.Host, limitsForm())
	serve(in, s.Host, retentionForm())
	serve(in, s.Host, regionForm())
}

func companyForm() form[settings.Company] {
	return form[settings.Company]{path: "/settings", title: "Company", fields: []string{"name", "contact", "hue"},
		read: func(t typed, _ settings.Company) settings.Company {
			return settings.Company{Name: t.Text("name"), Contact: t.Text("contact"), Hue: t.number("hue")}
		},
		draw: func(f ui.Frame, v view[settings.Company]) templ.Component { return companyPage(f, v, logoProblem{}) }}
}

// logoProblem is what is wrong with which logo.
type logoProblem struct {
	logo string
	err  error
}

func (x logoProblem) of(logo string) error {
	if x.logo == logo {
		return x.err
	}
	return nil
}

// which is the logo that the path names.
func which(q *web.Request) (string, error) {
	name := q.Path("logo")
	if name != settings.LightLogo && name != settings.DarkLogo {
		return "", web.NoPage()
	}
	return name, nil
}

func (s Staff) setLogo(q *web.Request, in Proof) (web.Reply, error) {
	name, err := which(q)
	if err != nil {
		return nil, err
	}
	form, file, err := q.File("logo", settings.MostLogo, "version")
	if err != nil {
		return nil, err
	}
	err = s.Host.SetLogo(q.Context(), in, name, file, typed{form, true}.version())
	return s.logoReply(q, name, q.Printer().T("The logo is in place."), err)
}

func (s Staff) removeLogo(q *web.Request, in Proof) (web.Reply, error) {
	name, err := which(q)
	if err != nil {
		return nil, err
	}
	form, err := q.Form("version")
	if err != nil {
		return nil, err
	}
	err = s.Host.RemoveLogo(q.Context(), in, name, typed{form, true}.version())
	return s.logoReply(q, name, q.Printer().T("The logo is removed."), err)
}

func (s Staff) logoReply(q *web.Request, logo, done string, err error) (web.Reply, error) {
	if err == nil {
		return web.Done("/staff/settings", done), nil
	}
	if fault.CodeOf(err) != settings.Changed && !onForm(err) {
		return nil, err
	}
	x := companyForm()
	x.draw = func(f ui.Frame, v view[settings.Company]) templ.Component {
		v.Err = nil
		return companyPage(f, v, logoProblem{logo, err})
	}
	return x.page(q, s.Host.Now(q.Context()), typed{}, err)
}

func toCompany(*web.Request, Proof) (web.Reply, error) {
	return web.Redirect{To: "/staff/settings"}, nil
}
func toMail(*web.Request, Proof) (web.Reply, error) {
	return web.Redirect{To: "/staff/settings/mail"}, nil
}

func mailForm() form[settings.Mail] {
	return form[settings.Mail]{path: "/settings/mail", title: "Mail", fields: []string{"host", "port", "encryption", "user", "password", "from_name", "from_email", "per_minute"},
		read: readMail, draw: func(f ui.Frame, v view[settings.Mail]) templ.Component { return mailPage(f, v, nil) }}
}

// readMail leaves alone what the form did not have, since it is set elsewhere.
func readMail(t typed, now settings.Mail) settings.Mail {
	if t.Has("host") {
		now.Host, now.Port, now.Encryption = t.Text("host"), t.number("port"), settings.Encryption(t.Text("encryption"))
		now.User, now.Password = t.Text("user"), settings.Secret(t.Raw("password"))
	}
	if t.Has("from_email") {
		now.FromName, now.FromEmail = t.Text("from_name"), t.Text("from_email")
	}
	now.PerMinute = t.numberOrNone("per_minute")
	return now
}

// testMail answers with the page itself: what the mail server said is shown once.
func (s Staff) testMail(q *web.Request, in Proof) (web.Reply, error) {
	if _, err := q.Form(); err != nil {
		return nil, err
	}
	p := q.Printer()
	steps, err := s.Host.TestMail(q.Context(), in, mail.Letter{Subject: p.T("Test email from %s", q.Settings().Company.Name), Language: p.Lang(), Blocks: []mail.Block{
		mail.P(p.T("This is a test: mails from here arrive.")),
		mail.P(p.T("%s sent it from the settings.", mail.Name(in.Person().Name))),
	}})
	if err != nil && !onForm(err) {
		return nil, err
	}
	x := mailForm()
	x.draw = func(f ui.Frame, v view[settings.Mail]) templ.Component { return mailPage(f, v, steps) }
	return x.page(q, q.Settings(), typed{}, err)
}
