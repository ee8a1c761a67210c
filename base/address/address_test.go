package address_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"atrium/base/address"
	"atrium/fault"
)

func check(a address.Address) map[string]string {
	var wrong fault.Fields
	a.Check(&wrong)
	said := map[string]string{}
	for _, f := range wrong {
		said[f.Name] = f.Public
	}
	return said
}

func TestEveryCountryTakesItsOwnExample(t *testing.T) {
	all := address.Countries()
	if len(all) != 249 || !slices.IsSorted(all) {
		t.Fatalf("there are %d countries", len(all))
	}
	for _, code := range all {
		format := address.Of(code)
		a := address.Address{Line1: "1 Street", Line2: "Rear building", City: "Town", Region: "Region", Postcode: format.Example, Country: code}
		if list := format.Regions(); len(list) > 0 {
			a.Region = list[0].Name
		}
		clean := a.Clean()
		if said := check(clean); len(said) > 0 || clean.Postcode != format.Example {
			t.Errorf("%s refuses %+v: %v", code, clean, said)
		}
		envelope := strings.Join(clean.Lines(), "\n")
		for _, f := range append(format.Fields(), address.Region, address.Postcode) {
			if !strings.Contains(envelope, clean.Get(f)) {
				t.Errorf("%s has no %s on its envelope:\n%s", code, f, envelope)
			}
		}
		if !format.Has(address.Line1) || !format.Needs(address.Line1) || (format.Example == "") != (format.Has(address.Postcode) == false) && format.Example != "" {
			t.Errorf("%s has an odd format: %v, example %q", code, format.Fields(), format.Example)
		}
		for _, f := range address.Fields() {
			if format.Needs(f) && !format.Has(f) {
				t.Errorf("%s needs %s and does not have it", code, f)
			}
		}
		if format.Has(address.Postcode) && format.Example != "" {
			a.Postcode = "!"
			if said := check(a.Clean()); !strings.Contains(said["postcode"], "like %s") {
				t.Errorf("%s takes the postcode !: %v", code, said)
			}
		}
	}
}

func TestPostcodesAreWrittenAsTheirCountryDoes(t *testing.T) {
	for _, c := range []struct{ country, typed, want string }{
		{"DE", "D-26133", "26133"}, {"DE", " 26 133 ", "26133"}, {"DE", "2613", ""}, {"DE", "261333", ""}, {"DE", "ABC26133", ""},
		{"GB", "ec1y8sy", "EC1Y 8SY"}, {"GB", "m1-1ae", "M1 1AE"}, {"GB", "GIR0AA", "GIR 0AA"}, {"GB", "1234", ""},
		{"CA", "h3z2y7", "H3Z 2Y7"}, {"CA", "H3Z 2Y", ""},
		{"NL", "1234ab", "1234 AB"}, {"NL", "NL-1234 AB", "1234 AB"}, {"NL", "1234", ""},
		{"PL", "00950", "00-950"}, {"PT", "2725079", "2725-079"}, {"SE", "11455", "114 55"}, {"CZ", "CZ-10000", "100 00"},
		{"US", "95014", "95014"}, {"US", "950143456", "95014-3456"}, {"US", "9501", ""},
		{"LV", "1073", "LV-1073"}, {"LV", "lv1073", "LV-1073"}, {"AZ", "1000", "AZ 1000"}, {"LT", "LT 04340", "LT-04340"},
		{"IE", "a65f4e2", "A65 F4E2"}, {"IE", "D6W XY00", "D6W XY00"}, {"JP", "1540023", "154-0023"}, {"BR", "40301110", "40301-110"},
		{"MT", "NXR01", "NXR 01"}, {"CH", "CH-3030", "3030"}, {"GG", "1 1aa", "GY1 1AA"},
		{"AR", "c1070aam", "C1070AAM"}, {"AR", "1070", "1070"}, {"HK", "anything", "anything"},
	} {
		a := address.Address{Line1: "1", Line2: "2", City: "C", Region: "", Postcode: c.typed, Country: c.country}.Clean()
		_, wrong := check(a)["postcode"]
		if wrong != (c.want == "") || !wrong && a.Postcode != c.want {
			t.Errorf("%s %q is %q, wrong %v; want %q", c.country, c.typed, a.Postcode, wrong, c.want)
		}
	}
}

