package staff

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
	"atrium/ui"
)

// Sessions lists one's own, the last used first.
func (s *Staff) Sessions(ctx context.Context, in access.Staff[access.OwnLogin]) ([]access.StaffSession, error) {
	return access.StaffSessions(ctx, s.db, s.lives(ctx), in.Person().ID)
}

// EndSession logs one of one's own sessions out. It is NotFound if there is none
// such.
func (s *Staff) EndSession(ctx context.Context, in access.Staff[access.OwnLogin], key access.StaffSessionID) error {
	p := in.Person()
	return s.db.WriteGlobal(ctx, db.LockStaff(p.ID), func(tx *db.Tx) error {
		if err := access.EndStaffSession(ctx, tx, p.ID, key); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.session-ended", Subject: p.Email})
	})
}

// EndOthers logs one's other sessions out and tells how many there were.
func (s *Staff) EndOthers(ctx context.Context, in access.Staff[access.OwnLogin]) (int64, error) {
	p := in.Person()
	var ended int64
	err := s.db.WriteGlobal(ctx, db.LockStaff(p.ID), func(tx *db.Tx) (err error) {
		if ended, err = access.EndOtherStaffSessions(ctx, tx, in.Seat()); err != nil {
			return err
		}
		if err := access.ForgetBrowsers(ctx, tx, p.Holder(), in.Actor()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.sessions-ended", Subject: p.Email})
	})
	return ended, err
}

// SetLanguage stores the language that the person has chosen for the staff area
// and their mails.
func (s *Staff) SetLanguage(ctx context.Context, in access.Staff[access.OwnLogin], code string) error {
	if code != "" && !ui.KnownLanguage(code) {
		return fault.FieldErr("language", "", "Choose a language from the list.")
	}
	p := in.Person().ID
	return s.db.WriteGlobal(ctx, db.LockStaff(p), func(tx *db.Tx) error {
		if err := access.SetStaffLanguage(ctx, tx, p, code); err != nil {
			return err
		}
		return audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "staff.language", Before: in.Person().Language, After: code})
	})
}
