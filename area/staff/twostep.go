package staff

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
)

// Step finds the log in that waits for its second step in this browser. It is
// NotFound with the code access.StepOver if there is none that still holds.
func (s *Staff) Step(ctx context.Context, t access.Token, by access.Actor) (access.StaffStep, error) {
	return s.twoStep.StaffStep(ctx, t, by)
}

// A Finish is what logging in by two steps came to.
type Finish struct {
	access.Passed
	Session access.Token
}

// FinishLogIn opens a staff session with a code of the app or a recovery code, and
// ends the one that the browser had, which may be the zero Token. See
// TwoStep.Check for what it answers otherwise. Who uses a recovery code is told by
// mail.
func (s *Staff) FinishLogIn(ctx context.Context, in access.StaffStep, code string, had access.Token) (Finish, error) {
	p := in.Person()
	c, err := s.twoStep.Check(ctx, p.Holder(), in.Actor(), code)
	if err != nil {
		return Finish{}, err
	}
	var f Finish
	err = s.db.WriteGlobal(ctx, db.LockStaff(p.ID), func(tx *db.Tx) (err error) {
		if f.Passed, err = s.twoStep.PassStaff(ctx, tx, in, c); err != nil {
			return err
		}
		if f.Session, err = s.open(ctx, tx, f.Actor, had); err != nil || !f.Recovery {
			return err
		}
		entry := audit.Entry{Action: "staff.two-step-recovery", Subject: p.Email, After: codesLeft{f.Left}}
		if err := audit.Write(ctx, tx, access.Elsewhere(f.Actor), entry); err != nil {
			return err
		}
		return s.mail.Send(ctx, tx, s.to(ctx, tx, p).recoveryUsed(f.Fact(tx.Now())))
	})
	return f, err
}

// codesLeft is how many recovery codes somebody still has, for the audit.
type codesLeft struct {
	Left int64 `json:"recovery codes left"`
}

// open gives a browser a session in place of the one it had. Whose browser was not
// known to them is told by mail.
func (s *Staff) open(ctx context.Context, tx *db.Tx, by access.Actor, had access.Token) (access.Token, error) {
	in, err := access.NewStaffSession(ctx, tx, by.Staff, by)
	if err != nil {
		return in.Token, err
	}
	if err := access.EndStaffToken(ctx, tx, had); err != nil {
		return in.Token, err
	}
	if in.NewBrowser {
		if err := s.tellBrowser(ctx, tx, by); err != nil {
			return in.Token, err
		}
	}
	return in.Token, audit.Write(ctx, tx, access.Elsewhere(by), audit.Entry{Action: "staff.login", Subject: by.Email})
}

func (s *Staff) tellBrowser(ctx context.Context, tx *db.Tx, by access.Actor) error {
	p, err := access.FindStaff(ctx, tx, by.Staff)
	if err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, access.Elsewhere(by), audit.Entry{Action: "staff.browser-new", Subject: p.Email}); err != nil {
		return err
	}
	return s.mail.Send(ctx, tx, s.to(ctx, tx, p.StaffPerson).newBrowser(tx.Now(), by))
}

// Setup finds the key that waits for its first code in this browser, NotFound if
// there is none.
func (s *Staff) Setup(ctx context.Context, in access.StaffStep) (access.Setup, error) {
	return s.twoStep.Proposed(ctx, in.Seat())
}

// JoinTwoStep sets two-step login up with the first code from the key, and opens
// a session. It gives the recovery codes, which are shown this once. A wrong code
// is Invalid at the field code.
func (s *Staff) JoinTwoStep(ctx context.Context, in access.StaffStep, code string, had access.Token) (access.Recovery, access.Token, error) {
	p := in.Person()
	e, err := s.confirm(ctx, in.Seat(), code)
	if err != nil {
		return access.Recovery{}, access.Token{}, err
	}
	var t access.Token
	err = s.db.WriteGlobal(ctx, db.LockStaff(p.ID), func(tx *db.Tx) error {
		by, err := s.twoStep.Join(ctx, tx, in, e)
		if err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, access.Elsewhere(by), audit.Entry{Action: "staff.two-step-on", Subject: p.Email}); err != nil {
			return err
		}
		if err := s.mail.Send(ctx, tx, s.to(ctx, tx, p).twoStepOn(tx.Now())); err != nil {
			return err
		}
		t, err = s.open(ctx, tx, by, had)
		return err
	})
	return e.Recovery, t, err
}

