package access

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestAddressesThatMailIsSentToAreRead(t *testing.T) {
	for typed, want := range map[string]Email{
		"ann@example.com":              {"ann@example.com", "ann@example.com"},
		"  ann@example.com \n":         {"ann@example.com", "ann@example.com"},
		"Ann.Archer+Shop@Example.COM":  {"Ann.Archer+Shop@Example.COM", "ann.archer+shop@example.com"},
		"o'hara&sons!%{}|~^`?@a-b.org": {"o'hara&sons!%{}|~^`?@a-b.org", "o'hara&sons!%{}|~^`?@a-b.org"},
		"bob@BÜCHER.example":           {"bob@BÜCHER.example", "bob@xn--bcher-kva.example"},
		"bob@xn--bcher-kva.example":    {"bob@xn--bcher-kva.example", "bob@xn--bcher-kva.example"},
		"bob@straße.example":           {"bob@straße.example", "bob@xn--strae-oqa.example"},
		"André@example.com":            {"André@example.com", "andré@example.com"},
		"andre\u0301@example.com":      {"andré@example.com", "andré@example.com"},
		"用户@例子.example":                {"用户@例子.example", "用户@xn--fsqu00a.example"},
		"bob@1and1.com":                {"bob@1and1.com", "bob@1and1.com"},
		strings.Repeat("x", 64) + "@" + strings.Repeat("y", 63) + ".de": {
			strings.Repeat("x", 64) + "@" + strings.Repeat("y", 63) + ".de", strings.Repeat("x", 64) + "@" + strings.Repeat("y", 63) + ".de"},
	} {
		if e, ok := ParseEmail(typed); !ok || e != want {
			t.Errorf("%q is read as %q, %t; want %q", typed, e, ok, want)
		}
	}
}

func TestWhatIsNoAddressIsRefused(t *testing.T) {
	for _, typed := range []string{
		"", " ", "ann", "@example.com", "ann@", "ann@example", "ann@.com", "ann@example.", "ann@a..com", "ann@com.", "@", "ann@@",
		".ann@example.com", "ann.@example.com", "an..n@example.com", "an n@example.com", "an\tn@example.com", "ann@exa mple.com",
		"ann@example.com\r\nBcc: bob@example.com", "ann\x00@example.com", "ann\x7f@example.com", "ann@example.com>", "<ann@example.com>",
		"Ann <ann@example.com>", "ann@example.com,bob@example.com", "ann;bob@example.com", `"ann"@example.com`, "ann@[192.0.2.1]", "ann@192.0.2.1",
		"ann@-example.com", "ann@example-.com", "ann@exa_mple.com", "ann@xn--.com", "ann@xn--zzzzzz999.com",
		"ann\xff@example.com", "ann@example\xff.com", "a\u200bnn@example.com", "a\u202enn@example.com", "a\u00a0nn@example.com", "ann@a\u200db.com",
		strings.Repeat("x", 65) + "@example.com", "ann@" + strings.Repeat("y", 64) + ".com",
		"ann@" + strings.Repeat("yyyyyyyyy.", 25) + "com", "ann@" + strings.Repeat("ü", 30) + "." + strings.Repeat("ü", 90) + ".com",
	} {
		if e, ok := ParseEmail(typed); ok || e != (Email{}) {
			t.Errorf("%q is read as %q, %t", typed, e, ok)
		}
	}
}

// Two people can't have addresses that look like one, nor one of them get what
// was meant for the other.
func TestLettersThatBecomeASCIIAreRefused(t *testing.T) {
	for _, r := range []rune{0x212a, 0x0131, 0x017f, 0x0130, 0xdf, 0x1e9e, 0xfb01} {
		if e, ok := ParseEmail("a" + string(r) + "b@example.com"); ok {
			t.Errorf("%U before the @ is read as %q", r, e)
		}
	}
	for _, r := range []rune{0x212a, 0x0131, 0x017f, 0x0130, 0xff45, 0x24d4, 0x3002, 0xad, 0xfb01} {
		if e, ok := ParseEmail("ann@a" + string(r) + "b.com"); ok {
			t.Errorf("%U after the @ is read as %q", r, e)
		}
	}
	for r := rune(utf8.RuneSelf); r < 0x20000; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		if e, ok := ParseEmail("a" + string(r) + "b@example.com"); ok && ascii(e.Key) {
			t.Errorf("%U before the @ becomes ASCII: %q", r, e.Key)
		}
		if e, ok := ParseEmail("ann@a" + string(r) + "b.com"); ok && !strings.Contains(e.Key, "xn--") {
			t.Errorf("%U after the @ becomes ASCII: %q", r, e.Key)
		}
	}
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

func TestTheCaseOfAnAddressDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.StringMatching(`[a-zA-Z0-9äöéжωꭰ]{1,12}@[a-zA-Z0-9äöéж]{1,12}\.(com|de)`).Draw(t, "address")
		e, ok := ParseEmail(typed)
		if !ok {
			return // a domain of digits beside letters of other scripts
		}
		for _, other := range []string{strings.ToUpper(typed), strings.ToLower(typed)} {
			if o, ok := ParseEmail(other); !ok || o.Key != e.Key {
				t.Fatalf("%q has the key %q, and %q has %q, %t", typed, e.Key, other, o.Key, ok)
			}
		}
		if again, ok := ParseEmail(e.Typed); !ok || again != e {
			t.Fatalf("%q is read as %q, and that as %q", typed, e, again)
		}
	})
}

func TestFoldingWhatIsFoldedChangesNothing(t *testing.T) {
	for r := range rune(0x20000) {
		if s := Fold(string(r)); Fold(s) != s {
			t.Errorf("%U is folded to %q, and that to %q", r, s, Fold(s))
		}
	}
	letter := rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("aαᾳιϊΐİißǰωῶᏸꭰ\u0301\u0307\u0308\u030c\u0323\u0342\u0345")))
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(letter).Draw(t, "text")
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("%q is folded to %q, and that to %q", s, once, twice)
		}
	})
}

func TestFoldingMakesCasesAndCompositionsAlike(t *testing.T) {
	for _, same := range [][]string{{"Straße", "STRASSE", "strasse"}, {"Ärzte", "ärzte", "A\u0308RZTE"}, {"ΣΊΣΥΦΟΣ", "σίσυφος", "σίσυφοσ"}, {"Ꭰ", "ꭰ"}, {"ś", "s\u0301", "Ś"}} {
		for _, s := range same {
			if Fold(s) != Fold(same[0]) {
				t.Errorf("%q folds to %q, and %q to %q", s, Fold(s), same[0], Fold(same[0]))
			}
		}
	}
}
