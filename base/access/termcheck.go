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

type filed struct {
	term    string
	of      int64
	ofOwner bool
}

func scanFiled(r db.Row) (filed, error) {
	var f filed
	err := r.Scan(&f.term, &f.of, &f.ofOwner)
	return f, err
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
			last = list[len(list)-1].account
		}
		found, err := db.All(ctx, q, scanFiled, `SELECT term, account_id, of_owner FROM account_terms
			WHERE account_id > $1 AND account_id <= $2 ORDER BY account_id, of_owner, term`, after, last)
		if err != nil {
			return 0, err
		}
		have := gather(found)
		for _, a := range list {
			var want []filed
			for _, term := range a.terms() {
				want = append(want, filed{term, int64(a.account), false})
			}
			for _, term := range a.owner {
				want = append(want, filed{term, int64(a.account), true})
			}
			if !slices.Equal(have[int64(a.account)], want) {
				broken++
			}
			delete(have, int64(a.account))
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
			last = list[len(list)-1].user
		}
		found, err := db.All(ctx, q, scanFiled, `SELECT term, user_id, FALSE FROM user_terms
			WHERE user_id > $1 AND user_id <= $2 ORDER BY user_id, term`, after, last)
		if err != nil {
			return 0, err
		}
		have := gather(found)
		for _, p := range list {
			var want []filed
			for _, term := range p.terms {
				want = append(want, filed{term, int64(p.user), false})
			}
			if !slices.Equal(have[int64(p.user)], want) {
				broken++
			}
			delete(have, int64(p.user))
		}
		broken += int64(len(have))
		if len(list) < checkAtOnce {
			return broken, nil
		}
		after = last
	}
}

// gather sorts terms by what they are of.
func gather(all []filed) map[int64][]filed {
	of := map[int64][]filed{}
	for _, f := range all {
		of[f.of] = append(of[f.of], f)
	}
	return of
}