func (s *Staff) confirm(ctx context.Context, at access.Seat, code string) (access.Enrolment, error) {
	setup, err := s.twoStep.Proposed(ctx, at)
	if fault.Is(err, fault.NotFound) {
		return access.Enrolment{}, fault.Conflictf("This key is no longer the one to confirm. Begin again.").WithCode(access.SetupOver)
	}
	if err != nil {
		return access.Enrolment{}, err
	}
	return s.twoStep.Confirm(ctx, setup, code)
}

// RecoveryLeft counts one's recovery codes that are not used.
func (s *Staff) RecoveryLeft(ctx context.Context, in access.Staff[access.OwnLogin]) (int64, error) {
	return access.RecoveryLeft(ctx, s.db.Auto(), in.Person().Holder())
}

// BeginReplacing makes a key for another authenticator, which needs the password.
// The present one stays good until a code from the new key is typed.
func (s *Staff) BeginReplacing(ctx context.Context, in access.Staff[access.OwnLogin], password string) error {
	p := in.Person()
	if err := s.passwords.CheckStaffPassword(ctx, s.db, p.ID, "password", password); err != nil {
		return err
	}
	return s.db.WriteGlobal(ctx, db.LockStaff(p.ID), func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if err := s.twoStep.Propose(ctx, tx, in.Seat()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.two-step-began", Subject: p.Email})
	})
}

// Replacement finds the key that waits for its first code, NotFound if there is
// none.
func (s *Staff) Replacement(ctx context.Context, in access.Staff[access.OwnLogin]) (access.Setup, error) {
	return s.twoStep.Proposed(ctx, in.Seat())
}

// Replace puts the new authenticator in place of the present one, with its first
// code, and gives new recovery codes. A wrong code is Invalid at the field code; a
// key that no longer waits is Conflict with the code access.SetupOver.
func (s *Staff) Replace(ctx context.Context, in access.Staff[access.OwnLogin], code string) (access.Recovery, error) {
	p := in.Person()
	e, err := s.confirm(ctx, in.Seat(), code)
	if err != nil {
		return access.Recovery{}, err
	}
	return e.Recovery, s.db.WriteGlobal(ctx, db.LockStaff(p.ID), func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if err := s.twoStep.Enrol(ctx, tx, e); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.two-step-replaced", Subject: p.Email}); err != nil {
			return err
		}
		return s.mail.Send(ctx, tx, s.to(ctx, tx, p).replaced(tx.Now()))
	})
}

// RenewRecovery makes new recovery codes, which needs the password, and gives
// them; the old ones no longer work.
func (s *Staff) RenewRecovery(ctx context.Context, in access.Staff[access.OwnLogin], password string) (access.Recovery, error) {
	p := in.Person()
	if err := s.passwords.CheckStaffPassword(ctx, s.db, p.ID, "password", password); err != nil {
		return access.Recovery{}, err
	}
	fresh, err := s.twoStep.NewRecovery(ctx)
	if err != nil {
		return access.Recovery{}, err
	}
	return fresh, s.db.WriteGlobal(ctx, db.LockStaff(p.ID), func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if err := s.twoStep.Renew(ctx, tx, p.Holder(), fresh); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.two-step-codes", Subject: p.Email}); err != nil {
			return err
		}
		return s.mail.Send(ctx, tx, s.to(ctx, tx, p).recoveryRenewed(tx.Now()))
	})
}
