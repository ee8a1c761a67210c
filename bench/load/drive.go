package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A load is how hard the servers are driven, and for how long.
type load struct {
	conns    int
	warm     time.Duration // before anything is counted
	measured time.Duration
}

// A sample is what one stretch of load showed.
type sample struct {
	rate     float64       // requests a second
	p50, p99 time.Duration // from sending a request to having read its answer
	cpu      time.Duration // of the server and its database, a request
	memory   int64         // resident bytes of the server after the load
}

func (s sample) late() time.Duration { return s.p99 }

// drive keeps every connection busy with calls and measures what the server makes
// of them: for a time, or until there are no more. The client is written by hand:
// net/http's would need more CPU than the server it waits for.
func drive(s *server, next calls, l load) (sample, error) {
	w := &workers{address: s.address, next: next, took: make([][]time.Duration, l.conns), failed: make([]error, l.conns), ended: make(chan struct{})}
	if l.warm > 0 {
		w.start(l.conns)
		w.wait(l.warm)
	}
	w.counting.Store(true)
	cpu, err1 := s.cpu()
	began, first := time.Now(), w.answered.Load()
	if l.warm == 0 { // each call counts
		w.start(l.conns)
	}
	w.wait(l.measured)
	last, lasted := w.answered.Load(), time.Since(began)
	used, err2 := s.cpu()
	w.done.Store(true)
	<-w.ended
	if err := errors.Join(append(w.failed, err1, err2)...); err != nil {
		return sample{}, fmt.Errorf("%s: %w", s.name, err)
	}
	memory, err := s.memory()
	all := slices.Sorted(slices.Values(slices.Concat(w.took...)))
	n := last - first
	if n == 0 || len(all) == 0 {
		return sample{}, fmt.Errorf("%s answered nothing", s.name)
	}
	return sample{
		rate: float64(n) / lasted.Seconds(), cpu: (used - cpu) / time.Duration(n),
		p50: all[len(all)/2], p99: all[len(all)*99/100], memory: memory,
	}, err
}

// driveOnce makes each call of a list once, those that change something: the first
// ones to warm up, then the others, which count.
func driveOnce(s *server, list []call, warm, conns int) (sample, error) {
	l := load{conns: conns, measured: time.Hour} // until there are no more
	if _, err := drive(s, once(list[:warm]), l); err != nil {
		return sample{}, err
	}
	return drive(s, once(list[warm:]), l)
}

// Workers are connections under way.
type workers struct {
	address        string
	next           calls
	counting, done atomic.Bool
	answered       atomic.Int64
	took           [][]time.Duration
	failed         []error
	ended          chan struct{} // closed when all have
}

func (w *workers) start(conns int) {
	var all sync.WaitGroup
	for i := range conns {
		all.Go(func() {
			if w.failed[i] = w.keepAsking(i); w.failed[i] != nil {
				w.done.Store(true)
			}
		})
	}
	go func() { all.Wait(); close(w.ended) }()
}

// wait waits for so long, or until all have ended.
func (w *workers) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-w.ended:
	}
}

// keepAsking asks on one connection until it is done or there is nothing more to
// ask, and keeps how long each answer took.
func (w *workers) keepAsking(i int) error {
	c, err := dial(w.address)
	if err != nil {
		return err
	}
	defer c.Close()
	for !w.done.Load() {
		call, more := w.next()
		if !more {
			return nil
		}
		began := time.Now()
		if err := c.ask(call); err != nil {
			return err
		}
		w.answered.Add(1)
		if w.counting.Load() {
			w.took[i] = append(w.took[i], time.Since(began))
		}
	}
	return nil
}

// A conn is a kept connection to a server.
type conn struct {
	net.Conn
	in *bufio.Reader
}

func dial(address string) (*conn, error) {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return nil, err
	}
	return &conn{c, bufio.NewReaderSize(c, 64<<10)}, nil
}

// patience is how long an answer may take.
const patience = 10 * time.Second

// ask makes a call and reads the answer, which must be the one that belongs to it.
func (c *conn) ask(call call) error {
	c.SetDeadline(time.Now().Add(patience))
	if _, err := c.Write(call.request); err != nil {
		return err
	}
	line, err := c.in.ReadString('\n')
	if err != nil {
		return err
	}
	status, err := strconv.Atoi(strings.Fields(line + " 0 0")[1])
	if err != nil {
		return fmt.Errorf("answered %q", line)
	}
	length, to, err := c.head()
	if err != nil {
		return err
	}
	if status != call.status || call.to != "" && to != call.to {
		return fmt.Errorf("answered %d and led to %q, not %d and %q, to %.60q", status, to, call.status, call.to, call.request)
	}
	return c.skip(length)
}

// chunked is the length of a body that says it piece by piece.
const chunked = -1

// head reads an answer's header: how long the body is, and where it leads.
func (c *conn) head() (length int, to string, err error) {
	length = -2
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, "", err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, "", err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			length = chunked
		case bytes.EqualFold(name, []byte("Location")):
			to = string(value)
		}
	}
	if length < chunked {
		return 0, to, errors.New("answered without a length")
	}
	return length, to, nil
}

// skip reads over a body.
func (c *conn) skip(length int) error {
	if length != chunked {
		_, err := c.in.Discard(length)
		return err
	}
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(strings.TrimSpace(line), 16, 32)
		if err != nil {
			return err
		}
		if _, err := c.in.Discard(int(n) + len("\r\n")); err != nil || n == 0 {
			return err
		}
	}
}
