package dbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// startTime is how long a server may take to answer.
const startTime = time.Minute

// A server is a PostgreSQL of this process, on 127.0.0.1, with its data in a
// temporary folder. It forgets everything with the process.
type server struct {
	bin    string // the folder of PostgreSQL's programs
	folder string
	port   int
	alive  io.Closer // the shell that minds the server reads from it, and ends both
	minder *exec.Cmd
	pool   *pgxpool.Pool // to make and drop databases
	count  atomic.Int64  // databases made
}

// mind runs the server until its input ends, which it does however this process
// dies, and leaves nothing behind.
const mind = `"$1/postgres" -D "$2/data" -c config_file="$2/postgresql.conf" >"$2/log" 2>&1 &
read nothing; kill -QUIT $!; wait $!; rm -rf "$2"`

// settings trade safety for speed: the data is worth nothing. A short
// deadlock_timeout keeps tests of deadlocks quick.
const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = %d
max_connections = 300
shared_buffers = 32MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
jit = off
deadlock_timeout = 100ms
`

// startServer makes a server and waits until it answers. Its text is ordered as
// in American English, unlike SQLite's, so that a test notices when something
// leaves the order of text to the database.
func startServer() (*server, error) {
	s, err := newServer()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.initialize(), s.launch("")); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
		return nil, errors.Join(fmt.Errorf("dbtest: PostgreSQL does not start: %w\n%s", err, log), s.stop())
	}
	return s, nil
}

// newServer is a server without data in a folder that is the server's.
func newServer() (*server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &server{bin: bin}
	if s.folder, err = os.MkdirTemp("", "atrium-postgres-"); err != nil {
		return nil, err
	}
	if err := giveToServer(s.folder); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	return s, nil
}

// initialize makes empty data.
func (s *server) initialize() error {
	made, err := s.command(filepath.Join(s.bin, "initdb"), "-D", filepath.Join(s.folder, "data"),
		"-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US",
		"--no-sync", "--no-instructions", "--wal-segsize=1").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, made)
	}
	return nil
}

// launch starts the server with more settings than the usual, and waits until it
// answers.
func (s *server) launch(more string) (err error) {
	if s.port, err = freePort(); err != nil {
		return err
	}
	conf := fmt.Appendf(nil, settings+more, s.port)
	if err := os.WriteFile(filepath.Join(s.folder, "postgresql.conf"), conf, 0o644); err != nil {
		return err
	}
	s.minder = s.command("/bin/sh", "-c", mind, "sh", s.bin, s.folder)
	if s.alive, err = s.minder.StdinPipe(); err != nil {
		return err
	}
	if err := s.minder.Start(); err != nil {
		return err
	}
	if s.pool, err = pgxpool.New(context.Background(), s.url("postgres")); err != nil {
		return err
	}
	return s.answers()
}

// answers waits until the server does.
func (s *server) answers() error {
	for end := time.Now().Add(startTime); ; time.Sleep(20 * time.Millisecond) {
		err := s.pool.Ping(context.Background())
		if err == nil {
			return nil
		}
		log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
		if time.Now().After(end) || bytes.Contains(log, []byte("could not create any TCP/IP sockets")) {
			return err
		}
	}
}

// stop ends the server and removes its data.
func (s *server) stop() error {
	if s.pool != nil {
		s.pool.Close()
	}
	if s.minder == nil || s.minder.Process == nil {
		return os.RemoveAll(s.folder)
	}
	return errors.Join(s.alive.Close(), s.minder.Wait())
}

// command is a program that runs as a user PostgreSQL accepts, in the server's
// folder and in a process group of its own.
func (s *server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = s.folder
	c.SysProcAttr = serverProcess()
	return c
}

// url is the address of one of the server's databases.
func (s *server) url(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// run runs a statement on the server as a whole.
func (s *server) run(ctx context.Context, sql string) error {
	_, err := s.pool.Exec(ctx, sql)
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// programs is the folder of PostgreSQL's programs: of initdb in PATH, or the
// newest of those Debian puts elsewhere.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		path, err = filepath.EvalSymlinks(path) // the others may have no link beside it
		return filepath.Dir(path), err
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	newest, version := "", 0
	for _, path := range found {
		var v int
		if _, err := fmt.Sscanf(strings.TrimPrefix(path, "/usr/lib/postgresql/"), "%d", &v); err == nil && v > version {
			newest, version = filepath.Dir(path), v
		}
	}
	if newest == "" {
		return "", errors.New("dbtest: PostgreSQL's programs (initdb, postgres) are not on this machine: install the package postgresql")
	}
	return newest, nil
}