func TestWhatIsMissingOrTooLongIsSaidAtItsField(t *testing.T) {
	long := strings.Repeat("ü", 101)
	for _, c := range []struct {
		a    address.Address
		want map[string]string
	}{
		{address.Address{Country: "DE"}, map[string]string{}},
		{address.Address{}, map[string]string{"country": "Choose a country from the list."}},
		{address.Address{Country: "XX", City: "Nowhere"}, map[string]string{"country": "Choose a country from the list.", "address1": "Enter the street and number, or the PO box."}},
		{address.Address{Country: "DE", Line2: "Rear"}, map[string]string{
			"address1": "Enter the street and number, or the PO box.", "city": "Enter the city.", "postcode": "Enter the postcode."}},
		{address.Address{Country: "US", Line1: "1 Main St"}, map[string]string{
			"city": "Enter the city.", "postcode": "Enter the ZIP code.", "region": "Enter the state."}},
		{address.Address{Country: "US", Line1: "1 Main St", City: "Cupertino", Region: "Kalifornien", Postcode: "95014"}, map[string]string{
			"region": "Choose a state from the list."}},
		{address.Address{Country: "HK", Line1: "1 Road"}, map[string]string{}},
		{address.Address{Country: "IE", Line1: long, Line2: long, City: long, Region: long, Postcode: strings.Repeat("A", 21)}, map[string]string{
			"address1": "Shorten the address to %d characters.", "address2": "Shorten the second line of the address to %d characters.",
			"city": "Shorten the city to %d characters.", "region": "Shorten the state or region to %d characters.", "postcode": "Shorten the postcode to %d characters."}},
		{address.Address{Country: "DE", Line1: "Hafenstraße 1", City: "Lübeck", Region: "Schleswig-Holstein", Postcode: "23552"}, map[string]string{}},
	} {
		if diff := cmp.Diff(c.want, check(c.a.Clean())); diff != "" {
			t.Errorf("%+v: %s", c.a, diff)
		}
	}
}

func TestEnvelopesAreWrittenAsTheirCountryDoes(t *testing.T) {
	for _, c := range []struct {
		a    address.Address
		want string
	}{
		{address.Address{Line1: "Hafenstraße 1", City: "Lübeck", Postcode: "23552", Country: "DE"}, "Hafenstraße 1|23552 Lübeck"},
		{address.Address{Line1: "Hafenstraße 1", City: "Lübeck", Postcode: "23552", Region: "Holstein", Country: "DE"}, "Hafenstraße 1|23552 Lübeck|Holstein"},
		{address.Address{Line1: "1 Infinite Loop", City: "Cupertino", Region: "california", Postcode: "95014", Country: "US"}, "1 Infinite Loop|Cupertino, CA 95014"},
		{address.Address{Line1: "1 Main", City: "Gotham", Postcode: "95014", Country: "US"}, "1 Main|Gotham 95014"},
		{address.Address{Line1: "10 Downing\nStreet", City: "London", Postcode: "SW1A2AA", Country: "GB"}, "10 Downing Street|London|SW1A 2AA"},
		{address.Address{Line1: "Fő utca 1.", City: "Budapest", Postcode: "1037", Country: "HU"}, "Budapest|Fő utca 1.|1037"},
		{address.Address{Line1: "Rua 1", City: "Salvador", Region: "Bahia", Postcode: "40301110", Country: "BR"}, "Rua 1|Salvador-BA|40301-110"},
		{address.Address{Country: "DE"}, ""},
		{address.Address{Line1: "A", City: "B", Region: "C", Postcode: "D", Country: "XX"}, "A|D B|C"},
	} {
		if got := strings.Join(c.a.Clean().Lines(), "|"); got != c.want {
			t.Errorf("%+v is\n%s, want\n%s", c.a, got, c.want)
		}
	}
}

func TestFieldsAreNamedAsTheCountryCallsThem(t *testing.T) {
	for country, want := range map[string]string{
		"DE": "Country, Address, Address, second line, Postcode, City, State or region",
		"US": "Country, Address, Address, second line, ZIP code, City, State",
		"IE": "Country, Address, Address, second line, Eircode, Town or city, County",
		"IN": "Country, Address, Address, second line, PIN code, City, State",
	} {
		var labels []string
		for _, f := range address.Fields() {
			labels = append(labels, address.Of(country).Label(f))
		}
		if got := strings.Join(labels, ", "); got != want {
			t.Errorf("%s: %s", country, got)
		}
	}
}
