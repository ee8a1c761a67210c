package staff

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/ui"
)

// letters writes to one person of the staff.
type letters struct {
	ui.Printer
	person access.StaffPerson
	url    func(path string) string
}

func (s *Staff) to(ctx context.Context, tx *db.Tx, p access.StaffPerson) letters {
	return letters{ui.NewPrinter(s.settings.Current(ctx, tx).Language(p.Language), time.UTC), p, s.url}
}

func (w letters) letter(kind, subject string, blocks ...mail.Block) mail.Letter {
	hello := mail.P(w.T("Hello %s,", mail.Name(w.person.Name)))
	return mail.Letter{To: mail.Address{Name: w.person.Name, Email: w.person.Email}, Kind: kind, Subject: subject, Language: w.Lang(),
		Blocks: append([]mail.Block{hello}, blocks...)}
}

func (w letters) notYou() mail.Block {
	return mail.P(w.T("Was it not you? Tell whoever runs this system at once."))
}

// invited goes to a new colleague, and to one who is to set another password.
func (w letters) invited(by access.StaffPerson, link string, until time.Time) mail.Letter {
	l := w.letter("staff.invited", w.T("Your staff login"),
		mail.P(w.T("%s asks you to set the password of your staff login %s. You set two-step login up after that, with an app on your phone.", mail.Name(by.Name), w.person.Email)),
		mail.Secret(w.T("Set your password"), link),
		mail.P(w.T("The link works once, until %s.", w.DateTime(until))))
	l.Ref, l.Dies = linkRef(w.person.ID), until
	return l
}

func (w letters) passwordSet(at time.Time) mail.Letter {
	return w.letter("staff.password", w.T("Your password was changed"),
		mail.P(w.T("A password was set for the staff login %s on %s. Every browser was logged out.", w.person.Email, w.DateTime(at))), w.notYou())
}

func (w letters) roleChanged(by access.StaffPerson, role access.StaffRole) mail.Letter {
	return w.letter("staff.role", w.T("Your staff role was changed"),
		mail.P(w.T("%s made you %s. That counts from now on.", mail.Name(by.Name), w.Word(role.Label()))), mail.P(w.Word(role.Description())))
}

func (w letters) twoStepOn(at time.Time) mail.Letter {
	return w.letter("staff.two-step.on", w.T("Two-step login is set up"),
		mail.P(w.T("Two-step login was set up for the staff login %s on %s.", w.person.Email, w.DateTime(at))), w.notYou())
}

func (w letters) replaced(at time.Time) mail.Letter {
	return w.letter("staff.two-step.replaced", w.T("Your staff login has a new authenticator"),
		mail.P(w.T("On %s another authenticator app took the place of the one that the staff login %s had. There are new recovery codes too.", w.DateTime(at), w.person.Email)),
		w.notYou())
}

func (w letters) twoStepReset(at time.Time) mail.Letter {
	return w.letter("staff.two-step.reset", w.T("Your two-step login was reset"),
		mail.P(w.T("Two-step login of the staff login %s was reset on %s. You set it up again when you log in next, with your password.", w.person.Email, w.DateTime(at))),
		mail.P(w.T("You did not ask for this? Tell whoever runs this system at once.")))
}

func (w letters) recoveryRenewed(at time.Time) mail.Letter {
	return w.letter("staff.two-step.codes", w.T("You have new recovery codes"),
		mail.P(w.T("New recovery codes were made for the staff login %s on %s. The former ones no longer work.", w.person.Email, w.DateTime(at))), w.notYou())
}

func (w letters) newBrowser(at time.Time, by access.Actor) mail.Letter {
	return w.letter("staff.browser.new", w.T("Log in from a new browser"),
		mail.P(w.T("The staff login %s was opened on %s in a browser in which you had not logged in before: %s, from %s.", w.person.Email, w.DateTime(at), w.Browser(by.Agent), by.IP)),
		mail.P(w.T("Was it you? Then there is nothing to do.")), w.notYou())
}

func (w letters) recoveryUsed(f access.RecoveryUsed) mail.Letter {
	return w.letter("staff.two-step.recovery", w.T("A recovery code was used"),
		mail.P(w.T("Somebody, probably you, logged in to the staff area as %s on %s with the password and a recovery code, with %s from %s.",
			w.person.Email, w.DateTime(f.At), w.Browser(f.Agent), f.IP)),
		mail.P(w.N(int(f.Left), "One recovery code is left.", "%d recovery codes are left.")), w.notYou())
}
