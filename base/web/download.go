package web

import (
	"io"
	"net/http"
	"time"
)

// Download is a file to be kept. Body writes it piece by piece, each of which is
// on its way at once: so a file of any length takes the memory of a piece. When
// Body fails before its first piece the answer is the error's page; when it fails
// later the connection breaks, so that no browser keeps half a file for the whole.
type Download struct {
	Name string // "activity-10001.csv": letters, digits, dashes and dots
	Kind string // its media type
	Body func(io.Writer) error
}

func (d Download) write(q *Request) error {
	p := &pieces{of: d, q: q}
	err := d.Body(p)
	if err == nil {
		p.begin() // also a file in which there is nothing
		return nil
	}
	if !p.begun {
		return err
	}
	q.routes.Log.Warn("a download broke off", "request", q.ID(), "route", q.row.Method+" "+q.row.Path, "err", err)
	panic(http.ErrAbortHandler)
}

// pieceTime is how long a browser may take for a piece of a file. The server's
// limit is for whole answers, and would end a long file.
const pieceTime = time.Minute

// pieces sends what is written to it.
type pieces struct {
	of    Download
	q     *Request
	begun bool
}

func (p *pieces) begin() {
	if p.begun {
		return
	}
	p.begun = true
	h := p.q.w.Header()
	h.Set("Content-Disposition", `attachment; filename="`+p.of.Name+`"`)
	h.Set("Content-Type", p.of.Kind)
	p.q.w.WriteHeader(http.StatusOK)
}

func (p *pieces) Write(b []byte) (int, error) {
	p.begin()
	control := http.NewResponseController(p.q.w)
	if err := control.SetWriteDeadline(time.Now().Add(pieceTime)); err != nil {
		return 0, err
	}
	n, err := p.q.w.Write(b)
	if err != nil {
		return n, err
	}
	return n, control.Flush()
}
