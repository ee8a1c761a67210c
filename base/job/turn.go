package job

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"atrium/base/db"
)

// turn writes the outcomes of ended work and claims up to free rows.
func (j *Jobs) turn(ctx context.Context, l *lane, ended []*task, free int) ([]claim, error) {
	free, every, err := j.room(ctx, l, free)
	if err != nil {
		return nil, err
	}
	if len(ended) == 0 {
		if free <= 0 {
			return nil, nil
		}
		if due, err := findDue(ctx, j.db.Auto(), l.name, j.db.Clock().Now()); err != nil || !due {
			return nil, err
		}
	}
	var claims []claim
	err = j.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) (err error) {
		for _, t := range ended {
			if err := j.finish(ctx, tx, t); err != nil {
				return err
			}
		}
		claims = nil
		switch {
		case free > 0 && every > 0:
			claims, err = j.claimPaced(ctx, tx, l, every)
		case free > 0:
			claims, err = updateClaim(ctx, tx, j.claim, l.name, free, j.lease)
		}
		return err
	})
	return claims, err
}

func (j *Jobs) finish(ctx context.Context, tx *db.Tx, t *task) error {
	o := settle(t.claim, t.err, j.workers[t.kind].every, tx.Now())
	held, err := updateOutcome(ctx, tx, t.claim, o)
	if err != nil || !held {
		return err
	}
	if !o.failedAt.IsZero() {
		tx.AfterCommit(func() {
			j.log.Error("job given up", "kind", t.kind, "job", t.id, "tries", t.tries, "error", o.error)
		})
	}
	return nil
}

// do calls the worker. A panic is an error like another.
func (j *Jobs) do(ctx context.Context, c claim) (err error) {
	defer func() {
		if p := recover(); p != nil {
			j.log.Error("job panicked", "kind", c.kind, "job", c.id, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	w, ok := j.workers[c.kind]
	if !ok { // written by another version of the program, which will do it
		return After(time.Minute, fmt.Errorf("this process has no worker for %s", c.kind))
	}
	if c.tries > maxTries && w.every == 0 {
		return Fatal(errors.New("its process ended each time before it did"))
	}
	if err := w.do(ctx, c.args); err != nil {
		j.log.Warn("job failed", "kind", c.kind, "job", c.id, "tries", c.tries, "error", err)
		return err
	}
	return nil
}

// plan sees to it that each periodic work has its row.
func (j *Jobs) plan(ctx context.Context) error {
	rows, err := listPeriodic(ctx, j.db.Auto())
	if err != nil {
		return err
	}
	now := j.db.Clock().Now()
	good := map[string]bool{}
	for _, p := range rows {
		good[p.kind] = p.period == j.workers[p.kind].every && !p.runAt.After(now.Add(max(p.period, j.lease)))
	}
	for kind, w := range j.workers {
		if w.every == 0 || good[kind] {
			continue
		}
		err := j.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
			return insertPeriodic(ctx, tx, entry{lane: w.lane.name, kind: kind, args: "{}", period: w.every, due: tx.Now()})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Drain works everything that is due by the clock, one after the other, until
// nothing is. It is for tests and for filling the demo; it renews no lease.
func (j *Jobs) Drain(ctx context.Context) error {
	if err := j.plan(ctx); err != nil {
		return err
	}
	for idle := false; !idle; {
		idle = true
		for _, l := range j.lanes {
			worked, err := j.drain(ctx, l)
			if err != nil {
				return err
			}
			idle = idle && !worked
		}
	}
	return nil
}

func (j *Jobs) drain(ctx context.Context, l *lane) (worked bool, err error) {
	var ended []*task
	for l.workers > 0 {
		claims, err := j.turn(ctx, l, ended, 1)
		if err != nil || len(claims) == 0 {
			return worked, err
		}
		worked = true
		t := &task{claim: claims[0], hold: hold{jobs: j, lane: l, claim: claims[0]}}
		t.err = j.do(t.hold.in(ctx), t.claim)
		ended = nil
		if !t.hold.ended {
			ended = append(ended, t)
		}
	}
	return worked, nil
}
