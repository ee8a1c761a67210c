package job

import (
	"context"
	"errors"
	"sync"
	"time"

	"atrium/base/db"
)

// Run works until ctx is done, then claims nothing more and finishes the jobs
// in hand. Those that take longer than half a minute are told to stop by their
// context; it is an error when they don't.
func (j *Jobs) Run(ctx context.Context) error {
	hand, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	var lanes sync.WaitGroup
	for _, l := range j.lanes {
		if l.workers > 0 {
			s := shift{jobs: j, lane: l, stopped: func() bool { return ctx.Err() != nil }, ended: make(chan *task, l.workers), running: map[*task]bool{}}
			lanes.Go(func() { s.run(ctx, hand) })
		}
	}
	idle := make(chan struct{})
	go func() { lanes.Wait(); close(idle) }()

	<-ctx.Done()
	if within(j.grace, idle) {
		return nil
	}
	drop()
	if !within(5*time.Second, idle) {
		return errors.New("job: a worker did not stop when told to")
	}
	return nil
}

func within(d time.Duration, done <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
		return false
	}
}

// A task is a claim with its worker.
type task struct {
	claim
	cancel  context.CancelFunc
	renewed time.Time // real time
	hold    hold
	err     error // set when it has ended
}

// A shift is one lane at work in this process.
type shift struct {
	jobs    *Jobs
	lane    *lane
	stopped func() bool // nothing more is to be claimed
	running map[*task]bool
	ended   chan *task // as long as the lane has workers, so that ending never waits
	unsaved []*task    // ended, their outcome not yet written
	planned bool       // the periodic rows are there
	ailing  bool       // the last turn failed, and was logged
}

func (s *shift) run(ctx, hand context.Context) {
	tick := time.NewTicker(s.jobs.poll)
	defer tick.Stop()
	stop := ctx.Done()
	for {
		err := s.turn(hand, ctx.Err() == nil)
		s.note(err)
		if ctx.Err() != nil && len(s.running) == 0 && (err == nil || hand.Err() != nil) {
			return
		}
		select {
		case t := <-s.ended:
			s.end(hand, t)
		case <-s.lane.wake:
		case <-tick.C:
			if err := s.renew(hand); err != nil {
				s.note(err)
			}
		case <-stop:
			stop = nil
		}
	}
}

// turn writes the outcomes of what has ended and claims for the workers that
// are free, in one transaction. With nothing ended and nothing due it only reads.
func (s *shift) turn(ctx context.Context, claiming bool) error {
	for range len(s.ended) {
		s.end(ctx, <-s.ended)
	}
	free := s.lane.workers - len(s.running)
	if !claiming {
		free = 0
	}
	if free > 0 && !s.planned {
		if err := s.jobs.plan(ctx); err != nil {
			return err
		}
		s.planned = true
	}
	claims, err := s.jobs.turn(ctx, s.lane, s.unsaved, free)
	if err != nil {
		return err
	}
	s.unsaved = nil
	for _, c := range claims {
		s.start(ctx, c)
	}
	return nil
}

// start begins a claim. One that this process works on already, because the
// clock jumped or the machine slept beyond the lease, goes on under the new claim.
func (s *shift) start(ctx context.Context, c claim) {
	for t := range s.running {
		if t.id == c.id {
			t.attempt, t.renewed = c.attempt, time.Now()
			return
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	t := &task{claim: c, cancel: cancel, renewed: time.Now(), hold: hold{jobs: s.jobs, lane: s.lane, claim: c}}
	if s.lane.unpaced(ctx) {
		t.hold.more = func() bool { return !s.stopped() }
	}
	s.running[t] = true
	go func() {
		t.err = s.jobs.do(t.hold.in(ctx), c)
		s.ended <- t
	}()
}

// end takes what has ended out of hand, and begins what its worker goes on with.
func (s *shift) end(ctx context.Context, t *task) {
	t.cancel()
	delete(s.running, t)
	if !t.hold.ended {
		s.unsaved = append(s.unsaved, t)
	}
	for _, c := range t.hold.next {
		s.start(ctx, c)
	}
}

// renew moves the leases of long work. Work whose lease was lost is told to stop.
func (s *shift) renew(ctx context.Context) error {
	var due []*task
	for t := range s.running {
		if time.Since(t.renewed) > s.jobs.lease/3 {
			due = append(due, t)
		}
	}
	if len(due) == 0 {
		return nil
	}
	began := time.Now()
	var lost []*task
	err := s.jobs.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		lost = nil
		for _, t := range due {
			held, err := updateLease(ctx, tx, t.claim, tx.Now().Add(s.jobs.lease))
			if err != nil {
				return err
			}
			if !held {
				lost = append(lost, t)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range due {
		t.renewed = began
	}
	for _, t := range lost {
		t.cancel()
	}
	return nil
}

// note logs when the database stops and starts to answer, not each try between.
func (s *shift) note(err error) {
	switch {
	case err != nil && !s.ailing:
		s.jobs.log.Error("jobs can't be worked on", "lane", s.lane.name, "error", err)
	case err == nil && s.ailing:
		s.jobs.log.Info("jobs are worked on again", "lane", s.lane.name)
	}
	s.ailing = err != nil
}
