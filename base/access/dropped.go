package access

import (
	"context"
	"slices"

	"atrium/base/db"
	"atrium/base/id"
)

// clearedLater are the tables that an account may have a hundred thousand rows in.
func clearedLater() []string { return []string{"audit", "emails"} }

// DropAccount deletes the account, under its lock: its members lose it with this
// transaction, users stay, and nobody gets its number again. Its audit and its
// mails go later, by ClearDropped: they may be many, and nobody can reach them.
func DropAccount(ctx context.Context, tx *db.Tx, account id.Account) error {
	seats, err := seatsOf(ctx, tx, account)
	if err != nil {
		return err
	}
	for _, m := range seats {
		if err := tx.Later(ctx, `UPDATE user_lines SET accounts = accounts - 1 WHERE user_id = $1`, m.user); err != nil {
			return err
		}
		if err := tx.Later(ctx, `DELETE FROM user_accounts WHERE user_id = $1 AND account_id = $2`, m.user, account); err != nil {
			return err
		}
	}
	for _, sql := range []string{
		`DELETE FROM account_terms WHERE account_id = $1`,
		`DELETE FROM account_lines WHERE account_id = $1`,
	} {
		if _, err := tx.Exec(ctx, sql, account); err != nil {
			return err
		}
	}
	tables := db.Tables()
	slices.Reverse(tables) // what refers to a row goes before it
	for _, t := range tables {
		if t.Class != db.Accounts || slices.Contains(clearedLater(), t.Name) {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM `+t.Name+` WHERE account_id = $1`, account); err != nil {
			return err
		}
	}
	return tx.ExecOne(ctx, `INSERT INTO dropped_accounts (account_id, dropped_at) VALUES ($1, $2)`, account, tx.Now())
}

// clearAtOnce is how many rows of a dropped account one transaction clears away.
const clearAtOnce = 2000

// ClearDropped clears away what is left of an account that was dropped, in
// transactions of some thousand rows, and goes on where it was stopped.
func ClearDropped(ctx context.Context, d *db.DB, account id.Account) error {
	for more := true; more; {
		err := d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) (err error) {
			more, err = clearDropped(ctx, tx, account)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func clearDropped(ctx context.Context, tx *db.Tx, account id.Account) (more bool, err error) {
	known, err := db.One(ctx, tx, scanInt, `SELECT count(*) FROM dropped_accounts WHERE account_id = $1`, account)
	if err != nil || known == 0 {
		return false, err
	}
	for _, table := range clearedLater() {
		n, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE account_id = $1 AND id IN
			(SELECT id FROM `+table+` WHERE account_id = $1 ORDER BY id LIMIT $2)`, account, clearAtOnce)
		if err != nil || n == clearAtOnce {
			return true, err
		}
	}
	return false, tx.ExecOne(ctx, `DELETE FROM dropped_accounts WHERE account_id = $1`, account)
}
