package ui

import "strings"

// Browser names in plain words the browser that sent a User-Agent: "Firefox on
// Windows".
func (p Printer) Browser(agent string) string {
	// Browsers pretend to be older ones, so the order matters.
	name := firstOf(agent, []sign{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Vivaldi/", "Vivaldi"},
		{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"},
		{"Safari/", "Safari"}, {"curl/", "curl"}})
	system := firstOf(agent, []sign{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"},
		{"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}})
	switch {
	case name == "" && system == "":
		return p.T("Unknown browser")
	case name == "":
		return p.T("A browser on %s", system)
	case system == "":
		return name
	}
	return p.T("%s on %s", name, system)
}

// A sign is what a User-Agent contains, and what it is a sign of.
type sign struct{ part, of string }

func firstOf(agent string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(agent, s.part) {
			return s.of
		}
	}
	return ""
}
