package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/fault"
)

// setupLife is how long a key that is shown may be confirmed.
const setupLife = 30 * time.Minute

// A Setup is a key that is shown to be scanned, and counts once a code from it
// was typed.
type Setup struct {
	Secret Secret
	Link   string // the same as an address that apps open
	seat   Seat
	sealed string
}

// An Enrolment is a confirmed Setup, ready to be written.
type Enrolment struct {
	Recovery
	seat   Seat
	setup  string // as it was sealed in the set-up
	sealed string // as it will be
	step   int64
}

// Propose makes a new key for the person at the seat, in place of one that was
// proposed there before. Whatever codes they use now stay good.
func (t *TwoStep) Propose(ctx context.Context, tx *db.Tx, at Seat) error {
	sealed, err := t.vault.Seal([]byte(NewSecret().text), at.aad())
	if err != nil {
		return err
	}
	return tx.ExecOne(ctx, `INSERT INTO two_step_setups (seat, realm, person_id, sealed, expires_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (seat) DO UPDATE SET sealed = $4, expires_at = $5`, at.hash, string(at.holder.realm), at.holder.person, sealed, tx.Now().Add(setupLife))
}

// Proposed finds the key that is shown at the seat, NotFound if there is none or
// it is too old.
func (t *TwoStep) Proposed(ctx context.Context, at Seat) (Setup, error) {
	sealed, err := db.One(ctx, t.db.Auto(), scanString, `SELECT sealed FROM two_step_setups WHERE seat = $1 AND realm = $2 AND person_id = $3 AND expires_at > $4`,
		at.hash, string(at.holder.realm), at.holder.person, t.db.Clock().Now())
	if err != nil {
		return Setup{}, err
	}
	secret, err := t.open(sealed, at.aad())
	issuer := t.o.Issuer(ctx)
	if at.holder.realm == employees {
		issuer += " staff" // who is both has two entries in one app
	}
	return Setup{Secret: secret, Link: secret.Link(issuer, at.actor.Email), seat: at, sealed: sealed}, err
}

// Confirm checks a code from the proposed key and makes recovery codes. A wrong
// one is Invalid at the field code.
func (t *TwoStep) Confirm(ctx context.Context, s Setup, typed string) (Enrolment, error) {
	step, ok, err := s.Secret.step(plainCode(typed), t.o.Clock.Now())
	if err != nil {
		return Enrolment{}, err
	}
	if !ok {
		return Enrolment{}, fault.FieldErr("code", WrongCode, "This is not the code for this key. Check that the phone's time is right, and type the code it shows now.")
	}
	e, err := t.enrolment(ctx, s.seat, s.Secret)
	e.setup, e.step = s.sealed, step
	return e, err
}

func (t *TwoStep) enrolment(ctx context.Context, at Seat, secret Secret) (e Enrolment, err error) {
	e.seat = at
	if e.sealed, err = t.vault.Seal([]byte(secret.text), at.holder.aad()); err != nil {
		return e, err
	}
	e.Recovery, err = t.NewRecovery(ctx)
	return e, err
}

// Enrol turns two-step login on, or puts a new key and new recovery codes in
// place of the old: with a set-up that is still the one shown, otherwise it is
// Conflict. Whoever was about to log in begins again.
func (t *TwoStep) Enrol(ctx context.Context, tx *db.Tx, e Enrolment) error {
	n, err := tx.Exec(ctx, `DELETE FROM two_step_setups WHERE seat = $1 AND sealed = $2 AND expires_at > $3`, e.seat.hash, e.setup, tx.Now())
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflictf("This key is no longer the one to confirm. Begin again.").WithCode(SetupOver)
	}
	return t.enrol(ctx, tx, e)
}

// SetupOver is the fault code of a set-up that is no longer open.
const SetupOver = "two-step.setup"

func (t *TwoStep) enrol(ctx context.Context, tx *db.Tx, e Enrolment) error {
	h := e.seat.holder
	if err := dropPending(ctx, tx, h); err != nil {
		return err
	}
	if err := tx.ExecOne(ctx, `INSERT INTO two_step (realm, person_id, sealed, used_step, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (realm, person_id) DO UPDATE SET sealed = $3, used_step = $4, created_at = $5`,
		string(h.realm), h.person, e.sealed, e.step, tx.Now()); err != nil {
		return err
	}
	if err := e.store(ctx, tx, h); err != nil {
		return err
	}
	return h.setTwoStep(ctx, tx, tx.Now())
}

// EnrolKnown turns two-step login on with a secret that is known beforehand: the
// demo's, whose codes a command prints.
func (t *TwoStep) EnrolKnown(ctx context.Context, h Holder, s Secret) error {
	e, err := t.enrolment(ctx, Seat{holder: h}, s)
	if err != nil {
		return err
	}
	return t.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error { return t.enrol(ctx, tx, e) })
}

// dropPending ends what a person has begun at any browser: set-ups, and log ins
// that wait for a code.
func dropPending(ctx context.Context, tx *db.Tx, h Holder) error {
	if _, err := tx.Exec(ctx, `DELETE FROM two_step_setups WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM login_steps WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person)
	return err
}

func (s Seat) aad() string { return "two_step_setups " + s.hash }
