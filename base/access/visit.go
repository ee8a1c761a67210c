package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// VisitLife is how long staff who logged in as an account's owner may stay.
const VisitLife = 60 * time.Minute

// VisitID is the id of a visit within its account.
type VisitID = id.ID[Visit]

// A Visit is a person of the staff, logged in as an account's owner. They see
// what the owner sees, and act in the owner's name but for what only a person
// may do for themselves: see Rights.Visiting.
type Visit struct {
	ID      VisitID
	Account id.Account
	Owner   User
	Staff   StaffSession // the visit ends with it
	Reason  string
	Started time.Time
	Ends    time.Time
}

// NewVisit begins a visit of the account's present owner, on the staff session s,
// and ends the one that the session had there.
func NewVisit(ctx context.Context, tx *db.Tx, in StaffOn[LoginAsOwner], s StaffSession, owner id.User, reason string) (Token, error) {
	if _, err := tx.Exec(ctx, `UPDATE visits SET ended_at = $1 WHERE account_id = $2 AND session_hash = $3 AND ended_at = 0`,
		tx.Now(), in.Account(), s.hash); err != nil {
		return Token{}, err
	}
	t := NewAccountToken(in.Account())
	return t, tx.ExecOne(ctx, `INSERT INTO visits (account_id, id, token_hash, session_hash, staff_id, user_id, reason, started_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		in.Account(), db.NewID[Visit](tx), t.Hash(), s.hash, in.Person().ID, owner, reason, tx.Now(), tx.Now().Add(VisitLife))
}

type visitRow struct {
	Visit
	member Membership
}

func scanVisit(r db.Row) (visitRow, error) {
	var v visitRow
	m := &v.member
	t := []any{&v.ID, &v.Reason, db.Time(&v.Started), db.Time(&v.Ends), &m.account, &m.name, &m.status}
	t = append(append(t, v.Staff.targets()...), v.Owner.targets()...)
	err := r.Scan(t...)
	v.Account = m.account
	return v, err
}

// FindVisit finds the living visit of a token, begun by the staff session of the
// other, and the owner's membership with the visitor as its actor, in one query.
// It is NotFound when the visit is over: its time, its staff session, the
// person's right to it, or the ownership of whom it is about.
func FindVisit(ctx context.Context, d *db.DB, l Lives, t, staff Token, ip, agent string) (Visit, Membership, error) {
	v, err := db.One(ctx, d.Auto(), scanVisit, `SELECT v.id, v.reason, v.started_at, v.ends_at, a.account_id, a.name, a.status,
			`+staffSessionColumns+`, `+userColumns+`
		FROM visits v
		JOIN staff_sessions s ON s.token_hash = v.session_hash JOIN staff p ON p.id = s.staff_id
		JOIN memberships m ON m.account_id = v.account_id AND m.user_id = v.user_id AND m.owner
		JOIN users u ON u.id = v.user_id
		JOIN accounts a ON a.account_id = v.account_id
		WHERE v.account_id = $1 AND v.token_hash = $2 AND v.session_hash = $3 AND v.ended_at = 0`, t.Account(), t.Hash(), staff.Hash())
	if err != nil {
		return Visit{}, Membership{}, err
	}
	now := d.Clock().Now()
	if err := v.Staff.alive(l, now); err != nil {
		return Visit{}, Membership{}, err
	}
	if !now.Before(v.Ends) || !v.Staff.Person.Role.Holds(NameLoginAsOwner) {
		return Visit{}, Membership{}, fault.NotFoundf("This visit is over.")
	}
	v.member.actor = v.actor(ip, agent)
	v.member.rights = Rights{Owner: true, Visiting: true}
	return v.Visit, v.member, nil
}

// actor is the person of the staff, on behalf of the owner.
func (v Visit) actor(ip, agent string) Actor {
	a := v.Staff.Person.As(ip, agent)
	a.User, a.Behalf = v.Owner.ID, v.Owner.Name()
	return a
}

// EndVisit ends the visit of a token. It gives whose visit it was, to be told in
// the account's activity: NotFound if it had been ended before.
func EndVisit(ctx context.Context, tx *db.Tx, t Token, ip, agent string) (Act, error) {
	p, err := db.One(ctx, tx, scanStaff, `SELECT `+staffColumns+` FROM staff p
		WHERE p.id = (SELECT v.staff_id FROM visits v WHERE v.account_id = $1 AND v.token_hash = $2 AND v.ended_at = 0)`, t.Account(), t.Hash())
	if err != nil {
		return Act{}, err
	}
	return Act{t.Account(), p.As(ip, agent)}, tx.ExecOne(ctx, `UPDATE visits SET ended_at = $1
		WHERE account_id = $2 AND token_hash = $3 AND ended_at = 0`, tx.Now(), t.Account(), t.Hash())
}
