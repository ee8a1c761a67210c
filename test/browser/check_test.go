package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"atrium/test/apptest"
)

// A view is how somebody looks at a page.
type view struct {
	width  int64
	scheme string
}

var (
	desk         = view{1280, "light"}
	deskByNight  = view{1280, "dark"}
	phone        = view{390, "light"}
	phoneByNight = view{390, "dark"}
)

// height is how much of a page is on the screen.
const height = 844

func (v view) set() chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.EmulateViewport(v.width, height), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: v.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	}))
}

// What axe looks for on pages, and on mails, which are shown inside other pages;
// and once more by night, which changes nothing but colours.
const (
	ofPages = `{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}`
	ofMails = `{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}`
	byNight = `{type: "rule", values: ["color-contrast"]}`
)

// check looks at the screen as it is now, wide and narrow, light and dark, and
// keeps pictures of it under the name.
func (p *tab) check(name string) {
	p.s.t.Helper()
	p.checkFor(name, ofPages)
}

func (p *tab) checkFor(name, rules string) {
	p.s.t.Helper()
	p.faults.report(p.s.t)
	if p.noScript {
		p.do(scripts(true)) // axe's; the page is drawn already
		defer p.do(scripts(false))
	}
	eval[any](p, "if (!window.axe) {"+p.s.b.axe+"} 0")
	for _, v := range []view{phone, phoneByNight, deskByNight, desk} {
		rules := rules
		if v.scheme == "dark" {
			rules = byNight
		}
		at := fmt.Sprintf("story-%s-%s-%d-%s", p.s.number, name, v.width, v.scheme)
		p.do(v.set())
		p.fits(at, v.width)
		eval[any](p, toTop) // nothing lies below the bar that stays
		found := eval[[]string](p, `axe.run({runOnly: `+rules+`, resultTypes: ["violations"]}).then(r => r.violations.flatMap(v =>
			v.nodes.map(n => v.id + ": " + n.html.slice(0, 200) + " | " + n.failureSummary)))`)
		for _, fault := range found {
			p.s.t.Errorf("%s: %s", at, fault)
		}
		if v == phone || v == deskByNight || p.s.b.all {
			p.picture(at)
		}
	}
	p.do(view{320, "light"}.set())
	p.fits(name+" at 320", 320)
	p.do(desk.set())
	p.faults.report(p.s.t)
}

// fits fails when the page scrolls sideways.
func (p *tab) fits(at string, width int64) {
	p.s.t.Helper()
	if got := eval[int64](p, `document.documentElement.scrollWidth`); got != width {
		wide := eval[[]string](p, `[...document.querySelectorAll("body *")].filter(e => { const r = e.getBoundingClientRect();
			return r.right > innerWidth + 1 || r.left < -1 }).slice(0, 5).map(e => e.outerHTML.slice(0, 120))`)
		p.s.t.Errorf("%s: the page is %d wide in a window of %d: %s", at, got, width, strings.Join(wide, "\n"))
	}
}

const toTop = `scrollTo({top: 0, left: 0, behavior: "instant"}), 0`

func (p *tab) picture(name string) {
	p.s.t.Helper()
	eval[any](p, toTop)
	size := eval[[]float64](p, `[document.documentElement.scrollWidth, document.documentElement.scrollHeight]`)
	var png []byte
	p.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		beyond := size[1] > height // where it needn't, Chromium moves pages that run from right to left
		shot, err := cdp.Call(ctx, tab, page.CaptureScreenshot, page.CaptureScreenshotParams{
			CaptureBeyondViewport: &beyond, Clip: &page.Viewport{Width: size[0], Height: size[1], Scale: 1},
		})
		png = shot.Data
		return err
	}))
	if err := os.WriteFile(filepath.Join(p.s.b.shots, name+".png"), png, 0o644); err != nil {
		p.s.t.Fatal(err)
	}
}

// letter looks at a mail as mail programs show it.
func (p *tab) letter(l apptest.Letter, name string) {
	p.s.t.Helper()
	reader := p.tab()
	reader.do(chromedp.Navigate("about:blank"), chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		frames, err := cdp.Call(ctx, tab, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, tab, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: frames.FrameTree.Frame.ID, HTML: l.HTML})
		return err
	}))
	reader.checkFor(name, ofMails)
}
