package db

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"
)

// A statement that finds a few rows by their keys costs PostgreSQL less than its
// message costs the two processes: the system calls on either side, and the caches
// that each finds full of the other's. So what several requests ask at one time
// goes to the server in one message on one connection. It reads as it did alone:
// each statement sees what was committed before it began, and none begins before
// it was asked. See docs/decisions/0019.

// mostAsked bounds the statements of a message: each waits for those before it.
const mostAsked = 64

// Readers send what waits to be asked, in so many messages at once.
type readers struct {
	send  func(context.Context, []*question) []*keptRows
	most  int  // messages under way at once
	alone bool // each reader's own: where a message's statements wait for other servers, one after the other

	mu       sync.Mutex
	underWay int
	waiting  []*asking
}

// An asking is what one reader asks at once.
type asking struct {
	questions []*question
	end       time.Time   // when its time is up
	answers   []*keptRows // as many as were answered
	leads     bool        // was told to send what waits
	turn      chan bool   // true: it is to do that; false: its answers are there
}

// ask has statements answered together with those of others who ask at this
// time, in the order in which they came, by ctx's deadline. It tells how many have
// their answer: the others are to be asked alone, so that each has its own error.
func (r *readers) ask(ctx context.Context, questions []*question) (answered int) {
	if ctx.Err() != nil {
		return 0
	}
	if r.alone {
		return fill(questions, r.send(ctx, questions))
	}
	end, _ := ctx.Deadline()
	a := &asking{questions: questions, end: end, turn: make(chan bool, 2)}
	if r.enter(a) {
		runtime.Gosched() // on one core those come so far only now who ask at this time
		r.lead(ctx)
	}
	for {
		select {
		case lead := <-a.turn:
			if lead {
				r.lead(ctx)
				continue
			}
			return fill(questions, a.answers)
		case <-ctx.Done():
			r.leave(a)
			return 0
		}
	}
}

// fill gives questions their answers.
func fill(questions []*question, answers []*keptRows) int {
	for i, k := range answers {
		questions[i].rows = k
	}
	return len(answers)
}

// enter waits with the others, and tells whether a message may be sent at once.
func (r *readers) enter(a *asking) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = append(r.waiting, a)
	if r.underWay == r.most {
		return false
	}
	r.underWay++
	a.leads = true
	return true
}

// lead sends what waits, if another has not done so, and gives the turn to the next.
// The message is not the leader's alone, so it goes on when the leader's context ends,
// until the last of those in it has no more time.
func (r *readers) lead(ctx context.Context) {
	defer r.pass()
	group, all := r.take()
	if len(group) == 0 {
		return
	}
	var answers []*keptRows
	defer func() {
		for _, a := range group {
			n := min(len(a.questions), len(answers))
			a.answers, answers = answers[:n], answers[n:]
			a.turn <- false
		}
	}()
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), group[len(group)-1].end)
	defer cancel()
	answers = r.send(ctx, all)
}

// take gives the first of those who wait, as many as go into one message, and what
// they ask.
func (r *readers) take() (group []*asking, all []*question) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(group) < len(r.waiting) {
		a := r.waiting[len(group)]
		if len(all) > 0 && len(all)+len(a.questions) > mostAsked {
			break
		}
		group, all = append(group, a), append(all, a.questions...)
	}
	r.waiting = slices.Delete(r.waiting, 0, len(group))
	return group, all
}

// pass gives the turn to the next who waits, unless that one has one already and
// will send for all.
func (r *readers) pass() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 || r.waiting[0].leads {
		r.underWay--
		return
	}
	r.waiting[0].leads = true
	r.waiting[0].turn <- true
}

// leave gives up waiting, and passes on a turn that has just come.
func (r *readers) leave(a *asking) {
	r.mu.Lock()
	if i := slices.Index(r.waiting, a); i >= 0 {
		r.waiting = slices.Delete(r.waiting, i, i+1)
	}
	r.mu.Unlock()
	select {
	case lead := <-a.turn:
		if lead {
			r.pass()
		}
	default:
	}
}
