package web

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"atrium/fault"
)

// served answers a download over a real connection, by a server that gives whole
// answers a fifth of a second.
func served(t *testing.T, body func(io.Writer) error) (*http.Response, string, error) {
	t.Helper()
	s := newSite(t, plain)
	s.answer = func(*Request) (Reply, error) {
		return Download{Name: "all.csv", Kind: "text/csv; charset=utf-8", Body: body}, nil
	}
	server := httptest.NewUnstartedServer(s.h)
	server.Config.WriteTimeout = 200 * time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	q, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/do", nil)
	ok(t, err)
	q.Host = strings.TrimPrefix(plain, "http://")
	r, err := http.DefaultClient.Do(q)
	ok(t, err)
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return r, string(b), err
}

func TestALongDownloadOutlivesTheLimitOfAnAnswer(t *testing.T) {
	const pieces = 6
	r, got, err := served(t, func(w io.Writer) error {
		for range pieces {
			if _, err := io.WriteString(w, "a piece\n"); err != nil {
				return err
			}
			time.Sleep(100 * time.Millisecond)
		}
		return nil
	})
	if err != nil || got != strings.Repeat("a piece\n", pieces) {
		t.Errorf("the file is %q, %v", got, err)
	}
	if r.Header.Get("Content-Disposition") != `attachment; filename="all.csv"` || r.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("its header is %v", r.Header)
	}
}

func TestADownloadThatFailsIsNeverTakenForTheWhole(t *testing.T) {
	_, got, err := served(t, func(w io.Writer) error {
		io.WriteString(w, "the first half")
		return errors.New("the database has gone")
	})
	if err == nil {
		t.Errorf("half a file arrived as a whole one: %q", got)
	}
	r, got, err := served(t, func(io.Writer) error { return fault.NotFoundf("There is no such account.") })
	if err != nil || r.StatusCode != http.StatusNotFound || r.Header.Get("Content-Disposition") != "" || !strings.Contains(got, "<html") {
		t.Errorf("before its first piece it is answered %d with %v: %v", r.StatusCode, r.Header, err)
	}
	r, got, err = served(t, func(io.Writer) error { return nil })
	if err != nil || r.StatusCode != http.StatusOK || got != "" || r.Header.Get("Content-Disposition") == "" {
		t.Errorf("an empty file is answered %d with %v: %v", r.StatusCode, r.Header, err)
	}
}
