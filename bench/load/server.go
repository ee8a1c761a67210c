package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A server is a program under load, on a core of its own.
type server struct {
	name     string
	address  string
	process  *exec.Cmd
	database int // PostgreSQL's process, whose children work for this server too; 0: none
}

// A program is how a server is started.
type program struct {
	name string
	core int
	args []string
	env  []string
	log  string // file that takes what it says
}

// start starts a program at an address and waits until the call is answered. It
// tells how long that took.
func (p program) start(ctx context.Context, address string, first call) (*server, time.Duration, error) {
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, 0, err
	}
	defer log.Close()
	c := exec.CommandContext(ctx, "taskset", append([]string{"--cpu-list", strconv.Itoa(p.core)}, p.args...)...)
	c.Env = append(os.Environ(), p.env...)
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	began := time.Now()
	if err := c.Start(); err != nil {
		return nil, 0, err
	}
	s := &server{name: p.name, address: address, process: c}
	if err := s.answers(first); err != nil {
		said, _ := os.ReadFile(p.log)
		return nil, 0, errors.Join(fmt.Errorf("%s does not start: %w\n%s", p.name, err, said), s.stop())
	}
	return s, time.Since(began), nil
}

// answers waits for the first answer.
func (s *server) answers(first call) error {
	for end := time.Now().Add(patience); ; time.Sleep(500 * time.Microsecond) {
		c, err := dial(s.address)
		if err == nil {
			defer c.Close()
			return c.ask(first)
		}
		if time.Now().After(end) || !errors.Is(err, syscall.ECONNREFUSED) {
			return err
		}
	}
}

// stop ends the server as an operator would, and waits for it.
func (s *server) stop() error {
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	var exit *exec.ExitError
	if err := s.process.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// freeAddress finds a free port of 127.0.0.1.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// cpu is the time that the server and its database have computed. What a process
// of the database did that has ended is in the time of the one that began it,
// which is therefore asked last.
func (s *server) cpu() (time.Duration, error) {
	pids := []int{s.process.Process.Pid}
	if s.database != 0 {
		all, err := children(s.database)
		if err != nil {
			return 0, err
		}
		pids = append(append(pids, all...), s.database)
	}
	var total time.Duration
	for _, pid := range pids {
		used, err := cpuOf(pid)
		if errors.Is(err, fs.ErrNotExist) && pid != s.database && pid != s.process.Process.Pid {
			continue
		}
		if err != nil {
			return 0, err
		}
		total += used
	}
	return total, nil
}

// tick is the unit of CPU time in /proc, the same on every Linux.
const tick = 10 * time.Millisecond

// cpuOf is the CPU time of a process and of its children that have ended, from
// utime, stime, cutime and cstime of proc(5).
func cpuOf(pid int) (time.Duration, error) {
	f, err := stat(pid)
	if err != nil {
		return 0, err
	}
	var ticks int64
	for _, field := range f[11:15] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// stat gives the fields of /proc/PID/stat after the name, state first.
func stat(pid int) ([]string, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(f) < 15 {
		return nil, fmt.Errorf("/proc/%d/stat: %q", pid, b)
	}
	return f, nil
}

// children lists the processes that a process has started.
func children(of int) ([]int, error) {
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, dir := range all {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		if f, err := stat(pid); err == nil && f[1] == strconv.Itoa(of) {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// memory is the server's resident memory in bytes.
func (s *server) memory() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if text, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kB, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			return kB << 10, err
		}
	}
	return 0, errors.New("no VmRSS in /proc")
}
