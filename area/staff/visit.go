package staff

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// mostReason is how long a reason may be, in characters.
const mostReason = 300

// Visit logs a person of the staff in as the account's owner, on their session
// and for access.VisitLife. The reason is shown to the owner; without one it is
// Invalid.
func (s *Staff) Visit(ctx context.Context, in access.StaffOn[access.LoginAsOwner], on access.StaffSession, reason string) (access.Token, error) {
	reason = access.CleanName(reason)
	switch {
	case reason == "":
		return access.Token{}, fault.FieldErr("reason", "", "Say why. The owner can read it.")
	case len([]rune(reason)) > mostReason:
		return access.Token{}, fault.FieldErr("reason", "", "Shorten the reason to %d characters.", mostReason)
	}
	var t access.Token
	err := s.db.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		owner, err := access.FindOwner(ctx, tx, in.Account())
		if err != nil {
			return err
		}
		if t, err = access.NewVisit(ctx, tx, in, on, owner.User, reason); err != nil {
			return err
		}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "visit.started", Subject: owner.Email, After: map[string]string{"reason": reason}})
	})
	return t, err
}

// Owner finds as whom a visit would be.
func (s *Staff) Owner(ctx context.Context, in access.StaffOn[access.LoginAsOwner]) (access.MemberInfo, error) {
	return access.FindOwner(ctx, s.db.Auto(), in.Account())
}

// EndVisit ends a visit. One that is over already is no error.
func (s *Staff) EndVisit(ctx context.Context, t access.Token, by access.Actor) error {
	err := s.db.Write(ctx, visited(t.Account()), func(tx *db.Tx) error {
		act, err := access.EndVisit(ctx, tx, t, by.IP, by.Agent)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, act, audit.Entry{Action: "visit.ended"})
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// visited is the account that a visit's token names.
type visited id.Account

// Account makes it a db.Scoped.
func (v visited) Account() id.Account { return id.Account(v) }
