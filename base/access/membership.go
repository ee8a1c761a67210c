package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// Status is what has become of an account.
type Status string

// The states. Closed accounts can be read, not changed; Inactive is a tag only.
const (
	Active   Status = "active"
	Inactive Status = "inactive"
	Closed   Status = "closed"
)

// A Membership is what one query read about a session's user in an account. Its
// fields are unexported so that nothing else can make one.
type Membership struct {
	account     id.Account
	name        string
	status      Status
	actor       Actor
	rights      Rights
	asksTwoStep bool // the account asks for two-step login
	shut        bool // and the user has none
	lastLogin   time.Time
	seen        time.Time
}

// Account is the account's number.
func (m Membership) Account() id.Account { return m.account }

// AccountName is the account's name.
func (m Membership) AccountName() string { return m.name }

// Status is the account's.
func (m Membership) Status() Status { return m.status }

// Rights is what the member may do.
func (m Membership) Rights() Rights { return m.rights }

// AsksTwoStep tells whether the account asked for two-step login when the request
// came. A membership of MembershipOf does not know.
func (m Membership) AsksTwoStep() bool { return m.asksTwoStep }

// Shut tells whether the account asks for two-step login and the member has none:
// until they have, no gate but EnterLeaving lets them in.
func (m Membership) Shut() bool { return m.shut }

// MembershipOf reads the membership of somebody who asked for something that is done
// later, in their name: with the rights that they have by then. It is NotFound if
// there is none.
func MembershipOf(ctx context.Context, q db.Querier, account id.Account, by Actor) (Membership, error) {
	m := Membership{account: account, actor: by}
	now, err := findStanding(ctx, q, account, by.User)
	m.rights, m.status, m.shut = now.rights, now.status, now.shut
	return m, err
}

// enter is what every gate begins with: the account's rules, which hold whatever
// one may do there.
func (m Membership) enter() (scope, error) {
	if m.shut {
		return scope{}, fault.Deniedf("This account asks for two-step login. Set it up for your login first.").WithCode(NeedsTwoStep)
	}
	return m.scope(), nil
}

func (m Membership) scope() scope {
	if m.account == 0 {
		panic("access: a membership that no query has read")
	}
	s := scope{act: Act{m.account, m.actor}, member: m}
	if m.rights.Visiting {
		s.staff = NameLoginAsOwner
	}
	return s
}

// Still is nil while the membership, the account's status and its rules are as
// the door read them, and Conflict with the code rights.changed otherwise: what was decided
// on them no longer holds. Of staff it asks whether they may still do this. Ask
// it under the account's lock.
func (s scope) Still(ctx context.Context, tx *db.Tx) error {
	if s.staff != 0 {
		return stillStaff(ctx, tx, s.act.actor.Staff, s.staff)
	}
	now, err := findStanding(ctx, tx, s.Account(), s.act.actor.User)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || now != (standing{s.member.rights, s.member.status, s.member.shut}) {
		return fault.Conflictf("Your own access to this account was changed meanwhile. Reload the page.").WithCode("rights.changed")
	}
	return nil
}

// A standing is what the gates decide on.
type standing struct {
	rights Rights
	status Status
	shut   bool
}

func findStanding(ctx context.Context, q db.Querier, account id.Account, u id.User) (standing, error) {
	return db.One(ctx, q, scanStanding, `SELECT m.owner, m.manages, m.permissions, a.status, a.two_step_rule_at > 0 AND u.two_step_at = 0
		FROM memberships m JOIN accounts a ON a.account_id = m.account_id JOIN users u ON u.id = m.user_id
		WHERE m.account_id = $1 AND m.user_id = $2`, account, u)
}

func scanStanding(r db.Row) (standing, error) {
	var s standing
	var set int64
	err := r.Scan(&s.rights.Owner, &s.rights.Managing, &set, &s.status, &s.shut)
	s.rights.Set = Set(set)
	return s, err
}

func (m Membership) open(use Use) error {
	if use == Change && m.status == Closed {
		return fault.Conflictf("This account is closed. You can read it, but nothing in it can be changed.").WithCode("closed")
	}
	return nil
}

// SeenLately tells that Touch has nothing to note: the member was here, and has
// logged in since the session began.
func (m Membership) SeenLately(s Session, now time.Time) bool {
	return !m.lastLogin.Before(s.Created) && now.Sub(m.seen) < seenEvery
}

// Touch notes that the member was here: the first request of a session in an
// account is a log in to it, later ones are noted every five minutes. It tells
// whether it was a log in. Call it after the answer is sent.
func Touch(ctx context.Context, d *db.DB, s Session, m Membership, onLogin func(*db.Tx, Act) error) error {
	if m.SeenLately(s, d.Clock().Now()) {
		return nil
	}
	login := m.lastLogin.Before(s.Created)
	return d.Write(ctx, Act{m.account, m.actor}, func(tx *db.Tx) error {
		now := tx.Now()
		_, err := tx.Exec(ctx, `UPDATE user_accounts SET used_at = $1 WHERE user_id = $2 AND account_id = $3`, now, m.actor.User, m.account)
		if err != nil {
			return err
		}
		if !login {
			_, err = tx.Exec(ctx, `UPDATE memberships SET seen_at = $1 WHERE account_id = $2 AND user_id = $3`, now, m.account, m.actor.User)
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE memberships SET seen_at = $1, last_login_at = $1 WHERE account_id = $2 AND user_id = $3 AND last_login_at < $4`,
			now, m.account, m.actor.User, s.Created)
		if err != nil || n == 0 {
			return err // another tab of the session was first
		}
		return onLogin(tx, Act{m.account, m.actor})
	})
}
