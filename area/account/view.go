package account

import (
	"net/url"
	"strconv"
	"time"

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
	case role == access.Custom:
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
	Accounts []Summary
	Next     string
	Opens    bool // whether this person may open accounts
}

// filtered tells whether something is looked for.
func (v allView) filtered() bool {
	s := v.AccountSearch
	s.After = ""
	return s != access.AccountSearch{}
}

func (v allView) title(p ui.Printer) string {
	if v.filtered() {
		return p.T("Accounts found")
	}
	return p.T("All accounts, the newest first")
}

func (v allView) since() string {
	if v.Since.IsZero() {
		return ""
	}
	return v.Since.Format(time.DateOnly)
}

// page is the address of a page of the list.
func (v allView) page(after string) string {
	values := url.Values{}
	for name, value := range map[string]string{"q": v.Text, "status": string(v.Status), "country": v.Country, "since": v.since(), "two-step": string(v.TwoStep), "after": after} {
		if value != "" {
			values.Set(name, value)
		}
	}
	u := url.URL{Path: "/staff/accounts", RawQuery: values.Encode()}
	return u.String()
}

func (v allView) newest() string {
	if v.After == "" {
		return ""
	}
	return v.page("")
}

func (v allView) older() string {
	if v.Next == "" {
		return ""
	}
	return v.page(v.Next)
}

// said is how many were found, as far as that is known.
func (v allView) said(p ui.Printer) string {
	switch n := len(v.Accounts); {
	case v.Next != "" || v.After != "":
		return p.T("%d accounts on this page", n)
	case n == 0:
		return p.T("No account matches")
	default:
		return p.N(n, "%d account", "%d accounts")
	}
}

// statuses are the choices of the filter.
func statuses(p ui.Printer) []ui.Option {
	all := []ui.Option{{Label: p.T("Any status")}}
	for _, s := range []access.Status{access.Active, access.Inactive, access.Closed} {
		_, word := status(p, s)
		all = append(all, ui.Option{Value: string(s), Label: word})
	}
	return all
}

// twoSteps are the choices of the filter by the owner's two-step login.
func twoSteps(p ui.Printer) []ui.Option {
	return []ui.Option{{Label: p.T("On or off")}, {Value: string(access.Off), Label: p.T("Off")}, {Value: string(access.On), Label: p.T("On")}}
}

func countries(p ui.Printer) []ui.Option {
	return append([]ui.Option{{Label: p.T("Any country")}}, p.Countries()...)
}

type orderView struct {
	Order
	Pick ui.Pick
	Err  error
}

// attention lists what somebody should look at in an account.
func (r Record) attention(p ui.Printer) []string {
	var all []string
	s := r.Standing
	switch r.Status {
	case access.Closed:
		all = append(all, p.T("The account is closed: it can be read, and nothing in it can be changed."))
	case access.Inactive:
		all = append(all, p.T("The account is tagged inactive."))
	}
	if !s.Verified {
		all = append(all, p.T("The owner has not confirmed their email address."))
	}
	if s.Expired > 0 {
		all = append(all, p.N(int(s.Expired), "%d invitation has expired.", "%d invitations have expired."))
	}
	if s.FailedMail > 0 {
		all = append(all, p.N(int(s.FailedMail), "%d email could not be delivered.", "%d emails could not be delivered."))
	}
	return all
}

// meaning is what a status means, for who chooses one.
func meaning(p ui.Printer, s access.Status) string {
	switch s {
	case access.Closed:
		return p.T("It can be read. Nothing in it can be changed but paying invoices and writing to support, and nobody can join.")
	case access.Inactive:
		return p.T("A tag only: everything works as usual.")
	}
	return p.T("Everything works as usual.")
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
		return ui.LanguageName(value)
	}
	return value
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
