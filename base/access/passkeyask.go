package access

import (
	"context"
	"encoding/json"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"atrium/base/db"
	"atrium/base/vault"
	"atrium/fault"
)

// Passkeys asks browsers for passkeys and checks what they answer (WebAuthn,
// level 3). A question is kept by nobody: it travels sealed in the form that it
// is answered by, bound to what it is for and to the browser it was put to, and
// is good for ten minutes. That it was answered is kept, so that it is once.
type Passkeys struct {
	db      *db.DB
	vault   *vault.Vault
	base    *url.URL
	company func(context.Context) string
}

// NewPasskeys makes it. base is where browsers reach us: passkeys are of its
// host. company is what authenticators call us.
func NewPasskeys(d *db.DB, v *vault.Vault, base *url.URL, company func(context.Context) string) *Passkeys {
	return &Passkeys{d, v, base, company}
}

// Possible tells whether browsers offer passkeys here: under https, at a name
// and not a number, or on this very machine.
func (p *Passkeys) Possible() bool {
	host := p.base.Hostname()
	_, err := netip.ParseAddr(host)
	return err != nil && (p.base.Scheme == "https" || host == "localhost" || strings.HasSuffix(host, ".localhost"))
}

func (p *Passkeys) library(ctx context.Context) (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{RPID: p.base.Hostname(), RPDisplayName: p.company(ctx), RPOrigins: []string{p.base.Scheme + "://" + p.base.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred}})
}

// A Question is what a browser asks an authenticator. Both are texts for its form.
type Question struct {
	Options string // for navigator.credentials, as JSON with base64url
	Asked   string // comes back with the answer
}

// AskLife is how long a question may be answered.
const AskLife = 10 * time.Minute

// A prompt is what it is for, at which browser.
type prompt struct{ purpose, browser string }

func (a prompt) aad() string { return "passkey " + a.purpose + " " + a.browser }

func toAdd(me Self) prompt         { return prompt{"add", me.Session().hash} }
func toLogIn(browser Token) prompt { return prompt{"log in", browser.Hash()} }
func toStep(in Step) prompt        { in.User(); return prompt{"step", in.hash} }
func toProve(me Self) prompt       { return prompt{"prove", me.Session().hash} }
func toTurnOff(me Self) prompt     { return prompt{"two-step off", me.Session().hash} }
func verified() webauthn.LoginOption {
	return webauthn.WithUserVerification(protocol.VerificationRequired)
}
func possessed() webauthn.LoginOption {
	return webauthn.WithUserVerification(protocol.VerificationPreferred)
}

// sealedQuestion is what Question.Asked holds.
type sealedQuestion struct {
	Session webauthn.SessionData `json:"session"`
	Until   time.Time            `json:"until"`
}

// MostPasskeys is how many a user may have.
const MostPasskeys = 20

// AskNew asks for a new passkey of who is logged in: Conflict if they have
// MostPasskeys.
func (p *Passkeys) AskNew(ctx context.Context, me Self) (Question, error) {
	ring, err := p.ring(ctx, me.User())
	if err == nil && len(ring.keys) >= MostPasskeys {
		err = fault.Conflictf("You have %d passkeys; more are not kept. Remove one first.", MostPasskeys)
	}
	if err != nil {
		return Question{}, err
	}
	lib, err := p.library(ctx)
	if err != nil {
		return Question{}, err
	}
	o, session, err := lib.BeginRegistration(ring, webauthn.WithExclusions(webauthn.Credentials(ring.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return Question{}, err
	}
	return p.question(toAdd(me), o.Response, session)
}

// AskLogIn asks whoever is at a browser for any passkey of this site. browser is
// a secret that the browser was given.
func (p *Passkeys) AskLogIn(ctx context.Context, browser Token) (Question, error) {
	lib, err := p.library(ctx)
	if err != nil {
		return Question{}, err
	}
	o, session, err := lib.BeginDiscoverableLogin(verified())
	if err != nil {
		return Question{}, err
	}
	return p.question(toLogIn(browser), o.Response, session)
}

// AskStep asks for a passkey as the second step of logging in.
func (p *Passkeys) AskStep(ctx context.Context, in Step) (Question, error) {
	return p.ask(ctx, toStep(in), in.User(), possessed())
}

// AskProof asks for a passkey in place of the password, of who is logged in.
func (p *Passkeys) AskProof(ctx context.Context, me Self) (Question, error) {
	return p.ask(ctx, toProve(me), me.User(), verified())
}

// AskTurnOff asks for a passkey in place of a code, to turn two-step login off.
func (p *Passkeys) AskTurnOff(ctx context.Context, me Self) (Question, error) {
	return p.ask(ctx, toTurnOff(me), me.User(), possessed())
}

// ask asks for one of the passkeys of a user: NotFound if they have none.
func (p *Passkeys) ask(ctx context.Context, a prompt, u User, how webauthn.LoginOption) (Question, error) {
	ring, err := p.ring(ctx, u)
	if err == nil && len(ring.keys) == 0 {
		err = fault.NotFoundf("You have no passkey here.")
	}
	if err != nil {
		return Question{}, err
	}
	lib, err := p.library(ctx)
	if err != nil {
		return Question{}, err
	}
	o, session, err := lib.BeginLogin(ring, how)
	if err != nil {
		return Question{}, err
	}
	return p.question(a, o.Response, session)
}

func (p *Passkeys) ring(ctx context.Context, u User) (keyring, error) {
	keys, err := PasskeysOf(ctx, p.db.Auto(), u.ID)
	return keyring{u, keys}, err
}

func (p *Passkeys) question(a prompt, options any, s *webauthn.SessionData) (Question, error) {
	o, err := json.Marshal(options)
	if err != nil {
		return Question{}, err
	}
	b, err := json.Marshal(sealedQuestion{*s, p.db.Clock().Now().Add(AskLife)})
	if err != nil {
		return Question{}, err
	}
	sealed, err := p.vault.Seal(b, a.aad())
	return Question{string(o), sealed}, err
}

// asked opens the question that an answer is to. One of another browser, of
// another purpose or too old is none.
func (p *Passkeys) asked(a prompt, sealed string) (sealedQuestion, error) {
	b, err := p.vault.Open(sealed, a.aad())
	if err != nil {
		return sealedQuestion{}, wrongPasskey()
	}
	var q sealedQuestion
	if err := json.Unmarshal(b, &q); err != nil {
		return sealedQuestion{}, err
	}
	if !p.db.Clock().Now().Before(q.Until) {
		return sealedQuestion{}, wrongPasskey()
	}
	return q, nil
}
