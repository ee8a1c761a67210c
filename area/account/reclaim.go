package account

import (
	"context"

	"atrium/base/access"
	"atrium/base/id"
	"atrium/fault"
)

// reclaimed hears that a login has gone from whoever made it to the person whose
// address it has: mails of the accounts that it owns go there, no longer to where its
// maker wanted them. Told again, it does nothing.
func (a *Account) reclaimed(ctx context.Context, f access.LoginReclaimed) error {
	u, err := access.FindUser(ctx, a.db.Auto(), f.User)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	email, ok := access.ParseEmail(u.Email)
	all, err := access.AccountsOf(ctx, a.db, u.ID)
	if err != nil || !ok {
		return err
	}
	for _, one := range all {
		if !one.Owner {
			continue
		}
		if err := a.reclaimIn(ctx, one.Account, u.As(f.IP, f.Agent), email); err != nil {
			return err
		}
	}
	return nil
}

// reclaimIn leaves the address of an account that staff have locked as they have
// set it.
func (a *Account) reclaimIn(ctx context.Context, account id.Account, by access.Actor, email access.Email) error {
	m, err := access.MembershipOf(ctx, a.db.Auto(), account, by)
	if err != nil {
		return err
	}
	in, err := access.EnterReclaimed[access.Profile](m)
	if err != nil {
		return err
	}
	err = a.readdress(ctx, in, func(now Details) (access.Email, bool) { return email, now.Email.Key != email.Key })
	if fault.Is(err, fault.Invalid) {
		return nil
	}
	return err
}
