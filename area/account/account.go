package account

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/fault"
)

// Account serves accounts' Home and details, and what staff do with accounts.
type Account struct {
	Options
	db *db.DB
}

// Options is what an Account works with.
type Options struct {
	Jobs     *job.Jobs
	Mail     *mail.Mail
	Settings *settings.Store
	URL      func(path string) string // of a page, for links in letters
	Keeps    []Keep                   // for which an account can't be deleted
	Contacts Contacts
}

// New makes it.
func New(d *db.DB, o Options) *Account {
	a := &Account{o, d}
	job.Hear(o.Jobs, "account.follow", a.follow)
	job.Hear(o.Jobs, "account.reclaimed", a.reclaimed)
	job.On(o.Jobs, func(ctx context.Context, c cleared) error { return access.ClearDropped(ctx, d, c.Account) })
	return a
}

// detailsChanged is the fault code when a form shows an older state.
const detailsChanged = "account.changed"

// Details reads the account's.
func (a *Account) Details(ctx context.Context, in access.To[access.Profile]) (Details, error) {
	return a.find(ctx, a.db.Auto(), in.Account())
}

// Change stores the account's details as they were typed, and tells whom it
// concerns that its mails go elsewhere. Fields that are wrong are Invalid, each with
// its sentence; so are those that are locked, unless staff change them. If the
// account no longer has the version that the form showed, nothing is stored:
// Conflict with the code account.changed, and the details as they are now. Typing
// what is there already is no change, whatever the version.
func (a *Account) Change(ctx context.Context, in access.To[access.Profile], typed Details) (Details, error) {
	typed, err := typed.read()
	if err != nil {
		return typed, err
	}
	var now Details
	err = a.db.Write(ctx, in, func(tx *db.Tx) (err error) {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if now, err = a.find(ctx, tx, in.Account()); err != nil {
			return err
		}
		next := typed
		if next.Billing.same(now.Billing) {
			next.Billing = now.Billing
		} else if next.Billing, err = typed.Billing.named(ctx, tx, in.Account()); err != nil {
			return err
		}
		if err := a.change(ctx, tx, in, next, now); err != nil || next.Email.Key == now.Email.Key {
			return err
		}
		return moves().CountIn(ctx, tx, mover(in))
	})
	return now, err
}

func (a *Account) change(ctx context.Context, tx *db.Tx, in access.To[access.Profile], next, now Details) error {
	changes := next.changes(now)
	switch {
	case len(changes) == 0:
		return nil
	case now.Version != next.Version:
		return errChanged()
	case !byHost(in):
		if err := now.Locked.refuse(changes); err != nil {
			return err
		}
	}
	if now.Billing.Contact && !next.Billing.Contact {
		if err := a.Contacts.NotBilling(ctx, tx, in.Account()); err != nil {
			return err
		}
	}
	next.Marketing = next.Marketing.since(now.Marketing, in.Actor(), tx.Now())
	if err := updateDetails(ctx, tx, in.Account(), next); err != nil {
		return err
	}
	before, after := map[string]string{}, map[string]string{}
	for _, c := range changes {
		before[c.Field], after[c.Field] = c.Before, c.After
	}
	if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "account.details", Subject: next.Name, Before: before, After: after}); err != nil {
		return err
	}
	return a.tellMoved(ctx, tx, in, next, now)
}

func errChanged() error {
	return fault.Conflictf("These details were changed meanwhile. Check the current state below and save again.").WithCode(detailsChanged)
}

// Open opens an account that the user then owns, and gives its number. It is
// TooMany after five on one day.
func (a *Account) Open(ctx context.Context, me access.Self, n Fresh) (id.Account, error) {
	n.Name = access.CleanName(n.Name)
	if err := n.check(); err != nil {
		return 0, err
	}
	daily := access.Limit{Name: "open-account", Most: 5, Per: 24 * time.Hour, Public: "You have opened five accounts today. Try again tomorrow."}
	u := me.User()
	var opened id.Account
	err := a.db.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		if err := daily.CountIn(ctx, tx, u.ID.String()); err != nil {
			return err
		}
		act, err := access.Open(ctx, tx, me.Actor(), access.NewAccount{Name: n.Name, Country: n.Country, Language: u.Language, TimeZone: n.TimeZone})
		if err != nil {
			return err
		}
		opened = act.Account()
		return audit.Write(ctx, tx, act, audit.Entry{Action: "account.opened", Subject: n.Name, After: map[string]string{"name": n.Name, "country": n.Country, "zone": n.TimeZone}})
	})
	return opened, err
}

// Owner finds who owns the account.
func (a *Account) Owner(ctx context.Context, in access.Member) (access.MemberInfo, error) {
	return access.FindOwner(ctx, a.db.Auto(), in.Account())
}

// A Found is one page of what staff look for, and where the next begins.
type Found struct {
	Accounts []access.Line
	Next     string // "": there are no more
}

const pageSize = 25

// A Record is what staff see first of an account.
type Record struct {
	access.Line
	Details  Details
	Standing Standing
	Pinned   []Note // those that stand first
}

// A Standing is what there is to look after in an account.
type Standing struct {
	Owner      id.User
	Verified   bool      // whether the owner has proved their address
	LastSeen   time.Time // when a member was last there; zero: never
	Invites    int64     // that are pending and still work
	Expired    int64     // invitations that nobody took
	FailedMail int64     // emails that were given up
}

// Record reads an account for staff.
func (a *Account) Record(ctx context.Context, in access.StaffOn[access.SeeAccounts]) (Record, error) {
	var r Record
	q := a.db.Auto()
	err := a.db.Together(ctx,
		func() (err error) { r.Line, err = access.FindLine(ctx, q, in.Account()); return err },
		func() (err error) { r.Details, err = a.find(ctx, q, in.Account()); return err },
		func() (err error) {
			r.Standing, err = findStanding(ctx, q, in.Account(), a.db.Clock().Now())
			return err
		},
		func() (err error) { r.Pinned, err = listPinned(ctx, q, in.Account(), mostPinned); return err },
	)
	return r, err
}

// mostPinned is how many pinned notes Summary shows.
const mostPinned = 3

// All finds accounts for staff: see access.FindAccounts.
func (a *Account) All(ctx context.Context, _ access.Staff[access.SeeAccounts], s access.AccountSearch) (Found, error) {
	found, next, err := access.FindAccounts(ctx, a.db, s, pageSize)
	return Found{found, next}, err
}
