package access

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"atrium/base/db"
	"atrium/base/vault"
	"atrium/fault"
)

// A factory is a world with two-step login, and a user and somebody of the staff
// who have it on, with keys of their own.
type factory struct {
	world
	two    *TwoStep
	p      *Passwords
	ann    User
	stan   StaffPerson
	secret map[Holder]Secret
	codes  map[Holder][]string // recovery codes
	wrong  int                 // how many wrong codes were noted
}

const annsPassword = "correct donkey battery clip"

func eachFactory(t *testing.T, fn func(t *testing.T, f *factory)) {
	t.Helper()
	each(t, func(t *testing.T, w world) {
		f := &factory{world: w, p: quick(), secret: map[Holder]Secret{}, codes: map[Holder][]string{}}
		f.two = f.newTwoStep(filepath.Join(t.TempDir(), "key"))
		hash, err := f.p.Hash(t.Context(), annsPassword)
		ok(t, err)
		f.ann = w.user("ann", hash)
		w.do(func(tx *db.Tx) (err error) {
			f.stan, _, err = AddStaff(t.Context(), tx, email(t, "stan@example.com"), "Stan", Support)
			return err
		})
		w.exec(`UPDATE staff SET password_hash = $1 WHERE id = $2`, hash, f.stan.ID)
		f.turnOn(f.ann.Holder())
		fn(t, f)
	})
}

func (f *factory) newTwoStep(keyFile string) *TwoStep {
	v, err := vault.Load(keyFile, true)
	ok(f.t, err)
	return NewTwoStep(f.DB, v, f.p, TwoStepOptions{Issuer: func(context.Context) string { return "Atrium" }, Wrong: func(context.Context, *db.Tx, Act) error { f.wrong++; return nil }})
}

// turnOn goes through a set-up at a browser.
func (f *factory) turnOn(h Holder) {
	f.t.Helper()
	at := Seat{holder: h, hash: "seat of " + h.key(), actor: Actor{Email: "x@example.com"}}
	f.do(func(tx *db.Tx) error { return f.two.Propose(f.t.Context(), tx, at) })
	s, err := f.two.Proposed(f.t.Context(), at)
	ok(f.t, err)
	f.secret[h] = s.Secret
	e, err := f.two.Confirm(f.t.Context(), s, f.code(h, -1))
	ok(f.t, err)
	f.codes[h] = e.Reveal()
	f.do(func(tx *db.Tx) error { return f.two.Enrol(f.t.Context(), tx, e) })
}

// code is what the holder's app shows, so many steps from now.
func (f *factory) code(h Holder, steps int) string {
	f.t.Helper()
	code, err := totp.GenerateCode(f.secret[h].text, f.clock.Now().Add(time.Duration(steps)*stepLength))
	ok(f.t, err)
	return code
}

// try checks and spends a code.
func (f *factory) try(h Holder, typed string) error {
	c, err := f.two.Check(f.t.Context(), h, Actor{}, typed)
	if err != nil {
		return err
	}
	return f.WriteGlobal(f.t.Context(), db.Lock{}, func(tx *db.Tx) error { return f.two.Spend(f.t.Context(), tx, c) })
}

func TestACodeIsTakenOnceAndNoneBeforeIt(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		is(t, f.try(h, f.code(h, -1)), fault.Invalid, WrongCode) // turned it on
		now := f.code(h, 0)
		ok(t, f.try(h, now[:3]+" "+now[3:]))
		is(t, f.try(h, now), fault.Invalid, WrongCode)
		ok(t, f.try(h, f.code(h, 1)))
		is(t, f.try(h, now), fault.Invalid, WrongCode)
		f.clock.Add(stepLength)
		is(t, f.try(h, f.code(h, 0)), fault.Invalid, WrongCode) // it was taken early
		f.clock.Add(stepLength)
		ok(t, f.try(h, f.code(h, 0)))
	})
}

func TestOnlyCodesOfOneStepAroundNowAreTaken(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		f.clock.Add(time.Hour)
		for _, steps := range []int{-3, -2, 2, 3} {
			is(t, f.try(h, f.code(h, steps)), fault.Invalid, WrongCode)
		}
		f.do(func(tx *db.Tx) error { return wrongCodes().Reset(t.Context(), tx, h.key()) })
		for _, steps := range []int{-1, 0, 1} {
			ok(t, f.try(h, f.code(h, steps)))
		}
		for _, odd := range []string{"", "12345", "1234567", "abcdef", "٠١٢٣٤٥"} {
			is(t, f.try(h, odd), fault.Invalid, WrongCode)
		}
	})
}

