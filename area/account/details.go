package account

import (
	"atrium/base/access"
	"atrium/base/address"
	"atrium/base/mail"
	"atrium/base/phone"
	"atrium/base/taxid"
	"atrium/fault"
	"atrium/ui"
)

// The most that fields take, in characters.
const (
	mostName    = access.MostName
	mostCompany = 100
)

// Details is what an account says about itself.
type Details struct {
	Name      string
	Company   string
	Email     access.Email // where its mails go, whoever owns it
	Address   address.Address
	Phone     string // E.164
	TaxID     string
	Language  string      // "en"; "": the host's
	TimeZone  string      // "Europe/Berlin"
	Topics    mail.Choice // the mails that go to Email
	Billing   Payer
	Marketing Consent
	Locked    Locks // what only staff change
	Version   int64 // of the row, so that a form notices what was changed meanwhile
}

// read makes of what was typed what is stored. What is wrong is Invalid, a
// sentence a field, and left as it was typed.
func (d Details) read() (Details, error) {
	var wrong fault.Fields
	d.Name, d.Company = access.CleanName(d.Name), access.CleanName(d.Company)
	switch {
	case d.Name == "":
		wrong.Add("name", "Enter a name for the account.")
	case len([]rune(d.Name)) > mostName:
		wrong.Add("name", "Shorten the account name to %d characters.", mostName)
	}
	if len([]rune(d.Company)) > mostCompany {
		wrong.Add("company", "Shorten the company to %d characters.", mostCompany)
	}
	if email, ok := access.ParseEmail(d.Email.Typed); ok {
		d.Email = email
	} else {
		wrong.Add("email", "Enter an address like name@example.com.")
	}
	d.Phone = phone.Read(&wrong, "phone", access.CleanName(d.Phone), d.Address.Country)
	d.Address = d.Address.Clean()
	d.Address.Check(&wrong)
	d.TaxID = taxid.Read(&wrong, "tax", access.CleanName(d.TaxID), d.Address.Country)
	if d.Language != "" && !ui.KnownLanguage(d.Language) {
		wrong.Add("language", "Choose a language from the list.")
	}
	checkZone(&wrong, d.TimeZone)
	return d, wrong.Err()
}

func checkCountry(wrong *fault.Fields, code string) {
	if !ui.KnownCountry(code) {
		wrong.Add("country", "Choose a country from the list.")
	}
}

func checkZone(wrong *fault.Fields, name string) {
	if !ui.KnownZone(name) {
		wrong.Add("zone", "Choose a time zone from the list.")
	}
}

// A Change is a field before and after.
type Change struct{ Field, Before, After string }

// changes lists the fields in which the details differ from those before.
func (d Details) changes(before Details) []Change {
	var all []Change
	for _, f := range Fields() {
		was, is := before.field(f), d.field(f)
		if was != is || f == "billing" && !before.Billing.same(d.Billing) {
			all = append(all, Change{f, was, is})
		}
	}
	return all
}

// Fields lists the fields of an account's details, in the form's order, as
// forms and the audit call them.
func Fields() []string {
	return append(append([]string{"name", "company", "email"}, address.Names()...), "phone", "tax", "language", "zone", "topics", "billing", "marketing")
}

func (d Details) field(name string) string {
	switch name {
	case "name":
		return d.Name
	case "company":
		return d.Company
	case "email":
		return d.Email.Typed
	case "phone":
		return d.Phone
	case "tax":
		return d.TaxID
	case "language":
		return d.Language
	case "zone":
		return d.TimeZone
	case "topics":
		return d.Topics.String()
	case "billing":
		return d.Billing.Name
	case "marketing":
		return yes(d.Marketing.Given)
	}
	return d.Address.Get(address.Field(name))
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// A Fresh is what the form that opens an account says.
type Fresh struct{ Name, Country, TimeZone string }

func (n Fresh) check() error {
	var wrong fault.Fields
	switch {
	case n.Name == "":
		wrong.Add("name", "Enter a name for the account.")
	case len([]rune(n.Name)) > mostName:
		wrong.Add("name", "Shorten the account name to %d characters.", mostName)
	}
	checkCountry(&wrong, n.Country)
	checkZone(&wrong, n.TimeZone)
	return wrong.Err()
}
