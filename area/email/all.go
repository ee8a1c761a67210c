package email

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/mail"
)

// Posts are the mails of all accounts and of none, for staff.
type Posts struct {
	db   *db.DB
	mail *mail.Mail
}

// NewPosts makes it.
func NewPosts(d *db.DB, m *mail.Mail) *Posts { return &Posts{d, m} }

// A Page is one page of all mails, and where the next begins.
type Page struct {
	Emails []mail.Posted
	Next   mail.Mark // zero: there are no more
}

// All gives the mails of all accounts and of none, the latest first, before a
// mark, which is zero for the latest: all of them, or those that were given up
// (mail.Failed), or that wait (mail.Queued).
func (p *Posts) All(ctx context.Context, _ access.Staff[access.SeeAccounts], s mail.State, before mail.Mark) (Page, error) {
	all, err := mail.Across(ctx, p.db, s, before, pageSize+1)
	if err != nil || len(all) <= pageSize {
		return Page{Emails: all}, err
	}
	return Page{Emails: all[:pageSize], Next: all[pageSize-1].Mark()}, nil
}

// manyFailed is how many mails Trouble shows; mostCounted where it ends to count.
const (
	manyFailed  = 10
	mostCounted = 1000
)

// Trouble is what keeps mails from arriving.
type Trouble struct {
	Failed  []mail.Posted // the latest that were given up
	More    bool          // than those
	NoMail  bool          // there is no mail server
	Waiting int64         // how many wait for one, counted up to 1,000
	Refused int64         // addresses that refused mail in the last week, counted up to 1,000
}

// Trouble tells which mails were given up, which addresses refused mail lately,
// and how many mails wait while there is no mail server.
func (p *Posts) Trouble(ctx context.Context, _ access.Staff[access.SeeAccounts]) (t Trouble, err error) {
	if t.Failed, err = mail.Across(ctx, p.db, mail.Failed, mail.Mark{}, manyFailed+1); err != nil {
		return t, err
	}
	if t.More = len(t.Failed) > manyFailed; t.More {
		t.Failed = t.Failed[:manyFailed]
	}
	if t.Refused, err = mail.CountRefusals(ctx, p.db.Across(), p.db.Clock().Now().Add(-lately), mostCounted); err != nil {
		return t, err
	}
	if t.NoMail = !p.mail.Sends(); t.NoMail {
		t.Waiting, err = mail.Count(ctx, p.db, mail.Queued, mostCounted)
	}
	return t, err
}

// List gives an account's mails, the latest first: those before a given one, or
// from the latest on when before is 0.
func (p *Posts) List(ctx context.Context, in access.StaffOn[access.SeeAccounts], before mail.ID) (List, error) {
	return listed(ctx, p.db, in.Account(), before)
}

// Find finds one of an account's with its bodies, NotFound if the account has
// none such. One-time links are hidden from staff as from members.
func (p *Posts) Find(ctx context.Context, in access.StaffOn[access.SeeAccounts], key mail.ID) (mail.Message, error) {
	return mail.Find(ctx, p.db.Auto(), in.Account(), key)
}

// FindOfNone is Find among the mails of no account: about a person's own login.
func (p *Posts) FindOfNone(ctx context.Context, _ access.Staff[access.SeeAccounts], key mail.ID) (mail.Message, error) {
	return mail.Find(ctx, p.db.Auto(), 0, key)
}

// RunAgain has a mail of an account that was given up sent after all: see
// mail.Again for when that is Conflict. It is in the account's activity.
func (p *Posts) RunAgain(ctx context.Context, in access.StaffOn[access.RunJobs], key mail.ID) error {
	return p.db.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		return p.again(ctx, tx, in.Act(), key)
	})
}

// RunAgainOfNone is RunAgain of a mail of no account.
func (p *Posts) RunAgainOfNone(ctx context.Context, in access.Staff[access.RunJobs], key mail.ID) error {
	return p.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		return p.again(ctx, tx, access.Elsewhere(in.Actor()), key)
	})
}

func (p *Posts) again(ctx context.Context, tx *db.Tx, by access.Act, key mail.ID) error {
	m, err := p.mail.Again(ctx, tx, by.Account(), key)
	if err != nil {
		return err
	}
	after := map[string]string{"subject": m.Subject, "answer": m.Answer}
	return audit.Write(ctx, tx, by, audit.Entry{Action: "mail.again", Subject: m.To.Email, After: after})
}
