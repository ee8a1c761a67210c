package web

import (
	"context"
	"net"
	"net/http"
)

// buffered is what net/http keeps of an answer before it sends it (its
// bufferBeforeChunkingSize and the buffer of a connection are fixed).
const buffered = 4 << 10

// A conn sends an answer that is larger than net/http's buffer in one piece. Else the
// buffer leaves first and the rest after it, in two system calls and two packets,
// each of which wakes the reader.
type conn struct {
	net.Conn
	hold bool   // the next Write is the first part of an answer, and another follows
	held []byte // that part
	sent func() // for tests; nil: nobody counts
}

type connKey struct{}

// Listen has the connections of l send their answers in one piece. Its
// ConnContext belongs to the server that serves on it.
func Listen(l net.Listener) net.Listener { return listener{l} }

// ConnContext is for http.Server.
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

type listener struct{ net.Listener }

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c}, nil
}

// together has the answer to r, whose body has so many bytes, leave in one piece.
// Without a body, or in HTTP/2, it would not be two.
func together(r *http.Request, body int) {
	if c, ok := r.Context().Value(connKey{}).(*conn); ok && body >= buffered && r.ProtoMajor == 1 && r.Method != http.MethodHead {
		c.hold = true
	}
}

// CloseWrite ends what is sent, while the other side may still send: net/http does so
// before it closes, so that an answer to half a request arrives (see its
// closeWriteAndWait).
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func (c *conn) Write(p []byte) (int, error) {
	if c.hold {
		c.hold, c.held = false, append(c.held[:0], p...)
		return len(p), nil
	}
	if c.sent != nil {
		c.sent()
	}
	if len(c.held) == 0 {
		return c.Conn.Write(p)
	}
	parts := net.Buffers{c.held, p}
	n, err := parts.WriteTo(c.Conn)
	n -= int64(len(c.held))
	c.held = c.held[:0]
	return int(max(n, 0)), err
}
