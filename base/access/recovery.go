package access

import (
	"context"
	"crypto/rand"
	"strings"

	"atrium/base/db"
)

// RecoveryCodes is how many a person gets. The first digit of a code says which
// of them it is, so that one slow hash is looked at and not all.
const RecoveryCodes = 10

// recoveryLetters are Crockford's: none is taken for another. A code is a digit
// and eleven of them, 55 random bits, written in groups of four.
const (
	recoveryLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	recoveryLength  = 12
)

// Recovery is a set of new recovery codes, to be shown once, and their hashes.
type Recovery struct {
	codes  []string
	hashes []string
}

// Reveal gives the codes, to be shown to their person and nobody else.
func (r Recovery) Reveal() []string { return r.codes }

// NewRecovery makes a set of codes. It takes as long as ten passwords: do it
// outside a transaction.
func (t *TwoStep) NewRecovery(ctx context.Context) (Recovery, error) {
	var r Recovery
	for slot := range RecoveryCodes {
		code := newRecoveryCode(slot)
		hash, err := t.passwords.Hash(ctx, code)
		if err != nil {
			return Recovery{}, err
		}
		r.codes = append(r.codes, code[:4]+"-"+code[4:8]+"-"+code[8:])
		r.hashes = append(r.hashes, hash)
	}
	return r, nil
}

func newRecoveryCode(slot int) string {
	var b [recoveryLength]byte
	rand.Read(b[:]) // never fails since Go 1.24
	for i := range b {
		b[i] = recoveryLetters[int(b[i])%len(recoveryLetters)] // 32 letters: no bias
	}
	b[0] = recoveryLetters[slot]
	return string(b[:])
}

// recoverySlot reads a recovery code as it was typed: which of the ten it is, and
// what was hashed. It is false for what can't be one.
func recoverySlot(typed string) (slot int, code string, ok bool) {
	code = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(typed)
	if len(code) != recoveryLength || code[0] < '0' || code[0] > '9' || strings.Trim(code, recoveryLetters) != "" {
		return 0, "", false
	}
	return int(code[0] - '0'), code, true
}

// store puts the codes in place of those the person had.
func (r Recovery) store(ctx context.Context, tx *db.Tx, h Holder) error {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person); err != nil {
		return err
	}
	for slot, hash := range r.hashes {
		if err := tx.ExecOne(ctx, `INSERT INTO recovery_codes (realm, person_id, slot, hash) VALUES ($1, $2, $3, $4)`,
			string(h.realm), h.person, slot, hash); err != nil {
			return err
		}
	}
	return nil
}

func recoveryHash(ctx context.Context, q db.Querier, h Holder, slot int) (string, error) {
	return db.One(ctx, q, scanString, `SELECT hash FROM recovery_codes WHERE realm = $1 AND person_id = $2 AND slot = $3`,
		string(h.realm), h.person, slot)
}

// RecoveryLeft counts the recovery codes that a person has not used yet.
func RecoveryLeft(ctx context.Context, q db.Querier, h Holder) (int64, error) {
	return db.One(ctx, q, scanInt, `SELECT count(*) FROM recovery_codes WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person)
}
