package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"atrium/base/backup"
)

func TestABarFitsItsTerminal(t *testing.T) {
	now := time.Now()
	p := backup.Progress{Phase: backup.Copying, Table: "email_optouts", Done: 1_234_567, Total: 4_000_000}
	for _, width := range []int{40, 80, 120, 300} {
		b := &bar{width: width, begun: now.Add(-10 * time.Second)}
		line := b.line(p, now)
		if n := utf8.RuneCountInString(line); n >= width {
			t.Errorf("%d signs on %d: %s", n, width, line)
		}
		if width >= 120 && !strings.HasSuffix(line, "█░░░░░░░░░░░░░░░░░░░░░  30% email_optouts, 1,234,567 of 4,000,000 rows, 123,456 rows/s, 22s left") {
			t.Error(line)
		}
	}
}

// On a terminal one line is drawn again and again; elsewhere there are lines,
// and not too many.
func TestABarIsLinesWhereThereIsNoTerminal(t *testing.T) {
	tell := func(width int) string {
		var out bytes.Buffer
		b := &bar{out: &out, width: width}
		b.tell(backup.Progress{Phase: backup.Looking})
		for n := range int64(1000) {
			b.tell(backup.Progress{Phase: backup.Copying, Table: "users", Done: n + 1, Total: 1000})
		}
		b.tell(backup.Progress{Phase: backup.Asking})
		b.end()
		return out.String()
	}
	plain := strings.Split(strings.TrimSpace(tell(0)), "\n")
	if len(plain) != 4 || plain[1] != "Copying 0% users, 1 of 1,000 rows" || plain[2] != "Copying 100% users, 1,000 of 1,000 rows" {
		t.Errorf("%q", plain)
	}
	if drawn := tell(100); strings.Count(drawn, "\n") != 3 || strings.Count(drawn, "\r\x1b[K") < 2 || !strings.Contains(drawn, "██████████ 100% users, 1,000 of 1,000 rows\n") {
		t.Errorf("%q", drawn)
	}
}
