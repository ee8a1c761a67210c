package login

import (
	"context"
	"net/url"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/ui"
)

// letters writes to one person, in their language.
type letters struct {
	ui.Printer
	user access.User
	url  func(path string) string
}

func (l *Login) to(ctx context.Context, tx *db.Tx, u access.User) letters {
	return letters{ui.PrinterFor(l.settings.Current(ctx, tx).Language(u.Language), u.TimeZone), u, l.url}
}

// letter begins as all do. It goes to the person's present address.
func (w letters) letter(kind, subject string, blocks ...mail.Block) mail.Letter {
	hello := mail.P(w.T("Hello %s,", mail.Name(w.user.FirstName)))
	return mail.Letter{User: w.user.ID, To: mail.Address{Name: w.user.Name(), Email: w.user.Email}, Kind: kind, Subject: subject,
		Language: w.Lang(), Blocks: append([]mail.Block{hello}, blocks...)}
}

// linked adds what a letter with a one-time link must know.
func (w letters) linked(l mail.Letter, kind access.LinkKind, until time.Time) mail.Letter {
	l.Ref, l.Dies = ref(kind, w.user.ID), until
	return l
}

func (w letters) once(until time.Time) mail.Block {
	return mail.P(w.T("The link works once, until %s.", w.DateTime(until)))
}

func (w letters) verify(link string, until time.Time) mail.Letter {
	return w.linked(w.letter("email.verify", w.T("Confirm your email address"),
		mail.P(w.T("Please confirm that %s is the email address of your login.", w.user.Email)),
		mail.Secret(w.T("Confirm email address"), link),
		w.once(until),
		mail.P(w.T("You have not created a login? Then somebody mistyped their address. Ignore this email; nothing happens."))),
		access.Proving, until)
}

func (w letters) reset(link string, until time.Time) mail.Letter {
	return w.linked(w.letter("password.reset", w.T("Set a new password"),
		mail.P(w.T("Somebody, probably you, asked to set a new password for the login %s.", w.user.Email)),
		mail.Secret(w.T("Set a new password"), link),
		w.once(until),
		mail.P(w.T("You did not ask for this? Ignore this email; your password stays as it is."))),
		access.Reset, until)
}

// setPassword is reset asked for by staff, e.g. for a login that has none yet.
func (w letters) setPassword(link string, until time.Time) mail.Letter {
	return w.linked(w.letter("password.wanted", w.T("Set a password for your login"),
		mail.P(w.T("We have sent you this link so that you can set a password for your login %s.", w.user.Email)),
		mail.Secret(w.T("Set a password"), link),
		w.once(until),
		mail.P(w.T("Too late? Choose “Forgot password?” when you log in, and get another one.")),
		mail.P(w.T("You do not want this? Ignore this email; nothing changes."))),
		access.Reset, until)
}

func (w letters) passwordChanged(at time.Time) mail.Letter {
	return w.letter("password.changed", w.T("Your password was changed"),
		mail.P(w.T("The password of your login %s was changed on %s. Other browsers were logged out.", w.user.Email, w.DateTime(at))),
		mail.P(w.T("Was it not you? Set a new password at once.")),
		mail.Button(w.T("Set a new password"), w.url("/forgot")))
}

func (w letters) twoStepOn(at time.Time) mail.Letter {
	return w.letter("two-step.on", w.T("Two-step login is on"),
		mail.P(w.T("Two-step login was turned on for your login %s on %s. From now on a code of your authenticator app is asked for after the password.", w.user.Email, w.DateTime(at))),
		mail.P(w.T("Keep the recovery codes where you find them without your phone.")),
		w.notYou(), mail.Button(w.T("Set a new password"), w.url("/forgot")))
}

func (w letters) twoStepOff(at time.Time) mail.Letter {
	return w.letter("two-step.off", w.T("Two-step login is off"),
		mail.P(w.T("Two-step login was turned off for your login %s on %s. The password alone opens it now.", w.user.Email, w.DateTime(at))),
		w.notYou(), mail.Button(w.T("Set a new password"), w.url("/forgot")))
}

