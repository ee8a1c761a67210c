package ui_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"atrium/ui"
)

func TestAPieceIsDrawnOncePerLanguageAndKey(t *testing.T) {
	var kept ui.Lists
	drawn := 0
	say := func(p ui.Printer, key any) string {
		var b strings.Builder
		c := p.Once(key, templ.ComponentFunc(ui.Counted(&drawn, p.Lang())))
		if err := c.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	en, de := ui.NewPrinter("en", nil).Keeping(&kept), ui.NewPrinter("de", nil).Keeping(&kept)
	for range 3 {
		if say(en, 1) != "en" || say(de, 1) != "de" || say(en, "1") != "en" {
			t.Error("a piece is another's")
		}
	}
	if drawn != 3 {
		t.Errorf("three pieces were drawn %d times", drawn)
	}
	if say(ui.NewPrinter("en", nil), 1) != "en" || drawn != 4 {
		t.Error("a printer that keeps nothing does not draw")
	}
}

func TestPiecesDoNotPileUp(t *testing.T) {
	var kept ui.Lists
	p := ui.NewPrinter("en", nil).Keeping(&kept)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 1000 {
				var b strings.Builder
				if err := p.Once(i, templ.Raw(fmt.Sprint(i))).Render(t.Context(), &b); err != nil || b.String() != fmt.Sprint(i) {
					t.Errorf("%d is %q, %v", i, b.String(), err)
				}
			}
		})
	}
	all.Wait()
	if n := kept.Fragments(); n == 0 || n > 64 {
		t.Errorf("%d pieces are kept", n)
	}
}
