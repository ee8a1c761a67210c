package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

// requestsShown is for how long staff see what became of a request.
const requestsShown = 30 * 24 * time.Hour

// RequestsFor lists the requests for access to an account that wait or were
// answered of late, the latest first, for staff: they see them and leave the answer
// to the account's people. What was written beside them is not for staff.
func (s *Sharing) RequestsFor(ctx context.Context, in access.StaffOn[access.SeeAccounts]) ([]Request, error) {
	now := s.DB.Clock().Now()
	return listLately(ctx, s.DB.Auto(), in.Account(), now.Add(-RequestLife), now.Add(-requestsShown))
}

// listLately lists requests asked since then that wait, and those answered since
// the other time.
func listLately(ctx context.Context, q db.Querier, account id.Account, asked, answered time.Time) ([]Request, error) {
	return db.All(ctx, q, func(r db.Row) (q Request, err error) {
		err = r.Scan(&q.ID, &q.For, &q.State, db.Time(&q.Asked), db.Time(&q.Decided), &q.Decider, &q.By.ID, &q.By.FirstName, &q.By.LastName, &q.By.Email)
		return q, err
	}, `SELECT r.id, r.permission, r.state, r.asked_at, r.decided_at, r.decider_name, u.id, u.first_name, u.last_name, u.email
		FROM access_requests r JOIN users u ON u.id = r.user_id
		WHERE r.account_id = $1 AND (r.state = 'pending' AND r.asked_at > $2 OR r.state IN ('approved', 'declined') AND r.decided_at > $3)
		ORDER BY r.asked_at DESC, r.id DESC LIMIT 50`, account, asked, answered)
}