func (w letters) twoStepOnPasskeys(at time.Time) mail.Letter {
	return w.letter("two-step.on", w.T("Two-step login is on"),
		mail.P(w.T("Two-step login was turned on for your login %s on %s. From now on one of your passkeys is asked for after the password.", w.user.Email, w.DateTime(at))),
		mail.P(w.T("Keep the recovery codes where you find them without your phone.")),
		w.notYou(), mail.Button(w.T("Set a new password"), w.url("/forgot")))
}

func (w letters) appAdded(at time.Time) mail.Letter {
	return w.letter("two-step.app", w.T("An authenticator app was added to your login"),
		mail.P(w.T("An authenticator app was added to the two-step login of your login %s on %s. Its codes count beside your passkeys, and there are new recovery codes.", w.user.Email, w.DateTime(at))),
		w.notYou(), mail.Button(w.T("Set a new password"), w.url("/forgot")))
}

func (w letters) appReplaced(at time.Time) mail.Letter {
	return w.letter("two-step.replaced", w.T("Your login has a new authenticator app"),
		mail.P(w.T("On %s another authenticator app took the place of the one that your login %s had. The codes of the former no longer work, and there are new recovery codes.", w.DateTime(at), w.user.Email)),
		w.notYou(), mail.Button(w.T("Set a new password"), w.url("/forgot")))
}

func (w letters) passkeyAdded(name string, at time.Time) mail.Letter {
	return w.letter("passkey.added", w.T("A passkey was added to your login"),
		mail.P(w.T("The passkey “%s” was added to your login %s on %s. It opens your login without the password.", mail.Name(name), w.user.Email, w.DateTime(at))),
		mail.P(w.T("Was it not you? Remove it, set a new password, and tell us.")),
		mail.Button(w.T("Password & two-step login"), w.url("/me/security")))
}

func (w letters) passkeyRemoved(name string, at time.Time) mail.Letter {
	return w.letter("passkey.removed", w.T("A passkey was removed from your login"),
		mail.P(w.T("The passkey “%s” was removed from your login %s on %s. It no longer opens your login.", mail.Name(name), w.user.Email, w.DateTime(at))),
		w.notYou(), mail.Button(w.T("Password & two-step login"), w.url("/me/security")))
}

func (w letters) passkeyCopied(name string, at time.Time) mail.Letter {
	return w.letter("passkey.copied", w.T("One of your passkeys was refused"),
		mail.P(w.T("The passkey “%s” of your login %s was refused on %s, because it counts less than it did: somebody may have a copy of it.", mail.Name(name), w.user.Email, w.DateTime(at))),
		mail.P(w.T("Log in another way, remove it, and add a new one.")),
		mail.Button(w.T("Password & two-step login"), w.url("/me/security")))
}

func (w letters) recoveryRenewed(at time.Time) mail.Letter {
	return w.letter("two-step.codes", w.T("You have new recovery codes"),
		mail.P(w.T("New recovery codes were made for your login %s on %s. The former ones no longer work.", w.user.Email, w.DateTime(at))),
		w.notYou(), mail.Button(w.T("Set a new password"), w.url("/forgot")))
}

func (w letters) recoveryUsed(f access.RecoveryUsed) mail.Letter {
	return w.letter("two-step.recovery", w.T("A recovery code was used"),
		mail.P(w.T("Somebody, probably you, logged in to %s on %s with the password and a recovery code, with %s from %s.", w.user.Email, w.DateTime(f.At), w.Browser(f.Agent), f.IP)),
		mail.P(w.N(int(f.Left), "One recovery code is left.", "%d recovery codes are left.")),
		w.notYou(), mail.Button(w.T("Password & two-step login"), w.url("/me/security")))
}

