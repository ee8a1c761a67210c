package login

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
)

// Step finds the log in that waits for a code in this browser. It is NotFound
// with the code access.StepOver if there is none that still holds.
func (l *Login) Step(ctx context.Context, t access.Token, by access.Actor) (access.Step, error) {
	return l.twoStep.Step(ctx, t, by)
}

// Factors are what whoever logs in could take the second step with here, beside
// a recovery code.
func (l *Login) Factors(ctx context.Context, in access.Step) (access.Factors, error) {
	return l.twoStep.Factors(ctx, in)
}

// A Finish is what logging in by two steps came to.
type Finish struct {
	access.Passed
	Session access.Token
}

// FinishLogIn opens a session with a code of the app or a recovery code, and ends
// the session that the browser had. See TwoStep.Check for what it answers
// otherwise. Who uses a recovery code is told by mail.
func (l *Login) FinishLogIn(ctx context.Context, in access.Step, code string, old access.Token) (Finish, error) {
	u := in.User()
	c, err := l.twoStep.Check(ctx, u.Holder(), in.Actor(), code)
	if err != nil {
		return Finish{}, err
	}
	var f Finish
	err = l.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) (err error) {
		if f.Passed, err = l.twoStep.Pass(ctx, tx, in, c); err != nil {
			return err
		}
		if f.Session, err = l.replaceSession(ctx, tx, f.Actor, in.Wish().Remember, old); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, access.Elsewhere(f.Actor), audit.Entry{Action: "session.opened", Subject: u.Email}); err != nil {
			return err
		}
		if !f.Recovery {
			return nil
		}
		if err := l.jobs.Tell(ctx, tx, f.Fact(tx.Now())); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(f.Actor), audit.Entry{Action: "two-step.recovery", Subject: u.Email, After: codesLeft{f.Left}})
	})
	return f, err
}

// codesLeft is how many recovery codes somebody still has, for the audit.
type codesLeft struct {
	Left int64 `json:"recovery codes left"`
}

// tellRecovery mails whoever's recovery code was used.
func (l *Login) tellRecovery(ctx context.Context, f access.RecoveryUsed) error {
	return l.db.WriteGlobal(ctx, db.LockUser(f.User), func(tx *db.Tx) error {
		u, err := access.FindUser(ctx, tx, f.User)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, l.to(ctx, tx, u).recoveryUsed(f))
	})
}

// TwoStepState is what a person is shown of their own two-step login.
type TwoStepState struct {
	Left     int64 // recovery codes that are not used
	Others   int   // sessions in other browsers
	App      bool  // an authenticator app is set up
	Passkeys []access.Passkey
}

// Last tells whether the one passkey there is is the only second step.
func (s TwoStepState) Last(u access.User) bool {
	return !u.TwoStep.IsZero() && !s.App && len(s.Passkeys) == 1
}

// TwoStepState finds it out.
func (l *Login) TwoStepState(ctx context.Context, me access.Self) (TwoStepState, error) {
	left, err := access.RecoveryLeft(ctx, l.db.Auto(), me.User().Holder())
	if err != nil {
		return TwoStepState{}, err
	}
	f, err := access.FindFactors(ctx, l.db.Auto(), me.User())
	if err != nil {
		return TwoStepState{}, err
	}
	keys, err := access.PasskeysOf(ctx, l.db.Auto(), me.User().ID)
	if err != nil {
		return TwoStepState{}, err
	}
	all, err := access.Sessions(ctx, l.db, l.lives(ctx), me.User().ID)
	return TwoStepState{left, max(len(all)-1, 0), f.App, keys}, err
}

// BeginTwoStep makes a key to be scanned by one's app. Who has an app already must
// give a code, as to turn it off: sessions from before two-step login was on have
// shown none. That app stays good until a code from the new key is typed.
func (l *Login) BeginTwoStep(ctx context.Context, me access.Self, code string) error {
	u := me.User()
	had, err := access.FindFactors(ctx, l.db.Auto(), u)
	if err != nil {
		return err
	}
	var c access.Code
	if had.App {
		if code == "" {
			return fault.FieldErr("code", "code.missing", "Type a code of the app that you have, or a recovery code.")
		}
		if c, err = l.twoStep.Check(ctx, u.Holder(), me.Actor(), code); err != nil {
			return err
		}
	}
	return l.own(ctx, me, func(tx *db.Tx) error {
		has, err := access.FindFactors(ctx, tx, u)
		if err != nil {
			return err
		}
		if has.App && !had.App { // meanwhile, elsewhere
			return twoStepOn()
		}
		if had.App {
			if err := l.twoStep.Spend(ctx, tx, c); err != nil {
				return err
			}
		}
		if err := l.twoStep.Propose(ctx, tx, me.Seat()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "two-step.began", Subject: u.Email})
	})
}

