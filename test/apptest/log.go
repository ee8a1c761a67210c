package apptest

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"atrium/base/vault"
)

// logBuffer keeps what the program logged.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// warnings is the log without its everyday lines.
func (l *logBuffer) warnings() string {
	var b strings.Builder
	for line := range strings.Lines(l.String()) {
		if !strings.Contains(line, "level=INFO") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// Log is everything the program has logged so far.
func (w *World) Log() string { return w.log.String() }

func makeKey(t *testing.T, path string) {
	t.Helper()
	if _, err := vault.Load(path, true); err != nil {
		t.Fatal(err)
	}
}
