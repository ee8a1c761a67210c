package ui

import (
	"embed"
	"encoding/json"
	"fmt"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// wordFiles are the catalogues, one for each language but English: the English
// sentence and its translation, or, where a number decides, a translation for
// each form that CLDR knows in the language: {"one": "…", "other": "…"}.
//
//go:embed words/*.json
var wordFiles embed.FS

// A catalogue has a language's sentences by their English. Those about numbers
// stand under the English for several.
type catalogue map[string]saying

// A saying is a sentence, or one for each form of plural.
type saying struct {
	text  string
	forms map[string]string
}

// UnmarshalJSON reads a string or an object of strings.
func (s *saying) UnmarshalJSON(b []byte) error {
	if b[0] == '{' {
		return json.Unmarshal(b, &s.forms)
	}
	return json.Unmarshal(b, &s.text)
}

// read gives the embedded catalogue of a language. One that can't be read is a
// mistake of who built the program.
func read(code string) catalogue {
	b, err := wordFiles.ReadFile("words/" + code + ".json")
	if err != nil {
		panic(err)
	}
	c := catalogue{}
	if err := json.Unmarshal(b, &c); err != nil {
		panic(fmt.Errorf("ui: words of %s: %w", code, err))
	}
	return c
}

// say gives a sentence, in English if there is no other.
func (c catalogue) say(key string) string {
	if s, ok := c[key]; ok && s.text != "" {
		return s.text
	}
	return key
}

// count gives the form of a sentence that n asks for.
func (c catalogue) count(tag language.Tag, n int, one, other string) string {
	if form := c[other].forms[pluralOf(tag, n)]; form != "" {
		return form
	}
	if n == 1 {
		return one
	}
	return other
}

// pluralOf is CLDR's name of the plural that n takes in a language.
func pluralOf(tag language.Tag, n int) string {
	digits := max(n, -n) // of whole numbers only these matter
	switch plural.Cardinal.MatchPlural(tag, digits, 0, 0, 0, 0) {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	}
	return "other"
}
