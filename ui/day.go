package ui

import "time"

// Day reads a date as a browser's field sends it, 2026-11-22: the moment at
// which that day begins to this person.
func (p Printer) Day(text string) (time.Time, bool) {
	day, err := time.ParseInLocation(time.DateOnly, text, p.in(time.Time{}).Location())
	return day, err == nil && day.Year() >= 1
}
