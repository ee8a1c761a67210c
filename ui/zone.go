package ui

import "time"

// PrinterFor makes a printer for a language and the name of a time zone, as
// they are stored. A zone that does not exist is UTC.
func PrinterFor(language, zone string) Printer {
	l, err := time.LoadLocation(zone)
	if err != nil {
		l = time.UTC
	}
	return NewPrinter(language, l)
}
