package access

import (
	"context"
	"strings"
	"time"

	"atrium/base/clock"
	"atrium/base/db"
	"atrium/base/vault"
	"atrium/fault"
)

// The fault codes of two-step login.
const (
	WrongCode  = "two-step.wrong" // a code that is wrong or was used
	TwoStepOff = "two-step.off"   // there is nothing that could check a code
)

// TwoStep checks the second step of logging in: codes of an authenticator app,
// each taken once, and recovery codes, each used up by it. What the app knows is
// sealed in the database, bound to its person's row.
type TwoStep struct {
	db        *db.DB
	vault     *vault.Vault
	passwords *Passwords
	o         TwoStepOptions
}

// TwoStepOptions say how TwoStep fits into the program.
type TwoStepOptions struct {
	Issuer   func(context.Context) string             // the company's name now, as apps show it
	Passkeys func() bool                              // whether browsers offer passkeys here; nil: they don't
	Clock    clock.Clock                              // what people's phones show; nil: the database's clock
	Wrong    func(context.Context, *db.Tx, Act) error // writes the audit row of a wrong code; nil: none
}

// NewTwoStep makes it.
func NewTwoStep(d *db.DB, v *vault.Vault, p *Passwords, o TwoStepOptions) *TwoStep {
	if o.Clock == nil {
		o.Clock = d.Clock()
	}
	return &TwoStep{d, v, p, o}
}

// wrongCodes counts by person, and of a browser that is known to the person by
// that browser. Only who has given the right password is asked for a code, so no
// stranger can use it up, and who has found the password out locks its person out
// of no browser that they use.
func wrongCodes() Limit {
	return Limit{"two-step", 5, 15 * time.Minute, "That was wrong too often. Try again in %d minutes."}
}

func wrongCode() error {
	return fault.FieldErr("code", WrongCode, "This code is wrong or was already used. Your app shows a new one every 30 seconds.")
}

func noTwoStep() error {
	return fault.Conflictf("Two-step login is off.").WithCode(TwoStepOff)
}

// A factor is what a person's codes are checked by.
type factor struct {
	sealed string
	used   int64 // the time step of the last code that was taken
}

func scanFactor(r db.Row) (factor, error) {
	var f factor
	err := r.Scan(&f.sealed, &f.used)
	return f, err
}

// A Code was found right and is not spent yet.
type Code struct {
	holder Holder
	sealed string // of an app: the secret it was made from
	step   int64
	now    int64 // the time step in which it came
	slot   int   // of a recovery code, and its hash
	hash   string
	tries  tally
}

// Recovery tells whether it is a recovery code.
func (c Code) Recovery() bool { return c.hash != "" }

// Check finds out whether this is a code of the person's app or one of their
// recovery codes. A wrong one is Invalid at the field code, with the code
// WrongCode; after five in a quarter of an hour it is TooMany. by is who tries:
// someone who has given the password.
func (t *TwoStep) Check(ctx context.Context, h Holder, by Actor, typed string) (Code, error) {
	tries := tally{wrongCodes(), h.key()}
	known, err := h.knows(ctx, t.db.Auto(), by, t.db.Clock().Now())
	if err != nil {
		return Code{}, err
	}
	if known {
		tries.key += " " + by.Browser.Hash()
	}
	if err := tries.count(ctx, t.db); err != nil {
		return Code{}, err
	}
	c, err := t.match(ctx, h, typed)
	c.tries = tries
	if fault.CodeOf(err) == WrongCode && t.o.Wrong != nil {
		e := t.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error { return t.o.Wrong(ctx, tx, Elsewhere(by)) })
		if e != nil {
			return Code{}, e
		}
	}
	return c, err
}

