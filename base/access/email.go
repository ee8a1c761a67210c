package access

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// An Email is an address: as it was typed, for mail, and the key it is compared
// by: NFC, case folded, the domain in ASCII.
type Email struct{ Typed, Key string }

// ParseEmail reads an address as a person types it. It accepts the addresses
// that mail is really sent to (RFC 5321 dot-strings, RFC 6531 letters), not
// quoted local parts or address literals, and refuses letters that become ASCII
// ones where addresses are compared: U+212A and U+0131; before the @ also U+00DF,
// which folds to ss; after it also U+FF45, which is an e there.
func ParseEmail(s string) (Email, bool) {
	s = strings.TrimSpace(s)
	if !utf8.ValidString(s) || lookalike(s) {
		return Email{}, false
	}
	s = norm.NFC.String(s)
	at := strings.LastIndexByte(s, '@')
	if at < 1 || len(s) > 254 {
		return Email{}, false
	}
	local, domain := s[:at], s[at+1:]
	if len(local) > 64 || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return Email{}, false
	}
	for _, r := range local {
		if !localRune(r) {
			return Email{}, false
		}
	}
	ascii, ok := domainKey(domain)
	if !ok {
		return Email{}, false
	}
	return Email{Typed: s, Key: Fold(local) + "@" + ascii}, true
}

// domainKey is a domain in ASCII. It is false for what is none, and for one that
// has something beyond ASCII which isn't in its name any more: mail goes to the
// spelling that was typed.
func domainKey(domain string) (string, bool) {
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || len(ascii) > 253 {
		return "", false
	}
	labels := strings.Split(ascii, ".")
	for _, label := range labels {
		if len(label) < 1 || len(label) > 63 {
			return "", false
		}
	}
	if last := labels[len(labels)-1]; len(labels) < 2 || strings.Trim(last, "0123456789") == "" {
		return "", false
	}
	written, err := idna.Lookup.ToUnicode(domain)
	for _, r := range domain {
		if r >= utf8.RuneSelf && !strings.ContainsRune(written, unicode.ToLower(r)) {
			return "", false
		}
	}
	return ascii, err == nil
}

func localRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r < 0x7f && !strings.ContainsRune(`"(),:;<>@[\]`, r)
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && Fold(string(r))[0] >= utf8.RuneSelf
}

// lookalike tells whether a letter beyond ASCII becomes an ASCII one by either
// case or by NFC.
func lookalike(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r >= utf8.RuneSelf && (unicode.ToUpper(r) < utf8.RuneSelf || unicode.ToLower(r) < utf8.RuneSelf || norm.NFC.String(string(r))[0] < utf8.RuneSelf)
	})
}

// Fold is how Atrium compares what people type: Unicode's case folding, in NFC,
// the same on every database. Lower case comes after it because the package's
// folding swaps Cherokee's two cases.
func Fold(s string) string {
	return norm.NFC.String(strings.ToLower(cases.Fold().String(norm.NFC.String(s))))
}
