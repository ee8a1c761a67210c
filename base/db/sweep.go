package db

import (
	"context"
	"time"

	"atrium/base/id"
)

// EachAccount sweeps what is older than before out of every account: list finds
// the accounts after $1 that have something older than $2, $3 at most, and fn
// takes out some of it, at most batch rows, in a transaction of its own. It is
// called until it takes out fewer; for account 0, which is none, first. The sum
// of what it took is given.
func (d *DB) EachAccount(ctx context.Context, list string, before time.Time, batch int64, fn func(*Tx, id.Account) (int64, error)) (int64, error) {
	var swept int64
	sweep := func(a id.Account) error {
		for {
			var n int64
			err := d.Write(ctx, only(a), func(tx *Tx) (err error) {
				n, err = fn(tx, a)
				return err
			})
			swept += n
			if err != nil || n < batch {
				return err
			}
		}
	}
	if err := sweep(0); err != nil {
		return swept, err
	}
	for last := id.Account(0); ; {
		found, err := All(ctx, d.Across(), func(r Row) (id.Account, error) {
			var a id.Account
			err := r.Scan(&a)
			return a, err
		}, list, last, before, batch)
		if err != nil || len(found) == 0 {
			return swept, err
		}
		for _, last = range found {
			if err := sweep(last); err != nil {
				return swept, err
			}
		}
	}
}

// only is the account of a sweep.
type only id.Account

func (o only) Account() id.Account { return id.Account(o) }
