package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/fault"
)

// WrongLogin is the fault code of a wrong address or password: which of the two
// is never said.
const WrongLogin = "login.wrong"

// Authenticate finds the user whose address and password these are. It answers
// Invalid with the code WrongLogin, TooMany after too many tries, and takes as
// long for an address without login as for one with.
func (p *Passwords) Authenticate(ctx context.Context, d *db.DB, address, password string, by Actor) (User, error) {
	email, ok := ParseEmail(address)
	if !ok {
		email = Email{Key: Fold(strings.TrimSpace(address))}
	}
	try, err := countLogin(ctx, d, users, email, by)
	if err != nil {
		return User{}, err
	}
	u, err := p.checkLogin(ctx, d, email, password, try)
	if fault.Is(err, fault.Conflict) {
		u, err = p.checkLogin(ctx, d, email, password, try) // another log in has just hashed it anew
	}
	return u, err
}

// checkLogin finds the user and hashes the password anew if that is due:
// Conflict when somebody else was quicker.
func (p *Passwords) checkLogin(ctx context.Context, d *db.DB, e Email, password string, try tally) (User, error) {
	u, hash, err := findLogin(ctx, d, e)
	if err != nil {
		return User{}, err
	}
	match, stale, err := p.Check(ctx, password, hash)
	if err != nil {
		return User{}, err
	}
	if !match || !u.Disabled.IsZero() {
		return User{}, wrongLogin()
	}
	now := hash
	if stale {
		if now, err = p.Hash(ctx, password); err != nil {
			return User{}, err
		}
	}
	err = d.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		if stale {
			n, err := tx.Exec(ctx, `UPDATE users SET password_hash = $1 WHERE id = $2 AND password_hash = $3`, now, u.ID, hash)
			if err != nil {
				return err
			}
			if n == 0 {
				return fault.Conflictf("Your password was changed meanwhile.")
			}
		}
		return try.reset(ctx, tx)
	})
	u.proof = proofOf(now)
	return u, err
}

func wrongLogin() error {
	return fault.FieldErr("email", WrongLogin, "The email address or the password is wrong.")
}

// proofOf names a password's hash and does not show it.
func proofOf(hash string) string {
	sum := sha256.Sum256([]byte(hash))
	return hex.EncodeToString(sum[:])
}

// A guard is what must be right when a session is opened.
type guard struct {
	password string
	disabled time.Time
	twoStep  time.Time
}

func scanGuard(r db.Row) (guard, error) {
	var g guard
	err := r.Scan(&g.password, db.Time(&g.disabled), db.Time(&g.twoStep))
	return g, err
}

// admits refuses who was let in by a password that is no longer theirs: a log in
// that began before a password was changed does not outlive that. Who has
// two-step login on needs a code too.
func (g guard) admits(a Actor) error {
	switch {
	case a.proof != "" && proofOf(g.password) != a.proof, !g.disabled.IsZero():
		return wrongLogin()
	case !g.twoStep.IsZero() && !a.stepped:
		return stepNeeded()
	}
	return nil
}

type login struct {
	User
	hash string
}

func findLogin(ctx context.Context, d *db.DB, e Email) (User, string, error) {
	l, err := db.One(ctx, d.Auto(), func(r db.Row) (login, error) {
		var l login
		err := r.Scan(append(l.User.targets(), &l.hash)...)
		return l, err
	}, `SELECT `+userColumns+`, u.password_hash FROM users u WHERE u.email_key = $1`, e.Key)
	if fault.Is(err, fault.NotFound) {
		return User{}, "", nil
	}
	return l.User, l.hash, err
}

func ownPassword() Limit {
	return Limit{"password", 10, 15 * time.Minute, "That was wrong too often. Try again in %d minutes."}
}

// CheckPassword tells whether this is the user's password: Invalid at the field
// otherwise. It counts like a log in.
func (p *Passwords) CheckPassword(ctx context.Context, d *db.DB, me Self, field, password string) error {
	if err := ownPassword().Count(ctx, d, me.User().ID.String()); err != nil {
		return err
	}
	hash, err := PasswordHash(ctx, d.Auto(), me.User().ID)
	if err != nil {
		return err
	}
	return p.same(ctx, field, password, hash)
}

func (p *Passwords) same(ctx context.Context, field, password, hash string) error {
	match, _, err := p.Check(ctx, password, hash)
	if err == nil && !match {
		return fault.FieldErr(field, WrongLogin, "This is not your current password.")
	}
	return err
}
