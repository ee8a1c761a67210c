package activity

import (
	"context"
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/id"
	"atrium/fault"
)

// A Search says which entries of all accounts, and of none, staff look for. The
// zero one says all.
type Search struct {
	Account string // only in the account with this number, as it was typed
	Person  string // only what the user with this address did, as it was typed
	One     access.StaffID
	Support bool // only what staff did
	Area    Area
	Days    int
	Before  audit.Mark
}

// A Survey is a page of entries of all accounts, and where the next begins.
type Survey struct {
	Entries []Entry
	Staff   []access.StaffPerson // who can be looked for
	Next    audit.Mark           // zero: there are no more
}

// Survey gives the entries that the search selects, of all accounts and of none:
// with the names of staff and where exactly everybody was. What can't be a
// number, an address without login, and a user together with staff is Invalid at
// its field; the people of the staff are in the Survey all the same.
func (a *Activity) Survey(ctx context.Context, _ access.Staff[access.SeeAccounts], s Search) (v Survey, err error) {
	if v.Staff, err = access.ListStaff(ctx, a.db.Auto()); err != nil {
		return v, err
	}
	if v.Entries, err = a.survey(ctx, s, pageSize+1); err == nil && len(v.Entries) > pageSize {
		v.Entries = v.Entries[:pageSize]
		v.Next = v.Entries[pageSize-1].Mark()
	}
	return v, err
}

// SurveyFile is Survey without pages: it hands all entries to each, a thousand at a
// time.
func (a *Activity) SurveyFile(ctx context.Context, _ access.Staff[access.SeeAccounts], s Search, each func([]Entry) error) error {
	return batches(each, func(before audit.Mark) ([]Entry, error) {
		s.Before = before
		return a.survey(ctx, s, fileBatch)
	})
}

func (a *Activity) survey(ctx context.Context, s Search, limit int) ([]Entry, error) {
	look := audit.Filter{One: s.One, Staff: s.Support, Actions: s.Area.actions(), Since: a.since(s.Days), Before: s.Before}
	if s.Person != "" {
		if s.Support || s.One != 0 {
			return nil, fault.FieldErr("person", "", "Choose a user or staff, not both: nothing is done by both.")
		}
		u, err := a.user(ctx, s.Person)
		if err != nil {
			return nil, err
		}
		look.User = u
	}
	if s.Account != "" {
		account, ok := id.ParseAccount(strings.TrimPrefix(s.Account, "#"))
		if !ok {
			return nil, fault.FieldErr("account", "", "Enter the number of an account, like 10001.")
		}
		return a.of(ctx, account, look, limit)
	}
	found, err := audit.Across(ctx, a.db, look, limit)
	var entries []Entry
	offer := a.offer(ctx)
	for _, f := range found {
		entries = append(entries, Entry{Record: f.Record, Email: f.Email, AccountName: f.AccountName, Offer: offer})
	}
	return entries, err
}

// of reads one account's, from the indexes that begin with it.
func (a *Activity) of(ctx context.Context, account id.Account, look audit.Filter, limit int) ([]Entry, error) {
	card, err := access.FindCard(ctx, a.db.Auto(), account)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	records, err := audit.List(ctx, a.db.Auto(), account, look, limit)
	var entries []Entry
	offer := a.offer(ctx)
	for _, r := range records {
		entries = append(entries, Entry{Record: r, AccountName: card.Name, Offer: offer})
	}
	return entries, err
}

func (a *Activity) user(ctx context.Context, address string) (id.User, error) {
	email, ok := access.ParseEmail(address)
	if !ok {
		return 0, fault.FieldErr("person", "", "Enter the whole email address of a user.")
	}
	u, err := access.FindUserByEmail(ctx, a.db.Auto(), email)
	if fault.Is(err, fault.NotFound) {
		err = fault.FieldErr("person", "", "No login has this address.")
	}
	return u.ID, err
}

// since is when a period of days begins; zero for 0.
func (a *Activity) since(days int) time.Time {
	if days == 0 {
		return time.Time{}
	}
	return a.db.Clock().Now().Add(-time.Duration(days) * 24 * time.Hour)
}

// OnRecord is List for staff: what everybody did in the account, with the names
// of staff and where exactly everybody was.
func (a *Activity) OnRecord(ctx context.Context, in access.StaffOn[access.SeeAccounts], f Filter) (List, error) {
	l, err := a.onRecord(ctx, in, f, pageSize+1)
	return l.cut(), err
}

// RecordFile is OnRecord without pages: it hands all entries to each, a thousand at
// a time.
func (a *Activity) RecordFile(ctx context.Context, in access.StaffOn[access.SeeAccounts], f Filter, each func([]Entry) error) error {
	return batches(each, func(before audit.Mark) ([]Entry, error) {
		f.Before = before
		l, err := a.onRecord(ctx, in, f, fileBatch)
		return l.Entries, err
	})
}

func (a *Activity) onRecord(ctx context.Context, in access.StaffOn[access.SeeAccounts], f Filter, limit int) (l List, err error) {
	if l.Choice, err = a.choose(ctx, in.Account(), &f); err != nil {
		return l, err
	}
	records, err := audit.List(ctx, a.db.Auto(), in.Account(), a.look(f), limit)
	if err != nil {
		return l, err
	}
	emails, err := a.meet(ctx, in.Account(), &l.Choice, f, records)
	offer := a.offer(ctx)
	for _, r := range records {
		l.Entries = append(l.Entries, Entry{Record: r, Email: emails[r.User], Offer: offer})
	}
	return l, err
}
