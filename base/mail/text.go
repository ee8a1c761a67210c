package mail

import (
	"strings"
	"unicode/utf8"
)

// textWidth is where plain text breaks its lines. Links are never broken.
const textWidth = 72

// writeText renders a letter as plain text.
func writeText(l Letter, at letterhead) string {
	var parts []string
	for _, b := range l.Blocks {
		parts = append(parts, blockText(b))
	}
	foot := "-- \n" + at.brand + "\n" + at.base
	if at.contact != "" {
		foot += "\n" + at.contact
	}
	parts = append(parts, foot)
	return strings.Join(parts, "\n\n") + "\n"
}

func blockText(b Block) string {
	switch b.kind {
	case items:
		var list []string
		for _, s := range b.lines {
			list = append(list, wrap(s, "- ", "  "))
		}
		return strings.Join(list, "\n")
	case quote:
		var list []string
		for _, s := range b.lines {
			list = append(list, wrap(s, "> ", "> "))
		}
		return strings.Join(list, "\n")
	case button, secret:
		return wrap(b.label+":", "", "") + "\n" + b.url
	}
	return wrap(b.first(), "", "")
}

// wrap breaks s between words, beginning its first line with first and the
// others with next.
func wrap(s, first, next string) string {
	var b strings.Builder
	b.WriteString(first)
	width := utf8.RuneCountInString(first)
	begun := false
	for word := range strings.FieldsSeq(s) {
		n := utf8.RuneCountInString(word)
		if begun && width+1+n > textWidth {
			b.WriteString("\n" + next)
			width = utf8.RuneCountInString(next)
			begun = false
		}
		if begun {
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += n
		begun = true
	}
	return strings.TrimRight(b.String(), " ")
}
