package web

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// wire serves answers of the size that the query asks for, as Page does, on
// connections whose writes are counted.
func wire(t testing.TB, held bool) (url string, writes *atomic.Int64) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	writes = new(atomic.Int64)
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Protocols: &protocols, ConnContext: ConnContext, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.URL.Query().Get("size"))
		w.Header().Set("Content-Length", fmt.Sprint(size))
		if held {
			together(r, size)
		}
		w.Write(bytes.Repeat([]byte("x"), size))
	})}
	go server.Serve(counting{Listen(l), writes})
	t.Cleanup(func() { server.Close() })
	return "http://" + l.Addr().String() + "/?size=", writes
}

// counting is what stands below conn, as far as tests see it: the times that
// something was sent.
type counting struct {
	net.Listener
	writes *atomic.Int64
}

func (l counting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	own := c.(*conn)
	own.sent = func() { l.writes.Add(1) }
	return own, nil
}

func TestAnAnswerLeavesInOnePieceWhateverItsSize(t *testing.T) {
	url, writes := wire(t, true)
	for _, size := range []int{0, 1, 2047, 2048, 3900, 4000, buffered - 1, buffered, buffered + 1, 5000, 30_000, 1 << 20} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			before := writes.Load()
			q, err := http.NewRequestWithContext(t.Context(), method, url+fmt.Sprint(size), nil)
			if err != nil {
				t.Fatal(err)
			}
			w, err := http.DefaultClient.Do(q)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(w.Body)
			w.Body.Close()
			want := size
			if method == http.MethodHead {
				want = 0
			}
			if err != nil || string(body) != strings.Repeat("x", want) {
				t.Errorf("%s of %d: %d bytes, %v", method, size, len(body), err)
			}
			if n := writes.Load() - before; n != 1 && (size >= buffered || size < 3900) {
				t.Errorf("%s of %d left in %d pieces", method, size, n)
			}
		}
	}
}

func TestHTTP2IsLeftAlone(t *testing.T) {
	url, _ := wire(t, true)
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: &protocols}}
	defer client.CloseIdleConnections()
	for _, size := range []int{10, buffered, 30_000} {
		w, err := client.Get(url + fmt.Sprint(size))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(w.Body)
		w.Body.Close()
		if err != nil || len(body) != size || w.ProtoMajor != 2 {
			t.Errorf("%s: %d bytes of %d, %v", w.Proto, len(body), size, err)
		}
	}
}
