package apptest

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"atrium/base/config"
)

// A Gate stands between the program and its mail server, and can be out of
// order in the ways that mail servers are. It begins in order.
type Gate struct {
	Addr string

	t      testing.TB
	target string

	mu     sync.Mutex
	l      net.Listener
	silent bool
	lose   int // how many answers to a whole mail are still to be lost
	held   []net.Conn
	conns  []net.Conn
}

// NewGate makes a gate to a mail server; its own end takes it down.
func NewGate(t testing.TB) *Gate {
	t.Helper()
	g := &Gate{t: t, Addr: "127.0.0.1:0"}
	g.listen()
	t.Cleanup(g.Refuse)
	return g
}

// Through has the program's mails go through the gate.
func Through(g *Gate) Option {
	return With(func(s *config.Settings) {
		g.target = strings.TrimPrefix(string(s.SMTP), "smtp://")
		s.SMTP = config.URL("smtp://" + g.Addr)
	})
}

// Before has the gate stand before this mail server.
func (g *Gate) Before(m *MailServer) { g.target = m.Addr }

func (g *Gate) listen() {
	g.t.Helper()
	l, err := net.Listen("tcp", g.Addr)
	if err != nil {
		g.t.Fatal(err)
	}
	g.l, g.Addr = l, l.Addr().String()
	go g.serve(l)
}

// Refuse is a server that is off: no connection is taken, those there break.
func (g *Gate) Refuse() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.l.Close()
	g.drop()
}

// Hold is a server that takes connections and says nothing.
func (g *Gate) Hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.silent = true
	g.drop()
}

// LoseAnswers has the connection break n times when a whole mail was taken,
// before its sender hears of it.
func (g *Gate) LoseAnswers(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lose = n
	g.drop()
}

// Mend is a server in order again. Connections that got no answer break.
func (g *Gate) Mend() {
	g.t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.l.Close()
	g.drop()
	g.silent = false
	g.listen()
}

// Release lets the connections through that were held.
func (g *Gate) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.silent = false
	for _, c := range g.held {
		go g.pass(c)
	}
	g.held = nil
}

// Held is how many connections wait in vain.
func (g *Gate) Held() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.held)
}

func (g *Gate) drop() {
	for _, c := range append(g.held, g.conns...) {
		c.Close()
	}
	g.held, g.conns = nil, nil
}

func (g *Gate) serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		g.mu.Lock()
		if g.silent {
			g.held = append(g.held, c)
		} else {
			go g.pass(c)
		}
		g.mu.Unlock()
	}
}

func (g *Gate) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", g.target)
	if err != nil {
		return
	}
	defer server.Close()
	g.mu.Lock()
	g.conns = append(g.conns, client, server)
	g.mu.Unlock()
	go g.questions(server, client)
	io.Copy(client, server)
}

// questions passes on what the program says.
func (g *Gate) questions(server, client net.Conn) {
	defer server.Close()
	var tail []byte
	buf := make([]byte, 32<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		tail = append(tail[max(0, len(tail)-4):], buf[:n]...)
		if bytes.HasSuffix(tail, []byte("\r\n.\r\n")) && g.loses() {
			client.Close()
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
	}
}

// loses tells whether the answer to this mail is one of those to be lost.
func (g *Gate) loses() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lose == 0 {
		return false
	}
	g.lose--
	return true
}
