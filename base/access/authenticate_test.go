package access

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"atrium/base/db"
	"atrium/fault"
)

const right = "correct horse battery staple"

// cheap is a hash of the password that is made quickly, with parameters that
// are not today's.
func cheap(t *testing.T, password string) string {
	t.Helper()
	hash, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	ok(t, err)
	return hash
}

// quick are Passwords that hash as tests do: accesstest.Passwords, of which tests in
// here know nothing.
func quick(words ...string) *Passwords {
	p := NewPasswords(words...)
	p.Params = argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	return p
}

func hashOf(t *testing.T, p *Passwords, password string) string {
	t.Helper()
	hash, err := p.Hash(t.Context(), password)
	ok(t, err)
	return hash
}

func guest(ip string) Actor { return Actor{Kind: Anonymous, IP: ip, Agent: "Firefox"} }

func TestOnlyTheRightAddressAndPasswordLogIn(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		ann := w.user("ann", hashOf(t, p, right))
		w.user("bob", "") // without usable password
		off := w.user("off", hashOf(t, p, right))
		w.exec(`UPDATE users SET disabled_at = 1 WHERE id = $1`, off.ID)
		for _, address := range []string{"ann@example.com", " ANN@Example.com "} {
			u, err := p.Authenticate(t.Context(), w.DB, address, right, guest("192.0.2.1"))
			if err != nil || u.ID != ann.ID {
				t.Errorf("%q: %+v, %v", address, u, err)
			}
		}
		var said []string
		for _, c := range []struct{ address, password string }{
			{"ann@example.com", "wrong"}, {"ann@example.com", ""}, {"ann@example.com", right + " "}, {"ann@example.com", strings.ToUpper(right)},
			{"bob@example.com", ""}, {"bob@example.com", right}, {"off@example.com", right}, {"nobody@example.com", right},
			{"", right}, {"no address", right}, {"ann", right}, {"ann@example.com\r\n", "wrong"}, {strings.Repeat("x", 5000), right}, {"ann@example.com", strings.Repeat("x", 60000)},
		} {
			u, err := p.Authenticate(t.Context(), w.DB, c.address, c.password, guest("192.0.2.1"))
			is(t, err, fault.Invalid, WrongLogin)
			if u != (User{}) {
				t.Errorf("%q gives %+v", c.address, u)
			}
			said = append(said, err.Error())
		}
		for _, s := range said {
			if s != said[0] {
				t.Errorf("%q differs from %q", s, said[0])
			}
		}
	})
}

// An address without login costs what one with a login does.
func TestAPasswordIsHashedWhetherOrNotThereIsALogin(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		asked, unknown := 0, hashOf(t, p, "something nobody knows")
		p.unknown = func() string { asked++; return unknown }
		w.user("bob", "")
		for i, address := range []string{"nobody@example.com", "bob@example.com", "no address"} {
			_, err := p.Authenticate(t.Context(), w.DB, address, "something nobody knows", guest("192.0.2.1"))
			is(t, err, fault.Invalid, WrongLogin)
			if asked != i+1 {
				t.Errorf("%s: nothing was hashed", address)
			}
		}
	})
}

func TestPasswordsAreComparedInNFC(t *testing.T) {
	p := quick()
	hash := hashOf(t, p, "ein s\u00fc\u00dfes Geheimnis")
	for password, want := range map[string]bool{"ein su\u0308\u00dfes Geheimnis": true, "ein s\u00fc\u00dfes Geheimnis": true, "ein susses Geheimnis": false} {
		if match, stale, err := p.Check(t.Context(), password, hash); err != nil || stale || match != want {
			t.Errorf("%q: %t, %t, %v", password, match, stale, err)
		}
	}
	if match, _, err := p.Check(t.Context(), right, "not a hash"); match || err == nil {
		t.Errorf("a damaged hash: %t, %v", match, err)
	}
}

func TestALongPasswordIsNotCut(t *testing.T) {
	p := quick()
	long := strings.Repeat("x", 127)
	match, _, err := p.Check(t.Context(), long+"z", hashOf(t, p, long+"y"))
	if match || err != nil {
		t.Errorf("%t, %v", match, err)
	}
}

