package email

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/mail"
)

// Email is the history of the mails of accounts.
type Email struct {
	db   *db.DB
	mail *mail.Mail
}

// New makes it.
func New(d *db.DB, m *mail.Mail) *Email { return &Email{d, m} }

const pageSize = 25

// List gives a page of the account's emails, the latest first, before a mark,
// which is zero for the latest: those that the filter takes.
func (e *Email) List(ctx context.Context, in access.To[access.Emails], f mail.Filter, before mail.Mark) (mail.Found, error) {
	found, err := f.Search(ctx, e.db.Auto(), in.Account(), before, pageSize)
	for i, m := range found.Emails {
		found.Emails[i].Delivery = m.ForMembers()
	}
	return found, err
}

// Latest gives the last n emails of the account, the latest first.
func (e *Email) Latest(ctx context.Context, in access.To[access.Emails], n int) ([]mail.Message, error) {
	latest, err := mail.List(ctx, e.db.Auto(), in.Account(), 0, n)
	for i, m := range latest {
		latest[i].Delivery = m.ForMembers()
	}
	return latest, err
}

// Find finds one with its bodies, NotFound if the account has none such.
func (e *Email) Find(ctx context.Context, in access.To[access.Emails], key mail.ID) (mail.Message, error) {
	m, err := mail.Find(ctx, e.db.Auto(), in.Account(), key)
	m.Delivery = m.ForMembers()
	return m, err
}

// Tries lists the tries to send one that did not succeed, the latest first.
func (e *Email) Tries(ctx context.Context, in access.To[access.Emails], key mail.ID) ([]mail.Try, error) {
	all, err := mail.Tries(ctx, e.db.Auto(), in.Account(), key)
	for i, t := range all {
		all[i].Answer = mail.SaidByServer(t.Answer)
	}
	return all, err
}

// resends is how many emails an account has sent again in an hour.
var resends = access.Limit{Name: "mail-resend", Most: 20, Per: time.Hour, Public: "Many emails were sent again. Try again in %d minutes."}

// Resend has an email sent once more to whom it went, and gives the one that is
// on its way: see mail.Resend for when that is Conflict. After twenty in an hour
// it is TooMany.
func (e *Email) Resend(ctx context.Context, in access.To[access.Emails], key mail.ID) (mail.ID, error) {
	var sent mail.ID
	err := e.db.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		if err := resends.CountIn(ctx, tx, in.Account().String()); err != nil {
			return err
		}
		m, err := resend(ctx, tx, e.mail, in.Act(), key)
		sent = m.ID
		return err
	})
	return sent, err
}

// resend sends a mail again and notes who had it sent.
func resend(ctx context.Context, tx *db.Tx, m *mail.Mail, by access.Act, key mail.ID) (mail.Message, error) {
	sent, err := m.Resend(ctx, tx, by.Account(), key)
	if err != nil {
		return sent, err
	}
	entry := audit.Entry{Action: "mail.again", Subject: sent.To.Email, After: map[string]string{"subject": sent.Subject, "answer": mail.SaidByServer(sent.Answer)}}
	if sent.ID != key {
		entry.Action, entry.After = "mail.copied", map[string]string{"subject": sent.Subject}
	}
	return sent, audit.Write(ctx, tx, by, entry)
}
