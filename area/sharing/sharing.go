package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/vault"
	"atrium/fault"
)

// Sharing opens accounts to other people.
type Sharing struct {
	DB        *db.DB
	Jobs      *job.Jobs
	Mail      *mail.Mail
	Passwords *access.Passwords
	TwoStep   *access.TwoStep
	Vault     *vault.Vault
	Settings  *settings.Store
	URL       func(path string) string // under the base URL
}

// Work registers the jobs. Call it once, before they run.
func (s *Sharing) Work() {
	job.On(s.Jobs, s.seek)
	job.Every(s.Jobs, "sharing.remind", time.Hour, s.Remind)
}

// Members lists who has access.
func (s *Sharing) Members(ctx context.Context, in access.Manager, p Part) (Members, error) {
	return s.members(ctx, in.Account(), p)
}

// Member finds one member of the account, NotFound if there is none.
func (s *Sharing) Member(ctx context.Context, in access.Manager, u id.User) (access.MemberInfo, error) {
	return access.FindMember(ctx, s.DB.Auto(), in.Account(), u)
}

// MemberByEmail finds the member with this address, NotFound if there is none.
func (s *Sharing) MemberByEmail(ctx context.Context, in access.Manager, e access.Email) (access.MemberInfo, error) {
	return access.FindMemberByEmail(ctx, s.DB.Auto(), in.Account(), e)
}

// write is DB.Write of a manager, whose rights are still those that the door
// found: someone who was removed a moment ago gives nothing to anybody. Where the
// host keeps users to itself, only its staff come through.
func (s *Sharing) write(ctx context.Context, in access.Manager, fn func(*db.Tx) error, locks ...db.Lock) error {
	if err := hostManages(s.Settings.Current(ctx, s.DB.Auto()), in); err != nil {
		return err
	}
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		return fn(tx)
	}, locks...)
}

// Remove takes a member's access away, effective on their very next request,
// and mails both. The user and their other accounts stay.
func (s *Sharing) Remove(ctx context.Context, in access.Manager, u id.User) (access.MemberInfo, error) {
	var m access.MemberInfo
	err := s.write(ctx, in, func(tx *db.Tx) (err error) {
		if m, err = s.target(ctx, tx, in, u); err != nil {
			return err
		}
		return s.end(ctx, tx, in.Act(), m, "member.removed")
	})
	return m, err
}

// target finds the member that a manager is about to change, and refuses what
// nobody may: touching the owner, oneself, or someone who holds more.
func (s *Sharing) target(ctx context.Context, tx *db.Tx, in access.Manager, u id.User) (access.MemberInfo, error) {
	m, err := access.FindMember(ctx, tx, in.Account(), u)
	if err != nil {
		return m, err
	}
	return m, mayTouch(in, m)
}

// choice is what a form says, of what is on offer now.
func (s *Sharing) choice(ctx context.Context, all bool, slugs []string) choice {
	return choice{s.Settings.Current(ctx, s.DB.Auto()).Offer(), all, slugs}
}

// hostManages refuses managers of accounts where only staff manage users.
func hostManages(set *settings.Snapshot, in access.Manager) error {
	if set.Users.Managed || in.Actor().Kind == access.ByStaff {
		return nil
	}
	return byHost(set)
}

func byHost(set *settings.Snapshot) error {
	return fault.Deniedf("%s manages users for you. Contact support to add somebody.", set.Company.Name).WithCode("members.host")
}

func mayTouch(in access.Manager, m access.MemberInfo) error {
	switch by := in.Membership().Rights(); {
	case m.Owner:
		return fault.Deniedf("The owner always has full access.").WithCode("member.owner")
	case m.User == in.Actor().User:
		return fault.Deniedf("You can't change your own access.").WithCode("member.self")
	case !canGive(by, m.Set) || m.Managing && !by.Owner:
		return fault.Deniedf("%s may do more here than you. Only the owner can change that.", m.Name()).WithCode("member.more")
	}
	return nil
}

// Leave gives up one's own membership, also of whom the account's rules keep out.
// The owner can't, before a transfer.
func (s *Sharing) Leave(ctx context.Context, in access.Leaving) error {
	return s.DB.Write(ctx, in, func(tx *db.Tx) error {
		m, err := access.FindMember(ctx, tx, in.Account(), in.Actor().User)
		if err != nil {
			return err
		}
		if m.Owner {
			return fault.Deniedf("You own this account. Hand it over to someone else before you leave.").WithCode("member.owner")
		}
		return s.end(ctx, tx, in.Act(), m, "member.left")
	})
}

func (s *Sharing) end(ctx context.Context, tx *db.Tx, by access.Act, m access.MemberInfo, action string) error {
	if err := access.RemoveMember(ctx, tx, by.Account(), m.User); err != nil {
		return err
	}
	if err := s.dropOffersTo(ctx, tx, by.Account(), m.User); err != nil {
		return err
	}
	if err := endHeld(ctx, tx, by.Account(), m.User, access.Everything); err != nil {
		return err
	}
	if err := audit.Write(ctx, tx, by, audit.Entry{Action: action, Subject: m.Email, Before: m.Set.Slugs()}); err != nil {
		return err
	}
	owner, err := access.FindOwner(ctx, tx, by.Account())
	if err != nil {
		return err
	}
	return s.mail(ctx, tx, by,
		func(a place) mail.Letter { return a.accessEnded(m, by.Actor()) },
		func(a place) mail.Letter { return a.accessEndedForOwner(owner, m, by.Actor()) })
}

// Owner finds who owns the account.
func (s *Sharing) Owner(ctx context.Context, in access.Member) (access.MemberInfo, error) {
	return access.FindOwner(ctx, s.DB.Auto(), in.Account())
}
