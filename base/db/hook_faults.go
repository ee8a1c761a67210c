//go:build faults

package db

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// hook fails or kills the process at the n-th statement. BEGIN is not counted,
// COMMIT is, and so is the moment after it, before anybody hears of it. It is
// ruled by the environment:
//
//	ATRIUM_TEST_FAIL_AT=n        the n-th statement fails, unsent; the moment
//	                             after COMMIT is a COMMIT without an answer
//	ATRIUM_TEST_CRASH_AT=n       the process is killed in its place
//	ATRIUM_TEST_HOOK_ARMED=path  counting begins when this file exists
//	ATRIUM_TEST_HOOK_WITHIN=name only statements run beneath a function whose
//	                             name begins like this are counted
//	ATRIUM_TEST_HOOK_BUT=text    statements with this in them are not counted
//	ATRIUM_TEST_HOOK_LOG=path    each statement counted is added to this file,
//	                             on one line
type hook struct {
	mu          sync.Mutex
	fail, crash int
	armed       string
	within      string
	but         string
	log         string
	count       int
}

func (h *hook) init() {
	h.fail, _ = strconv.Atoi(os.Getenv("ATRIUM_TEST_FAIL_AT"))
	h.crash, _ = strconv.Atoi(os.Getenv("ATRIUM_TEST_CRASH_AT"))
	h.armed = os.Getenv("ATRIUM_TEST_HOOK_ARMED")
	h.within = os.Getenv("ATRIUM_TEST_HOOK_WITHIN")
	h.but = os.Getenv("ATRIUM_TEST_HOOK_BUT")
	h.log = os.Getenv("ATRIUM_TEST_HOOK_LOG")
}

func (h *hook) before(sql string) error {
	if h.within != "" && !beneath(h.within) || h.but != "" && strings.Contains(sql, h.but) {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.armed != "" {
		if _, err := os.Stat(h.armed); err != nil {
			return nil
		}
		h.armed = ""
	}
	h.count++
	if err := h.note(sql); err != nil {
		return err
	}
	switch h.count {
	case h.crash:
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // until it arrives
	case h.fail:
		return errors.New("this statement fails on purpose")
	}
	return nil
}

// committed is the moment after a COMMIT.
func (h *hook) committed() error {
	if err := h.before("committed"); err != nil {
		return unconfirmed{err}
	}
	return nil
}

// note adds the statement to the log, if there is one.
func (h *hook) note(sql string) error {
	if h.log == "" {
		return nil
	}
	f, err := os.OpenFile(h.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(strings.Join(strings.Fields(sql), " ") + "\n")
	return errors.Join(err, f.Close())
}

// beneath tells whether a function of this name has called us.
func beneath(name string) bool {
	pcs := make([]uintptr, 128)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, name) {
			return true
		}
		if !more {
			return false
		}
	}
}
