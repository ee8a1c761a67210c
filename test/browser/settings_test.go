package browser

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// logo is a picture of a company's name, so to say.
func logo(s *story) string {
	s.t.Helper()
	p := image.NewNRGBA(image.Rect(0, 0, 300, 80))
	for x := range 300 {
		for y := range 80 {
			if (x/30)%2 == 0 || y < 12 || y > 68 {
				p.Set(x, y, color.NRGBA{180, 60, 20, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		s.t.Fatal(err)
	}
	path := filepath.Join(s.t.TempDir(), "logo.png")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// attach chooses a file in the page's only field for one.
func (p *tab) attach(path string) {
	p.s.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		found, err := cdp.Call(ctx, tab, runtime.Evaluate, runtime.EvaluateParams{Expression: `document.querySelector("input[type=file]")`})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, tab, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, ObjectID: found.Result.ObjectID})
		return err
	}))
}

// slide moves a slider.
func (p *tab) slide(id string, to int) {
	p.s.t.Helper()
	eval[any](p, fmt.Sprintf(`(f => { f.value = %d; f.dispatchEvent(new Event("input", {bubbles: true})) })(document.getElementById(%q)), 0`, to, id))
}

// accent is the hue in force on the page.
func (p *tab) accent() string {
	p.s.t.Helper()
	return eval[string](p, `getComputedStyle(document.documentElement).getPropertyValue("--accent-h").trim()`)
}

func settings(s *story) {
	jonas := s.person()
	jonas.as(s.Staff("jonas"))
	jonas.open("/staff/accounts")
	jonas.click("Settings")
	jonas.at("/staff/settings")
	jonas.fill("Name", "Northwind Hosting")
	jonas.fill("Support contact", "help@northwind.example")
	jonas.slide("hue", 300)
	if got := jonas.accent(); got != "300" {
		s.t.Errorf("before it is saved the page has the hue %s", got)
	}
	jonas.in("Company").click("Save changes")
	jonas.see("Saved: Company.", "Last changed by Jonas Staff")
	if got := jonas.accent(); got != "300" {
		s.t.Errorf("saved, the page has the hue %s", got)
	}
	jonas.attach(logo(s))
	jonas.click("Use this file (Logo)")
	jonas.see("The logo is in place.", "Logo for dark pages")
	jonas.check("company")

	maja := s.person()
	maja.open("/login")
	if got := maja.accent(); got != "300" {
		s.t.Errorf("the log in page has the hue %s", got)
	}
	if !eval[bool](maja, `document.title === "Log in · Northwind Hosting" && document.querySelector(".brand img[alt='Northwind Hosting']").naturalWidth === 300`) {
		s.t.Error("the log in page has no logo, or another title")
	}
	maja.see("Help")
	maja.check("login")

	for _, tab := range []string{"Registration", "Users and permissions", "Presets", "Sessions", "Limits", "Retention", "Language and time zone", "Mail"} {
		jonas.in("").click(tab)
		jonas.check(tab)
	}
	jonas.click("Presets")
	jonas.click("Add a preset")
	jonas.fill("Name", "Tax adviser")
	jonas.tick("Manage Domain Settings")
	jonas.see("Also ticks View Domains.")
	jonas.tick("View & Pay Invoices")
	jonas.check("preset")
	jonas.click("Save changes")
	jonas.see("Saved: Tax adviser.", "View Domains, Manage Domain Settings, View & Pay Invoices")
	jonas.click("Move up Tax adviser")
	jonas.see("Saved: Presets.")
	jonas.check("presets")
	jonas.click("Sessions")
	jonas.fill("Minutes a user may do nothing", "5")
	jonas.click("Save changes")
	jonas.see("Enter a number from 15 to 1,440.")
	jonas.check("sessions-wrong")
	jonas.fill("Minutes a user may do nothing", "30")
	jonas.click("Save changes")
	jonas.see("Saved: Sessions.")

	jonas.click("Language and time zone")
	jonas.choose("Language", "Deutsch")
	jonas.click("Save changes")
	jonas.see("Sprache und Zeitzone", "Einstellungen")
	jonas.check("language")
	jonas.choose("Sprache", "English")
	jonas.click("Änderungen speichern")
	jonas.see("Time zone")

	acme := s.Account("Acme", "ann")
	ann := s.person()
	ann.as(acme.Owner)
	ann.open(acme.Path("/users"))
	ann.click("Tax adviser")
	ann.see("3 of 13 permissions chosen")
	ann.check("invite")
	ann.do(phone.set())
	ann.click("Your menu")
	ann.see("Help")
	ann.picture("help-on-a-phone")
	ann.fits("help on a phone", 390)
	ann.do(desk.set())

	jonas.click("Mail")
	jonas.click("Send a test email")
	jonas.see("The mail server has taken the test email to jonas@example.com.", "250")
	jonas.check("tested")
	jonas.click("Registration")
	jonas.tick("Nobody")
	jonas.click("Save changes")
	jonas.see("Saved: Registration.")
	maja.open("/login")
	maja.missing("New here?")
	maja.open("/register")
	maja.see("Registration is closed", "can't be made here")
	maja.check("closed")
}
