package db_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/fault"
)

// crowdOf has n readers ask while the first message is held back until all wait, and
// gives how many statements each message had.
func crowdOf(t *testing.T, d *db.DB, n int, ask func(i int)) (messages []int) {
	t.Helper()
	var r db.Readers
	var mu sync.Mutex
	r = db.ReadersOf(t, d, 1, func(asked int) {
		mu.Lock()
		defer mu.Unlock()
		if messages = append(messages, asked); len(messages) == 1 {
			until(t, func() bool { return asked+r.Waiting() == n })
		}
	})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { ask(i) })
	}
	all.Wait()
	until(t, func() bool { return r.UnderWay() == 0 && r.Waiting() == 0 })
	return messages
}

func until(t *testing.T, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Error("waited in vain")
			return
		}
	}
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

func TestReadersOfOneMomentAskInOneMessage(t *testing.T) {
	d := dbtest.Open(t, "postgres", schemas())
	seed(t, d)
	messages := crowdOf(t, d, 40, func(i int) {
		n, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT CAST($1 AS BIGINT) + account_id FROM accounts WHERE account_id = $2`, i, acme)
		if err != nil || n != int64(i)+int64(acme) {
			t.Errorf("reader %d read %d, %v", i, n, err)
		}
	})
	if len(messages) > 2 || sum(messages) != 40 {
		t.Errorf("40 statements went in messages of %d", messages)
	}
}

func TestNoMessageOfReadersIsEndless(t *testing.T) {
	d := dbtest.Open(t, "postgres", schemas())
	messages := crowdOf(t, d, 3*db.MostAsked, func(i int) {
		if n, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT CAST($1 AS BIGINT)`, i); err != nil || n != int64(i) {
			t.Errorf("reader %d read %d, %v", i, n, err)
		}
	})
	if slices.Max(messages) > db.MostAsked || sum(messages) != 3*db.MostAsked {
		t.Errorf("messages of %d statements", messages)
	}
}

func TestOneReadersFailureIsNotAnothers(t *testing.T) {
	d := dbtest.Open(t, "postgres", schemas())
	messages := crowdOf(t, d, 12, func(i int) {
		switch i {
		case 4:
			if _, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT nothing FROM nowhere`); err == nil || !strings.Contains(err.Error(), "nowhere") {
				t.Errorf("there is no such table: %v", err)
			}
		case 8:
			if _, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT 1 / CAST($1 AS BIGINT)`, 0); err == nil || !strings.Contains(err.Error(), "division by zero") {
				t.Errorf("nothing is divided by zero: %v", err)
			}
		case 9:
			if _, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT 1 WHERE 1 = 0`); !fault.Is(err, fault.NotFound) {
				t.Errorf("there is no row: %v", err)
			}
		default:
			if n, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT CAST($1 AS BIGINT)`, i); err != nil || n != int64(i) {
				t.Errorf("reader %d read %d, %v", i, n, err)
			}
		}
	})
	if sum(messages) != 12 {
		t.Errorf("messages of %d statements", messages)
	}
}

func TestAReaderWhoLeavesTakesNobodyAlong(t *testing.T) {
	d := dbtest.Open(t, "postgres", schemas())
	gone, leave := context.WithCancel(t.Context())
	defer leave()
	held, second := make(chan struct{}), make(chan struct{})
	var messages atomic.Int32
	r := db.ReadersOf(t, d, 1, func(int) {
		switch messages.Add(1) {
		case 1:
			<-held
		case 2:
			<-second
		}
	})
	ask := func(ctx context.Context) chan error {
		got := make(chan error, 1)
		go func() {
			_, err := db.One(ctx, d.Auto(), scan[int64], `SELECT 1`)
			got <- err
		}()
		return got
	}
	first := ask(t.Context())
	until(t, func() bool { return messages.Load() == 1 })
	impatient, tired := context.WithCancel(t.Context())
	waits := ask(impatient)
	until(t, func() bool { return r.Waiting() == 1 })
	tired()
	if err := <-waits; !errors.Is(err, context.Canceled) {
		t.Errorf("who left while waiting: %v", err)
	}
	leads := ask(gone)
	until(t, func() bool { return r.Waiting() == 1 })
	other := ask(t.Context())
	until(t, func() bool { return r.Waiting() == 2 })
	close(held)
	until(t, func() bool { return messages.Load() == 2 })
	leave() // the one whose turn it was
	close(second)
	<-leads // whatever it got
	for _, got := range []chan error{first, other} {
		if err := <-got; err != nil {
			t.Errorf("who stayed: %v", err)
		}
	}
	until(t, func() bool { return r.UnderWay() == 0 })
}

