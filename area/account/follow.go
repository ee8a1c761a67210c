package account

import (
	"context"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// follow hears that the accounts of a login get its new address: those that had
// its former one, and whose details the user may change. Told again, it does
// nothing.
func (a *Account) follow(ctx context.Context, f access.AccountsFollow) error {
	from, known := access.ParseEmail(f.From)
	to, ok := access.ParseEmail(f.To)
	u, err := access.FindUser(ctx, a.db.Auto(), f.User)
	if !known || !ok || fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	all, err := access.AccountsOf(ctx, a.db, u.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		err := a.followIn(ctx, one.Account, u.As(f.IP, f.Agent), from, to)
		switch fault.KindOf(err) {
		case fault.NotFound, fault.Denied, fault.Invalid: // no member, not allowed to, or locked by staff
			continue
		}
		if fault.CodeOf(err) == "closed" {
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *Account) followIn(ctx context.Context, account id.Account, by access.Actor, from, to access.Email) error {
	m, err := access.MembershipOf(ctx, a.db.Auto(), account, by)
	if err != nil {
		return err
	}
	in, err := access.Enter[access.Profile](m, access.Change)
	if err != nil {
		return err
	}
	return a.readdress(ctx, in, func(now Details) (access.Email, bool) { return to, now.Email.Key == from.Key })
}

// readdress gives an account another address of its own, if which says so of what
// it has.
func (a *Account) readdress(ctx context.Context, in access.To[access.Profile], which func(now Details) (access.Email, bool)) error {
	return a.db.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		now, err := a.find(ctx, tx, in.Account())
		if err != nil {
			return err
		}
		next, ok := now, false
		if next.Email, ok = which(now); !ok {
			return nil
		}
		return a.change(ctx, tx, in, next, now)
	})
}
