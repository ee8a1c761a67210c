package sharing

import (
	"cmp"
	"context"
	"slices"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
)

// unusedAfter is after how long an access that nobody uses stands out.
const unusedAfter = 90 * 24 * time.Hour

// mostStays is how many visits of staff are listed, and visitsShown of how long.
const (
	mostStays   = 50
	visitsShown = 365 * 24 * time.Hour
)

// A Reach is who can reach an account, or is about to.
type Reach struct {
	Members     []access.Reachable // those to look at first, then the others
	Invitations []Invitation       // that wait
	Requests    []Request          // likewise
	Stays       []access.Stay      // of staff as the owner
	StaySince   time.Time          // since when these are listed
	Review      Review
}

// A Review is when the owner has last looked through who can reach the account.
type Review struct {
	At       time.Time // zero: never
	By       string
	Reminded time.Time
	Muted    bool // they want no reminder
}

// unused tells whether a member has not used the access for long, or never did.
func unused(m access.Reachable, now time.Time) bool {
	last := m.Seen
	if last.IsZero() {
		last = m.Joined
	}
	return !now.Before(last.Add(unusedAfter))
}

// standsOut is how much there is to look at with a member.
func standsOut(m access.Reachable, now time.Time) int {
	n := 0
	if unused(m, now) {
		n += 2
	}
	if !m.TwoStep {
		n++
	}
	return n
}

// A Look is how much there is to look at first.
type Look struct{ Unused, OneStep, Waiting int }

// Look counts it.
func (r Reach) Look(now time.Time) Look {
	var l Look
	for _, m := range r.Members {
		if unused(m, now) {
			l.Unused++
		}
		if !m.TwoStep {
			l.OneStep++
		}
	}
	for _, i := range r.Invitations {
		if i.Expired(now) {
			l.Waiting++
		}
	}
	return l
}

// Reach finds who can reach the account. What is not used or not safe comes first.
func (s *Sharing) Reach(ctx context.Context, in access.Manager, compare func(a, b string) int) (Reach, error) {
	now, q := s.DB.Clock().Now(), s.DB.Auto()
	r := Reach{StaySince: now.Add(-visitsShown)}
	if shown := s.Settings.Current(ctx, q).Retention.ActivityShown; shown > 0 {
		r.StaySince = latest(r.StaySince, now.AddDate(0, 0, -shown))
	}
	var err error
	if r.Members, err = access.Reachables(ctx, q, in.Account()); err != nil {
		return r, err
	}
	sortReach(r.Members, now, compare)
	if r.Invitations, err = listInvitations(ctx, q, in.Account(), now); err != nil { // none declined since now
		return r, err
	}
	if r.Requests, err = s.Requests(ctx, in); err != nil {
		return r, err
	}
	if r.Stays, err = access.Stays(ctx, q, in.Account(), r.StaySince, mostStays); err != nil {
		return r, err
	}
	r.Review, err = findReview(ctx, q, in.Account())
	return r, err
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func sortReach(all []access.Reachable, now time.Time, compare func(a, b string) int) {
	slices.SortFunc(all, func(a, b access.Reachable) int {
		return cmp.Or(standsOut(b, now)-standsOut(a, now), compare(a.Name(), b.Name()), cmp.Compare(a.User, b.User))
	})
}

// Reviewed notes that the owner has looked through who can reach the account: the
// next reminder comes three months from now.
func (s *Sharing) Reviewed(ctx context.Context, in access.Owner) error {
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if err := upsertReviewed(ctx, tx, in.Account(), in.Actor().Name); err != nil {
			return err
		}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "reach.reviewed"})
	})
}

// SetReminders says whether the owner is reminded every three months.
func (s *Sharing) SetReminders(ctx context.Context, in access.Owner, on bool) error {
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if err := upsertMuted(ctx, tx, in.Account(), !on); err != nil {
			return err
		}
		action := "reach.reminders-on"
		if !on {
			action = "reach.reminders-off"
		}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: action})
	})
}
