package access

import (
	"context"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// A UserRecord is a user as staff look after them.
type UserRecord struct {
	User
	NoPassword bool // they have no usable password yet
}

// FindUserRecord finds a user, NotFound if there is none.
func FindUserRecord(ctx context.Context, q db.Querier, u id.User) (UserRecord, error) {
	return db.One(ctx, q, func(r db.Row) (UserRecord, error) {
		var u UserRecord
		var hash string
		err := r.Scan(append(u.targets(), &hash)...)
		u.NoPassword = hash == ""
		return u, err
	}, `SELECT `+userColumns+`, u.password_hash FROM users u WHERE u.id = $1`, u)
}

// Deactivate keeps a user from logging in, under the user's lock, and tells how
// many sessions ended by it. What else they have stays. A user who is deactivated
// already is Conflict.
func Deactivate(ctx context.Context, tx *db.Tx, u id.User) (ended int64, err error) {
	n, err := tx.Exec(ctx, `UPDATE users SET disabled_at = $1 WHERE id = $2 AND disabled_at = 0`, tx.Now(), u)
	if err == nil && n == 0 {
		err = fault.Conflictf("This login was deactivated already.").WithCode("user.state")
	}
	if err != nil {
		return 0, err
	}
	if err := tx.ExecOne(ctx, `UPDATE user_lines SET disabled = TRUE WHERE user_id = $1`, u); err != nil {
		return 0, err
	}
	return EndSessions(ctx, tx, u, 0)
}

// Activate lets a deactivated user log in again. One who is not deactivated is
// Conflict.
func Activate(ctx context.Context, tx *db.Tx, u id.User) error {
	n, err := tx.Exec(ctx, `UPDATE users SET disabled_at = 0 WHERE id = $1 AND disabled_at > 0`, u)
	if err == nil && n == 0 {
		err = fault.Conflictf("This login was activated already.").WithCode("user.state")
	}
	if err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE user_lines SET disabled = FALSE WHERE user_id = $1`, u)
}

// DeleteUser deletes a user who has no account, with their sessions and links,
// under the user's lock: Conflict with the code user.accounts while they have
// one. Whoever gives them one at the same time is refused by the reference from
// the membership to the user, or this is.
func DeleteUser(ctx context.Context, tx *db.Tx, u id.User) error {
	n, err := db.One(ctx, tx, scanInt, `SELECT count(*) FROM user_accounts WHERE user_id = $1`, u)
	if err == nil && n > 0 {
		err = hasAccounts()
	}
	if err != nil {
		return err
	}
	if _, err := EndSessions(ctx, tx, u, 0); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM user_tokens WHERE user_id = $1`, u); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM user_terms WHERE user_id = $1`, u); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM user_lines WHERE user_id = $1`, u); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM passkeys WHERE user_id = $1`, u); err != nil {
		return err
	}
	if err := forgetHolder(ctx, tx, User{ID: u}.Holder()); err != nil {
		return err
	}
	err = tx.ExecOne(ctx, `DELETE FROM users WHERE id = $1`, u)
	if db.Dangling(err) {
		return hasAccounts()
	}
	return err
}

// forgetHolder deletes all that a person's codes are checked by, and what waits
// for one.
func forgetHolder(ctx context.Context, tx *db.Tx, h Holder) error {
	if _, err := tx.Exec(ctx, `DELETE FROM two_step WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE realm = $1 AND person_id = $2`, string(h.realm), h.person); err != nil {
		return err
	}
	if err := ForgetBrowsers(ctx, tx, h, Actor{}); err != nil {
		return err
	}
	return dropPending(ctx, tx, h)
}

func hasAccounts() error {
	return fault.Conflictf("This user belongs to an account. Remove the access first, or make somebody else the owner.").WithCode("user.accounts")
}

// DeletedUser is the fault code when the user is gone meanwhile.
const DeletedUser = "user.deleted"

// living says that a user was deleted where a reference to them leads nowhere.
func living(err error) error {
	if db.Dangling(err) || fault.Is(err, fault.NotFound) {
		return fault.Conflictf("Meanwhile this login was deleted.").WithCode(DeletedUser).Because(err)
	}
	return err
}

// Concerned gives the acts of somebody of the staff on each account that a user
// belongs to: what is done to the login there is in the activity of each. They
// are for audit.Write only: no account is locked, and rows are only added.
func Concerned[R StaffPermission](ctx context.Context, tx *db.Tx, in Staff[R], u id.User) ([]Act, error) {
	return db.All(ctx, tx, func(r db.Row) (Act, error) {
		a := Act{actor: in.Actor()}
		err := r.Scan(&a.account)
		return a, err
	}, `SELECT account_id FROM user_accounts WHERE user_id = $1 ORDER BY account_id`, u)
}
