package access

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// An Asker proves that a user has named this account, of which they are no
// member, to ask for access to it. It opens nothing.
type Asker struct {
	act  Act
	user User
}

// Account is the account asked for. A zero proof panics.
func (a Asker) Account() id.Account {
	if a.act.account == 0 {
		panic("access: a proof that no door has made")
	}
	return a.act.account
}

// Act is account and actor.
func (a Asker) Act() Act { a.Account(); return a.act }

// User is who asks.
func (a Asker) User() User { a.Account(); return a.user }

// FindAsker finds the account that a user has named: by its number, or by the
// address of its owner. Of an owner with several it is the oldest of which the user
// is no member. It is NotFound when nobody is to be asked: no such account or
// owner, a closed one, a member already, or a login that is gone or deactivated. It
// reads across accounts.
func FindAsker(ctx context.Context, d *db.DB, u id.User, named, ip, agent string) (Asker, error) {
	user, err := FindUser(ctx, d.Auto(), u)
	if err == nil && !user.Disabled.IsZero() {
		err = errNobody()
	}
	if err != nil {
		return Asker{}, err
	}
	candidates, err := namedAccounts(ctx, d, named)
	if err != nil {
		return Asker{}, err
	}
	for _, account := range candidates {
		is, err := IsMember(ctx, d.Auto(), account, u)
		if err != nil {
			return Asker{}, err
		}
		if !is {
			return Asker{act: Act{account, user.As(ip, agent)}, user: user}, nil
		}
	}
	return Asker{}, errNobody()
}

func errNobody() error { return fault.NotFoundf("There is nobody to ask for this account.") }

// ParseAccountName reads how somebody names an account that they may not know to be
// there: a number or an address, as it is kept. It is false for anything else.
func ParseAccountName(typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	if number, ok := id.ParseAccount(strings.TrimPrefix(typed, "#")); ok {
		return number.String(), true
	}
	email, ok := ParseEmail(typed)
	return email.Typed, ok
}

// namedAccounts are the open accounts that somebody may mean, the oldest first.
func namedAccounts(ctx context.Context, d *db.DB, named string) ([]id.Account, error) {
	if number, ok := id.ParseAccount(named); ok {
		c, err := FindCard(ctx, d.Auto(), number)
		if err == nil && c.Status == Closed {
			err = errNobody()
		}
		return []id.Account{number}, err
	}
	email, _ := ParseEmail(named)
	owner, err := FindUserByEmail(ctx, d.Auto(), email)
	if err != nil {
		return nil, err
	}
	all, err := AccountsOf(ctx, d, owner.ID)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b AccountInfo) int { return cmp.Compare(a.Account, b.Account) })
	var own []id.Account
	for _, a := range all {
		if a.Owner && a.Status != Closed {
			own = append(own, a.Account)
		}
	}
	return own, nil
}
