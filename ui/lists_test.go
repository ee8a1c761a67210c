package ui_test

import (
	"slices"
	"testing"
	"time"

	"atrium/ui"
)

func TestCountriesAreInTheOrderOfTheirNames(t *testing.T) {
	p := ui.NewPrinter("en", nil)
	all := p.Countries()
	if len(all) != 249 {
		t.Errorf("there are %d countries", len(all))
	}
	compare := p.Comparer()
	for i, c := range all {
		if c.Label == "" || c.Label == c.Value || c.Label == "Unknown Region" {
			t.Errorf("%s has no name", c.Value)
		}
		if i > 0 && compare(all[i-1].Label, c.Label) >= 0 {
			t.Errorf("%s stands before %s", all[i-1].Label, c.Label)
		}
	}
	if all[1].Value != "AX" {
		t.Errorf("the second is %s, not the Åland Islands", all[1].Label)
	}
}

// choose puts a line before the list, and what is kept stays as it was.
func TestAKeptListIsTheSameForEverybody(t *testing.T) {
	var kept ui.Lists
	want := ui.NewPrinter("en", nil).Countries()
	for range 2 {
		got := ui.NewPrinter("en", time.UTC).Keeping(&kept).Countries()
		if !slices.Equal(got, want) {
			t.Errorf("kept are %v", got)
		}
		if one, other := append(got, ui.Option{Value: "XX"}), append(got, ui.Option{Value: "YY"}); one[len(got)] == other[len(got)] {
			t.Error("who appends to the list writes into another's")
		}
	}
	first, second := ui.NewPrinter("en", nil).Keeping(&kept).Countries(), ui.NewPrinter("en", nil).Keeping(&kept).Countries()
	if &first[0] != &second[0] {
		t.Error("the list is made anew")
	}
}

func TestACountryIsKnownByItsCode(t *testing.T) {
	p := ui.NewPrinter("en", nil)
	for code, name := range map[string]string{
		"DE": "Germany", "MK": "North Macedonia", "US": "United States",
		"": "", "de": "", "EU": "", "ZZ": "", "DEU": "", " D": "", "D E": "",
	} {
		if got := p.Country(code); got != name || ui.KnownCountry(code) != (name != "") {
			t.Errorf("%q is %q, known: %v", code, got, ui.KnownCountry(code))
		}
	}
}

func TestEveryZoneExists(t *testing.T) {
	for _, z := range ui.Zones() {
		if _, err := time.LoadLocation(z.Value); err != nil || !ui.KnownZone(z.Value) {
			t.Errorf("%s: %v, known: %v", z.Value, err, ui.KnownZone(z.Value))
		}
	}
	for _, name := range []string{"", "Local", "Europe/Atlantis", "europe/berlin", "Europe", "Europe/Berlin UTC"} {
		if ui.KnownZone(name) {
			t.Errorf("%q is known", name)
		}
	}
}
