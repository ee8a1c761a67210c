package db

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
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
	end       time.Time        // when its time is up
	answers   chan []*keptRows // comes once, with as many as were answered
	panic     any              // what became of the message, if this one is its first
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
	a := &asking{questions: questions, end: end, answers: make(chan []*keptRows, 1)}
	if r.enter(a) {
		go r.sendAll()
	}
	select {
	case answers := <-a.answers:
		if a.panic != nil {
			panic(a.panic)
		}
		return fill(questions, answers)
	case <-ctx.Done():
		r.leave(a)
		return 0
	}
}

// fill gives questions their answers.
func fill(questions []*question, answers []*keptRows) int {
	for i, k := range answers {
		questions[i].rows = k
	}
	return len(answers)
}

// enter waits with the others, and tells whether one more may send.
func (r *readers) enter(a *asking) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = append(r.waiting, a)
	if r.underWay == r.most {
		return false
	}
	r.underWay++
	return true
}

// sendAll sends what waits, one message after the other, until nobody waits.
func (r *readers) sendAll() {
	runtime.Gosched() // on one core those come so far only now who ask at this time
	for group := r.take(); len(group) > 0; group = r.take() {
		r.sendOne(group)
	}
}

// take gives the first of those who wait, as many as go into one message. With
// nobody there one less sends.
func (r *readers) take() (group []*asking) {
	r.mu.Lock()
	defer r.mu.Unlock()
	asked := 0
	for len(group) < len(r.waiting) {
		a := r.waiting[len(group)]
		if asked += len(a.questions); len(group) > 0 && asked > mostAsked {
			break
		}
		group = append(group, a)
	}
	r.waiting = slices.Delete(r.waiting, 0, len(group))
	if len(group) == 0 {
		r.underWay--
	}
	return group
}

// sendOne sends the message of a group, which is nobody's alone: it goes on, whoever
// gives up, until the last of them has no more time.
func (r *readers) sendOne(group []*asking) {
	var all []*question
	var end time.Time
	for _, a := range group {
		all = append(all, a.questions...)
		if a.end.After(end) {
			end = a.end
		}
	}
	var answers []*keptRows
	defer func() {
		if p := recover(); p != nil { // here it would end the program
			group[0].panic = fmt.Sprintf("%v\n\n%s", p, debug.Stack())
		}
		for _, a := range group {
			n := min(len(a.questions), len(answers))
			a.answers <- answers[:n]
			answers = answers[n:]
		}
	}()
	ctx, cancel := context.WithDeadline(context.Background(), end)
	defer cancel()
	answers = r.send(ctx, all)
}

// leave gives up waiting.
func (r *readers) leave(a *asking) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.Index(r.waiting, a); i >= 0 {
		r.waiting = slices.Delete(r.waiting, i, i+1)
	}
}
