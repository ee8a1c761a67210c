package mail

import (
	"html"
	"strings"
)

// hidden is what the email history shows in place of a one-time link.
const hidden = "link removed"

// marker stands for the one-time link in stored bodies. Nobody can type it:
// control characters are taken out of everything.
const marker = "\x02" + hidden + "\x03"

// reveal puts the link into stored bodies.
func reveal(m Message, link string) Message {
	m.Text = strings.ReplaceAll(m.Text, marker, link)
	m.HTML = strings.ReplaceAll(m.HTML, marker, html.EscapeString(link))
	return m
}

// conceal shows that there was a link: the button is there but leads nowhere.
func conceal(m Message) Message {
	m.Text = strings.ReplaceAll(m.Text, marker, hidden)
	m.HTML = strings.ReplaceAll(strings.ReplaceAll(m.HTML, ` href="`+marker+`"`, ""), marker, hidden)
	return m
}

// scrub takes a link out of what a mail server answered: the whole of it and
// the part that is the secret.
func scrub(s, link string) string {
	if link == "" {
		return s
	}
	s = strings.ReplaceAll(s, link, hidden)
	if i := strings.LastIndexAny(link, "/=.?#"); len(link)-i > 8 {
		s = strings.ReplaceAll(s, link[i+1:], hidden)
	}
	return s
}
