package access

import (
	"context"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"atrium/base/db"
	"atrium/fault"
)

// The fault codes of passkeys.
const (
	NoPasskey     = "passkey.none"   // the browser has answered nothing
	WrongPasskey  = "passkey.wrong"  // an answer that does not hold
	CopiedPasskey = "passkey.copied" // the authenticator counts what the same key did elsewhere
)

func noPasskey() error {
	return fault.Invalidf("Your browser gave no passkey. Try again, or log in another way.").WithCode(NoPasskey)
}

func wrongPasskey() error {
	return fault.Invalidf("That took too long, or this passkey is not one of yours here. Try again.").WithCode(WrongPasskey)
}

func copiedPasskey() error {
	return fault.Invalidf("This passkey may have been copied: it counts less than it did. Log in another way, remove it and add a new one.").WithCode(CopiedPasskey)
}

// An Answer is what a form with a Question has brought back.
type Answer struct {
	Asked string // the question's
	Said  string // by the authenticator, as JSON
}

// A NewPasskey is one that an authenticator has made, to be added.
type NewPasskey struct {
	key    Passkey
	answer spending
}

// A spending is a question whose answer was right, to be used up.
type spending struct {
	challenge string
	until     time.Time
}

// spend uses the question up: of two who answer the same, one gets WrongPasskey.
func (s spending) spend(ctx context.Context, tx *db.Tx) error {
	n, err := tx.Exec(ctx, `INSERT INTO passkey_answers (challenge, expires_at) VALUES ($1, $2) ON CONFLICT (challenge) DO NOTHING`, s.challenge, s.until)
	if err == nil && n == 0 {
		err = wrongPasskey()
	}
	return err
}

