package access

import (
	"context"
	"slices"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// A Reachable is a member with what tells whether their access is used and safe.
type Reachable struct {
	MemberInfo
	Seen     time.Time // when they were last in the account; zero: never
	Passkey  bool      // their login has one
	Disabled bool      // their login was deactivated
	Founder  bool      // they opened the account
	GivenBy  string    // who invited them or approved their request; "": staff let them in, or they are the founder
}

// Reachables lists an account's members, unsorted. Who gave access is told by the
// invitation or the request that made the membership, at the same instant.
func Reachables(ctx context.Context, q db.Querier, account id.Account) ([]Reachable, error) {
	all, err := db.All(ctx, q, scanReachable, `SELECT `+memberColumns+`, m.seen_at, u.disabled_at > 0, m.joined_at = a.created_at, COALESCE(g.name, '')
		FROM memberships m JOIN users u ON u.id = m.user_id JOIN accounts a ON a.account_id = m.account_id
		LEFT JOIN (
			SELECT i.accepted_by AS user_id, i.decided_at AS at, i.inviter_name AS name FROM invitations i WHERE i.account_id = $1 AND i.state = 'accepted'
			UNION ALL
			SELECT r.user_id, r.decided_at, r.decider_name FROM access_requests r WHERE r.account_id = $1 AND r.state = 'approved' AND r.permission = ''
		) g ON g.user_id = m.user_id AND g.at = m.joined_at
		WHERE m.account_id = $1`, account)
	if err != nil {
		return nil, err
	}
	// Apart, because Citus keeps passkeys elsewhere and joins the two only so.
	with, err := db.All(ctx, q, scanUserID, `SELECT DISTINCT user_id FROM passkeys
		WHERE user_id IN (SELECT user_id FROM memberships WHERE account_id = $1)`, account)
	for i := range all {
		all[i].Passkey = slices.Contains(with, all[i].User)
	}
	return all, err
}

func scanUserID(r db.Row) (id.User, error) {
	var u id.User
	err := r.Scan(&u)
	return u, err
}

func scanReachable(r db.Row) (Reachable, error) {
	var m Reachable
	var set int64
	err := r.Scan(append(m.targets(&set), db.Time(&m.Seen), &m.Disabled, &m.Founder, &m.GivenBy)...)
	m.Set = Set(set)
	if m.LastLogin.After(m.Seen) {
		m.Seen = m.LastLogin
	}
	return m, err
}

// A Stay is a visit of staff as an account's owner, as its members see it: when,
// and for how long at most.
type Stay struct{ Started, Ended time.Time }

// Stays lists those that began after since, the latest first, limit at most.
func Stays(ctx context.Context, q db.Querier, account id.Account, since time.Time, limit int) ([]Stay, error) {
	return db.All(ctx, q, func(r db.Row) (Stay, error) {
		var s Stay
		err := r.Scan(db.Time(&s.Started), db.Time(&s.Ended))
		return s, err
	}, `SELECT started_at, CASE WHEN ended_at > 0 AND ended_at < ends_at THEN ended_at ELSE ends_at END FROM visits
		WHERE account_id = $1 AND started_at > $2 ORDER BY started_at DESC, id DESC LIMIT $3`, account, since, limit)
}
