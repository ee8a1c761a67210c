package job

import (
	"errors"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"
)

// maxTries is after how many failed tries a job is given up: with backoff,
// after about a day.
const maxTries = 20

// backoff is how long a job waits after its nth failed try: 2 s, 4 s, 8 s … at
// most three hours, a fifth more or less so that what failed together does not
// come back together.
func backoff(tries int64) time.Duration {
	d := 3 * time.Hour
	if tries < 13 {
		d = time.Second << tries
	}
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64()))
}

type fatal struct{ err error }

func (f fatal) Error() string { return f.err.Error() }
func (f fatal) Unwrap() error { return f.err }

// Fatal marks an error that no further try can mend: the job is given up at once.
func Fatal(err error) error { return fatal{err} }

type later struct {
	err error
	d   time.Duration
}

func (l later) Error() string { return l.err.Error() }
func (l later) Unwrap() error { return l.err }

// After makes the job due again in d; err says why. Such a try does not count
// as failed: the worker itself decides when to give up.
func After(d time.Duration, err error) error { return later{err, d} }

// An outcome is what becomes of a row after a try.
type outcome struct {
	gone     bool // done for good: the row goes
	runAt    time.Time
	tries    int64
	failedAt time.Time
	error    string
}

// settle decides what becomes of a claim that ended with err.
func settle(c claim, err error, every time.Duration, now time.Time) outcome {
	var l later
	var f fatal
	switch {
	case err == nil && every == 0:
		return outcome{gone: true}
	case err == nil:
		return outcome{runAt: c.begun.Add(every)}
	case errors.As(err, &l):
		return outcome{runAt: now.Add(l.d), tries: c.tries - 1, error: words(err)}
	}
	o := outcome{runAt: now.Add(backoff(c.tries)), tries: c.tries, error: words(err)}
	if every > 0 {
		if next := c.begun.Add(every); next.Before(o.runAt) {
			o.runAt = next
		}
	} else if errors.As(err, &f) || c.tries >= maxTries {
		o.failedAt = now
	}
	return o
}

// words makes an error fit for the row: one line of printable text, at most 500 bytes.
func words(err error) string {
	s := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(err.Error(), " "))
	if len(s) > 500 {
		s = strings.ToValidUTF8(s[:500], "")
	}
	return s
}
