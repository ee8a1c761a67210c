package access

import (
	"context"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// fillUserOrder writes by what users are ordered. It comes before
// fillAccountOrder, which takes it from there.
func fillUserOrder(ctx context.Context, tx *db.Tx) (done bool, err error) {
	return fillOrder(ctx, tx, "order of users", `SELECT id, trim(first_name || ' ' || last_name) FROM users WHERE id > $1 ORDER BY id LIMIT $2`,
		func(of int64, name string) error {
			_, err := tx.Exec(ctx, `UPDATE user_lines SET name_key = $1 WHERE user_id = $2`, nameKey(name), of)
			return err
		})
}

// fillAccountOrder writes by what accounts are ordered, and where their memberships
// are listed.
func fillAccountOrder(ctx context.Context, tx *db.Tx) (done bool, err error) {
	return fillOrder(ctx, tx, "order of accounts", `SELECT account_id, name FROM accounts WHERE account_id > $1 ORDER BY account_id LIMIT $2`,
		func(of int64, name string) error {
			account := id.Account(of)
			if _, err := tx.Exec(ctx, `UPDATE account_lines SET name_key = $1 WHERE account_id = $2`, nameKey(name), account); err != nil {
				return err
			}
			if err := listMembers(ctx, tx, account); err != nil {
				return err
			}
			return listAccount(ctx, tx, account)
		})
}

// fillOrder hands what the statement finds to write: the next few hundred.
func fillOrder(ctx context.Context, tx *db.Tx, name, find string, write func(of int64, name string) error) (done bool, err error) {
	after, err := reached(ctx, tx, name)
	if fault.Is(err, fault.NotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	type called struct {
		of   int64
		name string
	}
	list, err := db.All(ctx, tx, func(r db.Row) (called, error) {
		var c called
		err := r.Scan(&c.of, &c.name)
		return c, err
	}, find, after, fillAtOnce)
	if err != nil {
		return false, err
	}
	last := after
	for _, c := range list {
		if err := write(c.of, c.name); err != nil {
			return false, err
		}
		last = c.of
	}
	return reach(ctx, tx, name, len(list), last)
}

// wrongKeys counts the users and accounts that are ordered by another name than
// theirs.
func wrongKeys(ctx context.Context, q db.Querier) (wrong int64, err error) {
	for _, find := range []string{
		`SELECT u.id, trim(u.first_name || ' ' || u.last_name), l.name_key FROM users u JOIN user_lines l ON l.user_id = u.id WHERE u.id > $1 ORDER BY u.id LIMIT $2`,
		`SELECT account_id, name, name_key FROM account_lines WHERE account_id > $1 ORDER BY account_id LIMIT $2`,
	} {
		for after, more := int64(0), true; more; {
			list, err := db.All(ctx, q, func(r db.Row) (right bool, err error) {
				var name, key string
				err = r.Scan(&after, &name, &key)
				return key == nameKey(name), err
			}, find, after, checkAtOnce)
			if err != nil {
				return 0, err
			}
			for _, right := range list {
				if !right {
					wrong++
				}
			}
			more = len(list) == checkAtOnce
		}
	}
	return wrong, nil
}
