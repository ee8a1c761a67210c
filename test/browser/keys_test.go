package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses keys one after another.
func (p *tab) press(keys ...string) {
	p.s.t.Helper()
	known := map[string]string{"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Delete": kb.Delete, "ArrowDown": kb.ArrowDown}
	for _, key := range keys {
		for _, r := range known[key] {
			p.do(pressed(r))
		}
	}
}

// pressed is one key as a keyboard sends it: what it types comes with its going
// down, so that a page that has dealt with that keeps it from typing.
func pressed(r rune) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		events := kb.Encode(r)
		down := *events[0]
		for _, e := range events {
			if e.Type == kb.KeyChar {
				down.Type, down.Text, down.UnmodifiedText = "keyDown", e.Text, e.UnmodifiedText
			}
		}
		if _, err := cdp.Call(ctx, tab, input.DispatchKeyEvent, down); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, input.DispatchKeyEvent, *events[len(events)-1])
		return err
	})
}

// enter presses Enter and waits for the page that it leads to.
func (p *tab) enter() {
	p.s.t.Helper()
	eval[any](p, `window.left = true, 0`)
	p.press("Enter")
	p.arrive()
}
