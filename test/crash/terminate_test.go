package crash

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// SIGTERM: no new connection is taken, requests in hand are answered, and the
// program ends without complaint.
func TestRequestsInHandAreFinished(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			s := prepare(t, engine)
			dbURL := dbtest.Copy(t, s.dbURL)
			c := start(t, dbURL, s.key, s.smtp())
			var inHand []*slowRequest
			for i := range 8 {
				form := newLogin("Rita", fmt.Sprintf("rita%d@example.com", i))
				form.Set("country", "DE")
				inHand = append(inHand, newSlowRequest(t, c, "/register", form))
			}
			c.terminate()
			c.refuses()
			for _, r := range inHand {
				if status, where := r.finish(t); status != http.StatusSeeOther || !strings.HasPrefix(where, "/a/") {
					t.Errorf("a request in hand was answered %d", status)
				}
			}
			c.wait()
			if c.err != nil {
				t.Errorf("the program ended with %v", c.err)
			}
			d := s.open(t, dbURL)
			apptest.Holds(t, d)
			if n := count(t, d, `SELECT count(*) FROM users WHERE first_name = 'Rita'`); n != 8 {
				t.Errorf("%d logins were made, want 8", n)
			}
		})
	}
}

// A slowRequest is a form that the program has begun to read.
type slowRequest struct {
	conn net.Conn
	in   *bufio.Reader
	body string
}

// newSlowRequest sends the head of a request and waits until the program asks
// for the body, which its handler does.
func newSlowRequest(t *testing.T, c *child, path string, form url.Values) *slowRequest {
	t.Helper()
	host := strings.TrimPrefix(c.url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	r := &slowRequest{conn, bufio.NewReader(conn), form.Encode()}
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", path, host, len(r.body))
	if line, err := r.in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Fatalf("the program does not ask for the form: %q, %v", line, err)
	}
	if _, err := r.in.ReadString('\n'); err != nil { // the empty line after it
		t.Fatal(err)
	}
	return r
}

// finish sends the body and gives the answer.
func (r *slowRequest) finish(t *testing.T) (status int, location string) {
	t.Helper()
	if _, err := r.conn.Write([]byte(r.body)); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(r.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode, answer.Header.Get("Location")
}

// A mail that is being handed over when the program is told to end is handed
// over, and noted.
func TestJobsInHandAreFinished(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			s := prepare(t, engine)
			g := apptest.NewGate(t)
			g.Before(s.mail)
			g.Hold()
			dbURL := dbtest.Copy(t, s.dbURL)
			c := start(t, dbURL, s.key, "ATRIUM_SMTP_URL=smtp://"+g.Addr)
			r, err := invite().send(s, c)
			must(t, r, err).SeeOther()
			for end := time.Now().Add(20 * time.Second); g.Held() == 0; time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("nobody sends the mail")
				}
			}
			c.terminate()
			c.refuses()
			g.Release()
			c.wait()
			if c.err != nil {
				t.Errorf("the program ended with %v", c.err)
			}
			d := s.open(t, dbURL)
			if n := count(t, d, `SELECT count(*) FROM emails WHERE account_id = $1 AND to_email = 'new@example.com' AND state = 'sent'`, s.acme.Number); n != 1 {
				t.Error("the mail is not noted as sent")
			}
			if n := count(t, d, `SELECT count(*) FROM jobs WHERE period = 0`); n != 0 || len(s.mail.To("new@example.com")) != 1 {
				t.Errorf("%d jobs are left, %d mails arrived", n, len(s.mail.To("new@example.com")))
			}
			apptest.Holds(t, d)
		})
	}
}

// count asks the database for a number.
func count(t *testing.T, d *db.DB, sql string, args ...any) int64 {
	t.Helper()
	n, err := db.One(t.Context(), d.Auto(), func(r db.Row) (int64, error) {
		var n int64
		err := r.Scan(&n)
		return n, err
	}, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
