package main

import (
	"bufio"
	"bytes"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// benchmarkChange has as many change something at once as the load has
// connections, each time another thing, without the network.
func benchmarkChange(b *testing.B, of func(*bench) change) {
	h, e := open(b, b.N)
	all := of(&bench{entrance: e})
	var next atomic.Int64
	b.SetParallelism(8)
	b.ReportAllocs()
	b.ResetTimer()
	before := used(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c := all("127.0.0.1", 0, int(next.Add(1))-1)
			q, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(c.request)))
			if err != nil {
				b.Fatal(err)
			}
			q.RemoteAddr = "127.0.0.1:1234"
			w := httptest.NewRecorder()
			h.ServeHTTP(w, q.WithContext(b.Context()))
			if w.Code != c.status {
				b.Fatal(w.Code, w.Body)
			}
		}
	})
	b.ReportMetric(float64(used(b)-before)/float64(b.N), "cpu-ns/op")
}

func BenchmarkInvite(b *testing.B) { benchmarkChange(b, func(b *bench) change { return b.invite }) }

func BenchmarkAccept(b *testing.B) { benchmarkChange(b, func(b *bench) change { return b.accept }) }
