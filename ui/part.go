package ui

import (
	"time"

	"github.com/a-h/templ"

	"atrium/text"
)

// Time writes how long ago t was; the exact time is in the title.
func Time(p Printer, t, now time.Time) templ.Component {
	return text.Component(func(o *text.Out, _ text.Children) { DrawTime(o, nil, p, t, now) })
}

// DrawTime draws a Time. It is written by hand, as lists have one in each row.
func DrawTime(o *text.Out, _ text.Children, p Printer, t, now time.Time) {
	if t.IsZero() {
		o.Text(p.Ago(t, now))
		return
	}
	var room [80]byte
	here := p.in(t)
	date := p.appendDate(room[:0], here)
	exact := string(p.appendTime(date, here))
	ago := exact[:len(date)]
	if !onDate(now.Sub(t)) {
		ago = p.Ago(t, now)
	}
	o.Raw(`<time datetime="`)
	o.Stamp(t)
	o.Raw(`" title="`)
	o.Text(exact)
	o.Raw(`">`)
	o.Text(ago)
	o.Raw(`</time>`)
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
