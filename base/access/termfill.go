package access

import (
	"context"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// fillAtOnce is how many accounts or users one transaction of FillTerms makes
// findable.
const fillAtOnce = 500

// FillTerms makes the accounts and users findable that a database had before
// there were terms, and has lists show them in order: whoever has migrated calls it before anybody is served. It
// works in transactions of a few hundred rows, goes on where it was stopped, and
// finds nothing to do ever after. Several processes may call it at once.
func FillTerms(ctx context.Context, d *db.DB) error {
	for _, part := range []func(context.Context, *db.Tx) (bool, error){fillAccounts, fillUsers, fillUserOrder, fillAccountOrder} {
		for done := false; !done; {
			err := d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) (err error) {
				done, err = part(ctx, tx)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// reached is how far a fill has come, and locks it against other processes. It
// is NotFound when there is nothing left.
func reached(ctx context.Context, tx *db.Tx, name string) (int64, error) {
	return db.One(ctx, tx, scanInt, `UPDATE counters SET value = value WHERE name = $1 RETURNING value`, name)
}

// reach notes how far a fill has come. One of fewer than it asked for was the last.
func reach(ctx context.Context, tx *db.Tx, name string, found int, last int64) (done bool, err error) {
	if found < fillAtOnce {
		return true, tx.ExecOne(ctx, `DELETE FROM counters WHERE name = $1`, name)
	}
	return false, tx.ExecOne(ctx, `UPDATE counters SET value = $1 WHERE name = $2`, last, name)
}

func fillAccounts(ctx context.Context, tx *db.Tx) (done bool, err error) {
	const name = "terms of accounts"
	after, err := reached(ctx, tx, name)
	if fault.Is(err, fault.NotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	list, err := listIndexed(ctx, tx, id.Account(after), fillAtOnce)
	if err != nil {
		return false, err
	}
	rows := newRows("account_terms", "term", "account_id")
	last := after
	for _, a := range list {
		last = int64(a.of.account)
		if err := updateLine(ctx, tx, a.of); err != nil {
			return false, err
		}
		for _, term := range a.of.terms() {
			rows.add(term, a.of.account)
		}
	}
	if err := rows.insert(ctx, tx); err != nil {
		return false, err
	}
	return reach(ctx, tx, name, len(list), last)
}

func fillUsers(ctx context.Context, tx *db.Tx) (done bool, err error) {
	const name = "terms of users"
	after, err := reached(ctx, tx, name)
	if fault.Is(err, fault.NotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	list, err := listPersons(ctx, tx, id.User(after), fillAtOnce)
	if err != nil {
		return false, err
	}
	rows := newRows("user_terms", "term", "user_id")
	last := after
	for _, p := range list {
		last = int64(p.of.ID)
		if err := updateUserLine(ctx, tx, p.of.User, p.of.key); err != nil {
			return false, err
		}
		for _, term := range personTerms(p.of.User, p.of.key) {
			rows.add(term, p.of.ID)
		}
	}
	if err := rows.insert(ctx, tx); err != nil {
		return false, err
	}
	return reach(ctx, tx, name, len(list), last)
}

// A filed is somebody with the terms that their line has.
type filed[T any] struct {
	of    T
	terms string
}

// listIndexed lists accounts in the order of their numbers, after one of them.
func listIndexed(ctx context.Context, q db.Querier, after id.Account, limit int) ([]filed[indexed], error) {
	return db.All(ctx, q, func(r db.Row) (filed[indexed], error) {
		var a filed[indexed]
		err := r.Scan(append(a.of.targets(), &a.terms)...)
		return a, err
	}, `SELECT `+indexedColumns+`, COALESCE(l.terms, '')
		FROM (SELECT * FROM accounts WHERE account_id > $1 ORDER BY account_id LIMIT $2) a
		LEFT JOIN memberships m ON m.account_id = a.account_id AND m.owner
		LEFT JOIN users u ON u.id = m.user_id
		LEFT JOIN account_lines l ON l.account_id = a.account_id ORDER BY a.account_id`, after, limit)
}

// listPersons lists users in the order of their ids, after one of them.
func listPersons(ctx context.Context, q db.Querier, after id.User, limit int) ([]filed[keyed], error) {
	return db.All(ctx, q, func(r db.Row) (filed[keyed], error) {
		var u filed[keyed]
		err := r.Scan(append(u.of.targets(), &u.of.key, &u.terms)...)
		return u, err
	}, `SELECT `+userColumns+`, u.email_key, COALESCE(l.terms, '') FROM (SELECT * FROM users WHERE id > $1 ORDER BY id LIMIT $2) u
		LEFT JOIN user_lines l ON l.user_id = u.id ORDER BY u.id`, after, limit)
}
