package access

import (
	"cmp"
	"compress/gzip"
	_ "embed" // the list
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The length of a password, in characters after NFC.
const (
	passwordMin = 12
	passwordMax = 128
)

// The list, made by gen/passwords.sh; passwords.md says of what. Sorted, in
// NFC and lower case, one a line.
//
//go:embed passwords.txt.gz
var passwordsFile string

// commonPasswords knows the passwords that nobody may use: those on the list,
// and those that are one of them dressed up.
type commonPasswords struct{ list func() []string }

// newCommonPasswords makes the list, which is unpacked on first use.
func newCommonPasswords() *commonPasswords {
	return &commonPasswords{list: sync.OnceValue(func() []string {
		z, err := gzip.NewReader(strings.NewReader(passwordsFile))
		if err != nil {
			panic(err) // the binary is broken
		}
		text, err := io.ReadAll(z)
		if err != nil {
			panic(err)
		}
		return strings.Split(strings.TrimSpace(string(text)), "\n")
	})}
}

// has tells whether the password is on the list, whatever its case and length.
func (c *commonPasswords) has(password string) bool {
	_, found := slices.BinarySearch(c.list(), foldPassword(password))
	return found
}

func foldPassword(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// weakness says in a public sentence why a new password is refused, or "" when
// it is not. The context is what an attacker would try first: the person's name
// and address, the host's name and the site's.
func (c *commonPasswords) weakness(password string, context ...string) string {
	switch n := utf8.RuneCountInString(norm.NFC.String(password)); {
	case n < passwordMin:
		return "Use at least 12 characters."
	case n > passwordMax:
		return "Use at most 128 characters."
	}
	s := foldPassword(password)
	switch {
	case c.mostly(s, context):
		return "Don't use your name, your email address or the name of this site in the password."
	case c.has(s):
		return "This password is on the list of common passwords."
	case c.guessable(s):
		return "This password is easy to guess: it is a common word or pattern with little added."
	}
	return ""
}

// fresh is how many characters a password must have besides the context's words.
const fresh = 8

// mostly tells whether a folded password is little more than words of the context.
func (c *commonPasswords) mostly(s string, context []string) bool {
	words := contextWords(context)
	for _, s := range []string{s, spelt(s, 'i')} {
		rest := s
		for _, w := range words {
			rest = strings.ReplaceAll(rest, w, "")
		}
		if rest != s && (utf8.RuneCountInString(rest) < fresh || c.guessable(rest)) {
			return true
		}
	}
	return false
}

// contextWords gives the words of four and more letters, folded, the longest first.
func contextWords(context []string) []string {
	var words []string
	for _, s := range context {
		for _, w := range strings.FieldsFunc(foldPassword(s), notAlphanumeric) {
			if utf8.RuneCountInString(w) >= 4 {
				words = append(words, w)
			}
		}
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return words
}

func notAlphanumeric(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
