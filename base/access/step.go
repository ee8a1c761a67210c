package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// StepLife is how long somebody who gave the password may take for the code.
const StepLife = 10 * time.Minute

// The fault codes of logging in by two steps.
const (
	StepNeeded = "step.needed" // the password alone opens no session
	StepOver   = "step.over"   // the first step is too old, used, or no longer true
)

func stepNeeded() error {
	return fault.Deniedf("This login is opened by two steps.").WithCode(StepNeeded)
}

func stepOver() error {
	return fault.NotFoundf("That took too long, or your login was changed meanwhile. Log in again.").WithCode(StepOver)
}

// A Wish is what somebody who logs in wants of it.
type Wish struct {
	Remember bool
	Next     string // where it leads
}

// An Opened is what the right password opens: a session or, with two-step login,
// a step, which asks for a code. One of the two is the zero Token.
type Opened struct{ Session, Step Token }

// stepped is what users' and staff's steps have in common.
type stepped struct {
	hash  string
	proof string
	wish  Wish
	ends  time.Time
	actor Actor
}

// A Step proves that somebody, at this browser, gave the right password of this
// user, who has two-step login on. It opens nothing without a code.
type Step struct {
	stepped
	user User
}

// User is whose password it was. A zero proof panics.
func (s Step) User() User {
	if s.user.ID == 0 {
		panic("access: a proof that no door has made")
	}
	return s.user
}

// Actor is who acts.
func (s Step) Actor() Actor { s.User(); return s.actor }

// Wish is what they want of logging in.
func (s Step) Wish() Wish { s.User(); return s.wish }

// A StaffStep is a Step of staff, who may still have to set two-step login up.
type StaffStep struct {
	stepped
	person StaffPerson
}

// Person is whose password it was. A zero proof panics.
func (s StaffStep) Person() StaffPerson {
	if s.person.ID == 0 {
		panic("access: a proof that no door has made")
	}
	return s.person
}

// Actor is who acts.
func (s StaffStep) Actor() Actor { s.Person(); return s.actor }

// Wish is what they want of logging in.
func (s StaffStep) Wish() Wish { s.Person(); return s.wish }

// Ask makes the step of a user whom Authenticate has let in. Call it in the
// transaction in which NewSession said StepNeeded.
func (t *TwoStep) Ask(ctx context.Context, tx *db.Tx, by Actor, w Wish) (Token, error) {
	return t.ask(ctx, tx, Holder{users, int64(by.User)}, by, w)
}

