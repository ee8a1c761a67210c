package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/fault"
)

// How long declined invitations are listed, and the codes of errors.
const (
	keepDeclined  = 30 * 24 * time.Hour
	invitedCode   = "invite.pending"
	memberCode    = "invite.member"
	inviteGone    = "invite.gone"
	inviteChanged = "invite.changed"
)

func sending(l settings.Limits) access.Limit {
	return access.Limit{Name: "invite", Most: int64(l.InvitesPerHour), Per: time.Hour, Public: "You have sent many invitations. Try again in %d minutes."}
}

// staffGiving is per person of the staff, over all accounts: far more than work
// takes, and less than somebody does who has got hold of a staff login.
func staffGiving() access.Limit {
	return access.Limit{Name: "staff-give", Most: 200, Per: time.Hour, Public: "You have given many people access. Try again in %d minutes."}
}

func resendingSoon() access.Limit {
	return access.Limit{Name: "resend", Most: 1, Per: time.Minute, Public: "This was sent a moment ago. You can send it again in a minute."}
}

func resendingToday() access.Limit {
	return access.Limit{Name: "resend-day", Most: 5, Per: 24 * time.Hour, Public: "This was sent five times today. You can send it again in %d minutes."}
}

// Invitations lists the account's pending invitations, expired ones among them,
// and those declined in the last 30 days.
func (s *Sharing) Invitations(ctx context.Context, in access.Manager) ([]Invitation, error) {
	return s.invitations(ctx, in.Account())
}

func (s *Sharing) invitations(ctx context.Context, account id.Account) ([]Invitation, error) {
	return listInvitations(ctx, s.DB.Auto(), account, s.DB.Clock().Now().Add(-keepDeclined))
}

// InvitationsWithMails lists them with what became of their mails, by Ref, as far
// as members see it.
func (s *Sharing) InvitationsWithMails(ctx context.Context, in access.Manager) (list []Invitation, mails map[string]mail.Delivery, err error) {
	if list, err = s.invitations(ctx, in.Account()); err != nil || len(list) == 0 {
		return nil, nil, err
	}
	mails, err = s.Deliveries(ctx, in, list)
	return list, mails, err
}

// Invitation finds one, NotFound if the account has none such.
func (s *Sharing) Invitation(ctx context.Context, in access.Manager, i access.InvitationID) (Invitation, error) {
	return findListed(ctx, s.DB.Auto(), in.Account(), i)
}

// stands tells whether who sent an invitation could give what it contains now.
// Those sent by staff hold until they are cancelled.
func stands(sender access.Rights, inv Invitation) bool {
	return inv.InvitedBy == 0 || canGive(sender, inv.Set)
}

// PendingFor finds the pending invitation of an address.
func (s *Sharing) PendingFor(ctx context.Context, in access.Manager, e access.Email) (Invitation, error) {
	return findPending(ctx, s.DB.Auto(), in.Account(), e)
}

// Deliveries tells what became of the mails of these invitations, by Ref, as far
// as members see it.
func (s *Sharing) Deliveries(ctx context.Context, in access.Manager, list []Invitation) (map[string]mail.Delivery, error) {
	all, err := s.deliveries(ctx, in.Account(), list)
	for ref, d := range all {
		all[ref] = d.ForMembers()
	}
	return all, err
}

func (s *Sharing) deliveries(ctx context.Context, account id.Account, list []Invitation) (map[string]mail.Delivery, error) {
	var refs []string
	for _, i := range list {
		refs = append(refs, ref(i.ID))
	}
	return mail.States(ctx, s.DB.Auto(), account, refs...)
}

// Invite sends an invitation. What is wrong with the draft is Invalid at its
// fields: the codes invite.member and invite.pending say that the address has
// access or an invitation already. Beyond the limits of the settings, an hour and
// pending, TooMany; staff send two hundred an hour each, over all accounts. The
// same form sent twice invites once.
func (s *Sharing) Invite(ctx context.Context, in access.Manager, d Draft) (Invitation, error) {
	set := s.Settings.Current(ctx, s.DB.Auto())
	checked, err := d.check(in, set.Offer())
	if err != nil {
		return Invitation{}, err
	}
	var inv Invitation
	err = s.write(ctx, in, func(tx *db.Tx) (err error) {
		inv, err = s.free(ctx, tx, in, checked.email, set.Limits)
		if fault.CodeOf(err) == invitedCode && inv.form != "" && inv.form == d.Key {
			return nil
		}
		if err != nil {
			return err
		}
		inv = Invitation{ID: db.NewID[access.InvitationKind](tx), Email: checked.email, Set: checked.set, Message: checked.message,
			State: Pending, Created: tx.Now(), Issued: tx.Now(), Version: 1, form: d.Key}
		s.signed(ctx, tx, &inv, in.Actor())
		if err := insertInvitation(ctx, tx, in.Account(), inv); err != nil {
			return err
		}
		err = audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "invitation.sent", Subject: inv.Email.Typed, After: inv.Set.Slugs()})
		if err != nil {
			return err
		}
		return s.sendLink(ctx, tx, in.Act(), inv, access.NewInvitationLink)
	})
	return inv, err
}

