package crash

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"atrium/test/apptest"
)

// A child is the program as a process of its own.
type child struct {
	t     *testing.T
	url   string
	cmd   *exec.Cmd
	log   *output
	ended chan struct{} // closed when the process has ended …
	err   error         // … like this
}

// start runs the program and waits until it answers. It ends with the test.
func start(t *testing.T, dbURL, keyFile string, env ...string) *child {
	t.Helper()
	for try := 0; ; try++ {
		c, err := tryStart(t, dbURL, keyFile, env...)
		if err == nil {
			return c
		}
		// Between finding a port and listening on it, somebody else may take it.
		if try == 3 || !strings.Contains(err.Error(), "address already in use") {
			t.Fatal(err)
		}
	}
}

func tryStart(t *testing.T, dbURL, keyFile string, env ...string) (*child, error) {
	t.Helper()
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	c := &child{t: t, url: "http://localhost:" + port, log: newOutput("atrium is running"), ended: make(chan struct{})}
	c.cmd = exec.Command(program, "serve")
	c.cmd.Dir = t.TempDir()
	c.cmd.Env = append([]string{"ATRIUM_LISTEN=127.0.0.1:" + port, "ATRIUM_BASE_URL=" + c.url, "ATRIUM_DATABASE_URL=" + dbURL, "ATRIUM_SECRET_KEY_FILE=" + keyFile}, env...)
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(func() {
		c.cmd.Process.Kill()
		<-c.ended
		if t.Failed() {
			t.Logf("the program said:\n%s", c.log)
		}
	})
	select {
	case <-c.log.seen:
		return c, nil
	case <-c.ended:
		return nil, fmt.Errorf("the program ended: %v\n%s", c.err, c.log)
	case <-time.After(20 * time.Second):
		return nil, fmt.Errorf("the program does not start:\n%s", c.log)
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), l.Close()
}

// at is somebody who uses this process.
func (c *child) at(p *apptest.Person) *apptest.Person {
	return p.At(&apptest.World{T: c.t, URL: c.url})
}

// wait waits for the end of the process.
func (c *child) wait() {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(20 * time.Second):
		c.t.Fatalf("the program does not end:\n%s", c.log)
	}
}

// killed waits for the end and tells whether it was kill -9.
func (c *child) killed() bool {
	c.t.Helper()
	c.wait()
	var exit *exec.ExitError
	return errors.As(c.err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
}

// terminate asks the process to end.
func (c *child) terminate() {
	c.t.Helper()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		c.t.Fatal(err)
	}
}

// refuses waits until no connection is taken any more.
func (c *child) refuses() {
	c.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
		if err != nil {
			return
		}
		conn.Close()
	}
	c.t.Fatal("connections are still taken")
}

// A hook rules base/db's hook in a child.
type hook struct{ armed, log string }

// newHook is not armed yet. Only what requests do counts, not what goes on in
// the background.
func newHook(t *testing.T) hook {
	t.Helper()
	folder := t.TempDir()
	return hook{filepath.Join(folder, "armed"), filepath.Join(folder, "statements")}
}

// env is the hook's part of the environment; what is "CRASH" or "FAIL". Settings are
// read anew each second, by whatever request that falls into.
func (h hook) env(what string, n int) []string {
	return []string{"ATRIUM_TEST_HOOK_ARMED=" + h.armed, "ATRIUM_TEST_HOOK_LOG=" + h.log, "ATRIUM_TEST_HOOK_WITHIN=net/http.(*conn).serve", "ATRIUM_TEST_HOOK_BUT=FROM settings",
		"ATRIUM_TEST_" + what + "_AT=" + strconv.Itoa(n)}
}

func (h hook) arm(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(h.armed, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// statements lists what was counted.
func (h hook) statements(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(h.log)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// output keeps what a process says and tells when it has said something.
type output struct {
	mu   sync.Mutex
	b    bytes.Buffer
	what []byte
	seen chan struct{}
}

func newOutput(what string) *output { return &output{what: []byte(what), seen: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.b.Write(p)
	if o.what != nil && bytes.Contains(o.b.Bytes(), o.what) {
		o.what = nil
		close(o.seen)
	}
	return len(p), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}
