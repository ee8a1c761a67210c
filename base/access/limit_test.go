package access

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"atrium/base/clock"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/fault"
)

func thrice() Limit {
	return Limit{Name: "test", Most: 3, Per: time.Hour, Public: "Try again in %d minutes."}
}

func (w world) count(l Limit, key string) error { return l.Count(w.t.Context(), w.DB, key) }

func TestALimitIsReachedAfterSoManyAndOverAfterItsWindow(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ok(t, w.count(thrice(), "ann"))
		w.clock.Add(30 * time.Minute)
		ok(t, w.count(thrice(), "ann"))
		w.clock.Add(29*time.Minute + 59*time.Second)
		ok(t, w.count(thrice(), "ann"))
		for range 3 {
			is(t, w.count(thrice(), "ann"), fault.TooMany, "limit.test")
		}
		ok(t, w.count(thrice(), "bob"))
		ok(t, w.count(Limit{Name: "another", Most: 3, Per: time.Hour}, "ann"))
		w.clock.Add(time.Second - time.Microsecond)
		is(t, w.count(thrice(), "ann"), fault.TooMany, "limit.test")
		w.clock.Add(time.Microsecond) // an hour after the first
		for range 3 {
			ok(t, w.count(thrice(), "ann"))
		}
		is(t, w.count(thrice(), "ann"), fault.TooMany, "limit.test")
	})
}

func TestTheWaitIsSaidInMinutesRoundedUp(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		once := Limit{Name: "once", Most: 1, Per: time.Hour, Public: "Try again in %d minutes."}
		ok(t, w.count(once, "ann"))
		for _, c := range []struct {
			later   time.Duration
			minutes int
		}{{0, 60}, {time.Microsecond, 60}, {time.Minute - time.Microsecond, 59}, {58 * time.Minute, 1}, {59*time.Second + 999*time.Millisecond, 1}} {
			w.clock.Add(c.later)
			e, found := fault.As(w.count(once, "ann"))
			if !found || e.Args[0] != c.minutes {
				t.Errorf("after %v more: %v", c.later, e)
			}
		}
		plain := Limit{Name: "plain", Most: 1, Per: time.Minute, Public: "Wait a minute."}
		ok(t, w.count(plain, "ann"))
		if e, found := fault.As(w.count(plain, "ann")); !found || len(e.Args) != 0 || e.RetryAfter != time.Minute {
			t.Errorf("got %+v", e)
		}
	})
}

func TestASuccessForgetsWhatWasCounted(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for range 4 {
			w.count(thrice(), "ann")
			w.count(thrice(), "bob")
		}
		w.do(func(tx *db.Tx) error { return thrice().Reset(t.Context(), tx, "ann") })
		ok(t, w.count(thrice(), "ann"))
		is(t, w.count(thrice(), "bob"), fault.TooMany, "")
		w.do(func(tx *db.Tx) error { return thrice().Reset(t.Context(), tx, "nobody") })
	})
}

func TestInATransactionOnlyWhatIsKeptCounts(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		mistake := errors.New("a mistake")
		in := func(err error) error {
			return w.try(func(tx *db.Tx) error { return errors.Join(thrice().CountIn(t.Context(), tx, "ann"), err) })
		}
		for range 5 {
			if err := in(mistake); !errors.Is(err, mistake) || fault.Is(err, fault.TooMany) {
				t.Fatal(err)
			}
		}
		for range 3 {
			ok(t, in(nil))
		}
		is(t, in(nil), fault.TooMany, "limit.test")
	})
}

// Two processes, and many requests at once.
func TestALimitHoldsOverAllProcesses(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := dbtest.Migrated(t, engine, schemas())
			one := dbtest.Reopen(t, url, schemas())
			two := dbtest.Reopen(t, url, schemas(), func(o *db.Options) { o.Clock = one.Clock() })
			var passed, refused atomic.Int64
			var all sync.WaitGroup
			for i := range 40 {
				all.Go(func() {
					d := one
					if i%2 == 1 {
						d = two
					}
					switch err := (Limit{Name: "test", Most: 10, Per: time.Hour}).Count(t.Context(), d, "ann"); {
					case err == nil:
						passed.Add(1)
					case fault.Is(err, fault.TooMany):
						refused.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			all.Wait()
			if passed.Load() != 10 || refused.Load() != 30 {
				t.Errorf("%d passed, %d were refused", passed.Load(), refused.Load())
			}
		})
	}
}

// running is a clock that is never twice the same.
type running struct {
	clock.Clock
	n atomic.Int64
}

func (r *running) Now() time.Time {
	return r.Clock.Now().Add(-time.Duration(r.n.Add(1)) * time.Millisecond)
}

// Transactions get their time in one order and the row in another.
func TestManyAtOnceDoNotBeginAWindowEach(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			d := dbtest.Open(t, engine, schemas(), func(o *db.Options) { o.Clock = &running{Clock: o.Clock} })
			for i := range 5 {
				if err := thrice().Count(t.Context(), d, "ann"); (err == nil) != (i < 3) {
					t.Errorf("the %d. is answered %v", i+1, err)
				}
			}
		})
	}
}

func TestAClockThatWasPutBackLocksNobodyOutForDays(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.clock.Add(8 * 24 * time.Hour)
		for range 4 {
			w.count(thrice(), "ann")
		}
		w.clock.Add(-8 * 24 * time.Hour)
		for range 3 {
			ok(t, w.count(thrice(), "ann"))
		}
		is(t, w.count(thrice(), "ann"), fault.TooMany, "limit.test")
		w.clock.Add(-10 * time.Minute) // another host
		is(t, w.count(thrice(), "ann"), fault.TooMany, "limit.test")
	})
}

func TestNoAddressIsInTheTable(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ok(t, w.count(thrice(), "ann@example.com"))
		if n := w.number(`SELECT count(*) FROM limits WHERE name LIKE '%ann%'`); n != 0 {
			t.Error("the key is readable")
		}
	})
}

func TestLimitsCountByNetwork(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "::ffff:192.0.2.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "2001:db8:1:2::": "2001:db8:1:2::/64",
		"fe80::1%eth0": "fe80::/64", "::1": "::/64", "": "", "pipe": "pipe",
	} {
		if got := (Actor{IP: ip}).Network(); got != want {
			t.Errorf("%q is counted as %q, want %q", ip, got, want)
		}
	}
}
