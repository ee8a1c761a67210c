package access

import (
	"slices"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

func (w world) alive(t Token) error {
	_, err := FindSession(w.t.Context(), w.DB, DefaultLives(), t)
	return err
}

// use is what happens after an answer.
func (w world) use(t Token) {
	w.t.Helper()
	s, err := FindSession(w.t.Context(), w.DB, DefaultLives(), t)
	ok(w.t, err)
	ok(w.t, TouchSession(w.t.Context(), w.DB, s))
}

func TestASessionEndsWhenItIsNotUsed(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		for _, c := range []struct {
			remember bool
			idle     time.Duration
		}{{false, 12 * time.Hour}, {true, 30 * 24 * time.Hour}} {
			token := w.logIn(ann, c.remember)
			w.clock.Add(c.idle - time.Microsecond)
			s, err := FindSession(t.Context(), w.DB, DefaultLives(), token)
			ok(t, err)
			if left := s.Ends(DefaultLives()).Sub(w.clock.Now()); left != time.Microsecond || s.Remember != c.remember || s.User != ann {
				t.Errorf("%v left of %+v", left, s)
			}
			w.clock.Add(time.Microsecond)
			is(t, w.alive(token), fault.NotFound, "")
		}
	})
}

func TestASessionEndsInAnyCase(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		for _, c := range []struct {
			remember   bool
			step, most time.Duration
		}{{false, 6 * time.Hour, 24 * time.Hour}, {true, 15 * 24 * time.Hour, 90 * 24 * time.Hour}} {
			token := w.logIn(ann, c.remember)
			began := w.clock.Now()
			for w.clock.Now().Sub(began) < c.most-c.step {
				w.clock.Add(c.step)
				w.use(token)
			}
			w.clock.Set(began.Add(c.most - time.Microsecond))
			w.use(token)
			w.clock.Add(time.Microsecond)
			is(t, w.alive(token), fault.NotFound, "")
		}
	})
}

func TestSessionsLiveAsLongAsTheHostSays(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		acme := w.open(ann, "Acme")
		lives := Lives{User: Life{15 * time.Minute, 2 * time.Hour}, Remembered: Life{24 * time.Hour, 48 * time.Hour}, Staff: DefaultLives().Staff}
		plain, remembered := w.logIn(ann, false), w.logIn(ann, true)
		alive := func(token Token) bool {
			_, err := FindSession(t.Context(), w.DB, lives, token)
			_, _, err2 := FindMembership(t.Context(), w.DB, lives, token, acme, "", "")
			if (err == nil) != (err2 == nil) {
				t.Errorf("the doors differ: %v, %v", err, err2)
			}
			return err == nil
		}
		w.clock.Add(15*time.Minute - time.Microsecond)
		if !alive(plain) || !alive(remembered) {
			t.Error("ended too early")
		}
		if w.clock.Add(time.Microsecond); alive(plain) || !alive(remembered) {
			t.Error("after a quarter of an hour the other has ended")
		}
		if all, err := Sessions(t.Context(), w.DB, lives, ann.ID); err != nil || len(all) != 1 || !all[0].Remember {
			t.Errorf("listed are %v, %v", all, err)
		}
		if w.clock.Add(24*time.Hour - 15*time.Minute); alive(remembered) {
			t.Error("after a day without use it is alive")
		}
	})
}

func TestWhatHasEndedStaysSoWhenSessionsLiveLonger(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		old, remembered := w.logIn(ann, false), w.logIn(ann, true)
		w.clock.Add(12 * time.Hour)
		fresh := w.logIn(ann, false)
		w.do(func(tx *db.Tx) error { return KeepEnded(t.Context(), tx, DefaultLives()) })
		ever := Life{1000 * time.Hour, 1000 * time.Hour}
		for token, want := range map[Token]bool{old: false, remembered: true, fresh: true} {
			s, err := FindSession(t.Context(), w.DB, Lives{ever, ever, ever}, token)
			if (err == nil) != want {
				t.Errorf("%v, want %t", err, want)
			}
			if !want {
				ok(t, TouchSession(t.Context(), w.DB, s)) // by a request that came just before
				is(t, w.alive(token), fault.NotFound, "")
			}
		}
		if known, err := knownFrom(t.Context(), w.DB, email(t, "ann@example.com"), ann.As("192.0.2.1", "")); !known || err != nil {
			t.Errorf("whence the person came is forgotten: %v", err)
		}
	})
}

