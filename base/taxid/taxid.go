package taxid

import (
	"strings"
	"unicode"

	"atrium/fault"
)

// Most is how long a tax number may be, in characters.
const Most = 32

// A Kind is what a country calls the tax number on invoices, and what it looks
// like.
type Kind struct {
	Label   string // a translation key
	Example string // "" where nothing is known
}

// Of is the kind of tax number of a country.
func Of(country string) Kind {
	if r, ok := rules[ruled(country)]; ok {
		return Kind{r.label, r.example}
	}
	return Kind{Label: "Tax ID"}
}

// Read is a tax number as it is stored: without spaces, points and hyphens,
// letters large, VAT numbers with the country's letters before them. A company
// may have the VAT number of another country than the one it is in, if it says
// so by these letters. What the country's numbers don't look like, and what has
// wrong check digits, is noted at the field and given back as it is; so is, in
// countries that nothing is known of, what is no number at all. An empty field
// is "".
func Read(wrong *fault.Fields, field, typed, country string) string {
	if typed == "" {
		return ""
	}
	number := bare(typed)
	own, known := rules[ruled(country)]
	other := rules[prefixed(number)]
	said := ""
	for _, r := range []rule{own, other} {
		digits, fits := r.fit(number)
		if fits && r.right(digits) {
			return r.write(digits)
		}
		if fits && said == "" {
			said = typed
		}
	}
	switch {
	case said != "":
		wrong.Add(field, "%s has wrong check digits, so nobody has this number. Compare it with your papers.", said)
	case known:
		wrong.Add(field, "Enter a number like %s, or leave it empty.", own.example)
	case plausible(number):
		return number
	default:
		wrong.Add(field, "Enter the tax ID as it stands in your papers, in %d letters and digits at most.", Most)
	}
	return typed
}

// bare is a number without what people put between its digits.
func bare(typed string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-/", r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, typed)
}

// plausible tells whether it may be a tax number somewhere: letters and digits,
// some of them digits.
func plausible(bare string) bool {
	return len(bare) <= Most && strings.ContainsAny(bare, "0123456789") &&
		!strings.ContainsFunc(bare, func(r rune) bool { return !letter(r) && !digit(r) })
}

func letter(r rune) bool { return r >= 'A' && r <= 'Z' }

func digit(r rune) bool { return r >= '0' && r <= '9' }

// ruled is the country whose rule holds in a country.
func ruled(country string) string {
	switch country {
	case "GR":
		return "EL" // so Greek VAT numbers begin
	case "MC":
		return "FR"
	case "IM":
		return "GB"
	case "LI":
		return "CH"
	}
	return country
}

// prefixed is the country that a VAT number says itself to be of, by the letters
// it begins with; "" for other numbers.
func prefixed(bare string) string {
	if len(bare) < 2 {
		return ""
	}
	if country := ruled(bare[:2]); rules[country].vat {
		return country
	}
	return ""
}

// A rule is what is known of a country's tax numbers.
type rule struct {
	label   string
	example string
	shapes  string              // of the number itself: # is a digit, ? a letter, * either, anything else itself; | between several
	letters string              // that may be typed before it
	check   func(string) bool   // whether the check digits are right; nil: there are none that are known
	form    func(string) string // writes it; nil: the letters and the number
	vat     bool                // whether the letters before it tell it from others'
}

// fit is the number without the letters before it, and whether it looks like one
// of the rule's.
func (r rule) fit(bare string) (string, bool) {
	if r.letters == "EL" && strings.HasPrefix(bare, "GR") {
		bare = bare[2:]
	}
	for _, number := range []string{bare, strings.TrimPrefix(bare, r.letters)} {
		for shape := range strings.SplitSeq(r.shapes, "|") {
			if shaped(shape, number) {
				return number, true
			}
		}
	}
	return "", false
}

func shaped(shape, number string) bool {
	if len(shape) != len(number) || shape == "" {
		return false
	}
	for i, s := range shape {
		n := rune(number[i])
		if !(s == n || (s == '#' || s == '*') && digit(n) || (s == '?' || s == '*') && letter(n)) {
			return false
		}
	}
	return true
}

func (r rule) right(number string) bool { return r.check == nil || r.check(number) }

func (r rule) write(number string) string {
	if r.form != nil {
		return r.form(number)
	}
	if r.vat {
		return r.letters + number
	}
	return number
}