func twoStepOn() error {
	return fault.Conflictf("Two-step login is on already.").WithCode("two-step.on")
}

// Setup finds the key that was made in this browser and waits for its first code,
// NotFound if there is none.
func (l *Login) Setup(ctx context.Context, me access.Self) (access.Setup, error) {
	return l.twoStep.Proposed(ctx, me.Seat())
}

// An Enrolled is what the first code from a key came to: new recovery codes, which
// are shown this once, in place of any that there were.
type Enrolled struct {
	access.Recovery
	Replaced bool // the app took another's place, whose codes no longer work
}

// TurnOnTwoStep turns two-step login on with the first code from the key, adds
// the app to the passkeys that are the second step already, or puts it in place of
// the app there was. A wrong code is Invalid at the field code; a key that no
// longer waits is NotFound or Conflict.
func (l *Login) TurnOnTwoStep(ctx context.Context, me access.Self, code string) (Enrolled, error) {
	u := me.User()
	setup, err := l.Setup(ctx, me)
	if err != nil {
		return Enrolled{}, err
	}
	e, err := l.twoStep.Confirm(ctx, setup, code)
	if err != nil {
		return Enrolled{}, err
	}
	done := Enrolled{Recovery: e.Recovery}
	err = l.own(ctx, me, func(tx *db.Tx) error {
		had, err := access.FindFactors(ctx, tx, u)
		if err != nil {
			return err
		}
		if err := l.twoStep.Enrol(ctx, tx, e); err != nil {
			return err
		}
		done.Replaced = had.App
		entry, letter := audit.Entry{Action: "two-step.on", Subject: u.Email}, l.to(ctx, tx, u).twoStepOn(tx.Now())
		switch {
		case had.App:
			entry.Action, letter = "two-step.replaced", l.to(ctx, tx, u).appReplaced(tx.Now())
		case !u.TwoStep.IsZero():
			entry.Action, letter = "two-step.app", l.to(ctx, tx, u).appAdded(tx.Now())
		}
		if err := audit.Write(ctx, tx, me.Act(), entry); err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, letter)
	})
	return done, err
}

// RenewRecovery makes new recovery codes and gives them; the old ones no longer
// work. With two-step login off it is Conflict.
func (l *Login) RenewRecovery(ctx context.Context, me access.Self) (access.Recovery, error) {
	u := me.User()
	fresh, err := l.twoStep.NewRecovery(ctx)
	if err != nil {
		return access.Recovery{}, err
	}
	return fresh, l.own(ctx, me, func(tx *db.Tx) error {
		if err := l.twoStep.Renew(ctx, tx, u.Holder(), fresh); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "two-step.codes", Subject: u.Email}); err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, l.to(ctx, tx, u).recoveryRenewed(tx.Now()))
	})
}

// TurnOffTwoStep turns two-step login off, which needs a code. It is Conflict for
// the owner of an account that asks for it; other accounts that do are then shut.
func (l *Login) TurnOffTwoStep(ctx context.Context, me access.Self, code string) error {
	u := me.User()
	c, err := l.twoStep.Check(ctx, u.Holder(), me.Actor(), code)
	if err != nil {
		return err
	}
	return l.turnOff(ctx, me, func(tx *db.Tx) error { return l.twoStep.Spend(ctx, tx, c) })
}

// turnOff turns two-step login off once spend has used the second step up.
func (l *Login) turnOff(ctx context.Context, me access.Self, spend func(*db.Tx) error) error {
	u := me.User()
	return l.own(ctx, me, func(tx *db.Tx) error {
		if err := spend(tx); err != nil {
			return err
		}
		if off, err := l.twoStep.TurnOff(ctx, tx, u.Holder()); err != nil || !off {
			return err
		}
		if err := mayTurnOff(ctx, tx, me); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, me.Act(), audit.Entry{Action: "two-step.off", Subject: u.Email}); err != nil {
			return err
		}
		return l.mail.Send(ctx, tx, l.to(ctx, tx, u).twoStepOff(tx.Now()))
	})
}