// CheckNew finds out whether this is a passkey as it was asked for by AskNew. It
// is Invalid with one of the codes of passkeys if not.
func (p *Passkeys) CheckNew(ctx context.Context, me Self, a Answer) (NewPasskey, error) {
	if a.Said == "" {
		return NewPasskey{}, noPasskey()
	}
	q, err := p.asked(toAdd(me), a.Asked)
	if err != nil {
		return NewPasskey{}, err
	}
	lib, err := p.library(ctx)
	if err != nil {
		return NewPasskey{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(a.Said))
	if err != nil {
		return NewPasskey{}, wrongPasskey()
	}
	c, err := lib.CreateCredential(keyring{user: me.User()}, q.Session, parsed)
	if err != nil {
		return NewPasskey{}, wrongPasskey()
	}
	return NewPasskey{encode(c), spending{q.Session.Challenge, q.Until}}, nil
}

// AddPasskey adds a passkey to the login of who is logged in, under the user's
// lock. One that has a login already is WrongPasskey.
func AddPasskey(ctx context.Context, tx *db.Tx, me Self, n NewPasskey, name string) error {
	if err := n.answer.spend(ctx, tx); err != nil {
		return err
	}
	k := n.key
	added, err := tx.Exec(ctx, `INSERT INTO passkeys (credential, user_id, id, name, public_key, transports, flags, sign_count, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (credential) DO NOTHING`,
		k.credential, me.User().ID, db.NewID[Passkey](tx), name, k.public, k.transports, k.flags, k.count, tx.Now())
	if err == nil && added == 0 {
		err = wrongPasskey()
	}
	return err
}

// A Shown is a passkey that was shown and found right, and is not spent yet.
type Shown struct {
	user   User
	key    Passkey // as it was before
	flags  int64   // as they are now, and so on
	count  int64
	prompt prompt
	answer spending
	tries  tally // of who logs in by it alone
}

// User is whose passkey it is.
func (s Shown) User() User { return s.user }

// Name is what the user calls it.
func (s Shown) Name() string { return s.key.Name }

func passkeyTries() Limit {
	return Limit{"passkey", 30, 15 * time.Minute, "That was wrong too often. Try again in %d minutes."}
}

// CheckLogIn finds out whose passkey was shown, as it was asked for by AskLogIn:
// the authenticator has made sure who uses it. It is Invalid with
// one of the codes of passkeys, and after thirty in a quarter of an hour TooMany:
// from one network or, if somebody has logged in with it before, in this browser. With CopiedPasskey it tells whose.
func (p *Passkeys) CheckLogIn(ctx context.Context, browser Token, by Actor, a Answer) (Shown, error) {
	tries := tally{passkeyTries(), by.Network()}
	known, err := knownBrowser(ctx, p.db, by)
	if err != nil {
		return Shown{}, err
	}
	if known {
		tries.key = by.Browser.Hash()
	}
	if err := tries.count(ctx, p.db); err != nil {
		return Shown{}, err
	}
	s, err := p.check(ctx, toLogIn(browser), a, func(lib *webauthn.WebAuthn, q sealedQuestion, said *protocol.ParsedCredentialAssertionData) (keyring, *webauthn.Credential, error) {
		var ring keyring
		_, c, err := lib.ValidatePasskeyLogin(func(rawID, _ []byte) (_ webauthn.User, err error) {
			ring, err = p.owner(ctx, encode(&webauthn.Credential{ID: rawID}).credential)
			return ring, err
		}, q.Session, said)
		return ring, c, err
	})
	s.tries = tries
	return s, err
}

// owner is the user whose passkey that is, and it alone.
func (p *Passkeys) owner(ctx context.Context, credential string) (keyring, error) {
	return db.One(ctx, p.db.Auto(), func(r db.Row) (keyring, error) {
		var u User
		var k Passkey
		err := r.Scan(append(u.targets(), k.targets()...)...)
		return keyring{u, []Passkey{k}}, err
	}, `SELECT `+userColumns+`, `+passkeyColumns+` FROM passkeys k JOIN users u ON u.id = k.user_id WHERE k.credential = $1`, credential)
}

// CheckStep is CheckLogIn for AskStep: whose it must be is known.
func (p *Passkeys) CheckStep(ctx context.Context, in Step, a Answer) (Shown, error) {
	return p.checkOf(ctx, toStep(in), in.User(), a)
}

// CheckProof is CheckLogIn for AskProof.
func (p *Passkeys) CheckProof(ctx context.Context, me Self, a Answer) (Shown, error) {
	return p.checkOf(ctx, toProve(me), me.User(), a)
}

// CheckTurnOff is CheckLogIn for AskTurnOff.
func (p *Passkeys) CheckTurnOff(ctx context.Context, me Self, a Answer) (Shown, error) {
	return p.checkOf(ctx, toTurnOff(me), me.User(), a)
}

func (p *Passkeys) checkOf(ctx context.Context, as prompt, u User, a Answer) (Shown, error) {
	ring, err := p.ring(ctx, u)
	if err != nil {
		return Shown{}, err
	}
	return p.check(ctx, as, a, func(lib *webauthn.WebAuthn, q sealedQuestion, said *protocol.ParsedCredentialAssertionData) (keyring, *webauthn.Credential, error) {
		c, err := lib.ValidateLogin(ring, q.Session, said)
		return ring, c, err
	})
}

// validating is the library's part of checking an answer.
type validating func(*webauthn.WebAuthn, sealedQuestion, *protocol.ParsedCredentialAssertionData) (keyring, *webauthn.Credential, error)

func (p *Passkeys) check(ctx context.Context, as prompt, a Answer, validate validating) (Shown, error) {
	if a.Said == "" {
		return Shown{}, noPasskey()
	}
	q, err := p.asked(as, a.Asked)
	if err != nil {
		return Shown{}, err
	}
	lib, err := p.library(ctx)
	if err != nil {
		return Shown{}, err
	}
	said, err := protocol.ParseCredentialRequestResponseBytes([]byte(a.Said))
	if err != nil {
		return Shown{}, wrongPasskey()
	}
	ring, c, err := validate(lib, q, said)
	if err != nil || !ring.user.Disabled.IsZero() {
		return Shown{}, wrongPasskey()
	}
	now := encode(c)
	s := Shown{user: ring.user, flags: now.flags, count: now.count, prompt: as, answer: spending{q.Session.Challenge, q.Until}}
	for _, k := range ring.keys {
		if k.credential == now.credential {
			s.key = k
		}
	}
	if c.Authenticator.CloneWarning {
		err = p.copied(ctx, q)
	}
	return s, err
}

// copied says why a passkey is refused that counts less than it did: it was
// copied, or the same answer came twice.
func (p *Passkeys) copied(ctx context.Context, q sealedQuestion) error {
	n, err := db.One(ctx, p.db.Auto(), scanInt, `SELECT count(*) FROM passkey_answers WHERE challenge = $1`, q.Session.Challenge)
	switch {
	case err != nil:
		return err
	case n > 0:
		return wrongPasskey()
	}
	return copiedPasskey()
}

// spend uses a passkey's answer up, under its user's lock, and notes what the
// authenticator counts now. A passkey that was removed or used meanwhile is
// WrongPasskey.
func (s Shown) spend(ctx context.Context, tx *db.Tx, to prompt) error {
	if s.prompt != to {
		return wrongPasskey()
	}
	if err := s.answer.spend(ctx, tx); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE passkeys SET flags = $1, sign_count = $2, used_at = $3 WHERE credential = $4 AND user_id = $5 AND sign_count = $6`,
		s.flags, s.count, tx.Now(), s.key.credential, s.user.ID, s.key.count)
	if err == nil && n == 0 {
		err = wrongPasskey()
	}
	return err
}

// LetIn spends a passkey that logs in by itself, shown at that browser, and
// gives the actor for whom NewSession opens. It counts as both steps: one has
// it, and has shown the authenticator who one is.
func LetIn(ctx context.Context, tx *db.Tx, s Shown, browser Token, by Actor) (Actor, error) {
	if err := s.spend(ctx, tx, toLogIn(browser)); err != nil {
		return Actor{}, err
	}
	me := s.user.At(by)
	me.stepped = true
	return me, s.tries.reset(ctx, tx)
}

// PassWith is Pass with a passkey in place of a code.
func (t *TwoStep) PassWith(ctx context.Context, tx *db.Tx, in Step, s Shown) (Passed, error) {
	if _, err := t.findStep(ctx, tx, in.hash, tx.Now()); err != nil {
		return Passed{}, err
	}
	if err := s.spend(ctx, tx, toStep(in)); err != nil {
		return Passed{}, err
	}
	by, err := in.spend(ctx, tx)
	return Passed{Actor: by}, err
}

// ProveWith is Prove with a passkey.
func ProveWith(ctx context.Context, tx *db.Tx, me Self, s Shown) (Token, error) {
	if err := s.spend(ctx, tx, toProve(me)); err != nil {
		return Token{}, err
	}
	return Prove(ctx, tx, me)
}

// SpendToTurnOff uses a passkey up that was shown to turn two-step login off.
func SpendToTurnOff(ctx context.Context, tx *db.Tx, me Self, s Shown) error {
	return s.spend(ctx, tx, toTurnOff(me))
}
