package ui

import (
	"time"

	"github.com/a-h/templ"

	"atrium/text"
)

// Tag is a state in a word or two.
func Tag(t Tone, words string) templ.Component { return span("tag "+string(t), words) }

// Badge is a Tag without the dot: a quality rather than a state.
func Badge(t Tone, words string) templ.Component { return span("tag plain "+string(t), words) }

// span is written by hand, because lists have one in each row: templ puts class
// names together by a map.
func span(class, words string) templ.Component {
	return templ.Raw(`<span class="` + class + `">` + text.Escape(words) + `</span>`)
}

// Time writes how long ago t was; the exact time is in the title. It is written by
// hand for the same reason.
func Time(p Printer, t, now time.Time) templ.Component {
	ago := text.Escape(p.Ago(t, now))
	if t.IsZero() {
		return templ.Raw(ago)
	}
	return templ.Raw(`<time datetime="` + t.UTC().Format(time.RFC3339) + `" title="` + text.Escape(p.DateTime(t)) + `">` + ago + `</time>`)
}

// A Head is the top of a Card.
type Head struct {
	ID    string // of the heading; must be unique on the page
	Title string
	Count int    // beside the title when above zero
	Href  string // a link at the end; "" = none
	Link  string // its words
}

// A Confirmation asks before something that can't be taken back.
type Confirmation struct {
	Title  string   // the question: the page's h1
	Text   []string // what will happen, a paragraph each
	Action string   // where Yes posts to
	Yes    Button
	Keep   string // the safe answer, e.g. "Keep access"
	Back   string // where the safe answer leads
}

// An Emptiness is what an empty list says: what is missing and what to do next.
type Emptiness struct {
	Icon  Glyph
	Title string
	Text  string
	Href  string // "" = no button
	Link  string
}

func glyph(t Tone) Glyph {
	switch t {
	case OK:
		return IconCheck
	case Warn, Bad:
		return IconWarning
	}
	return IconInfo
}
