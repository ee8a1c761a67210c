package access

import (
	"context"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// Open is OpenAccount for who acts, who then owns the account. It gives the act
// of opening it: the account's own audit begins with it.
func Open(ctx context.Context, tx *db.Tx, by Actor, a NewAccount) (Act, error) {
	account, err := OpenAccount(ctx, tx, by.User, a)
	return Act{account, by}, err
}

// OpenFor is Open by staff, for a user who then owns the account.
func OpenFor(ctx context.Context, tx *db.Tx, in Staff[EditAccounts], owner id.User, a NewAccount) (Act, error) {
	account, err := OpenAccount(ctx, tx, owner, a)
	return Act{account, in.Actor()}, err
}

// SetStatus makes the account active, inactive or closed, if it still has the version that the
// actor saw: Conflict otherwise, with the code account.changed.
func SetStatus(ctx context.Context, tx *db.Tx, account id.Account, to Status, version int64) error {
	n, err := tx.Exec(ctx, `UPDATE accounts SET status = $1, version = version + 1 WHERE account_id = $2 AND version = $3 AND status <> $1`, string(to), account, version)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Conflictf("This account was changed meanwhile. Check its current state and save again.").WithCode("account.changed")
	}
	return IndexAccount(ctx, tx, account)
}
