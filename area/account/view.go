package account

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/address"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/phone"
	"atrium/base/taxid"
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
	Person  bool     // whether contacts may be named
	Payers  []Payer  // who may be the billing contact, beside the owner
	Login   string   // the address that one logs in with, if it is the account's; "" otherwise
	Both    bool     // chosen: the login's address changes with it
	Host    bool     // drawn for staff, whom no lock holds up
	Typed   []Change // what was typed where the account says otherwise by now
	Err     error
	LockErr error // of the form with the locks
}

// action is where the form of the details posts to.
func (v detailsView) action() string { return strings.TrimSuffix(v.Home, "/") + "/profile" }

// taxLabel is how the account's country calls its tax numbers.
func (v detailsView) taxLabel(p ui.Printer) string { return p.Word(taxid.Of(v.Address.Country).Label) }

func (v detailsView) taxHint(p ui.Printer) string {
	if example := taxid.Of(v.Address.Country).Example; example != "" {
		return p.T("Like %s.", example)
	}
	return ""
}

// held tells whether a field is shown and can't be changed.
func (v detailsView) held(field string) bool { return !v.Host && v.Locked.Holds(field) }

// payers are the choices for the billing contact, by name.
func (v detailsView) payers(p ui.Printer) []ui.Option {
	compare := p.Comparer()
	list := slices.SortedFunc(slices.Values(v.Payers), func(a, b Payer) int { return compare(a.Name, b.Name) })
	all := []ui.Option{{Value: owner, Label: p.T("The owner")}}
	if v.Billing.Contact {
		all = append(all, ui.Option{Value: contact, Label: v.payer(p)})
	}
	for _, one := range list {
		all = append(all, ui.Option{Value: one.User.String(), Label: one.Name})
	}
	return all
}

// text is the value of a field as people read it.
func (v detailsView) text(p ui.Printer, field string) string {
	if field == "billing" {
		return v.payer(p)
	}
	return FieldText(p, field, v.field(field))
}

// payer names the billing contact.
func (v detailsView) payer(p ui.Printer) string {
	if v.Billing.Contact && !v.Person {
		return p.T("A contact")
	}
	return FieldText(p, "billing", v.Billing.Name)
}

// What forms say for the zero Payer, and for the contact who is the billing contact.
const (
	owner   = "owner"
	contact = "contact"
)

func (p Payer) value() string {
	switch {
	case p.Contact:
		return contact
	case p.User == 0:
		return owner
	}
	return p.User.String()
}

func payerFrom(value string) Payer {
	switch value {
	case owner:
		return Payer{}
	case contact:
		return Payer{Contact: true}
	}
	u, ok := id.Parse[id.UserKind](value)
	if !ok || u == 0 {
		return Payer{User: -1} // nobody
	}
	return Payer{User: u}
}

// given says who agreed to news and offers, and when.
func (c Consent) given(p ui.Printer) string {
	switch {
	case c.At.IsZero():
		return p.T("Nobody has agreed so far.")
	case c.By == "":
		return p.T("Noted by us on %s.", p.DateTime(c.At))
	}
	return p.T("%s agreed on %s.", c.By, p.DateTime(c.At))
}

// gets names kinds of emails.
func gets(p ui.Printer, c mail.Choice) string {
	if len(c) == 0 {
		return p.T("No emails")
	}
	var all []string
	for _, t := range c {
		all = append(all, p.Word(t.Label()))
	}
	return strings.Join(all, ", ")
}

// LockLabel is how a lock is called on screens.
func LockLabel(p ui.Printer, l Lock) string {
	if l == addressLock {
		return p.T("Address")
	}
	return FieldLabel(p, string(l))
}

func (v detailsView) version() string { return strconv.FormatInt(v.Version, 10) }

type freshView struct {
	Fresh
	Ask string // where one asks for access to an account instead; "": nowhere
	Err error
}

type allView struct {
	access.AccountSearch
	Accounts []access.Line
	Next     string
	Opens    bool // whether this person may open accounts
}

// filtered tells whether something is looked for.
func (v allView) filtered() bool {
	s := v.AccountSearch
	s.After = ""
	return s != access.AccountSearch{}
}

// sifted tells whether something else is looked for than a text.
func (v allView) sifted() bool {
	v.Text = ""
	return v.filtered()
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

// lines is what stands on an envelope.
func (d Details) lines(p ui.Printer) []string {
	var lines []string
	if d.Company != "" {
		lines = append(lines, d.Company)
	}
	return append(append(lines, d.Address.Lines()...), p.Country(d.Address.Country))
}

// FieldLabel is how one of Fields is called on screens.
func FieldLabel(p ui.Printer, field string) string {
	switch field {
	case "name":
		return p.T("Account name")
	case "company":
		return p.T("Company")
	case "email":
		return p.T("Email address")
	case "phone":
		return p.T("Phone")
	case "tax":
		return p.T("Tax ID")
	case "language":
		return p.T("Language")
	case "zone":
		return p.T("Time zone")
	case "topics":
		return p.T("Emails to this address")
	case "billing":
		return p.T("Billing contact")
	case "marketing":
		return p.T("News and offers")
	}
	return p.Word(address.Of("").Label(address.Field(field)))
}

// FieldText is the value of one of Fields as people read it.
func FieldText(p ui.Printer, field, value string) string {
	switch {
	case field == "topics":
		return gets(p, mail.ParseChoice(value))
	case field == "billing" && value == "":
		return p.T("The owner")
	case field == "marketing" && value == "yes":
		return p.T("Yes")
	case field == "marketing":
		return p.T("No")
	case field == "language":
		return p.OwnLanguage(value)
	case value == "":
		return p.T("(left empty)")
	case field == "country":
		return p.Country(value)
	case field == "phone":
		return phone.Show(value)
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
