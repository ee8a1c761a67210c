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
// quoted local parts or address literals, and refuses letters that look like
// ASCII ones and fold to them (U+212A, U+0131, U+017F).
func ParseEmail(s string) (Email, bool) {
	s = norm.NFC.String(strings.TrimSpace(s))
	at := strings.LastIndexByte(s, '@')
	if at < 1 || len(s) > 254 || !utf8.ValidString(s) {
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
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !strings.Contains(ascii, ".") || strings.HasSuffix(ascii, ".") || lookalike(domain) {
		return Email{}, false
	}
	return Email{Typed: s, Key: Fold(local) + "@" + strings.ToLower(ascii)}, true
}

func localRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r < 0x7f && !strings.ContainsRune(`"(),:;<>@[\]`, r)
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !lookalike(string(r))
}

// lookalike tells whether a letter beyond ASCII becomes an ASCII one by
// folding or by either case.
func lookalike(s string) bool {
	for _, r := range s {
		if r >= utf8.RuneSelf {
			folded, _ := utf8.DecodeRuneInString(Fold(string(r)))
			if folded < utf8.RuneSelf || unicode.ToUpper(r) < utf8.RuneSelf || unicode.ToLower(r) < utf8.RuneSelf {
				return true
			}
		}
	}
	return false
}

// Fold is how Atrium compares what people type: NFC, then Unicode's case
// folding, the same on every database.
func Fold(s string) string { return cases.Fold().String(norm.NFC.String(s)) }
