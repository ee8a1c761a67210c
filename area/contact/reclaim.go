package contact

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/fault"
)

// Listen hears what happens to logins.
func (c *Contact) Listen(j *job.Jobs) { job.Hear(j, "contact.reclaimed", c.reclaimed) }

// reclaimed hears that a login has gone from whoever made it to the person whose
// address it has: contacts of the accounts that it owns get no emails any more, as
// far as they were there. Told again, it does nothing.
func (c *Contact) reclaimed(ctx context.Context, f access.LoginReclaimed) error {
	u, err := access.FindUser(ctx, c.db.Auto(), f.User)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	all, err := access.AccountsOf(ctx, c.db, u.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		if !one.Owner {
			continue
		}
		if err := c.reclaimIn(ctx, one.Account, u.As(f.IP, f.Agent), f); err != nil {
			return err
		}
	}
	return nil
}

func (c *Contact) reclaimIn(ctx context.Context, account id.Account, by access.Actor, f access.LoginReclaimed) error {
	m, err := access.MembershipOf(ctx, c.db.Auto(), account, by)
	if err != nil {
		return err
	}
	in, err := access.EnterReclaimed[access.Contacts](m)
	if err != nil {
		return err
	}
	return c.write(ctx, in, func(tx *db.Tx, all []Person) error {
		gone, err := listOlder(ctx, tx, account, f.At)
		if err != nil {
			return err
		}
		left := all
		for _, one := range gone {
			var p Person
			if p, left, err = apart(left, one); err != nil {
				return err
			}
			if err := deletePerson(ctx, tx, account, p.ID, p.Version); err != nil {
				return err
			}
			if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "contact.removed", Subject: p.Name, Before: p.record(p.changes(Person{}))}); err != nil {
				return err
			}
		}
		return index(ctx, tx, in, left)
	})
}
