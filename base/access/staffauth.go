package access

import (
	"context"
	"strings"

	"atrium/base/db"
	"atrium/fault"
)

// AuthenticateStaff finds the person of the staff whose address and password
// these are. Like Authenticate it answers Invalid with the code WrongLogin,
// TooMany after too many tries, and takes as long for an address without login
// as for one with. Staff tries are counted apart from users'.
func (p *Passwords) AuthenticateStaff(ctx context.Context, d *db.DB, address, password string, by Actor) (StaffPerson, error) {
	email, ok := ParseEmail(address)
	if !ok {
		email = Email{Key: Fold(strings.TrimSpace(address))}
	}
	try, err := countLogin(ctx, d, employees, email, by)
	if err != nil {
		return StaffPerson{}, err
	}
	s, hash, err := FindStaffByEmail(ctx, d.Auto(), email)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return StaffPerson{}, err
	}
	match, stale, err := p.Check(ctx, password, hash)
	if err != nil {
		return StaffPerson{}, err
	}
	if !match || !s.Disabled.IsZero() {
		return StaffPerson{}, wrongLogin()
	}
	fresh := ""
	s.proof = proofOf(hash)
	if stale {
		if fresh, err = p.Hash(ctx, password); err != nil {
			return StaffPerson{}, err
		}
		s.proof = proofOf(fresh)
	}
	return s, d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		if fresh != "" {
			if _, err := tx.Exec(ctx, `UPDATE staff SET password_hash = $1 WHERE id = $2 AND password_hash = $3`, fresh, s.ID, hash); err != nil {
				return err
			}
		}
		return try.reset(ctx, tx)
	})
}

// CheckStaffPassword is CheckPassword for staff.
func (p *Passwords) CheckStaffPassword(ctx context.Context, d *db.DB, me StaffID, field, password string) error {
	if err := ownPassword().in(employees).Count(ctx, d, me.String()); err != nil {
		return err
	}
	hash, err := db.One(ctx, d.Auto(), scanString, `SELECT password_hash FROM staff WHERE id = $1`, me)
	if err != nil {
		return err
	}
	return p.same(ctx, field, password, hash)
}
