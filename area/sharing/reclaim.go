package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/fault"
)

// Listen hears what happens to logins.
func (s *Sharing) Listen() { job.Hear(s.Jobs, "sharing.reclaimed", s.reclaimed) }

// reclaimed hears that a login has gone from whoever made it to the person whose
// address it has. What its maker has given others ends, and what others gave to the
// login, too: they may have meant its maker. Told again, it does nothing.
func (s *Sharing) reclaimed(ctx context.Context, f access.LoginReclaimed) error {
	u, err := access.FindUser(ctx, s.DB.Auto(), f.User)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	all, err := access.AccountsOf(ctx, s.DB, u.ID)
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := s.reclaimIn(ctx, one.Account, u.As(f.IP, f.Agent), f.At); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sharing) reclaimIn(ctx context.Context, account id.Account, by access.Actor, at time.Time) error {
	m, err := access.MembershipOf(ctx, s.DB.Auto(), account, by)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	in, err := access.EnterLeaving(m, access.See) // whatever the account's rules
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		me, err := access.FindMember(ctx, tx, account, by.User)
		switch {
		case fault.Is(err, fault.NotFound):
			return nil
		case err != nil:
			return err
		case !me.Owner && me.Joined.After(at):
			return nil
		case !me.Owner:
			return s.end(ctx, tx, in.Act(), me, "member.left")
		}
		return s.takeBack(ctx, tx, in.Act(), at)
	})
}

// takeBack ends everybody's access to an account but the owner's, every pending
// invitation and every offer of the ownership, as far as they were there at that
// time, or come from what was.
func (s *Sharing) takeBack(ctx context.Context, tx *db.Tx, by access.Act, at time.Time) error {
	members, err := access.Members(ctx, tx, by.Account())
	if err != nil {
		return err
	}
	taken, err := listTaken(ctx, tx, by.Account(), at)
	if err != nil {
		return err
	}
	for _, m := range given(members, taken, at) {
		if err := s.end(ctx, tx, by, m, "member.removed"); err != nil {
			return err
		}
	}
	pending, err := listInvitations(ctx, tx, by.Account(), tx.Now())
	if err != nil {
		return err
	}
	for _, inv := range pending {
		if inv.State != Pending || inv.Created.After(at) {
			continue
		}
		if err := s.cancel(ctx, tx, by, inv); err != nil {
			return err
		}
	}
	return s.takeOfferBack(ctx, tx, by, at)
}

// given are the members who were there at that time, and those who have joined since
// by an invitation from before or of one of these: whoever waited for it could not be
// quicker than the job.
func given(members []access.MemberInfo, taken []Invitation, at time.Time) []access.MemberInfo {
	gone, by := map[id.User]bool{}, map[id.User]Invitation{}
	for _, i := range taken {
		by[i.AcceptedBy] = i
	}
	var all []access.MemberInfo
	for more := true; more; {
		more = false
		for _, m := range members {
			i, invited := by[m.User]
			if m.Owner || gone[m.User] || m.Joined.After(at) && !(invited && (!i.Issued.After(at) || gone[i.InvitedBy])) {
				continue
			}
			gone[m.User], more, all = true, true, append(all, m)
		}
	}
	return all
}

func (s *Sharing) takeOfferBack(ctx context.Context, tx *db.Tx, by access.Act, at time.Time) error {
	o, err := findOffer(ctx, tx, by.Account(), tx.Now().Add(-Life))
	if fault.Is(err, fault.NotFound) || err == nil && o.Offered.After(at) {
		return nil
	}
	if err != nil {
		return err
	}
	to, err := access.FindUser(ctx, tx, o.To)
	if err != nil {
		return err
	}
	if err := s.dropOffers(ctx, tx, by.Account()); err != nil {
		return err
	}
	return audit.Write(ctx, tx, by, audit.Entry{Action: "owner.offer-cancelled", Subject: to.Email})
}
