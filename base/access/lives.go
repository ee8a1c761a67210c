package access

import (
	"context"
	"time"

	"atrium/base/db"
)

// A Life is how long sessions live: Idle since they were last used, and Most
// since they were opened, however much they are used.
type Life struct{ Idle, Most time.Duration }

// Lives are the host's, for each kind of session. They count for sessions that
// are open already, too.
type Lives struct {
	User       Life
	Remembered Life // of users who have their browser remembered
	Staff      Life
}

// DefaultLives are those of a host that has set none.
func DefaultLives() Lives {
	const day = 24 * time.Hour
	return Lives{User: Life{12 * time.Hour, day}, Remembered: Life{30 * day, 90 * day}, Staff: Life{30 * time.Minute, 12 * time.Hour}}
}

// seenEvery is how often the use of a session is noted. Idle lives are some times
// as long, or who works all the time would be logged out.
const seenEvery = 5 * time.Minute

// ends is when a session ends that is not used again.
func (l Life) ends(created, seen time.Time) time.Time {
	if end := created.Add(l.Most); end.Before(seen.Add(l.Idle)) {
		return end
	}
	return seen.Add(l.Idle)
}

// KeepEnded sees to it that sessions which have ended stay so when sessions live
// longer from now on. l are the lives until now. Their rows stay for what is
// still read of them: when somebody logged in, and from where.
func KeepEnded(ctx context.Context, tx *db.Tx, l Lives) error {
	now := tx.Now()
	if _, err := tx.Exec(ctx, `UPDATE sessions SET seen_at = 0 WHERE seen_at > 0
		AND (NOT remember AND (seen_at <= $1 OR created_at <= $2) OR remember AND (seen_at <= $3 OR created_at <= $4))`,
		now.Add(-l.User.Idle), now.Add(-l.User.Most), now.Add(-l.Remembered.Idle), now.Add(-l.Remembered.Most)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE staff_sessions SET seen_at = 0 WHERE seen_at > 0 AND (seen_at <= $1 OR created_at <= $2)`,
		now.Add(-l.Staff.Idle), now.Add(-l.Staff.Most))
	return err
}
