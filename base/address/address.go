package address

import (
	"strings"

	"atrium/base/access"
	"atrium/fault"
)

// The most that fields take, in characters.
const (
	MostLine     = 100
	MostPostcode = 20
)

// An Address is a postal address. It is stored in columns of these names.
type Address struct {
	Line1    string // street and number, or what there is instead
	Line2    string
	City     string
	Region   string // state, province, county; of a country with a list, the code in it
	Postcode string
	Country  string // ISO 3166-1: "DE"
}

// A Field is one of an address's fields, as forms and the audit call it.
type Field string

// The fields.
const (
	Country  Field = "country"
	Line1    Field = "address1"
	Line2    Field = "address2"
	City     Field = "city"
	Region   Field = "region"
	Postcode Field = "postcode"
)

// Fields lists all fields.
func Fields() []Field { return []Field{Country, Line1, Line2, Postcode, City, Region} }

// Names lists all fields as forms call them.
func Names() []string {
	var all []string
	for _, f := range Fields() {
		all = append(all, string(f))
	}
	return all
}

// Get is the value of a field.
func (a Address) Get(f Field) string { return *a.at(f) }

func (a *Address) at(f Field) *string {
	switch f {
	case Line1:
		return &a.Line1
	case Line2:
		return &a.Line2
	case City:
		return &a.City
	case Region:
		return &a.Region
	case Postcode:
		return &a.Postcode
	}
	return &a.Country
}

// Typed makes an address of what a form says, by the field's names.
func Typed(text func(name string) string) Address {
	var a Address
	for _, f := range Fields() {
		*a.at(f) = text(string(f))
	}
	return a
}

// Empty tells whether nothing is said but the country.
func (a Address) Empty() bool { return a == Address{Country: a.Country} }

// Clean is the address as it is stored: without line breaks and doubled spaces,
// the postcode and the region as the country writes them. What does not fit is
// left as it is, for Check to find.
func (a Address) Clean() Address {
	for _, f := range Fields() {
		*a.at(f) = access.CleanName(a.Get(f))
	}
	format := Of(a.Country)
	if p, ok := format.postcode(a.Postcode); ok {
		a.Postcode = p
	}
	if r, ok := format.region(a.Region); ok {
		a.Region = r
	}
	return a
}

// Check notes what is wrong with a clean address, a sentence a field. An address
// that is Empty has to have a known country, no more: whether there must be one
// is the form's business.
func (a Address) Check(wrong *fault.Fields) {
	if !Known(a.Country) {
		wrong.Add(string(Country), "Choose a country from the list.")
	}
	if a.Empty() {
		return
	}
	format := Of(a.Country)
	for _, f := range Fields()[1:] {
		a.check(wrong, format, f)
	}
}

func (a Address) check(wrong *fault.Fields, format Format, f Field) {
	most, long := limit(f)
	value := a.Get(f)
	switch {
	case value == "" && format.Needs(f):
		wrong.Add(string(f), format.missing(f))
	case len([]rune(value)) > most:
		wrong.Add(string(f), long, most)
	case f == Postcode && value != "":
		if _, ok := format.postcode(value); !ok {
			wrong.Add(string(f), format.postcodeWord().wrong, format.Example)
		}
	case f == Region && value != "":
		if _, ok := format.region(value); !ok {
			wrong.Add(string(f), format.regionWord().unlisted)
		}
	}
}

// limit is the most that a field takes, and the sentence when it is more.
func limit(f Field) (most int, long string) {
	switch f {
	case Line1:
		return MostLine, "Shorten the address to %d characters."
	case Line2:
		return MostLine, "Shorten the second line of the address to %d characters."
	case Postcode:
		return MostPostcode, "Shorten the postcode to %d characters."
	case City:
		return MostLine, "Shorten the city to %d characters."
	}
	return MostLine, "Shorten the state or region to %d characters."
}

// Lines are the lines of an envelope as the country writes them, without name
// and country. What the country has no place for stands in a line of its own.
func (a Address) Lines() []string {
	var lines []string
	add := func(line string) {
		if line != "" {
			lines = append(lines, line)
		}
	}
	format := Of(a.Country)
	for line := range strings.SplitSeq(format.order, "/") {
		if line == "A" {
			add(a.Line1)
			add(a.Line2)
			continue
		}
		add(a.line(line))
	}
	for _, f := range []Field{Postcode, City, Region} {
		if !format.Has(f) {
			add(a.Get(f))
		}
	}
	return lines
}

// line fills in one line of an order, such as "C, R P". What is between two
// fields stands only where both do.
func (a Address) line(order string) string {
	var line, between strings.Builder
	for _, r := range order {
		f, ok := fieldOf(r)
		switch value := a.Get(f); {
		case !ok:
			between.WriteRune(r)
		case value == "":
			between.Reset()
		default:
			if line.Len() > 0 {
				line.WriteString(between.String())
			}
			between.Reset()
			line.WriteString(value)
		}
	}
	return line.String()
}
