package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"atrium/base/access"
)

// phone gives the browser an authenticator of its own, as a phone or a laptop
// has one, and asks to make sure who uses it, or fail to.
func (p *tab) phone() (verifies func(bool)) {
	p.s.t.Helper()
	var id webauthn.AuthenticatorID
	p.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		r, err := cdp.Call(ctx, tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
		id = r.AuthenticatorID
		return err
	}))
	return func(ok bool) {
		p.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: id, IsUserVerified: ok})
			return err
		}))
	}
}

func passkeys(s *story) {
	acme := s.Account("Nordlicht Studio GmbH", "maja")
	me := acme.Owner
	maja := s.person()
	verifies := maja.phone()
	maja.as(me)
	maja.open("/me/security")
	maja.see("Passkeys", "Confirm your email address first. Then you can add passkeys.")
	me.Verify()
	maja.open("/me/security")
	maja.check("none")
	maja.click("Add a passkey")
	maja.fill("Name of the passkey", "My phone")
	maja.check("add")
	maja.click("Make a passkey")
	maja.at("/me/security")
	maja.see("The passkey is added.", "My phone", "never used")
	maja.letter(s.Mail.Wait(s.t, me.Email, "A passkey was added to your login"), "mail")
	maja.open("/me/passkeys/new")
	maja.submit("Make a passkey")
	maja.see("This device has a passkey for this login already.")
	maja.open("/me/security")
	maja.check("one")
	maja.click("Hello, Maja!")
	maja.click("Log out")

	maja.open("/login?next=%2Fme%2Fsecurity")
	maja.check("login")
	maja.click("Log in with a passkey")
	maja.check("passwordless")
	verifies(false)
	maja.submit("Use your passkey")
	maja.see("No passkey was given")
	maja.check("not-verified")
	verifies(true)
	maja.click("Use your passkey")
	maja.at("/me/security")
	maja.see("last used")

	maja.click("Turn on with your passkeys")
	maja.see("Your recovery codes")
	maja.open("/me/security")
	maja.see("One of your passkeys is asked for after the password.", "It is the only second step of your login")
	maja.check("second-step")
	s.Clock.Add(access.FreshFor)
	maja.click("Turn off two-step login")
	maja.at("/me/prove")
	maja.check("prove")
	maja.click("Use your passkey")
	maja.at("/me/security/two-step/off")
	maja.check("turn-off")
	maja.click("Keep it on")
	maja.click("Hello, Maja!")
	maja.click("Log out")

	maja.logIn(me)
	maja.at("/login/two-step/passkey")
	maja.check("step")
	maja.click("Use your passkey")
	maja.see("Hello, Maja!")
	maja.open("/me/security/two-step/off")
	maja.click("Use your passkey")
	maja.see("Two-step login is off.")
	maja.in("Passkeys").click("Rename")
	maja.fill("Name of the passkey", "My old phone")
	maja.check("rename")
	maja.click("Save")
	maja.see("My old phone")
	maja.in("Passkeys").click("Remove")
	maja.check("remove")
	maja.click("Remove")
	maja.see("The passkey is removed.")
	maja.click("Hello, Maja!")
	maja.click("Log out")
	maja.open("/login/passkey")
	maja.click("Use your passkey")
	maja.see("this passkey is not one of yours here")
	maja.check("removed")

	plain := s.person().withoutScript()
	plain.open("/login/passkey")
	plain.see("Passkeys need JavaScript, which is off in this browser.")
}

// submit presses a form's button, after which the page stays: the authenticator
// gives nothing.
func (p *tab) submit(words string) {
	p.s.t.Helper()
	at := eval[spot](p, p.on("target", words))
	p.do(chromedp.MouseClickXY(at.X, at.Y))
}
