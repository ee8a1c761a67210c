package money_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"atrium/money"
)

func amounts(currencies ...money.Currency) *rapid.Generator[money.Amount] {
	return rapid.Custom(func(t *rapid.T) money.Amount {
		return money.Amount{Minor: rapid.Int64().Draw(t, "minor"), Currency: rapid.SampledFrom(currencies).Draw(t, "currency")}
	})
}

func TestAddAndSubAreExactOrOverflow(t *testing.T) {
	edge := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{0, 1, -1, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1}))
	rapid.Check(t, func(t *rapid.T) {
		a, b := money.Amount{edge.Draw(t, "a"), "EUR"}, money.Amount{edge.Draw(t, "b"), "EUR"}
		exact := func(op string, got money.Amount, err error, want *big.Int) {
			if !want.IsInt64() {
				if !errors.Is(err, money.ErrOverflow) {
					t.Fatalf("%s %s %s = %s, %v; want ErrOverflow", a, op, b, got, err)
				}
				return
			}
			if err != nil || got != (money.Amount{want.Int64(), "EUR"}) {
				t.Fatalf("%s %s %s = %s, %v; want %d", a, op, b, got, err, want)
			}
		}
		x, y := big.NewInt(a.Minor), big.NewInt(b.Minor)
		sum, err := a.Add(b)
		exact("+", sum, err, new(big.Int).Add(x, y))
		difference, err := a.Sub(b)
		exact("-", difference, err, new(big.Int).Sub(x, y))
	})
}

func TestCurrenciesDoNotMix(t *testing.T) {
	for _, b := range []money.Currency{"USD", "", "eur"} {
		a, b := money.Amount{100, "EUR"}, money.Amount{0, b}
		if got, err := a.Add(b); !errors.Is(err, money.ErrCurrency) || got != (money.Amount{}) {
			t.Errorf("%v + %v = %v, %v", a, b, got, err)
		}
		if got, err := a.Sub(b); !errors.Is(err, money.ErrCurrency) || got != (money.Amount{}) {
			t.Errorf("%v - %v = %v, %v", a, b, got, err)
		}
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := amounts("EUR", "JPY", "KWD").Draw(t, "amount")
		got, err := money.Parse(want.String(), want.Currency)
		if err != nil || got != want {
			t.Fatalf("Parse(%q) = %v, %v; want %v", want, got, err, want)
		}
	})
}

func TestString(t *testing.T) {
	for _, tt := range []struct {
		amount money.Amount
		want   string
	}{
		{money.Amount{1234, "EUR"}, "12.34"},
		{money.Amount{5, "EUR"}, "0.05"},
		{money.Amount{-5, "EUR"}, "-0.05"},
		{money.Amount{-1200, "EUR"}, "-12.00"},
		{money.Amount{0, "EUR"}, "0.00"},
		{money.Amount{1200, "JPY"}, "1200"},
		{money.Amount{-1234, "KWD"}, "-1.234"},
		{money.Amount{math.MaxInt64, "EUR"}, "92233720368547758.07"},
		{money.Amount{math.MinInt64, "EUR"}, "-92233720368547758.08"},
		{money.Amount{math.MinInt64, "JPY"}, "-9223372036854775808"},
		{money.Amount{}, "0.00"},
	} {
		if got := tt.amount.String(); got != tt.want {
			t.Errorf("%#v is written %q, want %q", tt.amount, got, tt.want)
		}
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		text     string
		currency money.Currency
		minor    int64
	}{
		{"12", "EUR", 1200},
		{"12.3", "EUR", 1230},
		{"12.34", "EUR", 1234},
		{"0012.34", "EUR", 1234},
		{"-0", "EUR", 0},
		{"-0.05", "EUR", -5},
		{"1200", "JPY", 1200},
		{"1.2", "KWD", 1200},
		{"92233720368547758.07", "EUR", math.MaxInt64},
		{"-92233720368547758.08", "EUR", math.MinInt64},
	} {
		got, err := money.Parse(tt.text, tt.currency)
		if want := (money.Amount{tt.minor, tt.currency}); err != nil || got != want {
			t.Errorf("Parse(%q, %s) = %#v, %v; want %#v", tt.text, tt.currency, got, err, want)
		}
	}
}