// Whoever comes and goes, those who stay have their answers, and no turn is lost.
func TestReadersComeAndGo(t *testing.T) {
	d := dbtest.Open(t, "postgres", schemas())
	r := db.ReadersOf(t, d, 2, func(int) {})
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			for n := range 50 {
				ctx, cancel := context.WithCancel(t.Context())
				leaves := n%3 == 0
				if leaves {
					time.AfterFunc(rand.N(time.Millisecond), cancel)
				}
				got, err := db.One(ctx, d.Auto(), scan[int64], `SELECT CAST($1 AS BIGINT)`, 100*i+n)
				if err == nil && got != int64(100*i+n) || err != nil && !(leaves && errors.Is(err, context.Canceled)) {
					t.Errorf("%d, %v", got, err)
				}
				cancel()
			}
		})
	}
	all.Wait()
	until(t, func() bool { return r.UnderWay() == 0 && r.Waiting() == 0 })
}

func TestReadersThatAskAloneShareNoMessage(t *testing.T) {
	d := dbtest.Open(t, "postgres", schemas())
	var messages, statements atomic.Int32
	r := db.ReadersOf(t, d, 1, func(asked int) { messages.Add(1); statements.Add(int32(asked)) })
	r.Alone()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if n, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT CAST($1 AS BIGINT)`, i); err != nil || n != int64(i) {
				t.Errorf("reader %d read %d, %v", i, n, err)
			}
			if _, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT nothing FROM nowhere`); err == nil || !strings.Contains(err.Error(), "nowhere") {
				t.Errorf("there is no such table: %v", err)
			}
		})
	}
	all.Wait()
	if messages.Load() != 40 || statements.Load() != 40 {
		t.Errorf("%d statements went in %d messages", statements.Load(), messages.Load())
	}
}

// Beside a server that answers nothing a reader's time is up once, not once in the
// message and once more alone; and so is that of who waits to be in the next.
func TestAReadersTimeIsUpOnce(t *testing.T) {
	d := dbtest.Open(t, "postgres", schemas())
	var messages atomic.Int32
	r := db.ReadersOf(t, d, 1, func(int) { messages.Add(1) })
	const limit = 3 * time.Second
	db.Patience(t, d, limit)
	slow := inVain(t, d)
	until(t, func() bool { return messages.Load() == 1 })
	waits := inVain(t, d)
	until(t, func() bool { return r.Waiting() == 1 })
	for _, took := range []time.Duration{<-slow, <-waits} {
		if took < limit || took >= 2*limit {
			t.Errorf("answered after %s, with a limit of %s", took, limit)
		}
	}
}

// Those who came first into a message do not wait for the time of those who came last.
func TestAReadersTimeIsNotThatOfALaterOneInItsMessage(t *testing.T) {
	d := dbtest.Open(t, "postgres", schemas())
	held := make(chan struct{})
	var messages atomic.Int32
	r := db.ReadersOf(t, d, 1, func(int) {
		if messages.Add(1) == 1 {
			<-held
		}
	})
	const limit, later = 4 * time.Second, 3 * time.Second
	db.Patience(t, d, limit)
	first := make(chan error, 1)
	go func() {
		_, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT 1`)
		first <- err
	}()
	until(t, func() bool { return messages.Load() == 1 })
	early := inVain(t, d)
	until(t, func() bool { return r.Waiting() == 1 })
	time.Sleep(later)
	late := inVain(t, d)
	until(t, func() bool { return r.Waiting() == 2 })
	close(held)
	if err := <-first; err != nil {
		t.Error(err)
	}
	for _, took := range []time.Duration{<-early, <-late} {
		if took < limit || took >= limit+later {
			t.Errorf("answered after %s, with a limit of %s", took, limit)
		}
	}
}

// inVain asks for what the server does not answer in time, and tells how long that took.
func inVain(t *testing.T, d *db.DB) chan time.Duration {
	took := make(chan time.Duration, 1)
	begun := time.Now()
	go func() {
		_, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT 1 FROM pg_sleep(10)`)
		took <- time.Since(begun)
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("what is not answered in time: %v", err)
		}
	}()
	return took
}

// A panic in a message does not end the program: it is its first reader's, the others
// ask alone, and no turn is lost.
func TestAPanicInAMessageIsItsFirstReaders(t *testing.T) {
	d := dbtest.Open(t, "postgres", schemas())
	var r db.Readers
	messages := 0
	r = db.ReadersOf(t, d, 1, func(asked int) {
		if messages++; messages == 1 {
			until(t, func() bool { return asked+r.Waiting() == 12 })
		}
		if messages == 2 || asked == 12 {
			panic("of the message")
		}
	})
	var all sync.WaitGroup
	var panics atomic.Int32
	for i := range 12 {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panics.Add(1)
				}
			}()
			n, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT CAST($1 AS BIGINT)`, i)
			if err != nil || n != int64(i) {
				t.Errorf("reader %d read %d, %v", i, n, err)
			}
		})
	}
	all.Wait()
	until(t, func() bool { return r.UnderWay() == 0 && r.Waiting() == 0 })
	if panics.Load() != 1 {
		t.Errorf("%d readers panicked", panics.Load())
	}
}
