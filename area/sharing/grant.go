package sharing

import (
	"context"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/fault"
)

// A Grant is what the form of Manage Permissions says.
type Grant struct {
	All      bool // All Permissions
	Perms    []string
	Managing bool  // May invite and manage users: for the owner to say
	Version  int64 // of the membership that the form showed
}

// SetPermissions changes what a member may do, effective on their very next
// request, and mails them. If the membership was changed since the form showed
// it, Conflict with the code member.changed. Nothing chosen is Invalid: to take
// everything away, remove the access. Whether the member may manage users only
// the owner changes: of anybody else it is Denied.
func (s *Sharing) SetPermissions(ctx context.Context, in access.Manager, u id.User, g Grant) (access.MemberInfo, error) {
	var wrong fault.Fields
	set := readSet(&wrong, in, s.choice(ctx, g.All, g.Perms), "To take away everything, remove access instead.")
	if err := wrong.Err(); err != nil {
		return access.MemberInfo{}, err
	}
	var m access.MemberInfo
	err := s.write(ctx, in, func(tx *db.Tx) (err error) {
		if m, err = s.setPermissions(ctx, tx, in, u, set, g.Version); err != nil || m.Managing == g.Managing {
			return err
		}
		m, err = s.setManaging(ctx, tx, in, m, g.Managing)
		return err
	})
	return m, err
}

// setManaging lets a member, whom setPermissions has found, manage users or not.
func (s *Sharing) setManaging(ctx context.Context, tx *db.Tx, in access.Manager, m access.MemberInfo, yes bool) (access.MemberInfo, error) {
	if !letsManage(in) {
		return m, fault.Deniedf("Only the owner of this account says who manages its users.").WithCode("member.managing")
	}
	if err := access.SetManaging(ctx, tx, in.Act(), m.User, yes); err != nil {
		return m, err
	}
	m.Managing = yes
	action := "member.managing"
	if !yes {
		action = "member.managing-no-more"
	}
	if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: action, Subject: m.Email}); err != nil {
		return m, err
	}
	return m, s.mail(ctx, tx, in.Act(), func(a place) mail.Letter { return a.managing(m, in.Actor()) })
}

// letsManage tells whether somebody may let others manage users: the owner in
// person. Staff hand the account over, but choose nobody for its owner.
func letsManage(in access.Manager) bool {
	return in.Membership().Rights().Owner && in.Actor().Kind == access.ByUser
}

func (s *Sharing) setPermissions(ctx context.Context, tx *db.Tx, in access.Manager, u id.User, set access.Set, version int64) (access.MemberInfo, error) {
	m, before, err := s.give(ctx, tx, in, u, set, version)
	if err != nil || before == m.Set {
		return m, err
	}
	return m, s.mail(ctx, tx, in.Act(), func(a place) mail.Letter { return a.permissionsChanged(m, before, in.Actor()) })
}

// give changes what a member may do and says what it was before. Their requests for
// what they have now end.
func (s *Sharing) give(ctx context.Context, tx *db.Tx, in access.Manager, u id.User, set access.Set, version int64) (m access.MemberInfo, before access.Set, err error) {
	if m, err = s.target(ctx, tx, in, u); err != nil {
		return m, m.Set, err
	}
	before = m.Set
	set = kept(s.Settings.Current(ctx, tx).Offer(), set, before)
	if before == set && m.Version == version {
		return m, before, nil
	}
	if err := access.SetPermissions(ctx, tx, in.Act(), u, set, version); err != nil {
		return m, before, err
	}
	m.Set = set
	if err := endHeld(ctx, tx, in.Account(), u, set); err != nil {
		return m, before, err
	}
	return m, before, audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "member.permissions", Subject: m.Email, Before: before.Slugs(), After: set.Slugs()})
}
