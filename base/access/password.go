package access

import (
	"context"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"atrium/fault"
)

// Passwords hashes and checks passwords with argon2id (RFC 9106): 19 MiB, two
// passes, one lane, at most two at once. Who waits longer than a few seconds
// for a turn gets Unavailable.
type Passwords struct {
	// Company gives the host's name as it is now, which may not be most of a
	// password either; nil: it has none.
	Company func(context.Context) string
	// Params are what a new hash is made with.
	Params argon2id.Params

	turns   chan struct{}
	common  *commonPasswords
	context []string
	wait    time.Duration
	unknown func() string // a hash of nothing anyone knows: checked when there is no login
}

// NewPasswords makes a checker. The words are the product's name and the site's,
// which may not be most of a password.
func NewPasswords(words ...string) *Passwords {
	p := &Passwords{
		Params: argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		turns:  make(chan struct{}, 2), common: newCommonPasswords(), context: words, wait: 5 * time.Second,
	}
	p.unknown = sync.OnceValue(func() string {
		hash, err := argon2id.CreateHash(NewToken().Reveal(), &p.Params)
		if err != nil {
			panic(err) // only without randomness, and that does not happen
		}
		return hash
	})
	return p
}

func (p *Passwords) turn(ctx context.Context) (done func(), err error) {
	timeout := time.NewTimer(p.wait)
	defer timeout.Stop()
	select {
	case p.turns <- struct{}{}:
		return func() { <-p.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timeout.C:
		e := fault.Unavailablef("Many people are logging in right now. Try again in a moment.")
		e.RetryAfter = p.wait
		return nil, e
	}
}

// Hash hashes a password, in NFC, for the database.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(norm.NFC.String(password), &p.Params)
}

// Check compares a password with a stored hash. An empty hash matches nothing
// but takes as long, so that the time doesn't tell whether a login exists.
// stale says that the hash was made with other parameters than p's.
func (p *Passwords) Check(ctx context.Context, password, hash string) (match, stale bool, err error) {
	done, err := p.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	known := hash != ""
	if !known {
		hash = p.unknown()
	}
	match, made, err := argon2id.CheckHash(norm.NFC.String(password), hash)
	return match && known, err == nil && *made != p.Params, err
}

// Weakness says why a new password is refused, in a public sentence, or "".
// words are the person's name and address.
func (p *Passwords) Weakness(ctx context.Context, password string, words ...string) string {
	words = append(words, p.context...)
	if p.Company != nil {
		words = append(words, p.Company(ctx))
	}
	return p.common.weakness(password, words...)
}
