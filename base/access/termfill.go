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
// there were terms: whoever has migrated calls it before anybody is served. It
// works in transactions of a few hundred rows, goes on where it was stopped, and
// finds nothing to do ever after. Several processes may call it at once.
func FillTerms(ctx context.Context, d *db.DB) error {
	for _, part := range []func(context.Context, *db.Tx) (bool, error){fillAccounts, fillUsers} {
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
	rows := newRows("account_terms", "term", "account_id", "of_owner")
	last := after
	for _, a := range list {
		last = int64(a.account)
		for _, term := range a.terms() {
			rows.add(term, a.account, false)
		}
		for _, term := range a.owner {
			rows.add(term, a.account, true)
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
		last = int64(p.user)
		for _, term := range p.terms {
			rows.add(term, p.user)
		}
	}
	if err := rows.insert(ctx, tx); err != nil {
		return false, err
	}
	return reach(ctx, tx, name, len(list), last)
}

// An indexed is an account with all it is found by.
type indexed struct {
	named
	owner []string // the owner's terms
}

// listIndexed lists accounts in the order of their numbers, after one of them.
// An account without an owner, which should not be, has no owner's terms.
func listIndexed(ctx context.Context, q db.Querier, after id.Account, limit int) ([]indexed, error) {
	return db.All(ctx, q, func(r db.Row) (indexed, error) {
		var a indexed
		var u User
		var key string
		err := r.Scan(append(a.targets(), &u.FirstName, &u.LastName, &key, db.Time(&u.TwoStep))...)
		if key != "" {
			a.owner = ownerTerms(u, key)
		}
		return a, err
	}, `SELECT `+namedColumns+`, COALESCE(u.first_name, ''), COALESCE(u.last_name, ''), COALESCE(u.email_key, ''), COALESCE(u.two_step_at, 0)
		FROM (SELECT * FROM accounts WHERE account_id > $1 ORDER BY account_id LIMIT $2) a
		LEFT JOIN memberships m ON m.account_id = a.account_id AND m.owner
		LEFT JOIN users u ON u.id = m.user_id ORDER BY a.account_id`, after, limit)
}

type person struct {
	user  id.User
	terms []string
}

// listPersons lists users in the order of their ids, after one of them.
func listPersons(ctx context.Context, q db.Querier, after id.User, limit int) ([]person, error) {
	return db.All(ctx, q, func(r db.Row) (person, error) {
		var u User
		var key string
		err := r.Scan(&u.ID, &u.FirstName, &u.LastName, &key)
		return person{u.ID, personTerms(u, key)}, err
	}, `SELECT id, first_name, last_name, email_key FROM users WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
}
