package scale

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A tcpSwitch is an address that leads to a server, and to another one when it
// is told to: what HAProxy is to a pair of databases.
type tcpSwitch struct {
	address string

	mu     sync.Mutex
	target string // "": nobody is let in
	conns  map[net.Conn]bool
}

// newSwitch leads to target until the test ends.
func newSwitch(t *testing.T, target string) *tcpSwitch {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &tcpSwitch{address: l.Addr().String(), target: target, conns: map[net.Conn]bool{}}
	t.Cleanup(func() {
		l.Close()
		s.lead("")
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.pass(c)
		}
	}()
	return s
}

// lead leads to another server; connections to the one before are ended.
func (s *tcpSwitch) lead(target string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.target = target
	for c := range s.conns {
		c.Close()
	}
	clear(s.conns)
}

func (s *tcpSwitch) pass(client net.Conn) {
	defer client.Close()
	s.mu.Lock()
	target := s.target
	s.conns[client] = true
	s.mu.Unlock()
	if target == "" {
		return
	}
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		defer client.Close()
		io.Copy(client, server)
	}()
	io.Copy(server, client)
	s.mu.Lock()
	delete(s.conns, client)
	s.mu.Unlock()
}
