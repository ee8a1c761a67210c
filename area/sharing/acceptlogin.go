package sharing

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
)

// AcceptWithLogin logs somebody in and accepts, or does neither. The session that
// the browser had ends. Someone who is a member already, or not the one whom the
// account takes, is logged in all the same: beside the session's token there is
// then the Conflict of Accept. Who has
// two-step login on is given a step only, with which AcceptWithStep does it all;
// who takes it elsewhere comes back to next.
func (s *Sharing) AcceptWithLogin(ctx context.Context, in access.Invited, email, password, next string, old access.Token) (access.Opened, error) {
	u, err := s.Passwords.Authenticate(ctx, s.DB, email, password, in.Actor())
	if err != nil {
		return access.Opened{}, err
	}
	in = in.By(u.At(in.Actor()))
	var opened access.Opened
	var already error
	err = s.DB.Write(ctx, in, func(tx *db.Tx) (err error) {
		opened, already = access.Opened{}, nil
		opened.Session, already, err = s.enter(ctx, tx, in, u, old)
		if fault.CodeOf(err) != access.StepNeeded {
			return err
		}
		if opened.Step, err = s.TwoStep.Ask(ctx, tx, in.Actor(), access.Wish{Next: next}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "two-step.asked", Subject: u.Email})
	}, db.LockUser(u.ID))
	if err != nil {
		return access.Opened{}, err
	}
	return opened, already
}

// Step finds the log in that waits for a code in this browser. It is NotFound
// with the code access.StepOver if there is none that still holds.
func (s *Sharing) Step(ctx context.Context, t access.Token, by access.Actor) (access.Step, error) {
	return s.TwoStep.Step(ctx, t, by)
}

// AcceptWithStep is AcceptWithLogin for who has given the password, with a code
// of their app or a recovery code. See TwoStep.Check for what it answers
// otherwise.
func (s *Sharing) AcceptWithStep(ctx context.Context, in access.Invited, step access.Step, code string, old access.Token) (access.Token, access.Passed, error) {
	u := step.User()
	c, err := s.TwoStep.Check(ctx, u.Holder(), step.Actor(), code)
	if err != nil {
		return access.Token{}, access.Passed{}, err
	}
	var t access.Token
	var passed access.Passed
	var already error
	err = s.DB.Write(ctx, in, func(tx *db.Tx) (err error) {
		if passed, err = s.TwoStep.Pass(ctx, tx, step, c); err != nil {
			return err
		}
		if t, already, err = s.enter(ctx, tx, in.By(passed.Actor), u, old); err != nil || !passed.Recovery {
			return err
		}
		if err := s.Jobs.Tell(ctx, tx, passed.Fact(tx.Now())); err != nil {
			return err
		}
		entry := audit.Entry{Action: "two-step.recovery", Subject: u.Email, After: map[string]int64{"recovery codes left": passed.Left}}
		return audit.Write(ctx, tx, access.Elsewhere(passed.Actor), entry)
	}, db.LockUser(u.ID))
	if err != nil {
		return access.Token{}, access.Passed{}, err
	}
	return t, passed, already
}

// enter opens a session in place of the browser's old one and accepts. That
// somebody is a member already, or not the one invited, is no reason not to let
// them in.
func (s *Sharing) enter(ctx context.Context, tx *db.Tx, in access.Invited, u access.User, old access.Token) (t access.Token, already, err error) {
	admitted, err := access.NewSession(ctx, tx, u.ID, false, in.Actor())
	if err != nil {
		return t, nil, err
	}
	if t = admitted.Token; admitted.NewBrowser {
		if err := s.Jobs.Tell(ctx, tx, access.NewBrowser(in.Actor(), tx.Now())); err != nil {
			return t, nil, err
		}
	}
	if err := access.EndToken(ctx, tx, old); err != nil {
		return t, nil, err
	}
	if err := audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "session.opened", Subject: u.Email}); err != nil {
		return t, nil, err
	}
	if _, already = s.accept(ctx, tx, in, u); already != nil && !notYet(already) {
		return t, nil, already
	}
	return t, already, nil
}
