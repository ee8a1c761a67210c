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
		p.do(chromedp.KeyEvent(known[key]))
	}
}

// enter presses Enter and waits for the page that it leads to.
func (p *tab) enter() {
	p.s.t.Helper()
	eval[any](p, `window.left = true, 0`)
	p.press("Enter")
	p.arrive()
}
