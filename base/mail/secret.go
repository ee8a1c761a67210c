package mail

import (
	"html"
	"strings"
)

// hidden is what stands in place of a one-time link that was taken out, where
// nobody's language is known.
const hidden = "link removed"

// Hidden is what the email history shows in place of a one-time link, in the
// language of the mail around it. It is said here since a mail is taken out of
// the history by those who know no printer.
func Hidden(language string) string {
	switch language {
	case "de":
		return "Link entfernt"
	}
	return hidden
}

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
	word := Hidden(m.Language)
	m.Text = strings.ReplaceAll(m.Text, marker, word)
	m.HTML = strings.ReplaceAll(strings.ReplaceAll(m.HTML, ` href="`+marker+`"`, ""), marker, html.EscapeString(word))
	return m
}

// removed is what stands in place of a secret that a mail server repeated.
const removed = "[removed]"

// scrub takes a secret out of what a mail server answered, a link or a password: the
// whole of it, and what comes last in a link, which is the secret in it.
func scrub(s, secret string) string {
	if secret == "" {
		return s
	}
	s = strings.ReplaceAll(s, secret, removed)
	if i := strings.LastIndexAny(secret, "/=.?#"); len(secret)-i > 8 {
		s = strings.ReplaceAll(s, secret[i+1:], removed)
	}
	return s
}