func TestUseIsNotedEveryFiveMinutes(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		token := w.logIn(w.user("ann", ""), false)
		began := w.clock.Now()
		seen := func() time.Duration {
			s, err := FindSession(t.Context(), w.DB, DefaultLives(), token)
			ok(t, err)
			return s.Seen.Sub(began)
		}
		w.clock.Add(5*time.Minute - time.Microsecond)
		w.use(token)
		if seen() != 0 {
			t.Errorf("noted after %v", seen())
		}
		w.clock.Add(time.Microsecond)
		w.use(token)
		if seen() != 5*time.Minute {
			t.Errorf("seen after %v, want 5m", seen())
		}
	})
}

func TestASessionOfADisabledUserIsDeadAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		acme := w.open(ann, "Acme")
		token := w.logIn(ann, true)
		w.exec(`UPDATE users SET disabled_at = $1 WHERE id = $2`, w.clock.Now(), ann.ID)
		is(t, w.alive(token), fault.NotFound, "")
		_, _, err := FindMembership(t.Context(), w.DB, DefaultLives(), token, acme, "", "")
		is(t, err, fault.NotFound, "")
		if all, err := Sessions(t.Context(), w.DB, DefaultLives(), ann.ID); err != nil || len(all) != 0 {
			t.Errorf("listed %v, %v", all, err)
		}
		w.exec(`UPDATE users SET disabled_at = 0 WHERE id = $1`, ann.ID)
		ok(t, w.alive(token))
	})
}

func TestEveryLogInHasATokenOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		first, second := w.logIn(ann, false), w.logIn(ann, false)
		if first == second {
			t.Fatal("the same token twice")
		}
		w.do(func(tx *db.Tx) error { return EndToken(t.Context(), tx, first) })
		is(t, w.alive(first), fault.NotFound, "")
		ok(t, w.alive(second))
		w.do(func(tx *db.Tx) error { return EndToken(t.Context(), tx, first) }) // again is no error
		if n := w.number(`SELECT count(*) FROM sessions WHERE token_hash = $1`, second.Reveal()); n != 0 {
			t.Error("the secret itself is in the database")
		}
	})
}

func TestSessionsAreEndedByTheirUserOnly(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		tokens := []Token{w.logIn(ann, false), w.logIn(ann, false), w.logIn(ann, true)}
		other := w.logIn(bob, false)
		theirs, err := FindSession(t.Context(), w.DB, DefaultLives(), other)
		ok(t, err)
		is(t, w.try(func(tx *db.Tx) error { return EndSession(t.Context(), tx, ann.ID, theirs.ID) }), fault.NotFound, "")
		keep, err := FindSession(t.Context(), w.DB, DefaultLives(), tokens[1])
		ok(t, err)
		var ended int64
		w.do(func(tx *db.Tx) (err error) { ended, err = EndSessions(t.Context(), tx, ann.ID, keep.ID); return err })
		if ended != 2 || w.alive(tokens[0]) == nil || w.alive(tokens[1]) != nil || w.alive(tokens[2]) == nil || w.alive(other) != nil {
			t.Errorf("%d ended", ended)
		}
		w.do(func(tx *db.Tx) error { return EndSession(t.Context(), tx, ann.ID, keep.ID) })
		is(t, w.alive(tokens[1]), fault.NotFound, "")
	})
}

