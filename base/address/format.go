package address

import (
	"slices"
	"strings"
	"unicode"

	"atrium/base/access"
)

// A Format is how one country writes its addresses.
type Format struct {
	order   string // of an envelope: A lines, C city, R region, P postcode; / ends a line
	needs   string // those of the letters that an address can't do without
	codes   string // what postcodes look like: see fit; "": like anything
	Example string // a postcode; "" where codes is
	words   words
	regions []Option
}

// words is how a country calls its fields, where that differs from most.
type words struct {
	city     string
	postcode postcodeWord
	region   regionWord
}

// An Option is a region out of a country's list: its code is what is stored and
// stands on an envelope.
type Option struct{ Code, Name string }

// Of is the format of a country. One that is not known has every field.
func Of(country string) Format {
	if f, ok := formats[country]; ok {
		return f
	}
	return anywhere
}

// Known tells whether there is a country with this code.
func Known(country string) bool { _, ok := formats[country]; return ok }

// Countries lists the codes of all countries, in their order.
func Countries() []string {
	var all []string
	for code := range formats {
		all = append(all, code)
	}
	slices.Sort(all)
	return all
}

// Fields lists the country's fields below its name, in the order of an envelope.
func (f Format) Fields() []Field {
	var all []Field
	for _, r := range f.order {
		if r == 'A' {
			all = append(all, Line1, Line2)
		} else if field, ok := fieldOf(r); ok {
			all = append(all, field)
		}
	}
	return all
}

// Has tells whether the country's addresses have the field.
func (f Format) Has(field Field) bool { return field == Country || slices.Contains(f.Fields(), field) }

// Needs tells whether an address can't do without the field.
func (f Format) Needs(field Field) bool {
	return slices.ContainsFunc([]rune(f.needs), func(r rune) bool {
		of, ok := fieldOf(r)
		return ok && of == field || r == 'A' && field == Line1
	})
}

// Regions is the country's list of states or provinces, nil where people type them.
func (f Format) Regions() []Option { return f.regions }

// Label is how the country calls the field, a translation key.
func (f Format) Label(field Field) string {
	switch field {
	case Country:
		return "Country"
	case Line1:
		return "Address"
	case Line2:
		return "Address, second line"
	case Postcode:
		return f.postcodeWord().label
	case Region:
		return f.regionWord().label
	}
	if f.words.city == "" {
		return "City"
	}
	return f.words.city
}

func (f Format) missing(field Field) string {
	switch field {
	case Line1:
		return "Enter the street and number, or the PO box."
	case Postcode:
		return f.postcodeWord().missing
	case Region:
		return f.regionWord().missing
	}
	return "Enter the city."
}

func (f Format) postcodeWord() postcodeWord {
	if f.words.postcode.label == "" {
		return postcode
	}
	return f.words.postcode
}

func (f Format) regionWord() regionWord {
	if f.words.region.label == "" {
		return region
	}
	return f.words.region
}

// fieldOf is the field of a letter of an order; the lines are no single one.
func fieldOf(letter rune) (Field, bool) {
	switch letter {
	case 'C':
		return City, true
	case 'R':
		return Region, true
	case 'P':
		return Postcode, true
	}
	return "", false
}

// region is what is typed as the country's list writes it: by its code, or its
// name. Without a list everything is as it is.
func (f Format) region(typed string) (string, bool) {
	for _, o := range f.regions {
		if access.Fold(typed) == access.Fold(o.Code) || access.Fold(typed) == access.Fold(o.Name) {
			return o.Code, true
		}
	}
	return typed, len(f.regions) == 0
}

// postcode is what is typed as the country writes it: letters large, spaces and
// hyphens where they belong. A country's sign before it ("D-26133") is left out
// where the country leaves it out, and put there where it belongs.
func (f Format) postcode(typed string) (string, bool) {
	if f.codes == "" {
		return typed, true
	}
	bare := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '.' {
			return -1
		}
		return unicode.ToUpper(r)
	}, typed)
	for shape := range strings.SplitSeq(f.codes, "|") {
		for _, try := range []string{bare, sign(shape) + bare, unsigned(bare)} {
			if code, ok := fit(shape, try); ok {
				return code, true
			}
		}
	}
	return typed, false
}

// unsigned is a postcode without the sign of a country, one or two letters.
func unsigned(bare string) string {
	rest := strings.TrimLeftFunc(bare, unicode.IsLetter)
	if len(bare)-len(rest) > 2 {
		return bare
	}
	return rest
}

// sign is what every postcode of a shape begins with: "LV-".
func sign(shape string) string {
	end := strings.IndexAny(shape, "#?*")
	return strings.TrimRight(shape[:max(end, 0)], "- ")
}

// fit writes a bare postcode in a shape: # is a digit, ? a letter, * either, and
// anything else itself. It is false when it does not fit.
func fit(shape, bare string) (string, bool) {
	var code strings.Builder
	rest := []rune(bare)
	for _, s := range shape {
		if s == ' ' || s == '-' {
			code.WriteRune(s)
			continue
		}
		if len(rest) == 0 {
			return "", false
		}
		r := rest[0]
		digit, letter := r >= '0' && r <= '9', r >= 'A' && r <= 'Z'
		if !(s == '#' && digit || s == '?' && letter || s == '*' && (digit || letter) || s == r) {
			return "", false
		}
		code.WriteRune(r)
		rest = rest[1:]
	}
	return code.String(), len(rest) == 0
}
