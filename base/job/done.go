package job

import (
	"context"

	"atrium/base/db"
)

// A hold is what the context of a worker knows of its job.
type hold struct {
	jobs  *Jobs
	lane  *lane
	claim claim
	more  func() bool // whether the worker may go on with another job; nil: no
	ended bool        // the job's end is committed
	next  []claim     // what the worker goes on with
}

type holdKey struct{}

func (h *hold) in(ctx context.Context) context.Context { return context.WithValue(ctx, holdKey{}, h) }

// Done ends the job whose worker has been given ctx, in the transaction that
// keeps what the worker did, and claims the next for it: so one COMMIT does for
// all three. It is the last that a worker does. A claim that was lost meanwhile is
// left to whoever has it.
func Done(ctx context.Context, tx *db.Tx) error {
	h, ok := ctx.Value(holdKey{}).(*hold)
	if !ok {
		return nil // it is no worker's
	}
	o := settle(h.claim, nil, h.jobs.workers[h.claim.kind].every, tx.Now())
	held, err := updateOutcome(ctx, tx, h.claim, o)
	if err != nil || !held {
		return err
	}
	var next []claim
	if h.more != nil && h.more() {
		if next, err = updateClaim(ctx, tx, h.jobs.claim, h.lane.name, 1, h.jobs.lease); err != nil {
			return err
		}
	}
	tx.AfterCommit(func() { h.ended, h.next = true, next })
	return nil
}
