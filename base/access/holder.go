package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// A realm is a kind of logins: those of users, or of staff.
type realm string

// The realms. They are stored.
const (
	users     realm = "user"
	employees realm = "staff"
)

// A Holder is a person of either realm, who may have two-step login on.
type Holder struct {
	realm  realm
	person int64
}

// Holder is the user as one who may have two-step login on.
func (u User) Holder() Holder { return Holder{users, int64(u.ID)} }

// Holder is the person as one who has two-step login on, once it is set up.
func (p StaffPerson) Holder() Holder { return Holder{employees, int64(p.ID)} }

// key names the holder where both realms are counted in one table.
func (h Holder) key() string { return string(h.realm) + " " + StaffID(h.person).String() }

// twoStepSince is since when two-step login is on; the zero time is off, and so
// is who does not exist.
func (h Holder) twoStepSince(ctx context.Context, q db.Querier) (time.Time, error) {
	sql := `SELECT two_step_at FROM users WHERE id = $1`
	if h.realm == employees {
		sql = `SELECT two_step_at FROM staff WHERE id = $1`
	}
	since, err := db.One(ctx, q, func(r db.Row) (at time.Time, err error) { err = r.Scan(db.Time(&at)); return at, err }, sql, h.person)
	if fault.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	return since, err
}

// setTwoStep notes since when two-step login is on; the zero time is off.
func (h Holder) setTwoStep(ctx context.Context, tx *db.Tx, since time.Time) error {
	if h.realm == employees {
		return tx.ExecOne(ctx, `UPDATE staff SET two_step_at = $1 WHERE id = $2`, since, h.person)
	}
	if err := tx.ExecOne(ctx, `UPDATE users SET two_step_at = $1 WHERE id = $2`, since, h.person); err != nil {
		return err
	}
	return indexUser(ctx, tx, id.User(h.person))
}

// A Seat is a person at one browser: a key that is being set up is shown there
// and nowhere else. Proofs give it.
type Seat struct {
	holder Holder
	hash   string // of the session or step
	actor  Actor
}

// Holder is the person at it.
func (s Seat) Holder() Holder { return s.holder }

// Seat is who is logged in, at this browser.
func (s Self) Seat() Seat { return Seat{s.User().Holder(), s.session.hash, s.actor} }

// Seat is who of the staff is logged in, at this browser.
func (s Staff[R]) Seat() Seat {
	if s.seat == "" {
		panic("access: a proof that is of no browser")
	}
	return Seat{s.Person().Holder(), s.seat, s.actor}
}

// Seat is who sets two-step login up on the way in, at this browser.
func (s StaffStep) Seat() Seat { return Seat{s.Person().Holder(), s.hash, s.actor} }
