package main

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// driveEach sends each request once, those that change something: the first
// ones to warm up, then the others, which count. All connections take the next
// request from the same list.
func driveEach(s *server, requests [][]byte, status string, warm, conns int) (sample, error) {
	queue, err := newQueue(s.address, status, conns)
	if err != nil {
		return sample{}, err
	}
	defer queue.close()
	if _, err := queue.send(requests[:warm]); err != nil {
		return sample{}, fmt.Errorf("%s: %w", s.name, err)
	}
	before, err1 := s.cpu()
	began := time.Now()
	took, err2 := queue.send(requests[warm:])
	lasted := time.Since(began)
	after, err3 := s.cpu()
	memory, err4 := s.memory()
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return sample{}, fmt.Errorf("%s: %w", s.name, err)
	}
	slices.Sort(took)
	n := len(took)
	return sample{rate: float64(n) / lasted.Seconds(), cpu: (after - before) / time.Duration(n),
		p50: took[n/2], p99: took[n*99/100], memory: memory}, nil
}

// A queue is connections that share the work.
type queue struct {
	conns  []*conn
	status string // of each answer
}

func newQueue(address, status string, conns int) (*queue, error) {
	q := &queue{status: status}
	for range conns {
		c, err := dial(address)
		if err != nil {
			q.close()
			return nil, err
		}
		q.conns = append(q.conns, c)
	}
	return q, nil
}

func (q *queue) close() {
	for _, c := range q.conns {
		c.Close()
	}
}

// send sends each request once and tells how long each took.
func (q *queue) send(requests [][]byte) ([]time.Duration, error) {
	var next atomic.Int64
	took, failed := make([]time.Duration, len(requests)), make([]error, len(q.conns))
	var workers sync.WaitGroup
	for w, c := range q.conns {
		workers.Go(func() {
			for failed[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(requests) {
					return
				}
				began := time.Now()
				failed[w] = c.askFor(requests[i], q.status)
				took[i] = time.Since(began)
			}
		})
	}
	workers.Wait()
	return took, errors.Join(failed...)
}