func (t *TwoStep) match(ctx context.Context, h Holder, typed string) (Code, error) {
	since, err := h.twoStepSince(ctx, t.db.Auto())
	if err == nil && since.IsZero() {
		err = noTwoStep()
	}
	if err != nil {
		return Code{}, err
	}
	typed = plainCode(typed)
	if slot, code, ok := recoverySlot(typed); ok {
		return t.matchRecovery(ctx, h, slot, code)
	}
	f, err := db.One(ctx, t.db.Auto(), scanFactor, `SELECT sealed, used_step FROM two_step WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person)
	if fault.Is(err, fault.NotFound) { // their second step is a passkey
		err = wrongCode()
	}
	if err != nil {
		return Code{}, err
	}
	secret, err := t.open(f.sealed, h.aad())
	if err != nil {
		return Code{}, err
	}
	now := t.o.Clock.Now()
	step, ok, err := secret.step(typed, now)
	if err == nil && !ok {
		err = wrongCode()
	}
	return Code{holder: h, sealed: f.sealed, step: step, now: timeStep(now)}, err
}

// plainCode is a code without what people put into it to read it better.
func plainCode(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "–", "").Replace(typed))
}

// matchRecovery takes as long for a code that is used up as for any other.
func (t *TwoStep) matchRecovery(ctx context.Context, h Holder, slot int, code string) (Code, error) {
	hash, err := recoveryHash(ctx, t.db.Auto(), h, slot)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Code{}, err
	}
	match, _, err := t.passwords.Check(ctx, code, hash)
	if err == nil && !match {
		err = wrongCode()
	}
	return Code{holder: h, slot: slot, hash: hash}, err
}

// clockWasWrong is by how many time steps the last code taken may lie ahead
// before the clock must have been wrong then: ten minutes. Its person would be
// locked out until the clock is there again.
const clockWasWrong = 20

// Spend uses the code up: of two who spend the same, one gets WrongCode. It ends
// with the factor that it was checked by.
func (t *TwoStep) Spend(ctx context.Context, tx *db.Tx, c Code) error {
	h := c.holder
	var n int64
	var err error
	if c.Recovery() {
		n, err = tx.Exec(ctx, `DELETE FROM recovery_codes WHERE realm = $1 AND person_id = $2 AND slot = $3 AND hash = $4`,
			string(h.realm), h.person, c.slot, c.hash)
	} else {
		n, err = tx.Exec(ctx, `UPDATE two_step SET used_step = $1 WHERE realm = $2 AND person_id = $3 AND sealed = $4 AND (used_step < $1 OR used_step > $5)`,
			c.step, string(h.realm), h.person, c.sealed, c.now+clockWasWrong)
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return wrongCode()
	}
	return c.tries.reset(ctx, tx)
}

// TurnOff forgets everything that a person's codes are checked by. Passkeys stay,
// to log in with. It is false if two-step login was off.
func (t *TwoStep) TurnOff(ctx context.Context, tx *db.Tx, h Holder) (bool, error) {
	since, err := h.twoStepSince(ctx, tx)
	if err != nil || since.IsZero() {
		return false, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM two_step WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person); err != nil {
		return false, err
	}
	if err := dropPending(ctx, tx, h); err != nil {
		return false, err
	}
	return true, h.setTwoStep(ctx, tx, time.Time{})
}

// Renew puts new recovery codes in place of those the person had. Who has
// two-step login off gets Conflict with the code TwoStepOff.
func (t *TwoStep) Renew(ctx context.Context, tx *db.Tx, h Holder, r Recovery) error {
	since, err := h.twoStepSince(ctx, tx)
	if err == nil && since.IsZero() {
		err = noTwoStep()
	}
	if err != nil {
		return err
	}
	return r.store(ctx, tx, h)
}

// EnrolPasskeys turns two-step login on for who has passkeys, which are its
// second step from then on. Without one it is Conflict.
func (t *TwoStep) EnrolPasskeys(ctx context.Context, tx *db.Tx, u User, r Recovery) error {
	f, err := FindFactors(ctx, tx, u)
	if err == nil && f.Passkeys == 0 {
		err = fault.Conflictf("You have no passkey here.")
	}
	if err != nil {
		return err
	}
	h := u.Holder()
	if err := dropPending(ctx, tx, h); err != nil {
		return err
	}
	if err := r.store(ctx, tx, h); err != nil {
		return err
	}
	return h.setTwoStep(ctx, tx, tx.Now())
}

// aad binds a secret to its row.
func (h Holder) aad() string { return "two_step " + h.key() }

func (t *TwoStep) open(sealed, aad string) (Secret, error) {
	plain, err := t.vault.Open(sealed, aad)
	return Secret{string(plain)}, err
}

// Unreadable counts the sealed secrets, and those of them that the vault can't
// open: then the key file is not the one they were sealed by.
func (t *TwoStep) Unreadable(ctx context.Context) (all, unreadable int64, err error) {
	_, err = db.All(ctx, t.db.Across(), func(r db.Row) (struct{}, error) {
		var h Holder
		var sealed string
		if err := r.Scan(&h.realm, &h.person, &sealed); err != nil {
			return struct{}{}, err
		}
		all++
		if _, err := t.open(sealed, h.aad()); err != nil {
			unreadable++
		}
		return struct{}{}, nil
	}, `SELECT realm, person_id, sealed FROM two_step`)
	return all, unreadable, err
}