func TestOfAHundredWhoTryOneCodeOneWins(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		for _, typed := range []string{f.code(h, 0), f.codes[h][3]} {
			c, err := f.two.match(t.Context(), h, typed)
			ok(t, err)
			results := make([]error, 100)
			var group sync.WaitGroup
			for i := range results {
				group.Go(func() {
					results[i] = f.WriteGlobal(t.Context(), db.LockUser(f.ann.ID), func(tx *db.Tx) error { return f.two.Spend(t.Context(), tx, c) })
				})
			}
			group.Wait()
			won := 0
			for _, err := range results {
				switch {
				case err == nil:
					won++
				case fault.CodeOf(err) != WrongCode:
					t.Errorf("a loser is told %v", err)
				}
			}
			if won != 1 {
				t.Errorf("%d have won", won)
			}
		}
	})
}

func TestAClockThatWasWrongLocksNobodyOut(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		f.clock.Add(24 * time.Hour)
		ok(t, f.try(h, f.code(h, 0)))
		f.clock.Add(-24 * time.Hour)
		ok(t, f.try(h, f.code(h, 0)))
		is(t, f.try(h, f.code(h, 0)), fault.Invalid, WrongCode)
		f.clock.Add(-5 * time.Minute) // that is no reason to take a code twice
		is(t, f.try(h, f.code(h, 0)), fault.Invalid, WrongCode)
	})
}

func TestARecoveryCodeWorksOnce(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		codes := f.codes[h]
		if len(codes) != RecoveryCodes {
			t.Fatalf("there are %d codes", len(codes))
		}
		for i, code := range codes {
			if want := string(rune('0' + i)); code[:1] != want || len(code) != 14 {
				t.Errorf("code %d is %q", i, code)
			}
		}
		ok(t, f.try(h, strings.ToLower(strings.ReplaceAll(codes[4], "-", " "))))
		is(t, f.try(h, codes[4]), fault.Invalid, WrongCode)
		is(t, f.try(h, codes[5][:13]+"!"), fault.Invalid, WrongCode)
		if left, err := RecoveryLeft(t.Context(), f.Auto(), h); err != nil || left != 9 {
			t.Errorf("%d are left, %v", left, err)
		}
		fresh, err := f.two.NewRecovery(t.Context())
		ok(t, err)
		f.do(func(tx *db.Tx) error { return f.two.Renew(t.Context(), tx, h, fresh) })
		is(t, f.try(h, codes[6]), fault.Invalid, WrongCode)
		ok(t, f.try(h, fresh.Reveal()[6]))
		err = f.world.try(func(tx *db.Tx) error { return f.two.Renew(t.Context(), tx, f.stan.Holder(), fresh) })
		is(t, err, fault.Conflict, TwoStepOff)
	})
}

func TestCodesCantBeTriedForEver(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		for range 5 {
			is(t, f.try(h, "000000"), fault.Invalid, WrongCode)
		}
		is(t, f.try(h, f.code(h, 0)), fault.TooMany, "limit.two-step")
		is(t, f.try(h, f.codes[h][0]), fault.TooMany, "limit.two-step")
		if f.wrong != 5 {
			t.Errorf("%d wrong codes were noted, want 5", f.wrong)
		}
		f.turnOn(f.stan.Holder())
		ok(t, f.try(f.stan.Holder(), f.code(f.stan.Holder(), 0))) // counted apart
		f.clock.Add(15 * time.Minute)
		ok(t, f.try(h, f.code(h, 0)))
	})
}

func TestASealedSecretIsUselessInAnotherRow(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		bob := f.user("bob", "").Holder()
		f.turnOn(bob)
		f.turnOn(f.stan.Holder())
		if f.number(`SELECT count(*) FROM two_step WHERE sealed LIKE '%`+f.secret[h].text+`%'`) != 0 {
			t.Error("the secret can be read")
		}
		f.exec(`UPDATE two_step SET sealed = (SELECT sealed FROM two_step WHERE realm = 'user' AND person_id = $1) WHERE realm = 'user' AND person_id = $2`, h.person, bob.person)
		f.exec(`UPDATE two_step SET sealed = (SELECT sealed FROM two_step WHERE realm = 'user' AND person_id = $1) WHERE realm = 'staff'`, h.person)
		for _, victim := range []Holder{bob, f.stan.Holder()} {
			if err := f.try(victim, f.code(h, 0)); err == nil || fault.CodeOf(err) == WrongCode {
				t.Errorf("moved to another row: %v", err)
			}
		}
		if all, unreadable, err := f.two.Unreadable(t.Context()); err != nil || all != 3 || unreadable != 2 {
			t.Errorf("%d of %d can't be opened, %v", unreadable, all, err)
		}
		other := f.newTwoStep(filepath.Join(t.TempDir(), "other"))
		if _, unreadable, err := other.Unreadable(t.Context()); err != nil || unreadable != 3 {
			t.Errorf("another key fails to open %d, %v", unreadable, err)
		}
	})
}

