package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/fault"
)

// How often an owner is reminded, how many accounts a look finds, and how many
// owners are reminded in one run: after an update of Atrium all are due at once.
const (
	remindEvery = 90 * 24 * time.Hour
	remindPage  = 100
	mostRemind  = 1000
)

// Remind mails the owners who are due that somebody beside them can reach their
// account. Each account is one transaction, which notes the reminder, too: run
// twice, stopped in between, or by two processes at once, it mails each owner once.
func (s *Sharing) Remind(ctx context.Context) error {
	since := s.DB.Clock().Now().Add(-remindEvery)
	last := id.Account(0)
	for reminded := 0; reminded < mostRemind; {
		page, err := listDue(ctx, s.DB.Across(), last, since, remindPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, last = range page {
			if err := s.remindOwner(ctx, last, since); err != nil {
				return err
			}
		}
		reminded += len(page)
	}
	return nil
}

func (s *Sharing) remindOwner(ctx context.Context, account id.Account, since time.Time) error {
	err := s.DB.Write(ctx, of(account), func(tx *db.Tx) error {
		if due, err := upsertReminded(ctx, tx, account, since); err != nil || !due {
			return err
		}
		members, err := access.Reachables(ctx, tx, account)
		if err != nil {
			return err
		}
		invitations, err := listInvitations(ctx, tx, account, tx.Now())
		if err != nil {
			return err
		}
		owner, err := access.FindOwner(ctx, tx, account)
		if err != nil {
			return err
		}
		reader, err := s.Mail.MemberReader(ctx, tx, account, owner.User)
		if err != nil || reader.Why(mail.General) != "" {
			return err
		}
		r := Reach{Members: members, Invitations: invitations}
		return s.mailAbout(ctx, tx, account, func(a place) mail.Letter { return a.reminder(owner, r, tx.Now()) })
	})
	if db.Dangling(err) || fault.Is(err, fault.NotFound) { // the account was deleted meanwhile
		return nil
	}
	return err
}

// reminder asks the owner to look through who can reach the account. What there is
// to look at first is counted beside the owner.
func (p place) reminder(owner access.MemberInfo, r Reach, now time.Time) mail.Letter {
	p = p.to(owner)
	others := Reach{Invitations: r.Invitations}
	for _, m := range r.Members {
		if !m.Owner {
			others.Members = append(others.Members, m)
		}
	}
	look, lines := others.Look(now), []string{}
	for _, line := range []struct {
		n    int
		text string
	}{
		{len(others.Members), p.N(len(others.Members), "One member beside you", "%d members beside you")},
		{look.Unused, p.N(look.Unused, "One of them was not there for 90 days or more", "%d of them were not there for 90 days or more")},
		{look.OneStep, p.N(look.OneStep, "One of them has no two-step login", "%d of them have no two-step login")},
		{len(r.Invitations), p.N(len(r.Invitations), "One invitation that waits", "%d invitations that wait")},
	} {
		if line.n > 0 {
			lines = append(lines, line.text)
		}
	}
	l := p.toMember(owner, "reach.reminder", p.T("Who can reach %s? Please have a look", p.name), []mail.Block{
		mail.P(p.T("Hello %s,", mail.Name(owner.FirstName))),
		mail.P(p.T("From time to time it is worth looking through who can reach the account %s:", p.name)),
		mail.Items(lines),
		mail.Button(p.T("See who can reach this account"), p.link("/users/reach")),
		mail.P(p.T("Nobody loses access by itself: you decide. This email comes every three months, unless you have looked through the list meanwhile. You can stop it on that page.")),
	})
	l.Topic = mail.General
	return l
}
