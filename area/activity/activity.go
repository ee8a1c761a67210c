package activity

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/settings"
)

// Activity is what was done in accounts.
type Activity struct {
	db       *db.DB
	settings *settings.Store
}

// New makes it.
func New(d *db.DB, set *settings.Store) *Activity { return &Activity{d, set} }

// How many entries a page holds, and how many of a file are in memory at once.
const (
	pageSize  = 50
	fileBatch = 1000
)

// A Filter says which entries are looked for. The zero one says all.
type Filter struct {
	User    id.User // only what this user did; 0: anybody
	Find    string  // of many people, who is looked for by name or address
	Support bool    // only what staff did
	Area    Area    // only what belongs to it; Everywhere: anything
	Days    int     // only of the last so many days; 0: as far back as members see
	Before  audit.Mark
}

// A List is a page of entries, the latest first, and where the next begins.
type List struct {
	Entries []Entry
	Choice             // for the owner only
	Next    audit.Mark // zero: there are no more
}

// List gives the entries that the filter selects: of everybody for the owner,
// for members their own, whomever the filter names. None is older than the host
// lets members see.
func (a *Activity) List(ctx context.Context, in access.Member, f Filter) (List, error) {
	l, err := a.read(ctx, in, f, pageSize+1)
	return l.cut(), err
}

// cut makes a page of a list that was read one entry too far.
func (l List) cut() List {
	if len(l.Entries) > pageSize {
		l.Entries = l.Entries[:pageSize]
		l.Next = l.Entries[pageSize-1].Mark()
	}
	return l
}

// Export is List without pages: it hands all entries to each, a thousand at a time.
func (a *Activity) Export(ctx context.Context, in access.Member, f Filter, each func([]Entry) error) error {
	return batches(each, func(before audit.Mark) ([]Entry, error) {
		f.Before = before
		l, err := a.read(ctx, in, f, fileBatch)
		return l.Entries, err
	})
}

// batches hands to each what read gives, from one mark to the next.
func batches(each func([]Entry) error, read func(before audit.Mark) ([]Entry, error)) error {
	for before := (audit.Mark{}); ; {
		entries, err := read(before)
		if err != nil {
			return err
		}
		if err := each(entries); err != nil || len(entries) < fileBatch {
			return err
		}
		before = entries[len(entries)-1].Mark()
	}
}

func (a *Activity) read(ctx context.Context, in access.Member, f Filter, limit int) (List, error) {
	var l List
	me, owner := in.Actor(), in.Membership().Rights().Owner
	if owner {
		var err error
		if l.Choice, err = a.choose(ctx, in.Account(), &f); err != nil {
			return l, err
		}
	} else {
		f.User, f.Support = me.User, false
	}
	look := a.look(f)
	if shown := a.since(a.settings.Current(ctx, a.db.Auto()).Retention.ActivityShown); shown.After(look.Since) {
		look.Since = shown
	}
	records, err := audit.List(ctx, a.db.Auto(), in.Account(), look, limit)
	if err != nil {
		return l, err
	}
	emails := map[id.User]string{me.User: me.Email}
	if owner {
		if emails, err = a.meet(ctx, in.Account(), &l.Choice, f, records); err != nil {
			return l, err
		}
	}
	offer := a.offer(ctx)
	for _, r := range records {
		e := newEntry(r, me.User, emails[r.User])
		e.Offer = offer
		l.Entries = append(l.Entries, e)
	}
	return l, err
}

// offer has the presets by which sets of permissions are called now.
func (a *Activity) offer(ctx context.Context) access.Offer {
	return a.settings.Current(ctx, a.db.Auto()).Offer()
}

// look is the filter as the audit takes it.
func (a *Activity) look(f Filter) audit.Filter {
	return audit.Filter{User: f.User, Staff: f.Support, Actions: f.Area.actions(), Since: a.since(f.Days), Before: f.Before}
}
