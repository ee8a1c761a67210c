package mail

import (
	"context"
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

// A Filter says which mails are looked for. The zero Filter is all.
type Filter struct {
	Text         string    // each of its words must begin one of the subject's, or of the recipient's name or address
	State        State     // "": in any
	Topic        Topic     // counts if Sorted
	Sorted       bool      // only those of Topic, which may be Essential
	Since, Until time.Time // written from the one on and before the other; zero: open
}

// Found is one page of what was looked for.
type Found struct {
	Emails []Posted  // without bodies
	Next   Mark      // before which the next page begins; zero: there are no more
	Looked time.Time // how far back was looked, when that ended before the page was full; zero: it is full, or there are no more
}

// How many mails are read at a time, and at most for one page. A word that few
// mails have is looked for over several pages: so none costs more than that.
const (
	readAtOnce = 500
	mostRead   = 3000
)

// Search gives a page of an account's mails, the latest first, before a mark.
func (f Filter) Search(ctx context.Context, q db.Querier, account id.Account, before Mark, limit int) (Found, error) {
	return f.look(before, limit, func(before Mark, n int) ([]Posted, error) {
		list, err := db.All(ctx, q, scanHead, `SELECT `+headColumns+` FROM emails
			WHERE account_id = $1 AND id < $2 AND id >= $3`+f.inState()+` ORDER BY id DESC LIMIT $4`, account, f.top(before), id.At[email](f.Since), n)
		all := make([]Posted, len(list))
		for i, m := range list {
			all[i] = Posted{Message: m}
		}
		return all, err
	})
}

// SearchAcross gives a page of the mails of all accounts and of none. It reads from
// the replica where there is one.
func (f Filter) SearchAcross(ctx context.Context, d *db.DB, before Mark, limit int) (Found, error) {
	replica := d.Replica()
	return f.look(before, limit, func(before Mark, n int) ([]Posted, error) {
		before.ID = f.top(before)
		return across(ctx, replica, f.inState(), before, id.At[email](f.Since), n)
	})
}

// inState is written out, so that both databases know which index has them. What
// has none is left to the look.
func (f Filter) inState() string {
	switch f.State {
	case Failed:
		return ` AND state = 'failed'`
	case Queued:
		return ` AND state = 'queued'`
	}
	return ""
}

// ahead is how far an id may be ahead of its time, at most: when a clock was put
// back, ids go on from where they were.
const ahead = time.Hour

// top is where the look begins.
func (f Filter) top(before Mark) ID {
	top := first(before.ID)
	if !f.Until.IsZero() {
		top = min(top, id.At[email](f.Until.Add(ahead)))
	}
	return top
}

// look reads on until a page is full, nothing is left, or enough was read.
func (f Filter) look(before Mark, limit int, read func(before Mark, n int) ([]Posted, error)) (Found, error) {
	var found Found
	words := access.Words(f.Text)
	n := readAtOnce
	if len(words) == 0 && !f.Sorted {
		n = limit + 1 // most of them match
	}
	for seen := 0; ; {
		page, err := read(before, n)
		if err != nil {
			return found, err
		}
		for _, m := range page {
			before = m.Mark()
			if !f.takes(m.Message, words) {
				continue
			}
			if len(found.Emails) == limit {
				found.Next = found.Emails[limit-1].Mark()
				return found, nil
			}
			found.Emails = append(found.Emails, m)
		}
		if seen += len(page); len(page) < n {
			return found, nil
		}
		if seen >= mostRead {
			found.Next, found.Looked = before, page[len(page)-1].Created
			return found, nil
		}
	}
}

func (f Filter) takes(m Message, words []string) bool {
	switch {
	case f.State != "" && m.State != f.State, f.Sorted && m.Topic != f.Topic:
		return false
	case !f.Since.IsZero() && m.Created.Before(f.Since), !f.Until.IsZero() && !m.Created.Before(f.Until):
		return false
	}
	return len(words) == 0 || begins(access.Words(m.Subject+" "+m.To.Name+" "+m.To.Email), words)
}

// begins tells whether each of the words begins one of the others.
func begins(all, words []string) bool {
	for _, w := range words {
		found := false
		for _, s := range all {
			found = found || strings.HasPrefix(s, w)
		}
		if !found {
			return false
		}
	}
	return true
}