func (w letters) newBrowser(f access.BrowserNew) mail.Letter {
	return w.letter("browser.new", w.T("Log in from a new browser"),
		mail.P(w.T("Your login %s was opened on %s in a browser in which you had not logged in before: %s, from %s.", w.user.Email, w.DateTime(f.At), w.Browser(f.Agent), f.IP)),
		mail.P(w.T("Was it you? Then there is nothing to do.")),
		mail.P(w.T("Was it not you? Set a new password at once, which logs out every browser, and tell us.")),
		mail.Button(w.T("Set a new password"), w.url("/forgot")),
		mail.P(w.T("The browsers that are logged in, and a way to log them out, are under Sessions:")),
		mail.Button(w.T("Sessions"), w.url("/me/sessions")))
}

func (w letters) notYou() mail.Block {
	return mail.P(w.T("Was it not you? Set a new password at once, and tell us."))
}

// newEmail goes to the new address.
func (w letters) newEmail(email, link string, until time.Time) mail.Letter {
	l := w.linked(w.letter("email.new", w.T("Confirm your new email address"),
		mail.P(w.T("You asked to use %s for your login, instead of %s. It counts once you have confirmed it.", email, w.user.Email)),
		mail.Secret(w.T("Confirm new email address"), link),
		w.once(until),
		mail.P(w.T("You did not ask for this? Ignore this email; nothing happens."))),
		access.Changing, until)
	l.To.Email = email
	return l
}

func (w letters) emailAsked(email string) mail.Letter {
	return w.letter("email.asked", w.T("A new email address for your login"),
		mail.P(w.T("Somebody who is logged in with your login, probably you, wants to change its email address from %s to %s. It changes once the new address is confirmed.", w.user.Email, email)),
		mail.P(w.T("Was it not you? Set a new password at once. That also stops this change.")),
		mail.Button(w.T("Set a new password"), w.url("/forgot")))
}

// emailChanged goes to the address that the login had.
func (w letters) emailChanged(email, link string, until time.Time) mail.Letter {
	return w.linked(w.letter("email.changed", w.T("The email address of your login was changed"),
		mail.P(w.T("The email address of your login was changed from %s to %s.", w.user.Email, email)),
		mail.P(w.T("Was it not you? Put the old address back. That logs out every browser and lets you set a new password.")),
		mail.Secret(w.T("Put the old address back"), link),
		w.once(until)),
		access.Undo, until)
}

func (w letters) twoStepOffByStaff() mail.Letter {
	return w.letter("two-step.off-by-staff", w.T("Two-step login was turned off"),
		mail.P(w.T("We have turned off two-step login for your login %s, because we were asked to. Your password is enough to log in now.", w.user.Email)),
		mail.P(w.T("Turn it on again as soon as you can. Was it not you who asked? Set a new password at once, and tell us.")),
		mail.Button(w.T("Password & two-step login"), w.url("/me/security")))
}

func (w letters) deactivated() mail.Letter {
	return w.letter("login.deactivated", w.T("Your login was deactivated"),
		mail.P(w.T("We have deactivated your login %s. Nobody can log in with it, and every browser was logged out.", w.user.Email)),
		mail.P(w.T("Is this a mistake? Please get in touch with us.")))
}

func (w letters) activated() mail.Letter {
	return w.letter("login.activated", w.T("Your login works again"),
		mail.P(w.T("Your login %s is active again. Log in with your password as before.", w.user.Email)),
		mail.Button(w.T("Log in"), w.url("/login")))
}

// emailUndone goes to the address that the login has had for a while.
func (w letters) emailUndone(former string) mail.Letter {
	return w.letter("email.undone", w.T("The change of your email address was undone"),
		mail.P(w.T("The email address of the login is %s again, no longer %s. Every browser was logged out.", former, w.user.Email)))
}

// withNext adds to a path where to go on, if that is somewhere.
func withNext(path, next string) string {
	if next == "" || next == "/" {
		return path
	}
	return path + "?next=" + url.QueryEscape(next)
}
