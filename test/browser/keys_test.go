package browser

import (
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses keys one after another.
func (p *tab) press(keys ...string) {
	p.s.t.Helper()
	known := map[string]string{"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Delete": kb.Delete}
	for _, key := range keys {
		if key == "Shift+Tab" {
			p.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(kb.ModifierShift)))
			continue
		}
		p.do(chromedp.KeyEvent(known[key]))
	}
}
