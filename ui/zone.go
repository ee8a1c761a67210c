package ui

import (
	"sync"
	"time"
)

// zones are the time zones by name: reading one is reading a file.
var zones sync.Map

// PrinterFor makes a printer for a language and the name of a time zone, as
// they are stored. A zone that does not exist is UTC.
func PrinterFor(language, zone string) Printer {
	return NewPrinter(language, Zone(zone))
}

// Zone is the time zone of that name; UTC if there is none.
func Zone(name string) *time.Location {
	if l, ok := zones.Load(name); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC // not kept: name is what somebody typed
	}
	zones.Store(name, l)
	return l
}
