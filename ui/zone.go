package ui

import (
	"strings"
	"sync"
	"time"
)

// zones are the time zones that one can choose, each read from its file once.
var zones = func() map[string]func() *time.Location {
	all := map[string]func() *time.Location{}
	for name := range strings.FieldsSeq(zoneNames) {
		all[name] = sync.OnceValue(func() *time.Location { return load(name) })
	}
	return all
}()

// PrinterFor makes a printer for a language and the name of a time zone, as
// they are stored. A zone that does not exist is UTC.
func PrinterFor(language, zone string) Printer {
	return NewPrinter(language, Zone(zone))
}

// Zone is the time zone of that name; UTC if there is none.
func Zone(name string) *time.Location {
	if known, ok := zones[name]; ok {
		return known()
	}
	return load(name)
}

func load(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return l
}
