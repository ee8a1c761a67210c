package login

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/settings"
	"atrium/fault"
	"atrium/ui"
)

// Closed is the code of a registration where nobody can register.
const Closed = "registration.closed"

// A Registration is what somebody who registers typed.
type Registration struct {
	access.NewLogin
	Account string // its name; "": the person's
	Country string // of the account, ISO 3166-1
}

// problems adds what is wrong with the account to what is wrong with the login.
func (r Registration) problems(login error) error {
	e, ok := fault.As(login)
	if login != nil && (!ok || e.Kind != fault.Invalid) {
		return login
	}
	var wrong fault.Fields
	if ok {
		wrong = e.Fields
	}
	if len([]rune(r.Account)) > access.MostName {
		wrong.Add("account", "Shorten the account name to %d characters.", access.MostName)
	}
	if !ui.KnownCountry(r.Country) {
		wrong.Add("country", "Choose a country from the list.")
	}
	return wrong.Err()
}

// accountName is what the new account is called.
func (r Registration) accountName(u access.User) string {
	if r.Account != "" {
		return r.Account
	}
	name := []rune(u.Name())
	return string(name[:min(len(name), access.MostName)])
}

// Register makes a login, and an account that it owns, and logs the browser in;
// a session it had ends. An address that has a login already is Invalid with
// the code access.KnownEmail, five times an hour and then TooMany. The address
// is asked to be confirmed by mail. Unless the host lets everybody register, it is
// Denied with the code Closed.
func (l *Login) Register(ctx context.Context, by access.Actor, r Registration, old access.Token) (access.Token, id.Account, error) {
	if l.settings.Current(ctx, l.db.Auto()).Registration.Open != settings.Everybody {
		return access.Token{}, 0, fault.Deniedf("Nobody can register here at the moment.").WithCode(Closed)
	}
	r.Account = access.CleanName(r.Account)
	login, err := l.passwords.Prepare(ctx, r.NewLogin)
	if err := r.problems(err); err != nil {
		return access.Token{}, 0, err
	}
	if err := access.MayTry(ctx, l.db, by); err != nil {
		return access.Token{}, 0, err
	}
	var t access.Token
	var account id.Account
	err = l.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) (err error) {
		if err := registering().CountIn(ctx, tx, by.Network()); err != nil {
			return err
		}
		u, err := login.Create(ctx, tx)
		if err != nil {
			return err
		}
		me := u.At(by)
		if err := audit.Write(ctx, tx, access.Elsewhere(me), audit.Entry{Action: "login.created", Subject: u.Email}); err != nil {
			return err
		}
		if account, err = open(ctx, tx, me, u, r); err != nil {
			return err
		}
		in, err := access.NewSession(ctx, tx, u.ID, false, me)
		if err != nil {
			return err
		}
		t = in.Token
		if err := access.EndToken(ctx, tx, old); err != nil {
			return err
		}
		return l.jobs.Tell(ctx, tx, access.LoginCreated{User: u.ID})
	})
	return t, account, access.TellKnown(ctx, l.db, by, err)
}

// open opens the account of somebody who registers.
func open(ctx context.Context, tx *db.Tx, me access.Actor, u access.User, r Registration) (id.Account, error) {
	fresh := access.NewAccount{Name: r.accountName(u), Country: r.Country, Language: u.Language, TimeZone: u.TimeZone}
	act, err := access.Open(ctx, tx, me, fresh)
	if err != nil {
		return 0, err
	}
	return act.Account(), audit.Write(ctx, tx, act, audit.Entry{Action: "account.opened", Subject: fresh.Name, After: fresh})
}

func registering() access.Limit {
	return access.Limit{Name: "register", Most: 20, Per: time.Hour, Public: "Many logins were created from your network. Try again in %d minutes."}
}