// AskStaff makes the step of a person whom AuthenticateStaff has let in, and for
// who has no second factor yet a key that becomes it.
func (t *TwoStep) AskStaff(ctx context.Context, tx *db.Tx, by Actor, w Wish) (Token, error) {
	h := Holder{employees, int64(by.Staff)}
	token, err := t.ask(ctx, tx, h, by, w)
	if err != nil {
		return token, err
	}
	n, err := db.One(ctx, tx, scanInt, `SELECT count(*) FROM two_step WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person)
	if err != nil || n > 0 {
		return token, err
	}
	return token, t.Propose(ctx, tx, Seat{h, token.Hash(), by})
}

// ask seals where it leads: that may hold the one-time link of an invitation.
func (t *TwoStep) ask(ctx context.Context, tx *db.Tx, h Holder, by Actor, w Wish) (Token, error) {
	token := NewToken()
	next, err := t.vault.Seal([]byte(w.Next), nextOf(token.Hash()))
	if err != nil {
		return Token{}, err
	}
	return token, tx.ExecOne(ctx, `INSERT INTO login_steps (token_hash, realm, person_id, proof, remember, next, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		token.Hash(), string(h.realm), h.person, by.proof, w.Remember, next, tx.Now(), tx.Now().Add(StepLife))
}

func nextOf(hash string) string { return "login_steps " + hash }

const stepColumns = `s.token_hash, s.proof, s.remember, s.next, s.expires_at`

func (s *stepped) targets() []any {
	return []any{&s.hash, &s.proof, &s.wish.Remember, &s.wish.Next, db.Time(&s.ends)}
}

// Step finds the living step of a token, NotFound with the code StepOver
// otherwise: it ends after ten minutes, and with the password or the second
// factor that it began with.
func (t *TwoStep) Step(ctx context.Context, token Token, by Actor) (Step, error) {
	s, err := t.findStep(ctx, t.db.Auto(), token.Hash(), t.db.Clock().Now())
	s.actor = s.user.At(by)
	return s, err
}

func (t *TwoStep) findStep(ctx context.Context, q db.Querier, hash string, now time.Time) (Step, error) {
	var password string
	s, err := db.One(ctx, q, func(r db.Row) (Step, error) {
		var s Step
		err := r.Scan(append(append(s.stepped.targets(), s.user.targets()...), &password)...)
		return s, err
	}, `SELECT `+stepColumns+`, `+userColumns+`, u.password_hash FROM login_steps s JOIN users u ON u.id = s.person_id
		WHERE s.token_hash = $1 AND s.realm = 'user'`, hash)
	if err == nil && s.user.TwoStep.IsZero() {
		err = stepOver()
	}
	s.user.proof = s.proof
	return s, t.living(&s.stepped, err, s.user.Disabled, password, now)
}

// StaffStep is Step for staff. The second factor may still have to be set up.
func (t *TwoStep) StaffStep(ctx context.Context, token Token, by Actor) (StaffStep, error) {
	s, err := t.findStaffStep(ctx, t.db.Auto(), token.Hash(), t.db.Clock().Now())
	s.actor = s.person.At(by)
	return s, err
}

func (t *TwoStep) findStaffStep(ctx context.Context, q db.Querier, hash string, now time.Time) (StaffStep, error) {
	var password string
	s, err := db.One(ctx, q, func(r db.Row) (StaffStep, error) {
		var s StaffStep
		err := r.Scan(append(append(s.stepped.targets(), s.person.targets()...), &password)...)
		return s, err
	}, `SELECT `+stepColumns+`, `+staffColumns+`, p.password_hash FROM login_steps s JOIN staff p ON p.id = s.person_id
		WHERE s.token_hash = $1 AND s.realm = 'staff'`, hash)
	s.person.proof = s.proof
	return s, t.living(&s.stepped, err, s.person.Disabled, password, now)
}

// living is nil if the step that was looked for is there, and still true.
func (t *TwoStep) living(s *stepped, err error, disabled time.Time, password string, now time.Time) error {
	if fault.Is(err, fault.NotFound) || err == nil && (!now.Before(s.ends) || !disabled.IsZero() || proofOf(password) != s.proof) {
		return stepOver()
	}
	if err != nil {
		return err
	}
	next, err := t.vault.Open(s.wish.Next, nextOf(s.hash))
	s.wish.Next = string(next)
	return err
}

// Factors are what whoever logs in could take the second step with here, beside
// a recovery code.
func (t *TwoStep) Factors(ctx context.Context, in Step) (Factors, error) {
	f, err := FindFactors(ctx, t.db.Auto(), in.User())
	if t.o.Passkeys == nil || !t.o.Passkeys() {
		f.Passkeys = 0
	}
	return f, err
}

// A Passed is who has passed both steps, and what that took.
type Passed struct {
	Actor    Actor // for whom NewSession opens
	Recovery bool  // it was a recovery code
	Left     int64 // how many of those there still are
}

// RecoveryUsed is the fact that a user came in by a recovery code. Whoever lets
// them in tells it, and the person is told by mail.
type RecoveryUsed struct {
	User  id.User   `json:"user"`
	Left  int64     `json:"left"`
	At    time.Time `json:"at"`
	IP    string    `json:"ip"`
	Agent string    `json:"agent"`
}

// Kind names the fact.
func (RecoveryUsed) Kind() string { return "access.recovery-used" }

// Fact is what is to be told of a user who came in by a recovery code.
func (p Passed) Fact(at time.Time) RecoveryUsed {
	return RecoveryUsed{p.Actor.User, p.Left, at, p.Actor.IP, p.Actor.Agent}
}

// Pass spends the step and a right code. Call it under the user's lock.
func (t *TwoStep) Pass(ctx context.Context, tx *db.Tx, in Step, c Code) (Passed, error) {
	if _, err := t.findStep(ctx, tx, in.hash, tx.Now()); err != nil {
		return Passed{}, err
	}
	return t.pass(ctx, tx, in.stepped, in.User().Holder(), c)
}

// PassStaff is Pass for staff.
func (t *TwoStep) PassStaff(ctx context.Context, tx *db.Tx, in StaffStep, c Code) (Passed, error) {
	if _, err := t.findStaffStep(ctx, tx, in.hash, tx.Now()); err != nil {
		return Passed{}, err
	}
	return t.pass(ctx, tx, in.stepped, in.Person().Holder(), c)
}

func (t *TwoStep) pass(ctx context.Context, tx *db.Tx, s stepped, h Holder, c Code) (Passed, error) {
	if c.holder != h {
		return Passed{}, wrongCode()
	}
	if err := t.Spend(ctx, tx, c); err != nil {
		return Passed{}, err
	}
	p := Passed{Recovery: c.Recovery()}
	var err error
	if p.Recovery {
		if p.Left, err = RecoveryLeft(ctx, tx, h); err != nil {
			return Passed{}, err
		}
	}
	p.Actor, err = s.spend(ctx, tx)
	return p, err
}

// Join is PassStaff for who has none yet: it spends the step and turns two-step
// login on. Who has it on meanwhile is asked for a code of that: StepOver.
func (t *TwoStep) Join(ctx context.Context, tx *db.Tx, in StaffStep, e Enrolment) (Actor, error) {
	now, err := t.findStaffStep(ctx, tx, in.hash, tx.Now())
	if err == nil && !now.person.TwoStep.IsZero() || e.seat.holder != in.Person().Holder() {
		err = stepOver()
	}
	if err != nil {
		return Actor{}, err
	}
	by, err := in.spend(ctx, tx)
	if err != nil {
		return Actor{}, err
	}
	return by, t.Enrol(ctx, tx, e)
}

// spend uses the step up, and gives the actor who has passed it.
func (s stepped) spend(ctx context.Context, tx *db.Tx) (Actor, error) {
	n, err := tx.Exec(ctx, `DELETE FROM login_steps WHERE token_hash = $1`, s.hash)
	if err == nil && n == 0 {
		err = stepOver()
	}
	s.actor.stepped = err == nil
	return s.actor, err
}
