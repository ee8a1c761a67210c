package sharing

import (
	"context"
	"strings"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/fault"
)

// A Handover is what the form of Make Owner says.
type Handover struct {
	From    id.User // who owned the account when the form was drawn
	Remove  bool    // the former owner's access; otherwise they keep all permissions
	Checked bool    // the identity of who asked for it
	Reason  string  // only staff read it
}

// CurrentOwner finds who owns the account.
func (s *Sharing) CurrentOwner(ctx context.Context, in access.StaffOn[access.ManageUsers]) (access.MemberInfo, error) {
	return access.FindOwner(ctx, s.DB.Auto(), in.Account())
}

// MakeOwner makes a member the account's owner, in one moment: the former owner
// keeps all permissions or goes, the invitations that they have sent are the new
// owner's, and both are mailed. It is Conflict with the code access.OwnerChanged
// when the account has got another owner meanwhile, or the member has gone; and
// Conflict for a login that was deactivated, and for who owns it already.
func (s *Sharing) MakeOwner(ctx context.Context, in access.StaffOn[access.ManageUsers], to id.User, h Handover) (access.MemberInfo, error) {
	h.Reason = strings.TrimSpace(h.Reason)
	var wrong fault.Fields
	if !h.Checked {
		wrong.AddCode("checked", "owner.unchecked", "Check that the person who asks for this is who they say, then tick this.")
	}
	checkReason(&wrong, h.Reason)
	if err := wrong.Err(); err != nil {
		return access.MemberInfo{}, err
	}
	var m access.MemberInfo
	err := s.write(ctx, access.AsManager(in), func(tx *db.Tx) (err error) {
		m, err = s.handOver(ctx, tx, in.Act(), to, h)
		return err
	}, db.LockUser(to), db.LockUser(h.From))
	return m, err
}

// handOver makes a member the owner, by staff or because they accept it. Offers of
// the former owner end.
func (s *Sharing) handOver(ctx context.Context, tx *db.Tx, by access.Act, to id.User, h Handover) (access.MemberInfo, error) {
	former, err := access.FindOwner(ctx, tx, by.Account())
	if err != nil {
		return former, err
	}
	if former.User == to && h.From == to {
		return former, fault.Conflictf("%s owns this account already.", former.Name()).WithCode("owner.already")
	}
	if err := access.SetOwner(ctx, tx, by, h.From, to); err != nil {
		return access.MemberInfo{}, err
	}
	if err := enabled(ctx, tx, to); err != nil {
		return access.MemberInfo{}, err
	}
	m, err := access.FindMember(ctx, tx, by.Account(), to)
	if err != nil {
		return m, err
	}
	if err := s.dropOffers(ctx, tx, by.Account()); err != nil {
		return m, err
	}
	if err := endHeld(ctx, tx, by.Account(), to, access.Everything); err != nil {
		return m, err
	}
	if err := passOn(ctx, tx, by.Account(), former.User, m); err != nil {
		return m, err
	}
	after := map[string]any{"owner": m.Email, "former": "kept", "reason": h.Reason}
	if h.Remove {
		after["former"] = "removed"
		if err := access.RemoveMember(ctx, tx, by.Account(), former.User); err != nil {
			return m, err
		}
	}
	before := map[string]any{"owner": former.Email}
	if err := audit.Write(ctx, tx, by, audit.Entry{Action: "owner.changed", Subject: m.Email, Before: before, After: after}); err != nil {
		return m, err
	}
	return m, s.mail(ctx, tx, by,
		func(a place) mail.Letter { return a.ownerNow(m, former, by.Actor()) },
		func(a place) mail.Letter { return a.ownerNoLonger(former, m, h.Remove, by.Actor()) })
}
