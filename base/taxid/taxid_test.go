package taxid_test

import (
	"strings"
	"testing"

	"atrium/base/address"
	"atrium/base/taxid"
	"atrium/fault"
)

// The numbers are those that countries, the European Commission and the projects
// named in doc.go print as examples.
func TestNumbersAreTakenAsTheyAreTyped(t *testing.T) {
	for _, c := range []struct{ country, typed, want string }{
		{"AT", "U 1358 5627", "ATU13585627"}, {"AT", "ATU13585627", "ATU13585627"},
		{"BE", "403.019.261", "BE0403019261"}, {"BE", "BE0428759497", "BE0428759497"},
		{"BG", "175 074 752", "BG175074752"}, {"BG", "7523169263", "BG7523169263"}, {"BG", "8032056031", "BG8032056031"}, {"BG", "7552010005", "BG7552010005"},
		{"CY", "10259033p", "CY10259033P"},
		{"CZ", "CZ 25123891", "CZ25123891"}, {"CZ", "640903926", "CZ640903926"}, {"CZ", "7103192745", "CZ7103192745"}, {"CZ", "395601439", "CZ395601439"},
		{"DE", "136,695 976", ""}, {"DE", "136 695 976", "DE136695976"}, {"DE", "de136695976", "DE136695976"},
		{"DK", "13585628", "DK13585628"}, {"EE", "100 931 558", "EE100931558"},
		{"GR", "094259216", "EL094259216"}, {"GR", "GR 094259216", "EL094259216"}, {"GR", "EL094259216", "EL094259216"},
		{"ES", "B-58378431", "ESB58378431"}, {"ES", "54362315-K", "ES54362315K"}, {"ES", "X-5253868-R", "ESX5253868R"}, {"ES", "M-1234567-L", "ESM1234567L"},
		{"FI", "20774740", "FI20774740"},
		{"FR", "40 303 265 045", "FR40303265045"}, {"FR", "K7399859412", "FRK7399859412"}, {"FR", "4Z123456782", "FR4Z123456782"}, {"MC", "53 0000 04605", "FR53000004605"},
		{"HR", "33392005961", "HR33392005961"}, {"HU", "12892312", "HU12892312"},
		{"IE", "6433435F", "IE6433435F"}, {"IE", "6433435OA", "IE6433435OA"}, {"IE", "8D79739I", "IE8D79739I"},
		{"IT", "00743110157", "IT00743110157"},
		{"LT", "119511515", "LT119511515"}, {"LT", "100001919017", "LT100001919017"}, {"LT", "100004801610", "LT100004801610"},
		{"LU", "150 274 42", "LU15027442"}, {"LV", "4000 3521 600", "LV40003521600"}, {"LV", "161175-19997", "LV16117519997"}, {"LV", "327878-81212", "LV32787881212"},
		{"MT", "1167-9112", "MT11679112"},
		{"NL", "004495445B01", "NL004495445B01"}, {"NL", "123456789B13", "NL123456789B13"},
		{"PL", "856-734-62-15", "PL8567346215"}, {"PT", "501 964 843", "PT501964843"}, {"RO", "185 472 90", "RO18547290"},
		{"SE", "123456-7897 01", "SE123456789701"}, {"SI", "5022 3054", "SI50223054"}, {"SK", "202 274 96 19", "SK2022749619"},
		{"GB", "980 7806 84", "GB980780684"}, {"GB", "GB802311782", "GB802311782"}, {"GB", "GD001", "GBGD001"}, {"GB", "HA500", "GBHA500"},
		{"GB", "XI 980780684", "XI980780684"}, {"IM", "980780684", "GB980780684"},
		{"CH", "CHE-107.787.577 IVA", "CHE-107.787.577 IVA"}, {"CH", "che107787577mwst", "CHE-107.787.577 MWST"}, {"LI", "CHE107787577", "CHE-107.787.577"},
		{"NO", "988 077 917", "988077917MVA"}, {"NO", "NO 988077917 MVA", "988077917MVA"},
		{"DE", "ATU13585627", "ATU13585627"}, {"US", "DE136695976", "DE136695976"}, // registered elsewhere

		{"AU", "51 824 753 556", "51824753556"}, {"BR", "11.222.333/0001-81", "11222333000181"}, {"BR", "12.ABC.345/01DE-35", "12ABC34501DE35"},
		{"BR", "390.533.447-05", "39053344705"}, {"CA", "12302 6635 RT 0001", "123026635RT0001"}, {"IN", "27AAPFU0939F1ZV", "27AAPFU0939F1ZV"},
		{"JP", "7000012050002", "T7000012050002"}, {"JP", "T7-0000-1205-0002", "T7000012050002"}, {"US", "123456789", "12-3456789"}, {"ZA", "4150123456", "4150123456"},
		{"AR", "20-05536168-2", "20055361682"}, {"", "AB 123", "AB123"}, {"DE", "", ""},
	} {
		var wrong fault.Fields
		got := taxid.Read(&wrong, "tax", c.typed, c.country)
		if c.want == "" && c.typed != "" {
			if len(wrong) != 1 || got != c.typed {
				t.Errorf("%s %q is taken as %q", c.country, c.typed, got)
			}
			continue
		}
		if len(wrong) > 0 || got != c.want {
			t.Errorf("%s %q is %q, %v; want %q", c.country, c.typed, got, wrong.Err(), c.want)
		}
		if again := taxid.Read(&wrong, "tax", got, c.country); again != got || len(wrong) > 0 {
			t.Errorf("%s %q, read again, is %q: %v", c.country, got, again, wrong.Err())
		}
	}
}

