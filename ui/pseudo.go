package ui

import (
	"regexp"
	"strings"

	"golang.org/x/text/language"
)

// The pseudo-languages show what was forgotten: text that nobody can translate
// lacks their brackets, and what is too narrow for other languages breaks. They
// are no choice of anybody's: only tests write them into a user's row, or
// the host's settings.
var (
	// pseudoLong is English that is longer by two fifths, as German is.
	pseudoLong = pseudo("en-XA", false)
	// pseudoBack is the same from right to left.
	pseudoBack = pseudo("ar-XB", true)
)

func pseudo(code string, back bool) *tongue {
	t := &tongue{code: code, name: code, tag: language.English, rightToLeft: back, point: ".", day: "%d", say: bracket,
		months: [12]string{"[Ĵáñüárÿ·]", "[Ƒéƀrüárÿ·]", "[Ṁárçĥ··]", "[Áþríļ··]", "[Ṁáÿ··]", "[Ĵüñé··]", "[Ĵüļÿ··]", "[Áüĝüšţ··]", "[Šéþţéṁƀér·]", "[Öçţöƀér·]", "[Ñöṽéṁƀér·]", "[Ðéçéṁƀér·]"},
	}
	for i, m := range t.months {
		short := []rune(m)
		t.short[i] = string(short[:4]) + "]"
		t.narrow[i] = t.short[i]
	}
	t.count = func(n int, one, other string) string {
		if n == 1 {
			return bracket(one)
		}
		return bracket(other)
	}
	return t
}

// verbs are fmt's, which stay as they are.
var verbs = regexp.MustCompile(`%(\[\d+\])?[a-z%]`)

// bracket lengthens a sentence by two fifths, gives its letters accents, and
// puts it into brackets.
func bracket(key string) string {
	if key == "" {
		return ""
	}
	var out strings.Builder
	out.WriteByte('[')
	rest := key
	for _, at := range verbs.FindAllStringIndex(key, -1) {
		start := at[0] - (len(key) - len(rest))
		out.WriteString(accents.Replace(rest[:start]) + key[at[0]:at[1]])
		rest = key[at[1]:]
	}
	out.WriteString(accents.Replace(rest))
	for i := range (len([]rune(key))*2 + 4) / 5 {
		if i%6 == 0 && strings.Contains(key, " ") {
			out.WriteByte(' ') // as long as words are, not as lines
		}
		out.WriteString("·")
	}
	out.WriteByte(']')
	return out.String()
}

// accents is read only.
var accents = strings.NewReplacer("a", "á", "b", "ƀ", "c", "ç", "d", "ð", "e", "é", "f", "ƒ", "g", "ĝ", "h", "ĥ", "i", "í", "j", "ĵ", "k", "ķ", "l", "ļ",
	"m", "ṁ", "n", "ñ", "o", "ö", "p", "þ", "q", "ǫ", "r", "ŕ", "s", "š", "t", "ţ", "u", "ü", "v", "ṽ", "w", "ŵ", "x", "ẋ", "y", "ÿ", "z", "ž",
	"A", "Á", "B", "Ɓ", "C", "Ç", "D", "Ð", "E", "É", "F", "Ƒ", "G", "Ĝ", "H", "Ĥ", "I", "Í", "J", "Ĵ", "K", "Ķ", "L", "Ļ",
	"M", "Ṁ", "N", "Ñ", "O", "Ö", "P", "Þ", "Q", "Ǫ", "R", "Ŕ", "S", "Š", "T", "Ţ", "U", "Û", "V", "Ṽ", "W", "Ŵ", "X", "Ẋ", "Y", "Ý", "Z", "Ž")
