package access

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// PasskeyID names a passkey to its user. It is no secret.
type PasskeyID = id.ID[Passkey]

// A Passkey is a key pair whose private half is with a user: in their phone,
// computer, password manager or on a stick. It logs them in without a password,
// or is the second step after it.
type Passkey struct {
	ID      PasskeyID
	User    id.User
	Name    string
	Created time.Time
	Used    time.Time // zero: never

	credential string // base64url, as public
	public     string
	transports string // with spaces between
	flags      int64
	count      int64
}

// Synced tells whether it may be in several devices of its user's, e.g. by
// their password manager.
func (k Passkey) Synced() bool {
	return protocol.AuthenticatorFlags(k.flags).HasBackupEligible()
}

const passkeyColumns = `k.id, k.user_id, k.name, k.created_at, k.used_at, k.credential, k.public_key, k.transports, k.flags, k.sign_count`

func (k *Passkey) targets() []any {
	return []any{&k.ID, &k.User, &k.Name, db.Time(&k.Created), db.Time(&k.Used), &k.credential, &k.public, &k.transports, &k.flags, &k.count}
}

func scanPasskey(r db.Row) (Passkey, error) {
	var k Passkey
	err := r.Scan(k.targets()...)
	return k, err
}

// PasskeysOf lists a user's passkeys, the oldest first.
func PasskeysOf(ctx context.Context, q db.Querier, u id.User) ([]Passkey, error) {
	return db.All(ctx, q, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys k WHERE k.user_id = $1 ORDER BY k.created_at, k.id`, u)
}

// FindPasskey finds one of the user's passkeys, NotFound if it is not theirs.
func FindPasskey(ctx context.Context, q db.Querier, u id.User, k PasskeyID) (Passkey, error) {
	return db.One(ctx, q, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys k WHERE k.user_id = $1 AND k.id = $2`, u, k)
}

// RenamePasskey gives one of the user's passkeys another name, NotFound if it is
// not theirs.
func RenamePasskey(ctx context.Context, tx *db.Tx, u id.User, k PasskeyID, name string) error {
	return tx.ExecOne(ctx, `UPDATE passkeys SET name = $1 WHERE user_id = $2 AND id = $3`, name, u, k)
}

// LastPasskey is the fault code when a passkey is the only second step there is.
const LastPasskey = "passkey.last"

// RemovePasskey removes one of the user's passkeys, under the user's lock:
// NotFound if it is not theirs. The only second step of who has two-step login
// on stays: Conflict with the code LastPasskey.
func RemovePasskey(ctx context.Context, tx *db.Tx, u id.User, k PasskeyID) error {
	if err := tx.ExecOne(ctx, `DELETE FROM passkeys WHERE user_id = $1 AND id = $2`, u, k); err != nil {
		return err
	}
	user, err := FindUser(ctx, tx, u)
	if err != nil || user.TwoStep.IsZero() {
		return err
	}
	f, err := FindFactors(ctx, tx, user)
	if err == nil && !f.App && f.Passkeys == 0 {
		err = fault.Conflictf("This passkey is the only second step of your login. Add another one or an authenticator app first, or turn two-step login off.").WithCode(LastPasskey)
	}
	return err
}

// DropPasskeysSince removes the passkeys that were added to a login from then
// on: by whoever had taken it over. If they were its only second step, two-step
// login is off.
func (t *TwoStep) DropPasskeysSince(ctx context.Context, tx *db.Tx, u User, since time.Time) error {
	n, err := tx.Exec(ctx, `DELETE FROM passkeys WHERE user_id = $1 AND created_at >= $2`, u.ID, since)
	if err != nil || n == 0 {
		return err
	}
	f, err := FindFactors(ctx, tx, u)
	if err != nil || f.App || f.Passkeys > 0 {
		return err
	}
	_, err = t.TurnOff(ctx, tx, u.Holder())
	return err
}

// Factors are what a user could take the second step with.
type Factors struct {
	App      bool  // an authenticator app
	Passkeys int64 // how many
}

// Instead is the page that asks somebody without an app for their second step.
func (f Factors) Instead() string {
	if f.Passkeys > 0 {
		return "/login/two-step/passkey"
	}
	return "/login/two-step?with=recovery"
}

// FindFactors finds out a user's.
func FindFactors(ctx context.Context, q db.Querier, u User) (Factors, error) {
	return db.One(ctx, q, func(r db.Row) (f Factors, err error) {
		var apps int64
		err = r.Scan(&apps, &f.Passkeys)
		f.App = apps > 0
		return f, err
	}, `SELECT (SELECT count(*) FROM two_step WHERE realm = $1 AND person_id = $2), (SELECT count(*) FROM passkeys WHERE user_id = $2)`,
		string(users), int64(u.ID))
}

// A keyring is a user and their passkeys, as the library takes them.
type keyring struct {
	user User
	keys []Passkey
}

// WebAuthnID is what authenticators know the user by: nothing that says who it is.
func (k keyring) WebAuthnID() []byte          { return []byte(k.user.ID.String()) }
func (k keyring) WebAuthnName() string        { return k.user.Email }
func (k keyring) WebAuthnDisplayName() string { return k.user.Name() }

func (k keyring) WebAuthnCredentials() []webauthn.Credential {
	var all []webauthn.Credential
	for _, key := range k.keys {
		all = append(all, key.record())
	}
	return all
}

// record is the passkey as the library takes it. What the columns hold was
// written by encode, so it can be read.
func (k Passkey) record() webauthn.Credential {
	c := webauthn.Credential{Flags: webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(k.flags)), Authenticator: webauthn.Authenticator{SignCount: uint32(k.count)}}
	c.ID, _ = base64.RawURLEncoding.DecodeString(k.credential)
	c.PublicKey, _ = base64.RawURLEncoding.DecodeString(k.public)
	for _, t := range strings.Fields(k.transports) {
		c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
	}
	return c
}

// encode is a record of the library's as a passkey.
func encode(c *webauthn.Credential) Passkey {
	var transports []string
	for _, t := range c.Transport {
		if strings.Trim(string(t), "abcdefghijklmnopqrstuvwxyz-") == "" { // what a browser says: words
			transports = append(transports, string(t))
		}
	}
	return Passkey{credential: base64.RawURLEncoding.EncodeToString(c.ID), public: base64.RawURLEncoding.EncodeToString(c.PublicKey),
		transports: strings.Join(transports, " "), flags: int64(c.Flags.ProtocolValue()), count: int64(c.Authenticator.SignCount)}
}
