package login

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/vault"
	"atrium/fault"
)

// Login lets people in.
type Login struct {
	db        *db.DB
	jobs      *job.Jobs
	mail      *mail.Mail
	passwords *access.Passwords
	twoStep   *access.TwoStep
	passkeys  *access.Passkeys
	vault     *vault.Vault
	settings  *settings.Store
	url       func(path string) string // under the base URL
}

// New makes it and registers its jobs.
func New(d *db.DB, j *job.Jobs, m *mail.Mail, p *access.Passwords, two *access.TwoStep, keys *access.Passkeys, v *vault.Vault, set *settings.Store, url func(path string) string) *Login {
	l := &Login{db: d, jobs: j, mail: m, passwords: p, twoStep: two, passkeys: keys, vault: v, settings: set, url: url}
	job.On(j, l.mailReset)
	job.Hear(j, "login.verify", l.welcome)
	job.Hear(j, "login.moved", l.moved)
	job.Hear(j, "login.wanted", l.wanted)
	job.Hear(j, "login.recovery", l.tellRecovery)
	job.Hear(j, "login.browser", l.tellBrowser)
	job.Every(j, "login.sweep", time.Hour, func(ctx context.Context) error { return access.SweepSessions(ctx, d, l.lives(ctx)) })
	return l
}

// lives are how long sessions live.
func (l *Login) lives(ctx context.Context) access.Lives {
	return l.settings.Current(ctx, l.db.Auto()).Sessions.Lives()
}

// own writes what opens the login of who is logged in, under its lock, if they still
// are: see access.Self.Still.
func (l *Login) own(ctx context.Context, me access.Self, fn func(*db.Tx) error) error {
	return l.db.WriteGlobal(ctx, db.LockUser(me.User().ID), func(tx *db.Tx) error {
		if err := me.Still(ctx, tx); err != nil {
			return err
		}
		return fn(tx)
	})
}

// LogIn opens a session for whoever's address and password these are, and ends
// the one that the browser had, whoever's it was. With two-step login it opens
// none: FinishLogIn does, with a code. See Passwords.Authenticate for what it
// answers otherwise.
func (l *Login) LogIn(ctx context.Context, by access.Actor, email, password string, w access.Wish, old access.Token) (access.Opened, error) {
	u, err := l.passwords.Authenticate(ctx, l.db, email, password, by)
	if err != nil {
		return access.Opened{}, err
	}
	var opened access.Opened
	err = l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) (err error) {
		me := u.At(by)
		opened = access.Opened{}
		opened.Session, err = l.replaceSession(ctx, tx, me, w.Remember, old)
		if fault.CodeOf(err) == access.StepNeeded {
			if opened.Step, err = l.twoStep.Ask(ctx, tx, me, w); err != nil {
				return err
			}
			return audit.Write(ctx, tx, access.Elsewhere(me), audit.Entry{Action: "two-step.asked", Subject: u.Email})
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(me), audit.Entry{Action: "session.opened", Subject: u.Email})
	})
	return opened, err
}

// replaceSession gives a browser a new session instead of the one it had. Whose
// browser was not known to them is told by mail.
func (l *Login) replaceSession(ctx context.Context, tx *db.Tx, me access.Actor, remember bool, old access.Token) (access.Token, error) {
	in, err := access.NewSession(ctx, tx, me.User, remember, me)
	if err != nil {
		return access.Token{}, err
	}
	if in.NewBrowser {
		if err := l.jobs.Tell(ctx, tx, access.NewBrowser(me, tx.Now())); err != nil {
			return access.Token{}, err
		}
	}
	return in.Token, access.EndToken(ctx, tx, old)
}

// tellBrowser mails whoever's login was opened in a new browser.
func (l *Login) tellBrowser(ctx context.Context, f access.BrowserNew) error {
	return l.forUser(ctx, f.User, func(tx *db.Tx, u access.User) error {
		if err := audit.Write(ctx, tx, access.Elsewhere(u.As(f.IP, f.Agent)), audit.Entry{Action: "browser.new", Subject: u.Email}); err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, l.to(ctx, tx, u).newBrowser(f))
	})
}

// LogOut ends the session of this browser.
func (l *Login) LogOut(ctx context.Context, by access.Actor, t access.Token) error {
	return l.db.WriteGlobal(ctx, db.LockUser(by.User), func(tx *db.Tx) error {
		if err := access.EndToken(ctx, tx, t); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(by), audit.Entry{Action: "session.ended", Subject: by.Email})
	})
}
