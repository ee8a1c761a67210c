package access

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What people add to a common password to make it long enough.
const (
	dressing  = 8 // so many digits and marks around a word add nothing
	shortUnit = 5 // so few characters add nothing by being repeated
)

// guessable tells whether a folded password is common: on the list or nothing
// but runs, or one of these repeated, with digits and marks around it or in the
// place of letters.
func (c *commonPasswords) guessable(s string) bool {
	return c.common(s) || c.dressed(s) || slices.ContainsFunc(units(s), c.dressed)
}

// common tells whether s as it stands is on the list, all runs, or something
// short or listed repeated.
func (c *commonPasswords) common(s string) bool {
	return c.has(s) || allRuns(s) || slices.ContainsFunc(units(s), func(unit string) bool {
		return utf8.RuneCountInString(unit) <= shortUnit || c.has(unit)
	})
}

// dressed tells whether s is common under its digits and marks.
func (c *commonPasswords) dressed(s string) bool {
	before, core, after := undress(s)
	for _, guess := range []struct{ word, around string }{
		{core, before + after},
		{spelt(core, 'i'), before + after},
		{spelt(core, 'l'), before + after},
		{spelt(before+core, 'i'), after},
		{spelt(s, 'i'), ""},
		{spelt(s, 'l'), ""},
	} {
		little := utf8.RuneCountInString(guess.around) <= dressing || allRuns(guess.around)
		if little && utf8.RuneCountInString(guess.word) >= 4 && c.common(guess.word) {
			return true
		}
	}
	return false
}

// undress parts s from the digits and marks before and after its letters.
func undress(s string) (before, core, after string) {
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	left := strings.TrimRightFunc(s, notLetter)
	core = strings.TrimLeftFunc(left, notLetter)
	return left[:len(left)-len(core)], core, s[len(left):]
}

// spelt undoes the usual writing of letters as digits and marks; a 1 is the
// letter one, i or l.
func spelt(s string, one rune) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '1', '!', '|':
			return one
		case '@', '4':
			return 'a'
		case '3', '€':
			return 'e'
		case '0':
			return 'o'
		case '$', '5':
			return 's'
		case '7', '+':
			return 't'
		}
		return r
	}, s)
}

// units gives each text that s is made of by repeating it at least twice, the
// last time perhaps not to its end; the shortest first.
func units(s string) []string {
	var found []string
	r := []rune(s)
	for n := 1; n <= len(r)/2; n++ {
		if slices.Equal(r[n:], r[:len(r)-n]) {
			found = append(found, string(r[:n]))
		}
	}
	return found
}

// allRuns tells whether s is made of runs only: one character again and again,
// or three and more neighbours in the alphabet, in the digits or on a keyboard.
func allRuns(s string) bool {
	r := []rune(s)
	for len(r) > 0 {
		n := max(sameRun(r), neighbourRun(r))
		if n == 0 {
			return false
		}
		r = r[n:]
	}
	return s != ""
}

// sameRun is the length of the run of one character that r begins with, or 0.
func sameRun(r []rune) int {
	n := 1
	for n < len(r) && r[n] == r[0] {
		n++
	}
	if n < 2 {
		return 0
	}
	return n
}

// neighbours are the alphabet, the digits and the rows and slants of keyboards,
// as closed rings: 0 stands between 9 and 1.
const neighbours = "abcdefghijklmnopqrstuvwxyz 1234567890 !@#$%^&*()_+ " +
	"qwertyuiop[] asdfghjkl;' zxcvbnm,./ qwertzuiopü asdfghjklöä yxcvbnm azertyuiop qsdfghjklm wxcvbn " +
	"1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 8ik, 9ol. 0p;/"

// neighbourRun is the length of the longest run of neighbours, forwards or
// backwards, that r begins with, or 0.
func neighbourRun(r []rune) int {
	longest := 0
	for ring := range strings.FieldsSeq(neighbours) {
		longest = max(longest, runOn([]rune(ring), r))
	}
	if longest < 3 {
		return 0
	}
	return longest
}

// runOn is how many characters r goes along the ring from its first one.
func runOn(ring, r []rune) int {
	start := slices.Index(ring, r[0])
	if start < 0 {
		return 0
	}
	longest := 1
	for _, step := range []int{1, len(ring) - 1} {
		n := 1
		for at := (start + step) % len(ring); n < len(r) && r[n] == ring[at]; at = (at + step) % len(ring) {
			n++
		}
		longest = max(longest, n)
	}
	return longest
}
