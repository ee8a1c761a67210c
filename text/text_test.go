package text_test

import (
	"errors"
	"testing"

	"github.com/a-h/templ"

	"atrium/text"
)

type word string

func (word) String() string { return "said" }

func TestATextIsWhatFmtWouldWrite(t *testing.T) {
	for want, of := range map[string]func() (string, error){
		"":      func() (string, error) { return text.Of("") },
		"Ärzte": func() (string, error) { return text.Of("Ärzte") },
		"said":  func() (string, error) { return text.Of(word("x")) },
		"-7":    func() (string, error) { return text.Of(-7) },
		"1.5":   func() (string, error) { return text.Of(1.5) },
		"true":  func() (string, error) { return text.Of(true) },
	} {
		if got, err := of(); got != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	bad := errors.New("bad")
	if got, err := text.Of("a", nil, bad); got != "a" || !errors.Is(err, bad) {
		t.Errorf("with an error: %q, %v", got, err)
	}
}

func TestAStringCostsNothing(t *testing.T) {
	s := "Ärzte"
	if n := testing.AllocsPerRun(100, func() { s, _ = text.Of(s) }); n != 0 {
		t.Errorf("a string is allocated %v times", n)
	}
}

func TestClassesAreThoseThatAreThere(t *testing.T) {
	for _, c := range []struct {
		list []any
		want string
	}{
		{[]any{"ic"}, "ic"},
		{[]any{"ic", templ.KV("turns", true)}, "ic turns"},
		{[]any{"ic", templ.KV("turns", false), "end"}, "ic end"},
		{[]any{}, ""},
		{[]any{"a", []string{"b", "c"}}, "a b c"},
	} {
		if got := text.Classes(c.list); got != c.want {
			t.Errorf("%v is %q, not %q", c.list, got, c.want)
		}
	}
}

func TestEscapedIsWhatTemplEscapes(t *testing.T) {
	for _, s := range []string{"", "Ärzte", `<a href="x">Tom & Jerry's</a>`, "&amp;", "a&", "'", "\x00\xff<"} {
		if got, want := text.Escape(word(s)), templ.EscapeString(s); got != want {
			t.Errorf("%q is %q, not %q", s, got, want)
		}
	}
}
