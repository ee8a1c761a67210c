package access

import (
	"slices"
	"strings"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/fault"
)

// in is somebody at an address, in a browser with a secret of its own.
func in(browser Token, ip string) Actor {
	a := guest(ip)
	a.Browser = browser
	return a
}

// meet makes a browser known to a user, and tells whether it was not.
func (w world) meet(u User, browser Token) bool {
	w.t.Helper()
	var unknown bool
	w.do(func(tx *db.Tx) (err error) {
		unknown, err = Meet(w.t.Context(), tx, u.Holder(), in(browser, "192.0.2.1"))
		return err
	})
	return unknown
}

func (w world) tryIn(p *Passwords, browser Token, ip, password string) error {
	w.t.Helper()
	_, err := p.Authenticate(w.t.Context(), w.DB, "ann@example.com", password, in(browser, ip))
	return err
}

// Whatever others do, from everywhere, from the same house, and to everybody at
// once: in a browser that is known to their login a person gets in, and who holds
// such a browser has ten tries there and no more.
func TestAKnownBrowserIsCountedForItselfAlone(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		ann, eve := w.user("ann", hashOf(t, p, right)), w.user("eve", "")
		hers, eves := NewToken(), NewToken()
		w.meet(ann, hers)
		w.meet(eve, eves)
		w.full(loginFrom(), "192.0.2.1")
		w.full(loginTo(), "ann@example.com")
		w.full(loginAll(), "")
		for range 10 {
			ok(t, here(users, guest("192.0.2.1"), email(t, "ann@example.com")).count(t.Context(), w.DB))
		}
		for _, stranger := range []Token{{}, NewToken(), eves} { // eve's is known to eve alone
			is(t, w.tryIn(p, stranger, "192.0.2.1", right), fault.TooMany, "limit.login")
			is(t, w.tryIn(p, stranger, "192.0.2.9", right), fault.TooMany, "limit.login-to")
		}
		ok(t, w.tryIn(p, hers, "192.0.2.1", right))
		for range 10 {
			is(t, w.tryIn(p, hers, "192.0.2.7", "wrong"), fault.Invalid, WrongLogin)
		}
		is(t, w.tryIn(p, hers, "192.0.2.8", right), fault.TooMany, "limit.login-browser")
		w.clock.Add(15 * time.Minute)
		for range 9 {
			is(t, w.tryIn(p, hers, "192.0.2.1", "wrong"), fault.Invalid, WrongLogin)
		}
		ok(t, w.tryIn(p, hers, "192.0.2.1", right))
		is(t, w.tryIn(p, hers, "192.0.2.1", "wrong"), fault.Invalid, WrongLogin) // counted anew
	})
}

// full uses a limit up.
func (w world) full(l Limit, key string) {
	w.t.Helper()
	w.exec(`INSERT INTO limits (name, started_at, count) VALUES ($1, $2, $3)`, l.row(key), w.clock.Now(), l.Most)
}

// Unknown browsers share a limit over all logins, which stops neither known ones
// nor a network where the login is at home.
func TestAllUnknownBrowsersTogetherAreLimited(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		ann := w.user("ann", hashOf(t, p, right))
		hers := NewToken()
		w.meet(ann, hers)
		w.full(loginAll(), "")
		is(t, w.tryIn(p, NewToken(), "192.0.2.9", right), fault.TooMany, "limit.login-all")
		_, err := p.Authenticate(t.Context(), w.DB, "nobody@example.com", right, guest("192.0.2.9"))
		is(t, err, fault.TooMany, "limit.login-all")
		ok(t, w.tryIn(p, hers, "192.0.2.9", right))
		w.logIn(ann, false) // from 192.0.2.1
		ok(t, w.tryIn(p, NewToken(), "192.0.2.1", right))
		w.clock.Add(15 * time.Minute)
		ok(t, w.tryIn(p, NewToken(), "192.0.2.9", right))
	})
}