// free refuses an address that has access, one that has an invitation, which it
// gives, and one too many.
func (s *Sharing) free(ctx context.Context, tx *db.Tx, in access.Manager, e access.Email, l settings.Limits) (there Invitation, err error) {
	if _, err := access.FindMemberByEmail(ctx, tx, in.Account(), e); err == nil {
		return there, fault.FieldErr("email", memberCode, "%s already has access.", e.Typed)
	} else if !fault.Is(err, fault.NotFound) {
		return there, err
	}
	if there, err = findPending(ctx, tx, in.Account(), e); err == nil {
		return there, fault.FieldErr("email", invitedCode, "%s already has an invitation.", e.Typed)
	} else if !fault.Is(err, fault.NotFound) {
		return there, err
	}
	return there, s.room(ctx, tx, in, l)
}

// room refuses one invitation too many.
func (s *Sharing) room(ctx context.Context, tx *db.Tx, in access.Manager, l settings.Limits) error {
	pending, err := countPending(ctx, tx, in.Account())
	if err != nil {
		return err
	}
	if pending >= int64(l.InvitesPending) {
		return fault.TooManyf(0, "This account has %d pending invitations. Cancel some before you send more.", pending).WithCode("invite.many")
	}
	if by := in.Actor(); by.Kind == access.ByStaff {
		return staffGiving().CountIn(ctx, tx, by.Staff.String())
	}
	return sending(l).CountIn(ctx, tx, in.Account().String())
}

// A newLink makes the first link of an invitation, or another.
type newLink func(context.Context, *db.Tx, id.Account, access.InvitationID) (access.Token, error)

// sendLink makes the invitation's link and mails it.
func (s *Sharing) sendLink(ctx context.Context, tx *db.Tx, by access.Act, inv Invitation, link newLink) error {
	t, err := link(ctx, tx, by.Account(), inv.ID)
	if err != nil {
		return err
	}
	return s.mail(ctx, tx, by, func(a place) mail.Letter { return a.invitation(inv, s.URL("/invite/"+t.Reveal())) })
}

// Resend mails a new link with fresh seven days; the old one dies. Once a
// minute and five times a day. An invitation that is no longer pending is
// Conflict with the code invite.gone. If its sender could no longer give what it
// contains, who sends it again is its sender from now on.
func (s *Sharing) Resend(ctx context.Context, in access.Manager, i access.InvitationID) (Invitation, error) {
	return s.renew(ctx, in, i, "invitation.resent", func(tx *db.Tx, inv *Invitation) error {
		return s.sendLink(ctx, tx, in.Act(), *inv, access.RenewInvitationLink)
	})
}

// NewLink makes a new link, to be handed over by the manager themselves; the
// old one dies. It is given once. The limits are those of Resend. Who has seen
// the link is the invitation's sender from now on: it must not outlive what they
// may give, since they may have passed it to anybody.
func (s *Sharing) NewLink(ctx context.Context, in access.Manager, i access.InvitationID) (Invitation, string, error) {
	var link string
	inv, err := s.renew(ctx, in, i, "invitation.link", func(tx *db.Tx, inv *Invitation) error {
		if err := s.sign(ctx, tx, in, inv); err != nil {
			return err
		}
		t, err := access.RenewInvitationLink(ctx, tx, in.Account(), inv.ID)
		link = s.URL("/invite/" + t.Reveal())
		return err
	})
	return inv, link, err
}

func (s *Sharing) renew(ctx context.Context, in access.Manager, i access.InvitationID, action string, link func(*db.Tx, *Invitation) error) (Invitation, error) {
	var inv Invitation
	err := s.write(ctx, in, func(tx *db.Tx) (err error) {
		if inv, err = s.mine(ctx, tx, in, i); err != nil {
			return err
		}
		for _, limit := range []access.Limit{resendingSoon(), resendingToday()} {
			if err := limit.CountIn(ctx, tx, i.String()); err != nil {
				return err
			}
		}
		if ok, err := reissue(ctx, tx, in.Account(), i); err != nil || !ok {
			return gone(err)
		}
		inv.Issued = tx.Now()
		if err := s.vouch(ctx, tx, in, &inv); err != nil {
			return err
		}
		if err := s.Mail.Void(ctx, tx, in.Account(), ref(i)); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: action, Subject: inv.Email.Typed, After: inv.Set.Slugs()}); err != nil {
			return err
		}
		return link(tx, &inv)
	})
	return inv, err
}

// standFor makes the manager the sender of an invitation that they have added
// something to, or whose sender could not give what it contains.
func (s *Sharing) standFor(ctx context.Context, tx *db.Tx, in access.Manager, inv *Invitation, added access.Set) error {
	if added != 0 {
		return s.sign(ctx, tx, in, inv)
	}
	return s.vouch(ctx, tx, in, inv)
}

