package account

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// An Order is what the form says with which staff open an account.
type Order struct {
	Fresh
	User        string // who is to own it: a user's id, or the address of a new one
	First, Last string // of a new user
	Link        bool   // whether a new user is mailed a link to set a password
}

// OpenFor opens an account for a user, whose login is made if there is none: it
// has no usable password. What is wrong is Invalid at its fields, of who was
// picked at the field find.
func (a *Account) OpenFor(ctx context.Context, in access.Staff[access.EditAccounts], o Order) (id.Account, error) {
	o.Name, o.First, o.Last = access.CleanName(o.Name), access.CleanName(o.First), access.CleanName(o.Last)
	var wrong fault.Fields // in the order of the form
	picked, err := access.FindPicked(ctx, a.db.Auto(), o.User)
	if e, ok := fault.As(err); ok && len(e.Fields) > 0 {
		wrong = append(wrong, e.Fields...)
	} else if err != nil {
		return 0, err
	}
	if picked.User.ID == 0 && picked.Email.Key != "" {
		checkNames(&wrong, o.First, o.Last)
	}
	if e, ok := fault.As(o.check()); ok {
		wrong = append(wrong, e.Fields...)
	}
	if err := wrong.Err(); err != nil {
		return 0, err
	}
	var opened id.Account
	err = a.db.WriteGlobal(ctx, db.LockUser(picked.User.ID), func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		owner, err := a.picked(ctx, tx, in, picked, o)
		if err != nil {
			return err
		}
		act, err := access.OpenFor(ctx, tx, in, owner.ID, access.NewAccount{Name: o.Name, Country: o.Country, Language: owner.Language, TimeZone: o.TimeZone})
		if err != nil {
			return err
		}
		opened = act.Account()
		after := map[string]string{"name": o.Name, "country": o.Country, "zone": o.TimeZone, "owner": owner.Email}
		return audit.Write(ctx, tx, act, audit.Entry{Action: "account.opened", Subject: o.Name, After: after})
	})
	return opened, err
}

func checkNames(wrong *fault.Fields, first, last string) {
	if first == "" {
		wrong.Add("first", "Enter the first name of the new user.")
		first = "-" // said already
	}
	access.CheckNames(wrong, first, last)
}

// picked finds who is to own the account as they are now, or makes them.
func (a *Account) picked(ctx context.Context, tx *db.Tx, in access.Staff[access.EditAccounts], p access.Picked, o Order) (access.User, error) {
	if p.User.ID != 0 {
		u, err := access.FindUser(ctx, tx, p.User.ID)
		switch {
		case fault.Is(err, fault.NotFound):
			err = fault.FieldErr("find", "pick.gone", "This user does not exist any more. Choose another one.")
		case err == nil && !u.Disabled.IsZero():
			err = fault.FieldErr("find", "pick.disabled", "This user can't log in: the login was deactivated.")
		}
		return u, err
	}
	u, err := access.NewUser(ctx, tx, p.Email, "", access.User{FirstName: o.First, LastName: o.Last, TimeZone: o.TimeZone})
	if fault.CodeOf(err) == access.KnownEmail {
		err = fault.FieldErr("find", access.KnownEmail, "This address has got a login meanwhile. Search for it again.")
	}
	if err != nil {
		return u, err
	}
	if o.Link {
		if err := a.Jobs.Tell(ctx, tx, access.PasswordWanted{User: u.ID}); err != nil {
			return u, err
		}
	}
	return u, audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "login.created", Subject: u.Email})
}
