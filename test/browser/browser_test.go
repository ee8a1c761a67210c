package browser

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A browser is one Chromium for all stories.
type browser struct {
	ctx   context.Context
	axe   string
	shots string // folder of the pictures
	all   bool   // of each screen all four
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	const program = "/usr/bin/chromium"
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("%v: run make test, which installs Chromium", err)
	}
	checker, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run make test: %v", err)
	}
	shots := os.Getenv("ATRIUM_SCREENSHOTS")
	all := shots != ""
	if !all {
		shots = filepath.Join("..", "screenshots")
	}
	if err := os.MkdirAll(shots, 0o755); err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
		// What chromedp disables by itself, and the address bar's popups: they are pages in
		// each window that nobody sees, and took a fifth of the time.
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,WebUIOmniboxPopup,WebUIOmniboxAimPopup"))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx: ctx, axe: string(checker), shots: shots, all: all}
}

// A tab is a tab of somebody's browser.
type tab struct {
	s        *story
	ctx      context.Context
	part     string // the heading of the part of the page that is meant; "" = all of it
	noScript bool
	faults   *faults
}

// person is somebody with a fresh browser: no cookies, and nobody else's.
func (s *story) person() *tab {
	s.t.Helper()
	return s.tab(s.b.ctx, chromedp.WithNewBrowserContext())
}

// tab opens another tab in the same browser.
func (p *tab) tab() *tab {
	p.s.t.Helper()
	return p.s.tab(p.ctx)
}

func (s *story) tab(from context.Context, opts ...chromedp.ContextOption) *tab {
	s.t.Helper()
	f := &faults{}
	ctx, stop := chromedp.NewContext(from, append(opts, chromedp.WithListener(f.note))...)
	s.t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 10*time.Minute) // the slowest story beside other packages on a slow machine takes three
	s.t.Cleanup(stop)
	p := &tab{s: s, ctx: ctx, faults: f}
	p.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Berlin"})
		return err
	}), desk.set())
	s.t.Cleanup(func() { f.report(s.t) })
	return p
}

// withoutScript switches the pages' own scripts off.
func (p *tab) withoutScript() *tab {
	p.s.t.Helper()
	p.noScript = true
	p.do(scripts(false))
	return p
}

func scripts(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// do runs steps or ends the test.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.s.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.s.t.Fatal(err)
	}
}

// eval runs an expression in the page.
func eval[T any](p *tab, expression string) T {
	p.s.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.s.t.Fatalf("…%s: %v", expression[max(0, len(expression)-120):], err)
	}
	return v
}

// until waits for an expression to be true, across pages.
func (p *tab) until(expression string) bool {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression)); err == nil && ok {
			return true
		}
		if p.ctx.Err() != nil {
			return false
		}
	}
	return false
}
