//go:build faults

package db

import (
	"errors"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// hook fails or kills the process at the n-th statement. BEGIN is not counted,
// COMMIT is. It is ruled by the environment:
//
//	ATRIUM_TEST_FAIL_AT=n       the n-th statement fails, unsent
//	ATRIUM_TEST_CRASH_AT=n      the process is killed in its place
//	ATRIUM_TEST_HOOK_ARMED=path counting begins when this file exists
type hook struct {
	mu          sync.Mutex
	fail, crash int
	armed       string
	count       int
}

func (h *hook) init() {
	h.fail, _ = strconv.Atoi(os.Getenv("ATRIUM_TEST_FAIL_AT"))
	h.crash, _ = strconv.Atoi(os.Getenv("ATRIUM_TEST_CRASH_AT"))
	h.armed = os.Getenv("ATRIUM_TEST_HOOK_ARMED")
}

func (h *hook) before() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.armed != "" {
		if _, err := os.Stat(h.armed); err != nil {
			return nil
		}
		h.armed = ""
	}
	h.count++
	switch h.count {
	case h.crash:
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // until it arrives
	case h.fail:
		return errors.New("this statement fails on purpose")
	}
	return nil
}
