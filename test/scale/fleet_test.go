package scale

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"atrium"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// A fleet is several processes of the program on one database, behind a proxy
// that gives each request to the next of them.
type fleet struct {
	t       *testing.T
	world   *apptest.World // the proxy's address, and the database
	env     []string
	members []*member

	mu   sync.Mutex
	next int
	size int // how many of them get requests
}

// A member is one of the processes.
type member struct {
	address string
	process *exec.Cmd
	said    *output
	ended   chan struct{}
}

// which is the header in which the proxy says who answered.
const which = "X-Process"

// newFleet starts n processes on the database that a world has prepared and
// left. Their mails go to the world's mail server, or by smtp[i] where it is
// there.
func newFleet(t *testing.T, w *apptest.World, n int, smtp map[int]string) *fleet {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	base := "http://localhost:" + port
	d := dbtest.Reopen(t, w.Database(), atrium.Schemas(), func(o *db.Options) { o.Clock, o.Trace = nil, nil })
	f := &fleet{t: t, world: &apptest.World{T: t, URL: base, DB: d, Mail: w.Mail}, size: n}
	f.env = []string{"ATRIUM_BASE_URL=" + base, "ATRIUM_DATABASE_URL=" + w.Database(), "ATRIUM_SECRET_KEY_FILE=" + w.Secrets,
		"ATRIUM_TRUSTED_PROXIES=127.0.0.1", "ATRIUM_LOG=warn"}
	for i := range n {
		to := w.Mail.Addr
		if other, ok := smtp[i]; ok {
			to = other
		}
		f.members = append(f.members, f.start("ATRIUM_SMTP_URL=smtp://"+to))
	}
	server := &http.Server{Handler: f.proxy()}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return f
}

// start runs one process and waits until it is ready.
func (f *fleet) start(env ...string) *member {
	f.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	m := &member{address: l.Addr().String(), said: &output{}, ended: make(chan struct{})}
	l.Close()
	m.process = exec.Command(program, "serve")
	m.process.Dir = f.t.TempDir()
	m.process.Env = append(append([]string{"ATRIUM_LISTEN=" + m.address}, f.env...), env...)
	m.process.Stdout, m.process.Stderr = m.said, m.said
	m.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := m.process.Start(); err != nil {
		f.t.Fatal(err)
	}
	go func() {
		m.process.Wait()
		close(m.ended)
	}()
	f.t.Cleanup(func() {
		m.kill()
		if f.t.Failed() {
			f.t.Logf("the process at %s said:\n%s", m.address, m.said)
		}
	})
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if r, err := http.Get("http://" + m.address + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return m
			}
		}
	}
	f.t.Fatalf("the program does not start:\n%s", m.said)
	return nil
}

// kill is kill -9.
func (m *member) kill() {
	m.process.Process.Kill()
	<-m.ended
}

// proxy gives requests to the processes in turn: to the next one at once when one
// takes no connection, as a proxy before a web site does.
func (f *fleet) proxy() http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.Host = "http", r.In.Host
			r.SetXForwarded()
		},
		Transport:    turns{f, &http.Transport{MaxIdleConnsPerHost: 64}},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
}

type turns struct {
	fleet *fleet
	to    *http.Transport
}

func (u turns) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	var err error
	if r.Body != nil {
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	for range u.fleet.members {
		i, m := u.fleet.turn()
		r.URL.Host = m.address
		if r.Body != nil {
			r.Body = io.NopCloser(bytes.NewReader(body)) // a try that failed has closed it
		}
		var answer *http.Response
		if answer, err = u.to.RoundTrip(r); err == nil {
			answer.Header.Set(which, strconv.Itoa(i))
			return answer, nil
		}
		var dial *net.OpError
		if !errors.As(err, &dial) || dial.Op != "dial" {
			return nil, err // it may have been done
		}
	}
	return nil, err
}

func (f *fleet) turn() (int, *member) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = (f.next + 1) % f.size
	return f.next, f.members[f.next]
}

// replace has a new process take the place of one that was killed.
func (f *fleet) replace(i int) {
	m := f.start("ATRIUM_SMTP_URL=smtp://" + f.world.Mail.Addr)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.members[i] = m
}

// at is somebody who uses the fleet.
func (f *fleet) at(p *apptest.Person) *apptest.Person { return p.At(f.world) }

// number asks the database for one.
func (f *fleet) number(sql string, args ...any) int64 {
	f.t.Helper()
	n, err := db.One(f.t.Context(), f.world.DB.Across(), func(r db.Row) (n int64, err error) { err = r.Scan(&n); return n, err }, sql, args...)
	if err != nil {
		f.t.Fatal(err)
	}
	return n
}

// exec changes the database past all rules.
func (f *fleet) exec(sql string) {
	f.t.Helper()
	err := f.world.DB.WriteGlobal(f.t.Context(), db.Lock{}, func(tx *db.Tx) error { _, err := tx.Exec(f.t.Context(), sql); return err })
	if err != nil {
		f.t.Fatal(err)
	}
}

// until waits until the database answers with a number.
func (f *fleet) until(within time.Duration, want int64, sql string, args ...any) {
	f.t.Helper()
	for end := time.Now().Add(within); f.number(sql, args...) != want; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			f.t.Fatalf("after %v it is %d, not %d: %s", within, f.number(sql, args...), want, strings.Join(strings.Fields(sql), " "))
		}
	}
}

// output keeps what a process says.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