// Who has found out the password uses up the second step's tries of their own
// browser, not those of a browser that is known to the person.
func TestTheSecondStepIsCountedByKnownBrowser(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		f.turnOn(h)
		hers := NewToken()
		f.meet(f.ann, hers)
		check := func(browser Token, typed string) error {
			_, err := f.two.Check(t.Context(), h, in(browser, "192.0.2.1"), typed)
			return err
		}
		for range 5 {
			is(t, check(NewToken(), "000000"), fault.Invalid, WrongCode)
		}
		is(t, check(NewToken(), f.code(h, 0)), fault.TooMany, "limit.two-step")
		ok(t, check(hers, f.code(h, 0)))
		for range 4 {
			is(t, check(hers, "000000"), fault.Invalid, WrongCode)
		}
		is(t, check(hers, f.code(h, 0)), fault.TooMany, "limit.two-step")
	})
}

func TestABrowserIsKnownForAYearSinceItWasUsed(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob, shared := w.user("ann", ""), w.user("bob", ""), NewToken()
		if !w.meet(ann, shared) || w.meet(ann, shared) {
			t.Error("it is unknown at first, and then it is not")
		}
		if !w.meet(bob, shared) || w.meet(ann, shared) {
			t.Error("it is known to each for themselves")
		}
		w.clock.Add(BrowserLife - time.Second)
		if w.meet(ann, shared) {
			t.Error("forgotten before a year was over")
		}
		w.clock.Add(time.Second)
		if !w.meet(bob, shared) || w.meet(ann, shared) {
			t.Error("bob has not used it for a year, ann has")
		}
		w.clock.Add(BrowserLife + time.Second)
		ok(t, SweepSessions(t.Context(), w.DB, DefaultLives()))
		if n := w.number(`SELECT count(*) FROM browsers`); n != 0 {
			t.Errorf("%d are kept that nobody is known by", n)
		}
	})
}

func TestTheTwentyBrowsersUsedLastAreKnown(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, first := w.user("ann", ""), NewToken()
		w.meet(ann, first)
		for range mostBrowsers + 5 {
			w.clock.Add(time.Minute)
			w.meet(ann, NewToken())
		}
		if n := w.number(`SELECT count(*) FROM browsers`); n != mostBrowsers {
			t.Errorf("%d are known", n)
		}
		if !w.meet(ann, first) {
			t.Error("the oldest is still known")
		}
	})
}

func TestBrowsersAreForgottenButTheOneAtHand(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob, here, there := w.user("ann", ""), w.user("bob", ""), NewToken(), NewToken()
		for _, browser := range []Token{here, there} {
			w.meet(ann, browser)
			w.meet(bob, browser)
		}
		w.do(func(tx *db.Tx) error { return ForgetBrowsers(t.Context(), tx, ann.Holder(), in(here, "192.0.2.1")) })
		if w.meet(ann, here) || !w.meet(ann, there) || w.meet(bob, here) || w.meet(bob, there) {
			t.Error("ann's others are forgotten, and nothing else")
		}
		if w.meet(ann, Token{}) || w.number(`SELECT count(*) FROM browsers WHERE person_id = $1`, int64(ann.ID)) != 2 {
			t.Error("an actor without a browser is noted")
		}
	})
}

// What the database is asked does not tell whether there is a login either.
func TestLoggingInAsksTheDatabaseTheSameWhetherOrNotThereIsALogin(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			var asked []string
			d := dbtest.Open(t, engine, schemas(), func(o *db.Options) {
				o.Trace = func(sql string, _ bool) { asked = append(asked, sql) }
			})
			w := world{d, t, dbtest.Clock(d)}
			p := quick()
			w.user("ann", hashOf(t, p, right))
			w.user("off", "")
			run := func(address string) []string {
				asked = nil
				_, err := p.Authenticate(t.Context(), d, address, "wrong", in(NewToken(), "192.0.2.1"))
				is(t, err, fault.Invalid, WrongLogin)
				return slices.Clone(asked)
			}
			known := run("ann@example.com")
			for _, address := range []string{"nobody@example.com", "off@example.com", "no address"} {
				if unknown := run(address); len(known) < 4 || !slices.Equal(known, unknown) {
					t.Errorf("for a login:\n%s\nfor %s:\n%s", strings.Join(known, "\n"), address, strings.Join(unknown, "\n"))
				}
			}
		})
	}
}