// Of numbers with check digits, none is right with another digit in one place.
func TestOneWrongDigitIsFound(t *testing.T) {
	for _, country := range address.Countries() {
		kind := taxid.Of(country)
		switch country {
		case "US", "ZA": // have no check digits that are known
			continue
		}
		if kind.Example == "" {
			continue
		}
		checked, missed := 0, 0
		for i, r := range kind.Example {
			if r < '0' || r > '9' || country == "NL" && i > 10 || country == "SE" && i > 11 || country == "CA" && i > 8 {
				continue // companies' own parts and the like
			}
			for d := '0'; d <= '9'; d++ {
				if d == r {
					continue
				}
				var wrong fault.Fields
				checked++
				if taxid.Read(&wrong, "tax", kind.Example[:i]+string(d)+kind.Example[i+1:], country); len(wrong) == 0 {
					missed++
				}
			}
		}
		// Check digits modulo 11 whose remainder 10 is written 0, and countries
		// with several kinds of numbers, miss a few.
		if checked == 0 || missed*10 > checked {
			t.Errorf("%s: of %d wrong numbers %d are taken", country, checked, missed)
		}
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	const digits, shape, none = "%s has wrong check digits, so nobody has this number. Compare it with your papers.",
		"Enter a number like %s, or leave it empty.", "Enter the tax ID as it stands in your papers, in %d letters and digits at most."
	for _, c := range []struct{ country, typed, want string }{
		{"DE", "DE136695977", digits}, {"DE", "036695976", digits}, {"DE", "12345", shape}, {"DE", "ATU13585628", digits}, {"DE", "ü36695976", shape},
		{"US", "DE136695977", digits}, {"US", "12", shape}, {"AR", "DE136695977", digits}, {"AR", "none", none}, {"AR", strings.Repeat("1", 33), none},
		{"AR", "12 € 34", none}, {"GB", "GD500", digits}, {"GB", "HA499", digits}, {"GB", "000000000", digits}, {"IT", "00743110158", digits}, {"SE", "123456789700", digits},
	} {
		var wrong fault.Fields
		if got := taxid.Read(&wrong, "tax", c.typed, c.country); len(wrong) != 1 || wrong[0].Public != c.want || wrong[0].Name != "tax" || got != c.typed {
			t.Errorf("%s %q is %q: %v", c.country, c.typed, got, wrong.Err())
		}
	}
}

func TestEveryExampleIsANumberOfItsCountry(t *testing.T) {
	for _, country := range address.Countries() {
		kind := taxid.Of(country)
		var wrong fault.Fields
		if got := taxid.Read(&wrong, "tax", kind.Example, country); len(wrong) > 0 || got != kind.Example || kind.Label == "" {
			t.Errorf("%s: %q, %q is %q: %v", country, kind.Label, kind.Example, got, wrong.Err())
		}
	}
}
