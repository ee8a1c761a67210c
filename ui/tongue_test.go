package ui

import (
	"testing"
	"time"
)

func TestGermanSaysItInGerman(t *testing.T) {
	p := NewPrinter("de", nil)
	if p.Lang() != "de" || p.Dir() != "ltr" {
		t.Errorf("it is %s, %s", p.Lang(), p.Dir())
	}
	for _, c := range []struct{ got, want string }{
		{p.T("Log in"), "Anmelden"},
		{p.Word("Log in"), "Anmelden"},
		{p.T("Hello, %s!", "Zoë"), "Hallo, Zoë!"},
		{p.T("%d of %d permissions", 6, 13), "6 von 13 Berechtigungen"},
		{p.T("%d of %d permissions", 1024, 20000), "1.024 von 20.000 Berechtigungen"},
		{p.T("took %[2]s away from %[1]s", "Ann", "Domains"), "hat Ann die Berechtigungen Domains entzogen"},
		{p.N(1, "%d account", "%d accounts"), "1 Konto"},
		{p.N(0, "%d account", "%d accounts"), "0 Konten"},
		{p.N(1200, "%d account", "%d accounts"), "1.200 Konten"},
		{p.N(1, "One other browser is logged out.", "%d other browsers are logged out."), "Ein anderer Browser ist abgemeldet."},
		{p.T("nobody has translated %s", "this"), "nobody has translated this"},
		{p.N(1, "one thing", "%d things"), "one thing"},
		{p.N(2, "one thing", "%d things"), "2 things"},
		{p.Country("MK"), "Nordmazedonien"},
		{p.Country("DE"), "Deutschland"},
		{p.Ago(at.Add(-3*time.Hour), at), "vor 3 Stunden"},
		{p.In(at.Add(24*time.Hour), at), "in 1 Tag"},
		{p.Month(at), "November 2026"},
		{p.Speaking("en").T("Log in"), "Log in"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestGermanDates(t *testing.T) {
	for zone, want := range map[string]string{
		"Europe/Berlin":    "27. Nov. 2026, 14:05 (MEZ)",
		"Europe/Athens":    "27. Nov. 2026, 15:05 (OEZ)",
		"America/New_York": "27. Nov. 2026, 08:05 (EST)",
		"Asia/Kathmandu":   "27. Nov. 2026, 18:50 (UTC+05:45)",
	} {
		if got := PrinterFor("de", zone).DateTime(at); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
	if got := NewPrinter("de", nil).Date(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)); got != "1. März 2026" {
		t.Errorf("the first of March is %s", got)
	}
}

func TestGermanOrdersÄBesideA(t *testing.T) {
	compare := NewPrinter("de", nil).Comparer()
	if compare("Ägypten", "Afghanistan") < 0 || compare("Ägypten", "Bahamas") > 0 {
		t.Error("Ägypten stands elsewhere than between Afghanistan and the Bahamas")
	}
}

func TestABrowserIsAnsweredInTheFirstLanguageThereIs(t *testing.T) {
	for header, want := range map[string]string{
		"":                                 "",
		"de":                               "de",
		"de-AT,de;q=0.9,en;q=0.8":          "de",
		"en-GB,en;q=0.9,de;q=0.8":          "en",
		"fr-FR,fr;q=0.9,de;q=0.5,en;q=0.4": "de",
		"en;q=0.2,de;q=0.7":                "de",
		"fr,it":                            "",
		"*":                                "",
		"de;q=0":                           "",
		"en-XA,ar-XB":                      "en",
		"no language at all; q=much":       "",
		"de-Latn-DE-1996-u-co-phonebk,en":  "de",
	} {
		if got := Accepted(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

// What tests write in, nobody can choose.
func TestPseudoLanguagesAreNoChoice(t *testing.T) {
	p := NewPrinter("en-XA", nil)
	if got := p.T("Hello, %s!", "Ann"); got != "[Ĥéļļö, Ann! ····]" {
		t.Errorf("it says %q", got)
	}
	for _, code := range []string{"en-XA", "ar-XB"} {
		if KnownLanguage(code) || NewPrinter(code, nil).Lang() != code {
			t.Errorf("%s can be chosen: %v; it is %s", code, KnownLanguage(code), NewPrinter(code, nil).Lang())
		}
	}
	if dir := NewPrinter("ar-XB", nil).Dir(); dir != "rtl" {
		t.Errorf("it runs %s", dir)
	}
}
