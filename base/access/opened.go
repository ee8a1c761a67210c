package access

import (
	"context"

	"atrium/base/db"
)

// Open is OpenAccount for who acts, who then owns the account. It gives the act
// of opening it: the account's own audit begins with it.
func Open(ctx context.Context, tx *db.Tx, by Actor, a NewAccount) (Act, error) {
	account, err := OpenAccount(ctx, tx, by.User, a)
	return Act{account, by}, err
}
