package account

import (
	"strings"

	"atrium/base/access"
	"atrium/fault"
	"atrium/ui"
)

// The most that fields take, in characters.
const (
	mostName     = access.MostName
	mostLine     = 100
	mostPostcode = 20
	mostPhone    = 32
)

// Details is what an account says about itself.
type Details struct {
	Name     string
	Company  string
	Address1 string
	Address2 string
	City     string
	Region   string // state, province, county
	Postcode string
	Country  string // ISO 3166-1: "DE"
	Phone    string
	Language string // "en"
	TimeZone string // "Europe/Berlin"
	Version  int64  // of the row, so that a form notices what was changed meanwhile
}

// clean takes out of every field what no such field has: line breaks, control
// characters, doubled spaces.
func (d Details) clean() Details {
	for _, f := range d.free() {
		*f.value = access.CleanName(*f.value)
	}
	d.Phone = access.CleanName(d.Phone)
	return d
}

// A freeText is a field in which people type what they like.
type freeText struct {
	name  string
	most  int
	value *string
	long  string // the sentence when it is too long, with a verb for the most
}

func (d *Details) free() []freeText {
	return []freeText{
		{"name", mostName, &d.Name, "Shorten the account name to %d characters."},
		{"company", mostLine, &d.Company, "Shorten the company to %d characters."},
		{"address1", mostLine, &d.Address1, "Shorten the address to %d characters."},
		{"address2", mostLine, &d.Address2, "Shorten the second line of the address to %d characters."},
		{"postcode", mostPostcode, &d.Postcode, "Shorten the postcode to %d characters."},
		{"city", mostLine, &d.City, "Shorten the city to %d characters."},
		{"region", mostLine, &d.Region, "Shorten the state or region to %d characters."},
	}
}

// check says what is wrong with clean details, one sentence a field.
func (d Details) check() error {
	var wrong fault.Fields
	if d.Name == "" {
		wrong.Add("name", "Enter a name for the account.")
	}
	for _, f := range d.free() {
		if len([]rune(*f.value)) > f.most {
			wrong.Add(f.name, f.long, f.most)
		}
	}
	checkCountry(&wrong, d.Country)
	if d.Phone != "" && !isPhone(d.Phone) {
		wrong.Add("phone", "Enter a telephone number like +49 451 123456, or leave it empty.")
	}
	if !ui.KnownLanguage(d.Language) {
		wrong.Add("language", "Choose a language from the list.")
	}
	checkZone(&wrong, d.TimeZone)
	return wrong.Err()
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

// isPhone tells whether s is written like a telephone number: 5 to 15 digits
// (E.164 has no more) and what people put between them.
func isPhone(s string) bool {
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i > 0, !strings.ContainsRune("+ ()-./", r):
			return false
		}
	}
	return len(s) <= mostPhone && digits >= 5 && digits <= 15
}

// A Change is a field before and after.
type Change struct{ Field, Before, After string }

// changes lists the fields in which the details differ from those before.
func (d Details) changes(before Details) []Change {
	var all []Change
	add := func(field, was, is string) {
		if was != is {
			all = append(all, Change{field, was, is})
		}
	}
	is := d.free()
	for i, was := range before.free() {
		add(was.name, *was.value, *is[i].value)
	}
	add("country", before.Country, d.Country)
	add("phone", before.Phone, d.Phone)
	add("language", before.Language, d.Language)
	add("zone", before.TimeZone, d.TimeZone)
	return all
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
