package accesstest

import (
	"github.com/alexedwards/argon2id"

	"atrium/base/access"
)

// Hashes are argon2id's parameters at their cheapest: half of what tests would do
// otherwise is to hash passwords.
func Hashes() *argon2id.Params {
	return &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// Passwords are access.NewPasswords with cheap hashes.
func Passwords(words ...string) *access.Passwords {
	p := access.NewPasswords(words...)
	p.Params = *Hashes()
	return p
}
