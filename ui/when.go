package ui

import (
	"strconv"
	"strings"
	"time"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// in gives t in the person's zone.
func (p Printer) in(t time.Time) time.Time {
	if p.zone == nil {
		return t.UTC()
	}
	return t.In(p.zone)
}

// Date writes the day of t: "27 Nov 2026", "27. Nov. 2026".
func (p Printer) Date(t time.Time) string { return string(p.appendDate(nil, p.in(t))) }

// appendDate writes the day of t, which is in the person's zone.
func (p Printer) appendDate(b []byte, t time.Time) []byte {
	if p.tongue == nil {
		return t.AppendFormat(b, "2 Jan 2006")
	}
	b = append(b, strings.Replace(p.tongue.day, "%d", strconv.Itoa(t.Day()), 1)...)
	b = append(append(b, ' '), p.tongue.short[t.Month()-1]...)
	return t.AppendFormat(b, " 2006")
}

// Month writes the month of t, which is not moved to the zone: "November 2026".
func (p Printer) Month(t time.Time) string {
	if p.tongue == nil {
		return t.Format("January 2006")
	}
	return p.tongue.months[t.Month()-1] + t.Format(" 2006")
}

// narrowMonth is the month of t in three letters or so.
func (p Printer) narrowMonth(t time.Time) string {
	if p.tongue == nil {
		return t.Format("Jan")
	}
	return p.tongue.narrow[t.Month()-1]
}

// DateTime writes t to the minute and names the zone: "27 Nov 2026, 14:05 (CET)".
func (p Printer) DateTime(t time.Time) string {
	t = p.in(t)
	return string(p.appendTime(p.appendDate(nil, t), t))
}

// appendTime writes the minute and the zone of t, after its day.
func (p Printer) appendTime(b []byte, t time.Time) []byte {
	zone, _ := t.Zone()
	if zone == "" || strings.HasPrefix(zone, "+") || strings.HasPrefix(zone, "-") {
		zone = "UTC" + t.Format("-07:00")
	}
	if p.tongue != nil && p.tongue.zones[zone] != "" {
		zone = p.tongue.zones[zone]
	}
	b = append(t.AppendFormat(b, ", 15:04"), " ("...)
	return append(append(b, zone...), ')')
}

// onDate tells whether Ago says the date of what was that long ago.
func onDate(ago time.Duration) bool { return ago < -time.Minute || ago >= week }

// Ago says how long before now t was, up to seven days, and after that the
// date. The zero time is "Never".
func (p Printer) Ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case t.IsZero():
		return p.T("Never")
	case onDate(d):
		return p.Date(t)
	case d < time.Minute:
		return p.T("just now")
	case d < time.Hour:
		return p.N(int(d/time.Minute), "%d minute ago", "%d minutes ago")
	case d < day:
		return p.N(int(d/time.Hour), "%d hour ago", "%d hours ago")
	default:
		return p.N(int(d/day), "%d day ago", "%d days ago")
	}
}

// In says how long after now t will be, for "Expires …": "in 6 days",
// "in 40 seconds", or "now" when t has come. Seconds are rounded up, so that
// waiting them is enough; longer times are rounded to the nearest unit.
func (p Printer) In(t, now time.Time) string {
	switch d := t.Sub(now); {
	case d <= 0:
		return p.T("now")
	case d <= time.Minute-time.Second:
		return p.N(int((d+time.Second-1)/time.Second), "in %d second", "in %d seconds")
	case d.Round(time.Minute) < time.Hour:
		return p.N(max(1, int(d.Round(time.Minute)/time.Minute)), "in %d minute", "in %d minutes")
	case d.Round(time.Hour) < day:
		return p.N(int(d.Round(time.Hour)/time.Hour), "in %d hour", "in %d hours")
	default:
		return p.N(int(d.Round(day)/day), "in %d day", "in %d days")
	}
}
