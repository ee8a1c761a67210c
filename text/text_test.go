package text_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"atrium/text"
)

type word string

func (word) String() string { return "said" }

// drawn is what draw writes.
func drawn(draw func(o *text.Out)) string {
	var o text.Out
	draw(&o)
	return string(o.Bytes())
}

func TestATextIsWhatFmtWouldWrite(t *testing.T) {
	for want, draw := range map[string]func(*text.Out){
		"":      func(o *text.Out) { text.Put(o, "") },
		"Ärzte": func(o *text.Out) { text.Put(o, "Ärzte") },
		"said":  func(o *text.Out) { text.Put(o, word("x")) },
		"-7":    func(o *text.Out) { text.Put(o, -7) },
		"8":     func(o *text.Out) { text.Put(o, uint8(8)) },
		"1.5":   func(o *text.Out) { text.Put(o, 1.5) },
		"true":  func(o *text.Out) { text.Put(o, true) },
	} {
		if got := drawn(draw); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAStringCostsNothing(t *testing.T) {
	var o text.Out
	o.Raw(strings.Repeat(" ", 100))
	s := "Ärzte & Co"
	if n := testing.AllocsPerRun(100, func() { o.Reset(); text.Put(&o, s); o.Classes("a", templ.KV("b", true)) }); n != 0 {
		t.Errorf("%v allocations", n)
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
		{[]any{templ.KV("turns", false), "end"}, "end"},
		{[]any{}, ""},
	} {
		if got := drawn(func(o *text.Out) { o.Raw("="); o.Classes(c.list...) }); got != "="+c.want {
			t.Errorf("%v is %q, not %q", c.list, got, c.want)
		}
	}
}

func TestEscapedIsWhatTemplEscapes(t *testing.T) {
	for _, s := range []string{"", "Ärzte", `<a href="x">Tom & Jerry's</a>`, "&amp;", "a&", "'", "\x00\xff<"} {
		want := templ.EscapeString(s)
		if got := text.Escape(s); got != want {
			t.Errorf("%q is %q, not %q", s, got, want)
		}
		if got := drawn(func(o *text.Out) { o.Text(s) }); got != want {
			t.Errorf("%q is drawn as %q, not %q", s, got, want)
		}
	}
}

func TestAnAddressLeadsSomewhereHarmless(t *testing.T) {
	for _, s := range []string{"/a?b=1&c=2", "https://host.example", "javascript:alert(1)", " JavaScript:x", "mailto:a@b.example"} {
		want := templ.EscapeString(string(templ.URL(s)))
		if got := drawn(func(o *text.Out) { text.PutURL(o, s) }); got != want {
			t.Errorf("%q is %q, not %q", s, got, want)
		}
	}
	if got := drawn(func(o *text.Out) { text.PutURL(o, templ.SafeURL("otpauth://totp/x")) }); got != "otpauth://totp/x" {
		t.Errorf("what is said to be safe is %q", got)
	}
}

func TestAStampIsUTC(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))
	if got := drawn(func(o *text.Out) { o.Stamp(at) }); got != "2026-01-02T02:04:05Z" {
		t.Error(got)
	}
}

// around draws its children between brackets.
var around = text.Component(func(o *text.Out, kids text.Children) { o.Raw("["); kids.Draw(o); o.Raw("]") })

func TestChildrenAreDrawnWhereTheyBelong(t *testing.T) {
	inner := func(o *text.Out) { o.Raw("inner") }
	templs := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		io.WriteString(w, "(")
		defer io.WriteString(w, ")")
		return templ.GetChildren(ctx).Render(ctx, w)
	})
	for want, draw := range map[string]func(*text.Out){
		"[]":        func(o *text.Out) { o.Component(around, nil) },
		"[inner]":   func(o *text.Out) { o.Component(around, inner) },
		"[[inner]]": func(o *text.Out) { o.Component(around, func(o *text.Out) { o.Component(around, inner) }) },
		"(inner)":   func(o *text.Out) { o.Component(templs, inner) },
	} {
		if got := drawn(draw); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	var b strings.Builder
	if err := around.Render(templ.WithChildren(t.Context(), templ.Raw("raw")), &b); err != nil || b.String() != "[raw]" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestAnErrorInsideIsHeardOutside(t *testing.T) {
	bad := errors.New("bad")
	broken := templ.ComponentFunc(func(context.Context, io.Writer) error { return bad })
	page := text.Component(func(o *text.Out, _ text.Children) { o.Component(broken, nil); o.Raw("more") })
	for _, w := range []io.Writer{new(text.Out), io.Discard} {
		if err := page.Render(t.Context(), w); !errors.Is(err, bad) {
			t.Errorf("%T: %v", w, err)
		}
	}
}
