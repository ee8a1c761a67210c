package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A Pair is two PostgreSQL servers of the test's own: a primary, which answers
// a COMMIT when the standby has it on disk, and the standby, which answers reads.
type Pair struct {
	Primary, Standby *Node
}

// A Node is one of the two.
type Node struct {
	t testing.TB
	*server
}

// NewPair starts a pair and waits until the standby follows. It is removed with
// the test.
func NewPair(t testing.TB) *Pair {
	t.Helper()
	p := &Pair{newNode(t), newNode(t)}
	p.Primary.must(p.Primary.initialize())
	p.Primary.must(p.Primary.launch(paired + "synchronous_standby_names = 'standby'\n"))
	p.Standby.must(p.Standby.follow(p.Primary.server))
	p.Standby.must(p.Standby.launch(paired))
	p.Primary.wait("the standby follows", `SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync')`)
	return p
}

// paired has a COMMIT wait for the standby. fsync stays off: the system keeps what
// was written by a process that is killed.
const paired = `
synchronous_commit = on
wal_keep_size = 256MB
`

// follow makes the data of a standby out of a primary's.
func (s *server) follow(primary *server) error {
	from := fmt.Sprintf("host=127.0.0.1 port=%d user=postgres application_name=standby", primary.port)
	made, err := s.command(filepath.Join(s.bin, "pg_basebackup"), "-d", from, "-D", filepath.Join(s.folder, "data"),
		"--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream", "--no-sync").CombinedOutput()
	if err != nil {
		return fmt.Errorf("pg_basebackup: %w\n%s", err, made)
	}
	return nil
}

func newNode(t testing.TB) *Node {
	t.Helper()
	s, err := newServer()
	if err != nil {
		t.Fatal(err)
	}
	n := &Node{t, s}
	t.Cleanup(func() {
		if t.Failed() {
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			t.Logf("PostgreSQL on port %d said:\n%s", s.port, log)
		}
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	return n
}

func (n *Node) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

// URL is the address of a database on this node.
func (n *Node) URL(database string) string { return n.url(database) }

// Address is the node's host and port.
func (n *Node) Address() string { return "127.0.0.1:" + strconv.Itoa(n.port) }

// Exec runs a statement on the node, in no database of Atrium's.
func (n *Node) Exec(sql string) {
	n.t.Helper()
	n.must(n.run(context.Background(), sql))
}

// wait waits until a question is answered with true.
func (n *Node) wait(what, sql string) {
	n.t.Helper()
	var yes bool
	var err error
	for end := time.Now().Add(startTime); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err = n.pool.QueryRow(context.Background(), sql).Scan(&yes); err == nil && yes {
			return
		}
	}
	n.t.Fatalf("not so in %v: %s: %v", startTime, what, err)
}

// Pause stops the standby's following: it answers with what it has. What it gets
// it still keeps, so the primary's COMMITs are answered.
func (n *Node) Pause() {
	n.t.Helper()
	n.Exec(`SELECT pg_wal_replay_pause()`)
	n.wait("the standby pauses", `SELECT pg_get_wal_replay_pause_state() = 'paused'`)
}

// Resume ends Pause.
func (n *Node) Resume() { n.t.Helper(); n.Exec(`SELECT pg_wal_replay_resume()`) }

// Follows waits until the standby has what the primary has now.
func (p *Pair) Follows() {
	p.Primary.t.Helper()
	var position string
	p.Primary.must(p.Primary.pool.QueryRow(context.Background(), `SELECT CAST(pg_current_wal_lsn() AS TEXT)`).Scan(&position))
	p.Standby.wait("the standby has caught up", `SELECT pg_last_wal_replay_lsn() >= '`+position+`'`)
}

// Promote makes the standby a primary and waits until it takes writes.
func (n *Node) Promote() {
	n.t.Helper()
	n.Exec(`SELECT pg_promote(wait => true)`)
	n.wait("the standby is promoted", `SELECT NOT pg_is_in_recovery()`)
}

// Kill ends the server and all its processes with kill -9, as the end of its
// machine would.
func (n *Node) Kill() {
	n.t.Helper()
	text, err := os.ReadFile(filepath.Join(n.folder, "data", "postmaster.pid"))
	n.must(err)
	head, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(head)
	n.must(err)
	n.must(syscall.Kill(pid, syscall.SIGSTOP)) // so that it starts no more of them
	for _, p := range append([]int{pid}, childrenOf(pid)...) {
		if err := syscall.Kill(p, syscall.SIGKILL); err != nil && err != syscall.ESRCH {
			n.t.Fatal(err)
		}
	}
}

// childrenOf are the processes that a process has started and that still run.
func childrenOf(parent int) []int {
	var list []int
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		var pid, of int
		var state string
		id, rest, _ := strings.Cut(string(text), " (")
		rest = rest[strings.LastIndexByte(rest, ')')+1:]
		fmt.Sscan(id, &pid)
		fmt.Sscan(rest, &state, &of)
		if of == parent {
			list = append(list, pid)
		}
	}
	return list
}

// Create makes an empty database, waits until the standby has it too, and gives
// its address on the primary.
func (p *Pair) Create(name string) string {
	p.Primary.t.Helper()
	p.Primary.Exec(`CREATE DATABASE ` + name + ` TEMPLATE template0`)
	p.Follows()
	return p.Primary.URL(name)
}
