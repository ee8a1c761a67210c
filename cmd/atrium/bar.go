package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"atrium/base/backup"
)

// A bar shows on a terminal how far a copy is, and elsewhere says it in lines.
type bar struct {
	out    io.Writer
	width  int // of the terminal; 0: there is none
	phase  backup.Phase
	begun  time.Time // when the phase began
	from   int64     // rows that were done then
	shown  time.Time
	latest string
}

func newBar(f *os.File) *bar {
	b := &bar{out: f}
	if size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ); err == nil {
		if b.width = int(size.Col); b.width < 40 { // 0: it does not say
			b.width = 80
		}
	}
	return b
}

// pause is how long one does not repeat oneself.
func (b *bar) pause() time.Duration {
	if b.width > 0 {
		return 100 * time.Millisecond
	}
	return 5 * time.Second
}

// tell shows a progress. The first of a phase and the last are always shown.
func (b *bar) tell(p backup.Progress) {
	now := time.Now()
	if p.Phase != b.phase {
		b.end()
		b.phase, b.begun, b.from, b.shown = p.Phase, now, p.Done, now
		if p.Total == 0 {
			fmt.Fprintln(b.out, phaseWords(p.Phase))
			return
		}
	} else if now.Sub(b.shown) < b.pause() && p.Done < p.Total {
		return
	}
	b.shown = now
	b.latest = b.line(p, now)
	if b.width > 0 {
		fmt.Fprint(b.out, "\r\x1b[K"+b.latest)
		return
	}
	fmt.Fprintln(b.out, b.latest)
}

// end leaves the bar as it is and begins a new line.
func (b *bar) end() {
	if b.width > 0 && b.latest != "" {
		fmt.Fprintln(b.out)
	}
	b.latest = ""
}

func phaseWords(p backup.Phase) string {
	switch p {
	case backup.Looking:
		return "Looking over the database to copy. Atrium must stay stopped until all is done."
	case backup.Copying:
		return "Copying"
	case backup.Comparing:
		return "Comparing"
	}
	return "Asking the copy for all that must hold."
}

// line is what is said: Copying ███░░░ 42% emails, 420,000 of 1,000,000 rows, …
func (b *bar) line(p backup.Progress, now time.Time) string {
	text := fmt.Sprintf("%3d%% %s, %s of %s rows", percent(p), p.Table, grouped(p.Done), grouped(p.Total))
	if took := now.Sub(b.begun).Seconds(); took > 0.5 && p.Done > b.from {
		pace := float64(p.Done-b.from) / took
		text += fmt.Sprintf(", %s rows/s", grouped(int64(pace)))
		if left := time.Duration(float64(p.Total-p.Done) / pace * float64(time.Second)); left > 0 {
			text += fmt.Sprintf(", %v left", left.Round(time.Second))
		}
	}
	words := phaseWords(p.Phase)
	if b.width == 0 {
		return words + " " + strings.TrimSpace(text)
	}
	line := words + " " + strip(percent(p), min(30, b.width-len(words)-len(text)-3)) + text
	if r := []rune(line); len(r) >= b.width {
		line = string(r[:b.width-1])
	}
	return line
}

func percent(p backup.Progress) int64 { return min(100, 100*p.Done/max(1, p.Total)) }

// strip is the bar itself, if there is room for it.
func strip(percent int64, width int) string {
	if width < 5 {
		return ""
	}
	full := int(percent) * width / 100
	return strings.Repeat("█", full) + strings.Repeat("░", width-full) + " "
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