// ask takes ann's first step.
func (f *factory) ask() Token {
	f.t.Helper()
	u, err := f.p.Authenticate(f.t.Context(), f.DB, "ann@example.com", annsPassword, Actor{IP: "192.0.2.1"})
	ok(f.t, err)
	var token Token
	f.do(func(tx *db.Tx) (err error) {
		by := u.As("192.0.2.1", "Firefox")
		if _, err := NewSession(f.t.Context(), tx, u.ID, false, by); fault.CodeOf(err) != StepNeeded {
			f.t.Fatalf("the password alone: %v", err)
		}
		token, err = f.two.Ask(f.t.Context(), tx, by, Wish{Remember: true, Next: "/invite/secret"})
		return err
	})
	return token
}

// pass takes the second.
func (f *factory) pass(token Token, typed string) (Token, error) {
	in, err := f.two.Step(f.t.Context(), token, Actor{IP: "192.0.2.1"})
	if err != nil {
		return Token{}, err
	}
	c, err := f.two.Check(f.t.Context(), in.User().Holder(), in.Actor(), typed)
	if err != nil {
		return Token{}, err
	}
	return f.finish(in, c)
}

func (f *factory) finish(in Step, c Code) (session Token, err error) {
	return session, f.WriteGlobal(f.t.Context(), db.LockUser(in.User().ID), func(tx *db.Tx) error {
		p, err := f.two.Pass(f.t.Context(), tx, in, c)
		if err == nil {
			session, err = tokenOf(NewSession(f.t.Context(), tx, in.User().ID, in.Wish().Remember, p.Actor))
		}
		return err
	})
}

func TestTheSecondStepOpensASession(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		token := f.ask()
		if n := f.number(`SELECT count(*) FROM login_steps WHERE next LIKE '%invite%'`); n != 0 {
			t.Error("where it leads can be read")
		}
		in, err := f.two.Step(t.Context(), token, Actor{})
		if err != nil || in.Wish() != (Wish{true, "/invite/secret"}) || in.User().ID != f.ann.ID {
			t.Errorf("the step is %+v, %v", in.Wish(), err)
		}
		is(t, onlyErr(f.pass(token, "000000")), fault.Invalid, WrongCode)
		session, err := f.pass(token, f.code(h, 0))
		ok(t, err)
		s, err := FindSession(t.Context(), f.DB, DefaultLives(), session)
		if err != nil || !s.Remember {
			t.Errorf("the session is %+v, %v", s, err)
		}
		is(t, onlyErr(f.pass(token, f.code(h, 1))), fault.NotFound, StepOver)
		is(t, onlyErr(f.pass(NewToken(), f.code(h, 1))), fault.NotFound, StepOver)
		if f.number(`SELECT used_step FROM two_step`) != timeStep(f.clock.Now()) {
			t.Error("a step that is over has spent a code")
		}
	})
}

func onlyErr(_ Token, err error) error { return err }

// A step ends with whatever it began with, and so does one that is under way.
func TestAStepEndsWithWhatItBeganWith(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		h := f.ann.Holder()
		for name, end := range map[string]func(){
			"ten minutes":           func() { f.clock.Add(StepLife) },
			"a new password":        func() { f.do(func(tx *db.Tx) error { return SetPassword(t.Context(), tx, f.ann.ID, "other") }) },
			"another authenticator": func() { f.turnOn(h) },
			"two-step login off": func() {
				f.do(func(tx *db.Tx) error { _, err := f.two.TurnOff(t.Context(), tx, h); return err })
			},
			"a login switched off": func() { f.exec(`UPDATE users SET disabled_at = 1 WHERE id = $1`, f.ann.ID) },
		} {
			t.Run(name, func(t *testing.T) {
				token := f.ask()
				in, err := f.two.Step(t.Context(), token, Actor{})
				ok(t, err)
				f.clock.Add(stepLength)
				c, err := f.two.Check(t.Context(), h, in.Actor(), f.code(h, 0))
				ok(t, err)
				end()
				if session, err := f.finish(in, c); fault.CodeOf(err) != StepOver {
					t.Errorf("under way: %v", err)
				} else if _, err := FindSession(t.Context(), f.DB, DefaultLives(), session); err == nil {
					t.Error("a session is open")
				}
				is(t, onlyErr(f.pass(token, f.code(h, 1))), fault.NotFound, StepOver)
				f.do(func(tx *db.Tx) error {
					hash, err := f.p.Hash(t.Context(), annsPassword)
					return errors.Join(err, SetPassword(t.Context(), tx, f.ann.ID, hash), tx.ExecOne(t.Context(), `UPDATE users SET disabled_at = 0 WHERE id = $1`, f.ann.ID))
				})
				f.clock.Add(20 * time.Minute)
				f.turnOn(h)
			})
		}
	})
}