func TestAHashOfOldParametersIsMadeAnew(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := NewPasswords()
		old := cheap(t, right)
		ann := w.user("ann", old)
		_, err := p.Authenticate(t.Context(), w.DB, "ann@example.com", "wrong", guest("192.0.2.1"))
		is(t, err, fault.Invalid, WrongLogin)
		stored := func() string {
			hash, err := PasswordHash(t.Context(), w.Auto(), ann.ID)
			ok(t, err)
			return hash
		}
		if stored() != old {
			t.Fatal("a wrong password changed the hash")
		}
		_, err = p.Authenticate(t.Context(), w.DB, "ann@example.com", right, guest("192.0.2.1"))
		ok(t, err)
		fresh := stored()
		if params, _, _, err := argon2id.DecodeHash(fresh); err != nil || *params != (argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}) {
			t.Errorf("the hash is %q, %v", fresh, err)
		}
		_, err = p.Authenticate(t.Context(), w.DB, "ann@example.com", right, guest("192.0.2.1"))
		ok(t, err)
		if stored() != fresh {
			t.Error("hashed anew without need")
		}
	})
}

func TestTwoLogInsAtOnceMayBothHashAnew(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		ann := w.user("ann", cheap(t, right))
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				u, err := p.Authenticate(t.Context(), w.DB, "ann@example.com", right, guest("192.0.2."+strconv.Itoa(i)))
				if err == nil {
					err = w.enter(u)
				}
				if err != nil || u.ID != ann.ID {
					t.Errorf("log in %d: %v", i, err)
				}
			})
		}
		all.Wait()
	})
}

// enter opens a session for who was authenticated.
func (w world) enter(u User) error {
	return w.WriteGlobal(w.t.Context(), db.LockUser(u.ID), func(tx *db.Tx) error {
		_, err := NewSession(w.t.Context(), tx, u.ID, false, u.As("192.0.2.1", "Firefox"))
		return err
	})
}

// Somebody who knows the old password begins to log in, its owner resets it and
// ends all sessions, and then the log in goes on.
func TestALogInDoesNotOutliveANewPassword(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		w.user("ann", hashOf(t, p, right))
		u, err := p.Authenticate(t.Context(), w.DB, "ann@example.com", right, guest("192.0.2.1"))
		ok(t, err)
		ok(t, w.enter(u))
		w.do(func(tx *db.Tx) error {
			if err := SetPassword(t.Context(), tx, u.ID, cheap(t, "quiet harbour violin moss")); err != nil {
				return err
			}
			_, err := EndSessions(t.Context(), tx, u.ID, 0)
			return err
		})
		is(t, w.enter(u), fault.Invalid, WrongLogin)
		if all, err := Sessions(t.Context(), w.DB, DefaultLives(), u.ID); err != nil || len(all) != 0 {
			t.Errorf("%d sessions, %v", len(all), err)
		}
	})
}

func (w world) logInFrom(p *Passwords, ip, password string) error {
	w.t.Helper()
	_, err := p.Authenticate(w.t.Context(), w.DB, "ann@example.com", password, guest(ip))
	return err
}

func TestTenWrongPasswordsFromOneNetworkAreEnough(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		w.user("ann", hashOf(t, p, right))
		for range 10 {
			is(t, w.logInFrom(p, "2001:db8::1", "wrong"), fault.Invalid, WrongLogin)
		}
		is(t, w.logInFrom(p, "2001:db8::1", right), fault.TooMany, "limit.login")
		is(t, w.logInFrom(p, "2001:db8::ffff:2", right), fault.TooMany, "limit.login") // the same house
		ok(t, w.logInFrom(p, "2001:db8:0:1::1", right))                                // another
		w.clock.Add(15 * time.Minute)
		for range 9 {
			is(t, w.logInFrom(p, "2001:db8::1", "wrong"), fault.Invalid, WrongLogin)
		}
		ok(t, w.logInFrom(p, "2001:db8::1", right))
		is(t, w.logInFrom(p, "2001:db8::1", "wrong"), fault.Invalid, WrongLogin) // counted anew
	})
}

func TestOneNetworkCantTryManyAddresses(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		w.user("ann", hashOf(t, p, right))
		for range 100 {
			ok(t, w.count(loginFrom(), "192.0.2.1"))
		}
		is(t, w.logInFrom(p, "192.0.2.1", right), fault.TooMany, "limit.login-from")
		ok(t, w.logInFrom(p, "192.0.2.2", right))
	})
}