func TestTheLivingSessionsAreListedTheLastUsedFirst(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		w.logIn(w.user("bob", ""), false)
		dead := w.logIn(ann, false)
		long := w.logIn(ann, true)
		w.clock.Add(12 * time.Hour)
		fresh := w.logIn(ann, false)
		w.clock.Add(time.Hour)
		w.use(long)
		all, err := Sessions(t.Context(), w.DB, DefaultLives(), ann.ID)
		ok(t, err)
		var hashes []string
		for _, s := range all {
			hashes = append(hashes, s.hash)
		}
		if !slices.Equal(hashes, []string{long.Hash(), fresh.Hash()}) || slices.Contains(hashes, dead.Hash()) {
			t.Errorf("listed %v", all)
		}
		if s := all[0]; s.IP != "192.0.2.1" || s.Agent != "Firefox" || !s.Remember {
			t.Errorf("the session is %+v", s)
		}
	})
}

func TestAMembershipIsReadWithTheSession(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		acme, other := w.open(ann, "Acme"), w.open(bob, "Bob's")
		w.join(acme, bob, SetOf(NameProductSSO))
		token := w.logIn(bob, false)
		s, m := w.at(token, acme)
		if s.User != bob || m.Account() != acme || m.AccountName() != "Acme" || m.Status() != Active || m.Rights() != (Rights{Set: SetOf(NameProducts, NameProductSSO)}) {
			t.Errorf("the member is %+v", m)
		}
		if _, m := w.at(token, other); m.Rights() != (Rights{Owner: true}) {
			t.Errorf("the owner is %+v", m)
		}
		stranger := w.logIn(ann, false)
		for _, a := range []id.Account{other, 99999, 0} {
			if s, m := w.at(stranger, a); s.User != ann || m.Account() != 0 || m.Rights() != (Rights{}) || m.AccountName() != "" {
				t.Errorf("a stranger in %d is %+v", a, m)
			}
		}
		_, _, err := FindMembership(t.Context(), w.DB, DefaultLives(), NewToken(), acme, "", "")
		is(t, err, fault.NotFound, "")
		w.clock.Add(DefaultLives().User.Idle)
		_, _, err = FindMembership(t.Context(), w.DB, DefaultLives(), token, acme, "", "")
		is(t, err, fault.NotFound, "")
	})
}

func TestTheFirstRequestOfASessionIsALogInToTheAccount(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		acme, second := w.open(ann, "Acme"), w.open(ann, "Second")
		w.clock.Add(time.Hour)
		logins := 0
		touch := func(s Session, m Membership) {
			t.Helper()
			ok(t, Touch(t.Context(), w.DB, s, m, func(_ *db.Tx, by Act) error {
				logins++
				if by.Account() != m.Account() || by.Actor().User != ann.ID {
					t.Errorf("logged in as %+v", by)
				}
				return nil
			}))
		}
		visit := func(token Token, a id.Account) { t.Helper(); touch(w.at(token, a)) }
		last := func() (time.Time, time.Time) {
			m, err := FindMember(t.Context(), w.Auto(), acme, ann.ID)
			ok(t, err)
			all, err := AccountsOf(t.Context(), w.DB, ann.ID)
			ok(t, err)
			return m.LastLogin, all[slices.IndexFunc(all, func(a AccountInfo) bool { return a.Account == acme })].Used
		}
		first := w.logIn(ann, false)
		s, m := w.at(first, acme)
		began := w.clock.Now()
		w.clock.Add(time.Second)
		touch(s, m)
		touch(s, m) // another tab that was a moment later
		if at, used := last(); logins != 1 || at != began.Add(time.Second) || used != began.Add(time.Second) {
			t.Errorf("%d log ins, the last at %v, used at %v", logins, at, used)
		}
		w.clock.Add(5*time.Minute - time.Microsecond)
		visit(first, acme)
		if _, used := last(); used != began.Add(time.Second) {
			t.Errorf("noted too early: %v", used)
		}
		w.clock.Add(time.Microsecond)
		visit(first, acme)
		if at, used := last(); logins != 1 || at != began.Add(time.Second) || used != w.clock.Now() {
			t.Errorf("%d log ins, the last at %v, used at %v", logins, at, used)
		}
		visit(first, second)
		if logins != 2 {
			t.Errorf("%d log ins, want one to each account", logins)
		}
		visit(w.logIn(ann, false), acme)
		visit(first, acme) // is no log in: the later session was
		if at, _ := last(); logins != 3 || at != w.clock.Now() {
			t.Errorf("%d log ins, the last at %v", logins, at)
		}
	})
}

