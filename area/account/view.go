package account

import (
	"strconv"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/ui"
)

type homeView struct {
	Name, Number string
	Status       access.Status
	Rights       access.Rights
	Offer        access.Offer
	Cards        []templ.Component
	Ask          string // the owner to ask, when nothing is shared
}

// role says what the one who looks at Home is here.
func (v homeView) role(p ui.Printer) string {
	r := v.Rights
	switch role, n := v.Offer.RoleOf(r), v.Offer.Count(r.Permissions()); {
	case r.Owner:
		return p.T("Account number %s. You are the owner of this account.", v.Number)
	case role == access.Set(0).Role():
		return p.T("Account number %s. You have %d of %d permissions.", v.Number, n, v.Offer.Len())
	default:
		return p.T("Account number %s. Your role is %s, with %d of %d permissions.", v.Number, p.Word(role), n, v.Offer.Len())
	}
}

type detailsView struct {
	Details
	Home    string
	Account string // the name it has now
	Closed  bool
	Typed   []Change // what was typed where the account says otherwise by now
	Err     error
}

func (v detailsView) version() string { return strconv.FormatInt(v.Version, 10) }

type freshView struct {
	Fresh
	Err error
}

type allView struct {
	access.AccountSearch
	Accounts      []Summary
	Newest, Older string // "": not there
}

func (v allView) title(p ui.Printer) string {
	if v.Text == "" {
		return p.T("All accounts")
	}
	return p.T("Accounts found for “%s”", v.Text)
}

// address is what stands on an envelope, line by line, without empty ones.
func (d Details) address(p ui.Printer) []string {
	var lines []string
	for _, line := range []string{d.Company, d.Address1, d.Address2, join(d.Postcode, d.City), d.Region, p.Country(d.Country)} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// Fields lists the fields of an account's details, in the form's order, as
// forms and the audit call them.
func Fields() []string {
	return []string{"name", "company", "address1", "address2", "postcode", "city", "region", "country", "phone", "language", "zone"}
}

// FieldLabel is how one of Fields is called on screens.
func FieldLabel(p ui.Printer, field string) string {
	switch field {
	case "name":
		return p.T("Account name")
	case "company":
		return p.T("Company")
	case "address1":
		return p.T("Address")
	case "address2":
		return p.T("Address, second line")
	case "city":
		return p.T("City")
	case "region":
		return p.T("State or region")
	case "postcode":
		return p.T("Postcode")
	case "country":
		return p.T("Country")
	case "phone":
		return p.T("Phone")
	case "language":
		return p.T("Language")
	}
	return p.T("Time zone")
}

// FieldText is the value of one of Fields as people read it.
func FieldText(p ui.Printer, field, value string) string {
	switch {
	case value == "":
		return p.T("(left empty)")
	case field == "country":
		return p.Country(value)
	case field == "language":
		return languageName(value)
	}
	return value
}

func languageName(code string) string {
	for _, l := range ui.Languages() {
		if l.Code == code {
			return l.Name
		}
	}
	return code
}

func languages() []ui.Option {
	var all []ui.Option
	for _, l := range ui.Languages() {
		all = append(all, ui.Option{Value: l.Code, Label: l.Name})
	}
	return all
}

// choose puts a line before the options that asks to choose, unless one of
// them is chosen.
func choose(ask, value string, options []ui.Option) []ui.Option {
	for _, o := range options {
		if o.Value == value {
			return options
		}
	}
	return append([]ui.Option{{Label: ask}}, options...)
}

// status is what has become of an account, in a word.
func status(p ui.Printer, s access.Status) (ui.Tone, string) {
	switch s {
	case access.Closed:
		return ui.Mute, p.T("Closed")
	case access.Inactive:
		return ui.Warn, p.T("Inactive")
	}
	return ui.OK, p.T("Active")
}
