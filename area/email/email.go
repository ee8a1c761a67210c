package email

import (
	"context"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
)

// Email is the history of the mails of accounts.
type Email struct{ db *db.DB }

// New makes it.
func New(d *db.DB) *Email { return &Email{d} }

const pageSize = 25

// A List is one page of the history, and where the next begins.
type List struct {
	Emails []mail.Message // without bodies
	Next   mail.ID        // 0: there are no more
}

// List gives the account's emails, the latest first: those before a given one,
// or from the latest on when before is 0.
func (e *Email) List(ctx context.Context, in access.To[access.Emails], before mail.ID) (List, error) {
	return listed(ctx, e.db, in.Account(), before)
}

// listed is a page of an account's mails.
func listed(ctx context.Context, d *db.DB, account id.Account, before mail.ID) (List, error) {
	all, err := mail.List(ctx, d.Auto(), account, before, pageSize+1)
	if err != nil || len(all) <= pageSize {
		return List{Emails: all}, err
	}
	return List{Emails: all[:pageSize], Next: all[pageSize-1].ID}, nil
}

// Latest gives the last n emails of the account, the latest first.
func (e *Email) Latest(ctx context.Context, in access.To[access.Emails], n int) ([]mail.Message, error) {
	return mail.List(ctx, e.db.Auto(), in.Account(), 0, n)
}

// Find finds one with its bodies, NotFound if the account has none such.
func (e *Email) Find(ctx context.Context, in access.To[access.Emails], key mail.ID) (mail.Message, error) {
	return mail.Find(ctx, e.db.Auto(), in.Account(), key)
}
