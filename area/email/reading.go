package email

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/fault"
)

// Readers lists whom the account's emails may go to. Whoever may not see contacts
// is not told of them.
func (e *Email) Readers(ctx context.Context, in access.To[access.Profile]) ([]mail.Reader, error) {
	all, err := e.mail.Readers(ctx, e.db.Auto(), in.Account())
	if err != nil || in.Membership().Rights().Holds(access.NameContacts) {
		return all, err
	}
	var seen []mail.Reader
	for _, r := range all {
		if r.Key == mail.AccountKey || r.User != 0 {
			seen = append(seen, r)
		}
	}
	return seen, nil
}

// Mine is which of the account's emails the member gets.
func (e *Email) Mine(ctx context.Context, in access.Member) (mail.Reader, error) {
	return e.mail.MemberReader(ctx, e.db.Auto(), in.Account(), in.Actor().User)
}

// Choose has the member get the emails of these topics. What their permissions
// don't allow is left out; what of it they had chosen before stays chosen, for when
// they have the permission again. Nobody chooses for somebody else: staff who
// are logged in as the owner are Denied.
func (e *Email) Choose(ctx context.Context, in access.Member, typed mail.Choice) error {
	if in.Membership().Rights().Visiting {
		return fault.Deniedf("You are logged in as the owner of this account. Which emails people get is for themselves to choose.").WithCode("visit")
	}
	return e.db.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		r, err := e.mail.MemberReader(ctx, tx, in.Account(), in.Actor().User)
		if err != nil {
			return err
		}
		var chosen mail.Choice
		for _, t := range mail.Topics() {
			if allowed(r, t) && typed.Has(t) || !allowed(r, t) && r.Topics.Has(t) {
				chosen = append(chosen, t)
			}
		}
		before, after := getting(r), chosen.String()
		if err := mail.Choose(ctx, tx, in.Account(), r, chosen); err != nil {
			return err
		}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "member.emails", Subject: in.Actor().Email, Before: before.String(), After: after})
	})
}

// allowed tells whether a member's permissions let them get mails of a topic.
func allowed(r mail.Reader, t mail.Topic) bool { return r.Why(t) != mail.Forbidden }

// getting is what a member chose and did not switch off.
func getting(r mail.Reader) mail.Choice {
	var c mail.Choice
	for _, t := range r.Topics {
		if !(t.Optional() && r.Off.Has(t)) {
			c = append(c, t)
		}
	}
	return c
}
