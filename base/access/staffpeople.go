package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/fault"
)

// LastAdministrator is the fault code of what would leave nobody who says who is
// staff.
const LastAdministrator = "staff.last"

// A StaffInfo is a person of the staff as those see them who say who is staff.
type StaffInfo struct {
	StaffPerson
	Key       string    // of the address: lists are in its order
	Joined    bool      // they have set a password
	LastLogin time.Time // zero: never
	Created   time.Time
	LinkEnds  time.Time // of the newest link to set a password; zero: there is none
}

func scanStaffInfo(r db.Row) (StaffInfo, error) {
	var s StaffInfo
	err := r.Scan(append(s.StaffPerson.targets(), &s.Key, &s.Joined, db.Time(&s.LastLogin), db.Time(&s.Created), db.Time(&s.LinkEnds))...)
	return s, err
}

const staffInfoColumns = staffColumns + `, p.email_key, p.password_hash <> '', p.last_login_at, p.created_at,
	(SELECT COALESCE(max(t.expires_at), 0) FROM staff_tokens t WHERE t.staff_id = p.id)`

// StaffPage lists the staff in the order of their addresses, after the one with
// the key after.
func StaffPage(ctx context.Context, q db.Querier, after string, limit int) ([]StaffInfo, error) {
	return db.All(ctx, q, scanStaffInfo, `SELECT `+staffInfoColumns+` FROM staff p WHERE p.email_key > $1 ORDER BY p.email_key LIMIT $2`, after, limit)
}

// FindStaff finds a person of the staff, NotFound if there is none.
func FindStaff(ctx context.Context, q db.Querier, p StaffID) (StaffInfo, error) {
	return db.One(ctx, q, scanStaffInfo, `SELECT `+staffInfoColumns+` FROM staff p WHERE p.id = $1`, p)
}

// LockStaffList makes transactions that say who is staff run one after the other:
// so that two administrators don't take each other's role at once.
func LockStaffList(ctx context.Context, tx *db.Tx) error {
	return tx.ExecOne(ctx, `UPDATE counters SET value = value + 1 WHERE name = 'staff'`)
}

// SetStaff changes name and role, under LockStaffList. The last administrator who
// can log in stays one: Conflict with the code LastAdministrator.
func SetStaff(ctx context.Context, tx *db.Tx, p StaffID, name string, role StaffRole) error {
	if err := tx.ExecOne(ctx, `UPDATE staff SET name = $1, role = $2 WHERE id = $3`, name, string(role), p); err != nil {
		return err
	}
	return someAdministrator(ctx, tx)
}

// DisableStaff shuts a person's login, under LockStaffList: sessions and links end
// at once. For the last administrator see SetStaff.
func DisableStaff(ctx context.Context, tx *db.Tx, p StaffID) error {
	n, err := tx.Exec(ctx, `UPDATE staff SET disabled_at = $1 WHERE id = $2 AND disabled_at = 0`, tx.Now(), p)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflictf("This login is deactivated already.").WithCode("staff.disabled")
	}
	if err := EndStaffSessions(ctx, tx, p); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM staff_tokens WHERE staff_id = $1`, p); err != nil {
		return err
	}
	return someAdministrator(ctx, tx)
}

// EnableStaff opens a login that was shut.
func EnableStaff(ctx context.Context, tx *db.Tx, p StaffID) error {
	n, err := tx.Exec(ctx, `UPDATE staff SET disabled_at = 0 WHERE id = $1 AND disabled_at > 0`, p)
	if err == nil && n == 0 {
		return fault.Conflictf("This login is active already.").WithCode("staff.enabled")
	}
	return err
}

// DropStaff deletes a person who has never set a password, and their link.
func DropStaff(ctx context.Context, tx *db.Tx, p StaffID) error {
	n, err := tx.Exec(ctx, `DELETE FROM staff WHERE id = $1 AND password_hash = ''`, p)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflictf("This invitation was accepted meanwhile.").WithCode("staff.joined")
	}
	_, err = tx.Exec(ctx, `DELETE FROM staff_tokens WHERE staff_id = $1`, p)
	return err
}

// someAdministrator refuses what leaves no administrator who can log in.
func someAdministrator(ctx context.Context, tx *db.Tx) error {
	n, err := db.One(ctx, tx, scanInt, `SELECT count(*) FROM staff WHERE role = $1 AND disabled_at = 0 AND password_hash <> ''`, string(Administrator))
	if err == nil && n == 0 {
		return fault.Conflictf("This is the last administrator. Make somebody else one first.").WithCode(LastAdministrator)
	}
	return err
}

// StaffSessions lists a person's living sessions, the last used first.
func StaffSessions(ctx context.Context, d *db.DB, l Lives, p StaffID) ([]StaffSession, error) {
	all, err := db.All(ctx, d.Auto(), scanStaffSession, `SELECT `+staffSessionColumns+`
		FROM staff_sessions s JOIN staff p ON p.id = s.staff_id WHERE s.staff_id = $1 ORDER BY s.seen_at DESC, s.id DESC`, p)
	var living []StaffSession
	for _, s := range all {
		if s.alive(l, d.Clock().Now()) == nil {
			living = append(living, s)
		}
	}
	return living, err
}

// IsOf tells whether it is the session that the proof was made from.
func (s StaffSession) IsOf(at Seat) bool { return s.hash == at.hash }

// EndOtherStaffSessions ends a person's sessions but the one at the seat. It tells
// how many.
func EndOtherStaffSessions(ctx context.Context, tx *db.Tx, at Seat) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM staff_sessions WHERE staff_id = $1 AND token_hash <> $2`, at.holder.person, at.hash)
}
