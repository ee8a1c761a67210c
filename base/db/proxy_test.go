package db_test

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// A proxy stands between Atrium and PostgreSQL and can lose connections.
type proxy struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	conns map[net.Conn]bool
	lose  []byte // a connection that sends this is lost …
	after bool   // … when the server has answered it, unheard
	times int    // … this many times
	lost  int    // how many were
}

// newProxy gives the database's address with the proxy's in it.
func newProxy(t *testing.T, database string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{target: u.Host, conns: map[net.Conn]bool{}}
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.down() })
	go p.serve(p.listener)
	u.Host = p.listener.Addr().String()
	return p, u.String()
}

// loseAt loses the next connections that send text: before the server gets it,
// or after it has answered.
func (p *proxy) loseAt(text string, after bool, times int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose, p.after, p.times, p.lost = []byte(text), after, times, 0
}

func (p *proxy) losses() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// down loses all connections and takes no new ones.
func (p *proxy) down() {
	p.listener.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
}

// up takes connections again.
func (p *proxy) up(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", p.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p.listener = l
	go p.serve(l)
}

func (p *proxy) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		answered := make(chan struct{}, 1)
		mute := make(chan struct{})
		go p.answers(client, server, mute, answered)
		go p.questions(client, server, mute, answered)
	}
}

func (p *proxy) answers(client, server net.Conn, mute, answered chan struct{}) {
	defer client.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if err != nil {
			return
		}
		select {
		case <-mute:
			answered <- struct{}{}
			return
		default:
		}
		if _, err := client.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) questions(client, server net.Conn, mute, answered chan struct{}) {
	defer client.Close()
	defer server.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		lose, after := p.loses(buf[:n])
		if lose && !after {
			return
		}
		if lose {
			close(mute)
		}
		if _, err := io.Copy(server, bytes.NewReader(buf[:n])); err != nil {
			return
		}
		if lose {
			<-answered
			return
		}
	}
}

func (p *proxy) loses(chunk []byte) (lose, after bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.times == 0 || !bytes.Contains(chunk, p.lose) {
		return false, false
	}
	p.times--
	p.lost++
	return true, p.after
}
