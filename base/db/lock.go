package db

import (
	"cmp"
	"context"
	"slices"

	"atrium/base/id"
)

// A Lock names a row that a transaction locks before anything else. The zero
// Lock names none.
type Lock struct {
	user  id.User
	staff int64
}

// LockUser names a user's row. Two transactions that name the same user run one
// after the other. It does not say that the user exists.
func LockUser(u id.User) Lock { return Lock{user: u} }

// LockStaff is LockUser for the row of one of the staff.
func LockStaff[K any](s id.ID[K]) Lock { return Lock{staff: int64(s)} }

// lock locks the users' rows and then the account's: every transaction in this
// order, so that no two wait for each other; they go out in one message. On SQLite there is one writer, and
// nothing to do.
func (tx *Tx) lock(ctx context.Context, p plan) error {
	if p.readOnly || !tx.d.engine.locksRows() {
		return nil
	}
	slices.SortFunc(p.locks, func(a, b Lock) int { return cmp.Compare(a.user, b.user) })
	for _, l := range p.locks {
		if l.staff != 0 {
			if err := tx.Later(ctx, `SELECT 1 FROM staff WHERE id = $1 FOR NO KEY UPDATE`, l.staff); err != nil {
				return err
			}
		}
		if l.user == 0 {
			continue
		}
		if err := tx.Later(ctx, `SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE`, l.user); err != nil {
			return err
		}
	}
	if p.account != 0 {
		if err := tx.Later(ctx, `SELECT 1 FROM accounts WHERE account_id = $1 FOR NO KEY UPDATE`, p.account); err != nil {
			return err
		}
	}
	if p.account == 0 && !slices.ContainsFunc(p.locks, func(l Lock) bool { return l != Lock{} }) {
		return nil // BEGIN alone can wait
	}
	if err := tx.s.flush(ctx); err != nil {
		return tx.fail(ctx, "BEGIN", err)
	}
	return nil
}