func TestAMembershipThatIsGoneIsNotTouched(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann, bob := w.user("ann", ""), w.user("bob", "")
		acme := w.open(ann, "Acme")
		w.join(acme, bob, 0)
		w.clock.Add(time.Hour)
		s, m := w.at(w.logIn(bob, false), acme)
		w.do(func(tx *db.Tx) error { return RemoveMember(t.Context(), tx, acme, bob.ID) })
		none := func(*db.Tx, Act) error { t.Error("who is no member has logged in"); return nil }
		ok(t, Touch(t.Context(), w.DB, s, m, none))
		m.lastLogin = s.Created
		ok(t, Touch(t.Context(), w.DB, s, m, none))
		if n := w.number(`SELECT count(*) FROM user_accounts WHERE user_id = $1`, bob.ID); n != 0 {
			t.Errorf("%d accounts", n)
		}
	})
}

func TestWhatCantBeUsedAgainIsSweptAway(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ann := w.user("ann", "")
		old := w.logIn(ann, true)
		w.do(func(tx *db.Tx) error {
			_, err := NewLink(t.Context(), tx, ann.ID, Reset, ann.Email, time.Hour)
			return err
		})
		ok(t, Limit{Name: "x", Most: 1, Per: time.Hour}.Count(t.Context(), w.DB, "ann"))
		w.clock.Add(DefaultLives().Remembered.Most)
		fresh := w.logIn(ann, true)
		ok(t, SweepSessions(t.Context(), w.DB, DefaultLives()))
		if n := w.number(`SELECT count(*) FROM sessions WHERE token_hash = $1`, old.Hash()); n != 1 {
			t.Error("swept on its last instant")
		}
		w.clock.Add(time.Microsecond)
		ok(t, SweepSessions(t.Context(), w.DB, DefaultLives()))
		if n := w.number(`SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM user_tokens) + (SELECT count(*) FROM limits)`); n != 1 {
			t.Errorf("%d rows are left, want the session", n)
		}
		ok(t, w.alive(fresh))
	})
}

func TestAStaffSessionEndsAfterThirtyMinutesAndTwelveHours(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		var p StaffPerson
		w.do(func(tx *db.Tx) (err error) {
			p, _, err = AddStaff(t.Context(), tx, email(t, "stan@example.com"), "Stan", Administrator)
			return err
		})
		by := p.As("192.0.2.1", "Firefox")
		by.stepped = true
		w.exec(`UPDATE staff SET two_step_at = 1 WHERE id = $1`, p.ID)
		logIn := func() (token Token) {
			w.do(func(tx *db.Tx) (err error) {
				token, err = tokenOf(NewStaffSession(t.Context(), tx, p.ID, by))
				return err
			})
			return token
		}
		alive := func(token Token) error {
			s, err := FindStaffSession(t.Context(), w.DB, DefaultLives(), token)
			if err == nil {
				err = TouchStaffSession(t.Context(), w.DB, s)
			}
			return err
		}
		token := logIn()
		w.clock.Add(30*time.Minute - time.Microsecond)
		ok(t, alive(token)) // which is noted
		w.clock.Add(30 * time.Minute)
		is(t, alive(token), fault.NotFound, "")
		token = logIn()
		began := w.clock.Now()
		for w.clock.Now().Before(began.Add(12*time.Hour - 20*time.Minute)) {
			w.clock.Add(20 * time.Minute)
			ok(t, alive(token))
		}
		w.clock.Set(began.Add(12*time.Hour - time.Microsecond))
		ok(t, alive(token))
		w.clock.Add(time.Microsecond)
		is(t, alive(token), fault.NotFound, "")
		token = logIn()
		w.exec(`UPDATE staff SET disabled_at = 1 WHERE id = $1`, p.ID)
		is(t, alive(token), fault.NotFound, "")
		is(t, w.alive(token), fault.NotFound, "") // nor is it a user's
	})
}
