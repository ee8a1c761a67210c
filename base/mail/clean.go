package mail

import (
	"regexp"
	"strings"
	"unicode"
)

// NameLength is how many characters of a name a mail shows.
const NameLength = 60

// linkRemoved stands where somebody typed a link, in every language.
const linkRemoved = "[…]"

var (
	// linkPattern is what mail programs make a link of: with a scheme, with www, or a
	// domain with a path.
	linkPattern = regexp.MustCompile(`(?i)(?:[a-z][a-z0-9+.-]*://|\bwww\.|\bmailto:)\S*|(?:[\pL\pN-]+\.)+\pL[\pL\pN-]+(?::\d+)?(?:/\S*|[?#]\S+)`)
	// domainPattern is what some programs make a link of, and what many companies and
	// accounts are called. It takes the front of an email along.
	domainPattern = regexp.MustCompile(`(?:[^\s@]+@)?(?:[\pL\pN-]+\.)+\pL[\pL\pN-]+`)
)

// Name makes what a person called themselves or their account fit for subjects
// and sentences: one line of at most NameLength characters, links taken out.
func Name(s string) string {
	s = WithoutLinks(line(s))
	return cut(withoutDomains(s, unlinked), NameLength)
}

// WithoutLinks takes links out of what a person writes to another.
func WithoutLinks(s string) string {
	return inWords(s, func(word string) string { return linkPattern.ReplaceAllString(word, linkRemoved) })
}

// withoutDomains has change make something else of each domain.
func withoutDomains(s string, change func(string) string) string {
	return inWords(s, func(word string) string { return domainPattern.ReplaceAllStringFunc(word, change) })
}

// inWords has change look at the words that may have a link: neither pattern
// reaches beyond what it takes for white space, and most words have none.
func inWords(s string, change func(string) string) string {
	if !mayLink(s) {
		return s
	}
	var b strings.Builder
	for s != "" {
		end := strings.IndexAny(s, "\t\n\f\r ")
		if end < 0 {
			end = len(s)
		}
		word := s[:end]
		if mayLink(word) {
			word = change(word)
		}
		b.WriteString(word)
		b.WriteString(s[end:min(end+1, len(s))])
		s = s[min(end+1, len(s)):]
	}
	return b.String()
}

// mayLink tells whether either pattern could find something, which it asks for a
// small part of what they would cost: most sentences have no link.
func mayLink(s string) bool {
	for i, r := range s {
		switch r {
		case '.':
			if i+1 < len(s) && s[i+1] != ' ' || follows(s[:i], "www") {
				return true
			}
		case ':':
			if strings.HasPrefix(s[i:], "://") || follows(s[:i], "mailto") {
				return true
			}
		}
	}
	return false
}

// follows tells whether s ends in word, in capitals or not.
func follows(s, word string) bool {
	return len(s) >= len(word) && strings.EqualFold(s[len(s)-len(word):], word)
}

// message takes the links out of what a person writes to another. An email may
// stay one: it is there to be answered to.
func message(s string) []string {
	return lines(withoutDomains(WithoutLinks(s), func(d string) string {
		if strings.Contains(d, "@") {
			return d
		}
		return unlinked(d)
	}))
}

// unlinked puts an invisible space behind each dot, which keeps mail programs
// from making a link of a domain.
func unlinked(domain string) string { return strings.ReplaceAll(domain, ".", ".\u200b") }

// line makes one line of s: no control characters, no characters that turn the
// direction of the text, single spaces, and nothing that mail programs decode
// into what we did not see (RFC 2047).
func line(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(printable(s)), " "), "=?", "= ?")
}

// lines is line for each line of s, with at most one empty line between two.
func lines(s string) []string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	var list []string
	for l := range strings.SplitSeq(s, "\n") {
		l = line(l)
		if l == "" && (len(list) == 0 || list[len(list)-1] == "") {
			continue
		}
		list = append(list, l)
	}
	if n := len(list); n > 0 && list[n-1] == "" {
		list = list[:n-1]
	}
	return list
}

// printable takes control characters out, and format characters but those that
// scripts and emoji are joined by and our own invisible space.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case ' ' <= r && r <= '~':
			return r
		case r == unicode.ReplacementChar || unicode.IsSpace(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			return ' '
		case r == '\u200b' || r == '\u200c' || r == '\u200d':
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, s)
}

// cut shortens s to n characters.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n-1])) + "…"
}
