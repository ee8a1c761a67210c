package access

import (
	"context"
	"time"

	"atrium/base/db"
)

// An AccountSearch is what staff look for among all accounts. Every word of the
// text must begin a word of the account's name, company or number, or of a name or
// email address of its owner or contacts. The zero one finds all.
type AccountSearch struct {
	Text    string
	Status  Status    // "": any
	Country string    // as it is kept: "DE"; "": any
	Since   time.Time // opened on this day, UTC, or later; zero: at any time
	TwoStep Switched  // whether the owner's two-step login is
	After   string    // what FindAccounts gave as next; "": from the beginning
}

// Switched says in a search how something must be.
type Switched string

// What there is to look for.
const (
	Either Switched = ""
	On     Switched = "on"
	Off    Switched = "off"
)

// FindAccounts lists accounts, at most limit: by the words that were found, the
// whole one before longer ones; without a text, the newest first. next is where
// to go on; "" = that was all. What it costs does not depend on how many there
// are, so when few have all words of many, a page may be shorter, even empty,
// before the last. It reads from the replica where there is one.
func FindAccounts(ctx context.Context, d *db.DB, s AccountSearch, limit int) (found []Line, next string, err error) {
	spans, ok := typed(s.Text)
	if !ok {
		return nil, "", nil
	}
	if s.Status != "" {
		spans = append(spans, only(statusSign+string(s.Status)))
	}
	if s.Country != "" {
		spans = append(spans, only(countrySign+s.Country))
	}
	if !s.Since.IsZero() {
		spans = append(spans, span{openedTerm(s.Since), openedSign + "~", true})
	}
	if s.TwoStep != Either {
		spans = append(spans, only(twoStepTerm(s.TwoStep == On)))
	}
	across := d.Replica()
	if len(spans) == 0 {
		return listNewest(ctx, across, s.After, limit)
	}
	return accountFiling().find(ctx, across, spans, s.After, limit)
}
