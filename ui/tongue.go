package ui

import (
	"slices"
	"sync"

	"golang.org/x/text/language"
)

// English is the language of the keys, and of what has no other.
const English = "en"

// A Language is one that Atrium's words exist in.
type Language struct {
	Code string // BCP 47, e.g. "en"
	Name string // in the language itself
}

// Languages lists the languages a person may choose.
func Languages() []Language {
	return []Language{{"de", german.name}, {English, "English"}}
}

// KnownLanguage tells whether code is one of those that Languages lists.
func KnownLanguage(code string) bool {
	return slices.ContainsFunc(Languages(), func(l Language) bool { return l.Code == code })
}

// LanguageOptions are the languages, for a Choice.
func LanguageOptions() []Option {
	var all []Option
	for _, l := range Languages() {
		all = append(all, Option{Value: l.Code, Label: l.Name})
	}
	return all
}

// OwnLanguages are LanguageOptions for who may also leave it to the host, which
// is the value "".
func (p Printer) OwnLanguages() []Option {
	return slices.Insert(LanguageOptions(), 0, Option{Label: p.OwnLanguage("")})
}

// OwnLanguage is the name of a language that somebody has chosen, or left to the
// host with "".
func (p Printer) OwnLanguage(code string) string {
	if code == "" {
		return p.T("The language of this site")
	}
	return LanguageName(code)
}

// LanguageName is the name of the language with this code, in itself.
func LanguageName(code string) string {
	for _, l := range Languages() {
		if l.Code == code {
			return l.Name
		}
	}
	return code
}

// Accepted is the language that a browser asks for by its Accept-Language, or ""
// when Atrium has none of them.
func Accepted(header string) string {
	asked, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return ""
	}
	for _, tag := range asked {
		base, _ := tag.Base()
		if KnownLanguage(base.String()) {
			return base.String()
		}
	}
	return ""
}

// A tongue is how a language other than English says things.
type tongue struct {
	code, name  string
	tag         language.Tag
	rightToLeft bool

	say   func(key string) string // a sentence by its English
	count func(n int, one, other string) string

	point                 string     // between a number's digits: ","
	months, short, narrow [12]string // January, of dates, of narrow columns
	day                   string     // how a date's day is written: "%d."
	zones                 map[string]string
}

// tongueOf gives nil for English, and for what is not there.
func tongueOf(code string) *tongue {
	switch code {
	case "de":
		return german
	case pseudoLong.code:
		return pseudoLong
	case pseudoBack.code:
		return pseudoBack
	}
	return nil
}

// words reads a language's catalogue when it is first asked for.
func words(code string, tag language.Tag) (say func(string) string, count func(int, string, string) string) {
	book := sync.OnceValue(func() catalogue { return read(code) })
	say = func(key string) string { return book().say(key) }
	return say, func(n int, one, other string) string { return book().count(tag, n, one, other) }
}

// german is read only.
var german = func() *tongue {
	t := &tongue{code: "de", name: "Deutsch", tag: language.German, point: ",", day: "%d.",
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		short:  [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
		narrow: [12]string{"Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"},
		zones:  map[string]string{"CET": "MEZ", "CEST": "MESZ", "WET": "WEZ", "WEST": "WESZ", "EET": "OEZ", "EEST": "OESZ"}}
	t.say, t.count = words(t.code, t.tag)
	return t
}()
