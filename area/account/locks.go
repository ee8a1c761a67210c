package account

import (
	"context"
	"slices"
	"strings"

	"atrium/base/access"
	"atrium/base/address"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
)

// A Lock is a field of the details, or all of the address, that staff can keep
// members from changing. It is stored.
type Lock string

const addressLock Lock = "address"

// AllLocks lists them in the form's order. What people choose for themselves, like
// the language or which emails they get, can't be locked.
func AllLocks() []Lock {
	return []Lock{"name", "company", "email", addressLock, "phone", "tax", "billing"}
}

// Fields are the fields that it holds.
func (l Lock) Fields() []string {
	if l == addressLock {
		return address.Names()
	}
	return []string{string(l)}
}

// Locks are those that are in force, in the order of AllLocks. They are stored as
// their names with spaces between.
type Locks []Lock

// LocksOf makes locks of what a form says; what is none is not among them.
func LocksOf(names []string) Locks {
	var all Locks
	for _, l := range AllLocks() {
		if slices.Contains(names, string(l)) {
			all = append(all, l)
		}
	}
	return all
}

func parseLocks(s string) Locks { return LocksOf(strings.Fields(s)) }

// String is what is stored.
func (l Locks) String() string {
	var names []string
	for _, one := range l {
		names = append(names, string(one))
	}
	return strings.Join(names, " ")
}

func (l Locks) has(one Lock) bool { return slices.Contains(l, one) }

// Holds tells whether a field is locked.
func (l Locks) Holds(field string) bool {
	return slices.ContainsFunc(l, func(one Lock) bool { return slices.Contains(one.Fields(), field) })
}

// keep has what is locked be as it is now, where a form does not say it.
func (l Locks) keep(typed, now Details, said func(field string) bool) Details {
	kept := func(field string) bool { return l.Holds(field) && !said(field) }
	if kept("name") {
		typed.Name = now.Name
	}
	if kept("company") {
		typed.Company = now.Company
	}
	if kept("email") {
		typed.Email = now.Email
	}
	if kept(string(address.Country)) {
		typed.Address = now.Address
	}
	if kept("phone") {
		typed.Phone = now.Phone
	}
	if kept("tax") {
		typed.TaxID = now.TaxID
	}
	if kept("billing") {
		typed.Billing = now.Billing
	}
	return typed
}

// refuse is Invalid at each locked field that somebody would change.
func (l Locks) refuse(changes []Change) error {
	var wrong fault.Fields
	for _, c := range changes {
		if l.Holds(c.Field) {
			wrong.Add(c.Field, "Only our support can change this.")
		}
	}
	return wrong.Err()
}

// byHost tells whether the host's people act as themselves, whom no lock holds up.
// Staff who are logged in as the owner are held up as the owner is.
func byHost(in access.To[access.Profile]) bool {
	return in.Actor().Kind == access.ByStaff && !in.Membership().Rights().Visiting
}

// SetLocks has only staff change these fields from now on, and members all
// others. An account that was changed meanwhile is Conflict with the code
// account.changed, and the details as they are now are given.
func (a *Account) SetLocks(ctx context.Context, in access.StaffOn[access.EditAccounts], locks Locks, version int64) (Details, error) {
	var now Details
	err := a.db.Write(ctx, in, func(tx *db.Tx) (err error) {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if now, err = a.find(ctx, tx, in.Account()); err != nil {
			return err
		}
		before, after := now.Locked.String(), locks.String()
		switch {
		case before == after:
			return nil
		case now.Version != version:
			return errChanged()
		}
		if err := updateLocks(ctx, tx, in.Account(), after, version); err != nil {
			return err
		}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "account.locks", Subject: now.Name, Before: before, After: after})
	})
	return now, err
}
