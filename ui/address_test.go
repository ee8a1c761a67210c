package ui_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"atrium/base/address"
	"atrium/fault"
	"atrium/ui"
)

// named lists the controls of a document that would be sent, in their order.
func named(d *goquery.Document) string {
	return strings.Join(d.Find("input, select").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("name", "") }), " ")
}

func TestAnAddressIsDrawnAsItsCountryWritesIt(t *testing.T) {
	for country, want := range map[string]string{
		"DE": "country address1 address2 postcode city", "US": "country address1 address2 city region postcode", "HU": "country city address1 address2 postcode",
		"SG": "country address1 address2 postcode", "": "country address1 address2 postcode city region",
	} {
		d := draw(t, ui.Form{}.Address(ui.AddressPart{Address: address.Address{Country: country}}))
		if got := named(d); got != want {
			t.Errorf("%q: %s", country, got)
		}
		d.Find("input, select").Each(func(_ int, s *goquery.Selection) {
			_, required := s.Attr("required")
			if f := address.Field(s.AttrOr("name", "")); required != (f == address.Country || address.Of(country).Needs(f)) {
				t.Errorf("%q: %s is required: %v", country, f, required)
			}
		})
	}
	us := draw(t, ui.Form{Prefix: "a-"}.Address(ui.AddressPart{Address: address.Address{Country: "US", Region: "california"}, Own: true}))
	if attr(t, us, "#a-region option[selected]", "value") != "CA" || us.Find("#a-region option").Length() != 59 || attr(t, us, "#a-region", "autocomplete") != "address-level1" {
		t.Error("the states of the US are no list with California chosen")
	}
	if words(us.Find("label[for=a-postcode]")) != "ZIP code" || words(us.Find("#a-postcode-hint")) != "Like 95014." {
		t.Error("the ZIP code is called otherwise")
	}
	if us.Find("button").First().AttrOr("name", "") != "" || attr(t, us, "button[name=do]", "value") != "country" {
		t.Error("Enter would change the country and not send the form")
	}
}

func TestNothingTypedIsLostWithTheCountry(t *testing.T) {
	a := address.Address{Line1: "1", Line2: "2", City: "3", Region: "Bayern", Postcode: "5"}
	for _, a.Country = range append(address.Countries(), "") {
		d := draw(t, ui.Form{}.Address(ui.AddressPart{Address: a, Optional: true}))
		for _, f := range address.Fields()[1:] {
			field := d.Find("[name=" + string(f) + "]")
			value := field.AttrOr("value", field.Find("option[selected]").AttrOr("value", ""))
			if value != a.Get(f) {
				t.Errorf("%s: %s is %q", a.Country, f, value)
			}
			if _, required := field.Attr("required"); required {
				t.Errorf("%s: %s is required of an address that may be left out", a.Country, f)
			}
		}
	}
}

func TestCountriesAreThoseOfTheAddresses(t *testing.T) {
	var listed []string
	for _, c := range (ui.Printer{}).Countries() {
		listed = append(listed, c.Value)
	}
	slices.Sort(listed)
	if !slices.Equal(listed, address.Countries()) {
		t.Errorf("%v", listed)
	}
}

func TestAnAddresssErrorsStandAtItsFields(t *testing.T) {
	var wrong fault.Fields
	a := address.Address{Line1: "1", Country: "US", Region: "Bayern", Postcode: "1"}
	a.Check(&wrong)
	d := draw(t, ui.Form{Err: wrong.Err()}.Address(ui.AddressPart{Address: a}))
	for field, want := range map[string]string{"city": "Enter the city.", "region": "Choose a state from the list.", "postcode": "Enter a ZIP code like 95014."} {
		if got := words(d.Find("#" + field + "-error")); got != want || attr(t, d, "#"+field, "aria-invalid") != "true" {
			t.Errorf("%s: %q", field, got)
		}
	}
}
