package access

import (
	"context"
	"slices"

	"atrium/base/db"
	"atrium/base/id"
)

// checkAtOnce is how many accounts or users MisfiledTerms holds in memory.
const checkAtOnce = 2000

// MisfiledTerms counts the accounts and users that are not found by exactly what
// they are called, and the terms of such as don't exist. It reads everything.
func MisfiledTerms(ctx context.Context, q db.Querier) (int64, error) {
	accounts, err := misfiledAccounts(ctx, q)
	if err != nil {
		return 0, err
	}
	users, err := misfiledUsers(ctx, q)
	return accounts + users, err
}

func misfiledAccounts(ctx context.Context, q db.Querier) (broken int64, err error) {
	var after id.Account
	for {
		list, err := listIndexed(ctx, q, after, checkAtOnce)
		if err != nil {
			return 0, err
		}
		last := id.Account(1 << 53)
		if len(list) == checkAtOnce {
			last = list[len(list)-1].of.account
		}
		have, err := gather(ctx, q, `SELECT account_id, term FROM account_terms WHERE account_id > $1 AND account_id <= $2 ORDER BY account_id, term`, after, last)
		if err != nil {
			return 0, err
		}
		for _, a := range list {
			if want := a.of.terms(); a.terms != joined(want) || !slices.Equal(have[int64(a.of.account)], want) {
				broken++
			}
			delete(have, int64(a.of.account))
		}
		broken += int64(len(have))
		if len(list) < checkAtOnce {
			return broken, nil
		}
		after = last
	}
}

func misfiledUsers(ctx context.Context, q db.Querier) (broken int64, err error) {
	var after id.User
	for {
		list, err := listPersons(ctx, q, after, checkAtOnce)
		if err != nil {
			return 0, err
		}
		last := id.User(1 << 53)
		if len(list) == checkAtOnce {
			last = list[len(list)-1].of.ID
		}
		have, err := gather(ctx, q, `SELECT user_id, term FROM user_terms WHERE user_id > $1 AND user_id <= $2 ORDER BY user_id, term`, after, last)
		if err != nil {
			return 0, err
		}
		for _, u := range list {
			if want := personTerms(u.of.User, u.of.key); u.terms != joined(want) || !slices.Equal(have[int64(u.of.ID)], want) {
				broken++
			}
			delete(have, int64(u.of.ID))
		}
		broken += int64(len(have))
		if len(list) < checkAtOnce {
			return broken, nil
		}
		after = last
	}
}

// gather reads terms by whose they are.
func gather(ctx context.Context, q db.Querier, sql string, args ...any) (map[int64][]string, error) {
	list, err := db.All(ctx, q, func(r db.Row) (place, error) {
		var p place
		err := r.Scan(&p.of, &p.term)
		return p, err
	}, sql, args...)
	have := map[int64][]string{}
	for _, p := range list {
		have[p.of] = append(have[p.of], p.term)
	}
	return have, err
}
