package email

import (
	"context"

	"atrium/base/access"
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

// All gives a page of the mails of all accounts and of none, the latest first,
// before a mark, which is zero for the latest: those that the filter takes.
func (p *Posts) All(ctx context.Context, _ access.Staff[access.SeeAccounts], f mail.Filter, before mail.Mark) (mail.Found, error) {
	return f.SearchAcross(ctx, p.db, before, pageSize)
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

// List is All of one account.
func (p *Posts) List(ctx context.Context, in access.StaffOn[access.SeeAccounts], f mail.Filter, before mail.Mark) (mail.Found, error) {
	return f.Search(ctx, p.db.Auto(), in.Account(), before, pageSize)
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

// Tries lists the tries to send a mail of an account, or of none, that did not
// succeed, the latest first.
func (p *Posts) Tries(ctx context.Context, _ access.Staff[access.SeeAccounts], m mail.Mark) ([]mail.Try, error) {
	return mail.Tries(ctx, p.db.Auto(), m.Account, m.ID)
}

// Resend has a mail of an account sent once more, and gives the one that is on
// its way: see mail.Resend for when that is Conflict. It is in the account's
// activity.
func (p *Posts) Resend(ctx context.Context, in access.StaffOn[access.RunJobs], key mail.ID) (mail.ID, error) {
	var sent mail.Message
	err := p.db.Write(ctx, in, func(tx *db.Tx) error {
		err := in.Still(ctx, tx)
		if err == nil {
			sent, err = resend(ctx, tx, p.mail, in.Act(), key)
		}
		return err
	})
	return sent.ID, err
}

// ResendOfNone is Resend of a mail of no account.
func (p *Posts) ResendOfNone(ctx context.Context, in access.Staff[access.RunJobs], key mail.ID) (mail.ID, error) {
	var sent mail.Message
	err := p.db.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		err := in.Still(ctx, tx)
		if err == nil {
			sent, err = resend(ctx, tx, p.mail, access.Elsewhere(in.Actor()), key)
		}
		return err
	})
	return sent.ID, err
}
