package ui

import (
	"atrium/base/address"
)

// An AddressPart is the part of a form that asks for a postal address. It posts
// what address.Names lists, and do=country when another country was chosen: the
// form then answers with its page as it was typed, the address as that country
// writes it. The script does this by itself and keeps the rest of the page.
type AddressPart struct {
	address.Address
	Optional bool // the address may be left out altogether
	Own      bool // of the person who fills it in: the browser may know it
}

// fields are those below the country: the country's own, and those of others
// that something was typed in, so that it is not lost.
func (a AddressPart) fields() []address.Field {
	format := address.Of(a.Country)
	all := format.Fields()
	for _, f := range address.Fields() {
		if !format.Has(f) && a.Get(f) != "" {
			all = append(all, f)
		}
	}
	return all
}

func (a AddressPart) input(p Printer, f address.Field) Input {
	format := address.Of(a.Country)
	in := Input{Name: string(f), Label: p.Word(format.Label(f)), Value: a.Get(f), Autocomplete: a.autocomplete(f), Optional: a.Optional || !format.Needs(f)}
	if f == address.Postcode && format.Example != "" {
		in.Hint = p.T("Like %s.", format.Example)
	}
	return in
}

func (a AddressPart) autocomplete(f address.Field) string {
	switch {
	case !a.Own:
		return ""
	case f == address.Line1:
		return "address-line1"
	case f == address.Line2:
		return "address-line2"
	case f == address.City:
		return "address-level2"
	case f == address.Region:
		return "address-level1"
	case f == address.Postcode:
		return "postal-code"
	}
	return "country"
}

func (a AddressPart) countries(p Printer) Choice {
	in := a.input(p, address.Country)
	return Choice{Name: in.Name, Label: in.Label, Value: a.Country, Autocomplete: in.Autocomplete,
		Options: chosen(p.T("Choose a country"), a.Country, p.Countries())}
}

// regions is the list of a country's regions; what was typed and is not in it
// is an option too, so that it is not lost.
func (a AddressPart) regions(p Printer) (Choice, bool) {
	list := address.Of(a.Country).Regions()
	if len(list) == 0 {
		return Choice{}, false
	}
	in := a.input(p, address.Region)
	c := Choice{Name: in.Name, Label: in.Label, Value: a.Clean().Region, Autocomplete: in.Autocomplete, Optional: in.Optional}
	for _, r := range list {
		c.Options = append(c.Options, Option{Value: r.Code, Label: r.Name})
	}
	known := len(c.Options)
	c.Options = chosen(p.T("Choose from the list"), c.Value, c.Options)
	if c.Value != "" && len(c.Options) > known {
		c.Options = append(c.Options, Option{Value: c.Value, Label: c.Value})
	}
	return c, true
}

// chosen puts a line before the options that asks to choose, unless one of them
// is chosen.
func chosen(ask, value string, options []Option) []Option {
	for _, o := range options {
		if o.Value == value {
			return options
		}
	}
	return append([]Option{{Label: ask}}, options...)
}