// vouch makes the manager the sender of an invitation whose sender could not
// give what it contains, or no longer: it would be void, and sent in vain.
func (s *Sharing) vouch(ctx context.Context, tx *db.Tx, in access.Manager, inv *Invitation) error {
	can, err := s.senderCan(ctx, tx, in.Account(), *inv)
	if err != nil || can {
		return err
	}
	return s.sign(ctx, tx, in, inv)
}

// sign makes the manager the sender of an invitation, who holds all it contains.
func (s *Sharing) sign(ctx context.Context, tx *db.Tx, in access.Manager, inv *Invitation) error {
	s.signed(ctx, tx, inv, in.Actor())
	return updateSender(ctx, tx, in.Account(), *inv)
}

// signed says in the invitation who sent it. Of staff it is the host.
func (s *Sharing) signed(ctx context.Context, tx *db.Tx, inv *Invitation, by access.Actor) {
	if by.Kind == access.ByStaff {
		inv.InvitedBy, inv.InviterName, inv.InviterEmail = 0, s.Settings.Current(ctx, tx).Company.Name, ""
		return
	}
	inv.InvitedBy, inv.InviterName, inv.InviterEmail = by.User, by.Name, by.Email
}

// mine finds a pending invitation that this manager may act on: one that
// contains no more than they could give.
func (s *Sharing) mine(ctx context.Context, tx *db.Tx, in access.Manager, i access.InvitationID) (Invitation, error) {
	inv, err := findInvitation(ctx, tx, in.Account(), i)
	if err != nil {
		return inv, err
	}
	if inv.State != Pending {
		return inv, gone(nil)
	}
	return inv, within(in, inv)
}

func within(in access.Manager, inv Invitation) error {
	if !canGive(in.Membership().Rights(), inv.Set) {
		return fault.Deniedf("This invitation gives more than you hold. Only the owner can change it.").WithCode("invite.more")
	}
	return nil
}

func gone(err error) error {
	if err != nil {
		return err
	}
	return fault.Conflictf("This invitation is no longer pending: it was accepted, declined or cancelled meanwhile.").WithCode(inviteGone)
}

// Cancel ends a pending invitation, whose link dies at once, or clears a
// declined one from the list. Any other is Conflict with the code invite.gone.
func (s *Sharing) Cancel(ctx context.Context, in access.Manager, i access.InvitationID) (Invitation, error) {
	var inv Invitation
	err := s.write(ctx, in, func(tx *db.Tx) (err error) {
		if inv, err = findInvitation(ctx, tx, in.Account(), i); err != nil {
			return err
		}
		if inv.State != Pending && inv.State != Declined {
			return gone(nil)
		}
		if err := within(in, inv); err != nil {
			return err
		}
		return s.cancel(ctx, tx, in.Act(), inv)
	})
	return inv, err
}

// cancel ends a pending invitation, or takes a declined one off the list.
func (s *Sharing) cancel(ctx context.Context, tx *db.Tx, by access.Act, inv Invitation) error {
	if ok, err := cancel(ctx, tx, by.Account(), inv.ID, inv.State); err != nil || !ok {
		return gone(err)
	}
	if err := s.Mail.Void(ctx, tx, by.Account(), ref(inv.ID)); err != nil {
		return err
	}
	action := "invitation.cancelled"
	if inv.State == Declined {
		action = "invitation.cleared"
	}
	return audit.Write(ctx, tx, by, audit.Entry{Action: action, Subject: inv.Email.Typed, Before: inv.Set.Slugs()})
}

// Amend changes what a pending invitation contains; its link stays. version is
// that of the invitation the form showed: Conflict with the code invite.changed
// if it is another now. Who adds a permission is the invitation's sender from now
// on, so that it is void once they could not give that any more; and so is who
// amends one whose sender could not give what it contains.
func (s *Sharing) Amend(ctx context.Context, in access.Manager, i access.InvitationID, all bool, slugs []string, version int64) (Invitation, error) {
	c := s.choice(ctx, all, slugs)
	var wrong fault.Fields
	chosen := readSet(&wrong, in, c, "Tick at least one permission, or cancel the invitation.")
	if err := wrong.Err(); err != nil {
		return Invitation{}, err
	}
	var inv Invitation
	err := s.write(ctx, in, func(tx *db.Tx) (err error) {
		if inv, err = s.mine(ctx, tx, in, i); err != nil {
			return err
		}
		before := inv.Set
		set := kept(c.offer, chosen, before)
		ok, err := updateSet(ctx, tx, in.Account(), i, set, version)
		if err != nil {
			return err
		}
		if !ok {
			return fault.Conflictf("This invitation was changed meanwhile.").WithCode(inviteChanged)
		}
		inv.Set = set
		if err := s.standFor(ctx, tx, in, &inv, set.Without(before)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "invitation.permissions", Subject: inv.Email.Typed, Before: before.Slugs(), After: set.Slugs()})
	})
	return inv, err
}

func ref(i access.InvitationID) string { return "invitation:" + i.String() }
