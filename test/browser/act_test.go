package browser

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"atrium/test/apptest"
)

//go:embed page.js
var pageJS string

// on is a call of page.js.
func (p *tab) on(method string, args ...string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		quoted[i] = strconv.QuoteToGraphic(a)
	}
	return fmt.Sprintf("(%s)(%q).%s(%s)", pageJS, p.part, method, strings.Join(quoted, ", "))
}

// in is the same tab, looking only at the part of the page under a heading.
func (p *tab) in(heading string) *tab {
	part := *p
	part.part = p.s.say(heading)
	return &part
}

// open types an address of ours, or follows a link from a mail.
func (p *tab) open(address string) {
	p.s.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = p.s.site + address
	}
	address = strings.Replace(address, p.s.URL, p.s.site, 1) // a link of who is English
	p.do(chromedp.Navigate(address))
}

// A spot is where something is on the screen.
type spot struct {
	X, Y   float64
	Leaves bool // a click there leads to another page
}

// click clicks on a link or a button by its words, and waits for the page that
// it leads to.
func (p *tab) click(words string) {
	p.s.t.Helper()
	at := eval[spot](p, p.on("target", p.s.say(words)))
	p.do(chromedp.MouseClickXY(at.X, at.Y))
	if at.Leaves {
		p.arrive()
	}
}

// arrive waits for another page than the one that was marked as left.
func (p *tab) arrive() {
	p.s.t.Helper()
	if !p.until(`!window.left && document.readyState === "complete"`) {
		p.s.t.Fatalf("no other page came; there is still:\n%s", p.words())
	}
}

// fill types into a field, replacing what is there.
func (p *tab) fill(label, text string) {
	p.s.t.Helper()
	eval[any](p, p.on("select", p.s.say(label))+", 0")
	if text == "" {
		p.press("Delete")
		return
	}
	p.do(typed(text))
}

func typed(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

// tick clicks on a box or a radio button.
func (p *tab) tick(label string) {
	p.s.t.Helper()
	at := eval[spot](p, p.on("field", p.s.say(label)))
	p.do(chromedp.MouseClickXY(at.X, at.Y))
}

// choose picks a line of a list.
func (p *tab) choose(label, option string) {
	p.s.t.Helper()
	eval[any](p, p.on("choose", p.s.say(label), p.s.say(option))+", 0")
}

// value is what a field holds; of a box, whether it is ticked.
func (p *tab) value(label string) string {
	p.s.t.Helper()
	return eval[string](p, p.on("value", p.s.say(label)))
}

// words is what the page says.
func (p *tab) words() string {
	p.s.t.Helper()
	return eval[string](p, p.on("text"))
}

// see waits until the page says this.
func (p *tab) see(texts ...string) {
	p.s.t.Helper()
	for _, text := range texts {
		text = p.s.say(text)
		if !p.until(p.on("text") + fmt.Sprintf(".includes(%s)", strconv.QuoteToGraphic(text))) {
			p.s.t.Fatalf("the page does not say %q:\n%s", text, p.words())
		}
	}
}

// missing fails when the page says this.
func (p *tab) missing(texts ...string) {
	p.s.t.Helper()
	for _, text := range texts {
		text = p.s.say(text)
		if said := p.words(); strings.Contains(said, text) {
			p.s.t.Fatalf("the page says %q:\n%s", text, said)
		}
	}
}

// at fails unless the page's path is this.
func (p *tab) at(path string) {
	p.s.t.Helper()
	if got := eval[string](p, `location.pathname`); got != path {
		p.s.t.Fatalf("the browser is at %s, want %s:\n%s", got, path, p.words())
	}
}

// focus is the name of the field that has the focus, or the words of what has it.
func (p *tab) focus() string {
	p.s.t.Helper()
	return eval[string](p, p.on("focus"))
}

// as makes the browser the one in which somebody has logged in already.
func (p *tab) as(who *apptest.Person) {
	p.s.t.Helper()
	for _, c := range who.Cookies() {
		httpOnly := true
		p.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: p.s.site, Path: "/", HTTPOnly: &httpOnly, SameSite: "Lax"})
			return err
		}))
	}
}

// logIn logs in on the log in page.
func (p *tab) logIn(who *apptest.Person) {
	p.s.t.Helper()
	p.open("/login")
	p.fill("Email address", who.Email)
	p.fill("Password", apptest.Password)
	p.click("Log in")
}