// Whoever tries from many places stops others there, and not the person
// themselves: neither where they are at home nor once they prove their address.
func TestTriesFromEverywhereDoNotLockThePersonOut(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		ann := w.user("ann", hashOf(t, p, right))
		w.user("eve", "")
		w.do(func(tx *db.Tx) error {
			_, err := NewSession(t.Context(), tx, ann.ID, false, ann.As("2001:db8::1", "Firefox"))
			return err
		})
		for range 200 {
			ok(t, w.count(loginTo(), "ann@example.com"))
		}
		is(t, w.logInFrom(p, "203.0.113.7", "wrong"), fault.TooMany, "limit.login-to")
		is(t, w.logInFrom(p, "203.0.113.7", right), fault.TooMany, "limit.login-to")
		ok(t, w.logInFrom(p, "2001:db8::2", right))
		for range 10 {
			is(t, w.logInFrom(p, "2001:db8::2", "wrong"), fault.Invalid, WrongLogin)
		}
		is(t, w.logInFrom(p, "2001:db8::2", "wrong"), fault.TooMany, "limit.login")
		w.do(func(tx *db.Tx) error {
			return Forgive(t.Context(), tx, guest("203.0.113.7"), email(t, "ann@example.com"))
		})
		ok(t, w.logInFrom(p, "203.0.113.7", right))
	})
}

func TestOnesOwnPasswordCantBeTriedForEver(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		p := quick()
		ann := w.user("ann", hashOf(t, p, right))
		s, err := FindSession(t.Context(), w.DB, DefaultLives(), w.logIn(ann, false))
		ok(t, err)
		me := s.Self("192.0.2.1", "Firefox")
		ok(t, p.CheckPassword(t.Context(), w.DB, me, "current", right))
		for range 9 {
			err := p.CheckPassword(t.Context(), w.DB, me, "current", "wrong")
			is(t, err, fault.Invalid, WrongLogin)
			if e, _ := fault.As(err); e.Fields[0].Name != "current" {
				t.Errorf("said at %q", e.Fields[0].Name)
			}
		}
		is(t, p.CheckPassword(t.Context(), w.DB, me, "current", right), fault.TooMany, "limit.password")
	})
}

func TestWhoWaitsTooLongForAHashIsToldToComeBack(t *testing.T) {
	p := quick()
	p.wait = time.Millisecond
	for range cap(p.turns) {
		done, err := p.turn(t.Context())
		ok(t, err)
		defer done()
	}
	_, err := p.Hash(t.Context(), right)
	if e, found := fault.As(err); !found || e.Kind != fault.Unavailable || e.RetryAfter != time.Millisecond {
		t.Errorf("got %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	p.wait = time.Hour
	if _, _, err := p.Check(gone, right, ""); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}

func TestAKnownAddressIsToldFiveTimesAnHour(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		known := fault.FieldErr("email", KnownEmail, "This address already has a login.")
		for range 5 {
			is(t, TellKnown(t.Context(), w.DB, guest("2001:db8::1"), known), fault.Invalid, KnownEmail)
		}
		is(t, TellKnown(t.Context(), w.DB, guest("2001:db8::2"), known), fault.TooMany, "limit.known")
		is(t, TellKnown(t.Context(), w.DB, guest("192.0.2.1"), known), fault.Invalid, KnownEmail)
		is(t, TellKnown(t.Context(), w.DB, guest("2001:db8::1"), fault.Conflictf("another")), fault.Conflict, "")
		ok(t, TellKnown(t.Context(), w.DB, guest("2001:db8::1"), nil))
	})
}

func TestNamesAreCleanedAndChecked(t *testing.T) {
	for typed, want := range map[string]string{
		"  Ann  Marie ": "Ann Marie", "Ann\r\nBcc: x": "Ann Bcc: x", "Ann\x00\x1b[31m": "Ann [31m", "A\u202enn\u2066": "A nn", "Zoë 李": "Zoë 李", "\u0085\u2028": "", "": "",
	} {
		if got := CleanName(typed); got != want {
			t.Errorf("%q becomes %q, want %q", typed, got, want)
		}
	}
	p := quick("Atrium")
	_, err := p.Prepare(t.Context(), NewLogin{FirstName: "\t", LastName: strings.Repeat("ü", 81), Email: "x", Password: "short"})
	e, found := fault.As(err)
	if !found || len(e.Fields) != 4 || e.Fields[0].Name != "first" || e.Fields[1].Name != "last" || e.Fields[2].Name != "email" || e.Fields[3].Name != "password" {
		t.Errorf("got %v", err)
	}
	l, err := p.Prepare(t.Context(), NewLogin{FirstName: "Ann", LastName: strings.Repeat("ü", 80), Email: "Ann@example.com", Password: right, TimeZone: "Mars/Olympus"})
	if err != nil || l.user.TimeZone != "UTC" || l.Email().Typed != "Ann@example.com" || l.Email().Key != "ann@example.com" {
		t.Errorf("got %+v, %v", l, err)
	}
}
