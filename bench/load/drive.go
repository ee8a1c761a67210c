package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
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

// drive keeps every connection busy with the same request and measures what the
// server makes of it. The client is written by hand: net/http's would need more
// CPU than the server it waits for.
func drive(s *server, request []byte, l load) (sample, error) {
	var counting, done atomic.Bool
	var answered atomic.Int64
	took := make([][]time.Duration, l.conns)
	failed := make([]error, l.conns)
	var workers sync.WaitGroup
	for i := range l.conns {
		workers.Go(func() {
			failed[i] = keepAsking(s.address, request, &done, func(d time.Duration) {
				answered.Add(1)
				if counting.Load() {
					took[i] = append(took[i], d)
				}
			})
		})
	}
	time.Sleep(l.warm)
	counting.Store(true)
	cpu, err1 := s.cpu()
	began, first := time.Now(), answered.Load()
	time.Sleep(l.measured)
	last, lasted := answered.Load(), time.Since(began)
	used, err2 := s.cpu()
	done.Store(true)
	workers.Wait()
	if err := errors.Join(append(failed, err1, err2)...); err != nil {
		return sample{}, fmt.Errorf("%s: %w", s.name, err)
	}
	memory, err := s.memory()
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	n := last - first
	if n == 0 || len(all) == 0 {
		return sample{}, fmt.Errorf("%s answered nothing", s.name)
	}
	return sample{
		rate: float64(n) / lasted.Seconds(), cpu: (used - cpu) / time.Duration(n),
		p50: all[len(all)/2], p99: all[len(all)*99/100], memory: memory,
	}, err
}

// keepAsking asks on one connection until all are done, and tells how long each
// answer took.
func keepAsking(address string, request []byte, done *atomic.Bool, answered func(time.Duration)) error {
	c, err := dial(address)
	if err != nil {
		return err
	}
	defer c.Close()
	for !done.Load() {
		began := time.Now()
		if err := c.ask(request); err != nil {
			done.Store(true)
			return err
		}
		answered(time.Since(began))
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

// ask sends a request and reads the answer, which must be a 200.
func (c *conn) ask(request []byte) error { return c.askFor(request, "200") }

// askFor sends a request and reads the answer, which must have this status and
// say how long it is, or come in chunks.
func (c *conn) askFor(request []byte, status string) error {
	c.SetDeadline(time.Now().Add(patience))
	if _, err := c.Write(request); err != nil {
		return err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if _, got, _ := bytes.Cut(line, []byte(" ")); !bytes.HasPrefix(got, []byte(status+" ")) {
		said := string(bytes.TrimSpace(line))
		rest, _ := c.in.Peek(c.in.Buffered())
		return fmt.Errorf("answered %q\n%s", said, rest)
	}
	length, err := c.length()
	if err != nil {
		return err
	}
	if length == chunked {
		return c.skipChunks()
	}
	_, err = c.in.Discard(length)
	return err
}

// chunked is the length of an answer that says it piece by piece.
const chunked = -1

// length reads the headers of an answer, up to its body.
func (c *conn) length() (int, error) {
	length, known := 0, false
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
			known = true
		case bytes.EqualFold(name, []byte("Transfer-Encoding")) && bytes.EqualFold(value, []byte("chunked")):
			length, known = chunked, true
		}
	}
	if !known {
		return 0, errors.New("answered without a length")
	}
	return length, nil
}

// skipChunks reads a body in chunks, whose last one is empty.
func (c *conn) skipChunks() error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(bytes.TrimRight(line, "\r\n")), 16, 32)
		if err != nil {
			return err
		}
		if _, err := c.in.Discard(int(size) + len("\r\n")); err != nil || size == 0 {
			return err
		}
	}
}

// get is a browser's request for a path, with a session's cookie.
func get(host, path, cookie string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: atrium=%s\r\n"+
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"+
		"Accept: text/html,application/json\r\nAccept-Language: en\r\nAccept-Encoding: gzip\r\n\r\n", path, host, cookie)
}
