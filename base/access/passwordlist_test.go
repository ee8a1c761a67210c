package access

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	tooShort = "Use at least 12 characters."
	tooLong  = "Use at most 128 characters."
	yourName = "Don't use your name, your email address or the name of this site in the password."
	onList   = "This password is on the list of common passwords."
	easy     = "This password is easy to guess: it is a common word or pattern with little added."
)

func TestWeakPasswordsAreRefused(t *testing.T) {
	c := newCommonPasswords()
	context := []string{"Ann-Marie Smith", "ann.smith84@example.com", "Atrium", "https://clients.example.com"}
	for _, tt := range []struct{ password, want string }{
		{"", tooShort},
		{"kT7#vq9!xPz", tooShort},
		{strings.Repeat("kT7#vq9!xPz ", 11), tooLong},

		{"123qweasdzxc", onList},
		{"1QAZ2wsx3edc", onList},
		{"motherfucker", onList},
		{"unfortunately", onList},
		{"administrator", onList},
		{"Password1234", onList},
		{"passwordpassword", onList},
		{"aaaaaaaaaaaa", onList},
		{"198719871987", onList},
		{"qwertyuiop12", onList},
		{"123456789012", onList},
		{"abcdefghijkl", onList},
		{"112233445566", onList},

		{"password2024!", easy},
		{"!!2024Password", easy},
		{"P@ssw0rd2024", easy},
		{"p4$$w0rd!!!!", easy},
		{"$unshine2024", easy},
		{"he11okitty!1", easy},
		{"Liverpool1892", easy},
		{"dragon123456789!!", easy},
		{"Password1Password1", easy},
		{"letmeinletmein!", easy},
		{"            ", easy},
		{"ggggggggggggggggggggg", easy},
		{"abababababab", easy},
		{"k7#k7#k7#k7#", easy},
		{"x9!qPx9!qPx9!", easy},
		{"12345678901234567890123", easy},
		{"098765432109", easy},
		{"qwertyuiop[]7", easy},
		{"zyxwvutsrqponm", easy},
		{"abcd1234efgh", easy},
		{"7ujm6yhn5tgb", easy},
		{"!@#$%^&*()_+", easy},
		{"azertyuiopqsdf", easy},

		{"annmariesmith", yourName},
		{"Smith-Marie-1984", yourName},
		{"Sm1th-m@rie-1984", yourName},
		{"smith84!smith84", yourName},
		{"AtriumAtrium", yourName},
		{"atrium-password", yourName},
		{"clients.example.com", yourName},
		{"example123456789", yourName},

		{"correct horse battery staple", ""},
		{"willow bark tea for marie", ""},
		{"atrium-kT7#vq9!x", ""},
		{"kT7#vq9!xPzw", ""},
		{"monkey83749264018374", ""},
		{"dGhlIHF1aWNrIGJy", ""},
		{"пароль-из-трёх-слов", ""},
		{"🐎🔋📎🌧🐎🦊🧲🪵🎻🧭🪁🫖", ""},
		{strings.Repeat("kT7#vq9!xPz ", 10), ""},
	} {
		if got := c.weakness(tt.password, context...); got != tt.want {
			t.Errorf("weakness(%q) = %q, want %q", tt.password, got, tt.want)
		}
	}
}

func TestLengthIsCountedInCharactersAfterNFC(t *testing.T) {
	c := newCommonPasswords()
	for _, tt := range []struct{ password, want string }{
		{"xe\u0301zu\u0308ko\u0302w7v#q", tooShort},     // 14 code points, 11 characters
		{"xe\u0301zu\u0308ko\u0302w7v#qp", ""},          // 12 characters
		{strings.Repeat("e\u0301x7#u\u0308", 25), easy}, // 175 code points, 125 characters
	} {
		if got := c.weakness(tt.password); got != tt.want {
			t.Errorf("weakness(%q) = %q, want %q", tt.password, got, tt.want)
		}
	}
}

func TestTheListIsSortedFoldedAndLongEnough(t *testing.T) {
	list := newCommonPasswords().list()
	if !slices.IsSorted(list) {
		t.Error("the list is not sorted: has would miss passwords")
	}
	if len(slices.Compact(slices.Clone(list))) != len(list) {
		t.Error("the list holds a password twice")
	}
	long := 0
	for _, p := range list {
		if p != foldPassword(p) {
			t.Errorf("%q is not folded", p)
		}
		if len([]rune(p)) >= passwordMin {
			long++
		}
	}
	if len(list) < 100_000 || long < 15_000 {
		t.Errorf("%d passwords, %d of them long enough to be chosen: too few", len(list), long)
	}
}

func TestHasComparesFolded(t *testing.T) {
	c := newCommonPasswords()
	for _, p := range []string{"password", "PassWord", "Appliqués", "applique\u0301s", "123QWEasdzxc"} {
		if !c.has(p) {
			t.Errorf("has(%q) = false", p)
		}
	}
	for _, p := range []string{"", "kT7#vq9!xPzw", "password\n"} {
		if c.has(p) {
			t.Errorf("has(%q) = true", p)
		}
	}
}

func plainWords(c *commonPasswords) []string {
	return slices.DeleteFunc(slices.Clone(c.list()), func(w string) bool {
		return strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != ""
	})
}

func TestRandomPasswordsAndPassphrasesAreNotRefused(t *testing.T) {
	c := newCommonPasswords()
	words := plainWords(c)
	r := rand.New(rand.NewPCG(1, 2))
	for range 2_000 {
		letters := make([]byte, 14)
		for i := range letters {
			letters[i] = byte('!' + r.IntN('~'-'!'+1))
		}
		var phrase []string
		for range 4 {
			phrase = append(phrase, words[r.IntN(len(words))])
		}
		for _, p := range []string{string(letters), strings.Join(phrase, " "), strings.Join(phrase, "")} {
			if got := c.weakness(p, "Ann Smith", "Atrium"); got != "" {
				t.Errorf("weakness(%q) = %q, want none", p, got)
			}
		}
	}
}

func TestACommonPasswordMadeLongerIsRefused(t *testing.T) {
	c := newCommonPasswords()
	words := plainWords(c)
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(words).Draw(t, "word")
		tail := rapid.StringMatching(`[0-9]{1,6}[!.#]{0,2}`).Draw(t, "tail")
		for _, p := range []string{strings.ToUpper(word) + tail, tail + word, word + word + tail} {
			if len(p) >= passwordMin && c.weakness(p) == "" {
				t.Fatalf("%q is accepted", p)
			}
		}
	})
}

func TestAnyTextGetsAnAnswer(t *testing.T) {
	c := newCommonPasswords()
	rapid.Check(t, func(t *rapid.T) {
		p, word := rapid.String().Draw(t, "password"), rapid.String().Draw(t, "word")
		if got := c.weakness(p, word); got == "" && len([]rune(p)) < passwordMin {
			t.Fatalf("%q is accepted", p)
		}
	})
}