func TestAStepIsOneRealmsOnly(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		_, err := f.two.StaffStep(t.Context(), f.ask(), Actor{})
		is(t, err, fault.NotFound, StepOver)
	})
}

func TestStaffSetTwoStepLoginUpOnTheWayIn(t *testing.T) {
	eachFactory(t, func(t *testing.T, f *factory) {
		ask := func() StaffStep {
			t.Helper()
			p, err := f.p.AuthenticateStaff(t.Context(), f.DB, "stan@example.com", annsPassword, Actor{IP: "192.0.2.1"})
			ok(t, err)
			var token Token
			f.do(func(tx *db.Tx) (err error) {
				_, err = tokenOf(NewStaffSession(t.Context(), tx, p.ID, p.As("", "")))
				is(t, err, fault.Denied, StepNeeded)
				token, err = f.two.AskStaff(t.Context(), tx, p.As("", ""), Wish{})
				return err
			})
			in, err := f.two.StaffStep(t.Context(), token, Actor{})
			ok(t, err)
			return in
		}
		join := func(in StaffStep, typed func(Secret) string) (Actor, error) {
			s, err := f.two.Proposed(t.Context(), in.Seat())
			if err != nil {
				return Actor{}, err
			}
			e, err := f.two.Confirm(t.Context(), s, typed(s.Secret))
			if err != nil {
				return Actor{}, err
			}
			var by Actor
			return by, f.WriteGlobal(t.Context(), db.LockStaff(in.Person().ID), func(tx *db.Tx) (err error) {
				by, err = f.two.Join(t.Context(), tx, in, e)
				return err
			})
		}
		right := func(s Secret) string { code, err := s.Code(f.clock.Now()); ok(t, err); return code }
		in, other := ask(), ask()
		_, err := join(in, func(Secret) string { return "000000" })
		is(t, err, fault.Invalid, WrongCode)
		by, err := join(in, right)
		ok(t, err)
		_, err = join(other, right) // of another browser, begun before
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("a second set-up: %v", err)
		}
		var session Token
		f.do(func(tx *db.Tx) (err error) {
			session, err = tokenOf(NewStaffSession(t.Context(), tx, f.stan.ID, by))
			return err
		})
		_, err = FindStaffSession(t.Context(), f.DB, DefaultLives(), session)
		ok(t, err)
		again := ask()
		if again.Person().TwoStep.IsZero() {
			t.Error("it is not on")
		}
		_, err = f.two.Proposed(t.Context(), again.Seat())
		is(t, err, fault.NotFound, "")
		f.do(func(tx *db.Tx) error { _, err := f.two.TurnOff(t.Context(), tx, f.stan.Holder()); return err })
		_, err = FindStaffSession(t.Context(), f.DB, DefaultLives(), session)
		is(t, err, fault.NotFound, "")
	})
}

func TestSecretsAndTheirLinksDoNotPrint(t *testing.T) {
	s, _ := ParseSecret("ATRI UMDE MODE MODE MODE MODE MODE MODE")
	if got := s.Reveal(); got != "ATRI UMDE MODE MODE MODE MODE MODE MODE" {
		t.Error(got)
	}
	if got := s.Link("Host: 1&1", "ann"); got != "otpauth://totp/Host%20%201%261:ann?secret=ATRIUMDEMODEMODEMODEMODEMODEMODE&issuer=Host%20%201%261" {
		t.Errorf("with a colon in its name it is %s", got)
	}
	if got := s.Link("Host & Co", "a b@example.com"); got != "otpauth://totp/Host%20%26%20Co:a%20b%40example.com?secret=ATRIUMDEMODEMODEMODEMODEMODEMODE&issuer=Host%20%26%20Co" {
		t.Error(got)
	}
	if got := fmt.Sprintf("%v %+v %s", s, s, s); got != "secret secret secret" {
		t.Error(got)
	}
	for _, bad := range []string{"", "ATRI", "ATRI UMDE MODE MODE MODE MODE MODE MOD1"} {
		if _, ok := ParseSecret(bad); ok {
			t.Errorf("%q is a secret", bad)
		}
	}
}