func TestParseRefusesWhatIsNotAnAmount(t *testing.T) {
	for _, text := range []string{
		"", "-", ".", "12.", ".5", "+12", "--12", "12-", "1,234.50", "1 234", " 12", "12 ", "12.345", "1e3", "0x10",
		"12.3.4", "١٢", "NaN", "12\x00", "1_000", "12.-3",
	} {
		if got, err := money.Parse(text, "EUR"); err == nil || errors.Is(err, money.ErrOverflow) {
			t.Errorf("Parse(%q) = %v, %v", text, got, err)
		}
	}
	if got, err := money.Parse("12.0", "JPY"); err == nil {
		t.Errorf("yen with digits behind the point: %v", got)
	}
	for _, text := range []string{"92233720368547758.08", "-92233720368547758.09", "99999999999999999999999"} {
		if got, err := money.Parse(text, "EUR"); !errors.Is(err, money.ErrOverflow) {
			t.Errorf("Parse(%q) = %v, %v", text, got, err)
		}
	}
}

func TestParseNeverPanicsNorInvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("0123456789.-+, e"))).Draw(t, "text")
		a, err := money.Parse(text, "EUR")
		if err != nil {
			return
		}
		again, err := money.Parse(a.String(), "EUR")
		if err != nil || again != a {
			t.Fatalf("%q is %s, which is read as %s, %v", text, a, again, err)
		}
	})
}

func TestCurrencies(t *testing.T) {
	for code, digits := range map[string]int{"EUR": 2, "USD": 2, "AED": 2, "ZWG": 2, "JPY": 0, "BIF": 0, "XPF": 0, "BHD": 3, "TND": 3} {
		c, ok := money.ParseCurrency(code)
		if !ok || string(c) != code || c.Digits() != digits {
			t.Errorf("ParseCurrency(%q) = %q, %v with %d digits, want %d", code, c, ok, c.Digits(), digits)
		}
	}
	for _, code := range []string{"", "eur", "EURO", "EU", "XXX", "UR ", "D A", "R G", "DEM", "ÉUR", "EUR USD"} {
		if c, ok := money.ParseCurrency(code); ok {
			t.Errorf("ParseCurrency(%q) = %q", code, c)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, tt := range []struct {
		amount   money.Amount
		language language.Tag
		want     string
	}{
		{money.Amount{123450, "EUR"}, language.English, "1,234.50\u00a0EUR"},
		{money.Amount{-5, "USD"}, language.English, "-0.05\u00a0USD"},
		{money.Amount{-123456789, "USD"}, language.English, "-1,234,567.89\u00a0USD"},
		{money.Amount{0, "EUR"}, language.English, "0.00\u00a0EUR"},
		{money.Amount{123450, "EUR"}, language.German, "1.234,50\u00a0EUR"},
		{money.Amount{123450, "EUR"}, language.French, "1\u00a0234,50\u00a0EUR"},
		{money.Amount{-123450, "SEK"}, language.Swedish, "−1\u00a0234,50\u00a0SEK"},
		{money.Amount{12345600, "INR"}, language.MustParse("hi"), "1,23,456.00\u00a0INR"},
		{money.Amount{123409, "EGP"}, language.Arabic, "١٬٢٣٤٫٠٩\u00a0EGP"},
		{money.Amount{1234, "JPY"}, language.Japanese, "1,234\u00a0JPY"},
		{money.Amount{1234567, "KWD"}, language.English, "1,234.567\u00a0KWD"},
		{money.Amount{math.MinInt64, "EUR"}, language.English, "-92,233,720,368,547,758.08\u00a0EUR"},
		{money.Amount{}, language.Und, "0.00"},
	} {
		if got := tt.amount.Format(tt.language); got != tt.want {
			t.Errorf("%#v in %s is %q, want %q", tt.amount, tt.language, got, tt.want)
		}
	}
}

func TestEnglishFormatIsTheStringWithCommas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts("EUR", "JPY", "KWD").Draw(t, "amount")
		var plain []rune
		for _, r := range a.Format(language.English) {
			if r != ',' {
				plain = append(plain, r)
			}
		}
		if want := a.String() + "\u00a0" + string(a.Currency); string(plain) != want {
			t.Fatalf("Format gives %q, String %q", string(plain), want)
		}
	})
}
