package ui

import (
	"testing"
	"time"
)

var at = time.Date(2026, 11, 27, 13, 5, 0, 0, time.UTC)

func TestNewPrinterFallsBackToEnglishAndUTC(t *testing.T) {
	for _, lang := range []string{"", "en", "xx", "DE", "ar"} {
		p := NewPrinter(lang, nil)
		if p.Lang() != "en" || p.Dir() != "ltr" || p.DateTime(at) != "27 Nov 2026, 13:05 (UTC)" {
			t.Errorf("NewPrinter(%q): %s %s %s", lang, p.Lang(), p.Dir(), p.DateTime(at))
		}
	}
	var zero Printer
	if zero.Lang() != "en" || zero.Date(at) != "27 Nov 2026" {
		t.Errorf("the zero printer says %s, %s", zero.Lang(), zero.Date(at))
	}
	if dir := NewPrinter("ar-XB", nil).Dir(); dir != "rtl" {
		t.Errorf("what is written from right to left runs %s", dir)
	}
}

func TestSentences(t *testing.T) {
	p := NewPrinter("en", nil)
	for _, c := range []struct{ got, want string }{
		{p.T("Send Invite"), "Send Invite"},
		{p.T("Hello, %s!", "<b>Zoë</b>"), "Hello, <b>Zoë</b>!"},
		{p.T("%d of %d permissions", 6, 13), "6 of 13 permissions"},
		{p.T("%d accounts", 12345), "12,345 accounts"},
		{p.T("%d bytes", int64(2048)), "2,048 bytes"},
		{p.T("Account %s", "10482"), "Account 10482"},
		{p.T("%[2]s, then %[1]s", "b", "a"), "a, then b"},
		{p.T("100%% of %s", "it"), "100% of it"},
		{p.T("%s: %d of %s", "Ann", -7, "10%s"), "Ann: -7 of 10%s"},
		{p.T("%s: %d of %s", "Ann", 1000, "10%s"), "Ann: 1,000 of 10%s"},
		{p.T("%5d|%-3s|", 7, "a"), "    7|a  |"},
		{p.N(1, "%d user", "%d users"), "1 user"},
		{p.N(0, "%d user", "%d users"), "0 users"},
		{p.N(1200, "%d user", "%d users"), "1,200 users"},
		{p.N(2, "%d user of %s", "%d users of %s", "Acme"), "2 users of Acme"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDatesFollowTheZoneAndNameIt(t *testing.T) {
	for zone, want := range map[string]string{
		"Europe/Berlin":    "27 Nov 2026, 14:05 (CET)",
		"America/New_York": "27 Nov 2026, 08:05 (EST)",
		"Asia/Kathmandu":   "27 Nov 2026, 18:50 (UTC+05:45)",
		"Pacific/Auckland": "28 Nov 2026, 02:05 (NZDT)",
	} {
		l, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := NewPrinter("en", l).DateTime(at); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
}

func TestAgo(t *testing.T) {
	p := NewPrinter("en", nil)
	if got := p.Ago(time.Time{}, at); got != "Never" {
		t.Errorf("zero time: %q", got)
	}
	for d, want := range map[time.Duration]string{
		-2 * time.Hour:             "27 Nov 2026",
		-30 * time.Second:          "just now",
		0:                          "just now",
		59 * time.Second:           "just now",
		time.Minute:                "1 minute ago",
		3*time.Minute + 59e9:       "3 minutes ago",
		time.Hour:                  "1 hour ago",
		23*time.Hour + 59*60e9:     "23 hours ago",
		24 * time.Hour:             "1 day ago",
		6*24*time.Hour + 23*3600e9: "6 days ago",
		7 * 24 * time.Hour:         "20 Nov 2026",
		400 * 24 * time.Hour:       "23 Oct 2025",
	} {
		if got := p.Ago(at.Add(-d), at); got != want {
			t.Errorf("%v before: %q, want %q", d, got, want)
		}
	}
}

func TestIn(t *testing.T) {
	p := NewPrinter("en", nil)
	for d, want := range map[time.Duration]string{
		-time.Second:                    "now",
		0:                               "now",
		time.Millisecond:                "in 1 second",
		39*time.Second + 1:              "in 40 seconds",
		59 * time.Second:                "in 59 seconds",
		59*time.Second + 1:              "in 1 minute",
		100 * time.Second:               "in 2 minutes",
		59*time.Minute + 40*time.Second: "in 1 hour",
		5 * time.Hour:                   "in 5 hours",
		23*time.Hour + 31*60e9:          "in 1 day",
		6*24*time.Hour + 23*3600e9:      "in 7 days",
		6*24*time.Hour + 2*3600e9:       "in 6 days",
	} {
		if got := p.In(at.Add(d), at); got != want {
			t.Errorf("%v after: %q, want %q", d, got, want)
		}
	}
}

func BenchmarkT(b *testing.B) {
	p := NewPrinter("en", nil)
	b.ReportAllocs()
	for b.Loop() {
		p.T("%d of %d permissions", 6, 13)
	}
}

func BenchmarkTOfACatalogue(b *testing.B) {
	p := NewPrinter("de", nil)
	b.ReportAllocs()
	for b.Loop() {
		p.T("%d of %d permissions", 6, 13)
	}
}

func BenchmarkWord(b *testing.B) {
	for _, lang := range []string{"en", "de"} {
		b.Run(lang, func(b *testing.B) {
			p := NewPrinter(lang, nil)
			for b.Loop() {
				p.Word("Send Invite")
			}
		})
	}
}
