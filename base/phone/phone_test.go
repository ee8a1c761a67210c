package phone_test

import (
	"testing"

	"atrium/base/address"
	"atrium/base/phone"
	"atrium/fault"
)

func TestNumbersAreKeptInE164(t *testing.T) {
	for _, c := range []struct{ country, typed, want, shown string }{
		{"DE", "0451 123456", "+49451123456", "+49 451 123456"},
		{"DE", "(0451) 12-34-56", "+49451123456", "+49 451 123456"},
		{"DE", "+49 451 123456", "+49451123456", "+49 451 123456"},
		{"US", "+49 (0)451 123456", "+49451123456", "+49 451 123456"},
		{"DE", "0049 451 123456", "+49451123456", "+49 451 123456"},
		{"US", "011 49 451 123456", "+49451123456", "+49 451 123456"},
		{"US", "(212) 555-0100", "+12125550100", "+1 212-555-0100"},
		{"GB", "020 7946 0000", "+442079460000", "+44 20 7946 0000"},
		{"IT", "06 1234 5678", "+390612345678", "+39 06 1234 5678"},
		{"FR", "01 23 45 67 89", "+33123456789", "+33 1 23 45 67 89"},
		{"US", "٢١٢٥٥٥٠١٠٠", "+12125550100", "+1 212-555-0100"},
		{"", "+49 451 123456", "+49451123456", "+49 451 123456"},
		{"DE", "", "", ""},
	} {
		var wrong fault.Fields
		got := phone.Read(&wrong, "phone", c.typed, c.country)
		if len(wrong) > 0 || got != c.want || phone.Show(got) != c.shown {
			t.Errorf("%s %q is %q, shown %q, %v; want %q, %q", c.country, c.typed, got, phone.Show(got), wrong.Err(), c.want, c.shown)
		}
	}
}

func TestWhatIsNoNumberIsSaid(t *testing.T) {
	for _, c := range []struct{ country, typed, want string }{
		{"DE", "call me", "Enter a telephone number like %s, or leave it empty."},
		{"DE", "+49", "Enter a telephone number like %s, or leave it empty."},
		{"DE", "12", "Enter a telephone number like %s, or leave it empty."},
		{"US", "555-0100", "Enter a telephone number like %s, or leave it empty."}, // of which town?
		{"DE", "+49 451 12345678901234567890", "Enter a telephone number like %s, or leave it empty."},
		{"DE", "+999 451 123456", "Enter a telephone number like %s, or leave it empty."},
		{"", "0451 123456", "Enter a telephone number like %s, or leave it empty."},
		{"DE", "0451 123456 ext. 12", "Enter the telephone number without an extension."},
	} {
		var wrong fault.Fields
		if got := phone.Read(&wrong, "phone", c.typed, c.country); len(wrong) != 1 || wrong[0].Public != c.want || wrong[0].Name != "phone" || got != c.typed {
			t.Errorf("%s %q is %q: %v", c.country, c.typed, got, wrong.Err())
		}
	}
}

func TestOldNumbersAreShownAsTheyAre(t *testing.T) {
	for _, old := range []string{"", "0451 123456", "+49 451 123456", "ask Ann"} {
		if got := phone.Show(old); got != old {
			t.Errorf("%q is shown as %q", old, got)
		}
	}
}

func TestEveryCountrysExampleIsANumber(t *testing.T) {
	for _, country := range append(address.Countries(), "") {
		var wrong fault.Fields
		e := phone.Example(country)
		if n := phone.Read(&wrong, "phone", e, country); len(wrong) > 0 || phone.Show(n) != e {
			t.Errorf("%s: %q is %q, %v", country, e, n, wrong.Err())
		}
	}
}
