package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/fault"
)

// A Team is who has access to an account and who is invited, for its record.
type Team struct {
	Members
	Invitations []Invitation
	Deliveries  map[string]mail.Delivery // what became of the invitations' mails, by Ref
	Shuts       bool                     // the account is shut to who has no two-step login
}

// Team lists who has access, and who is invited.
func (s *Sharing) Team(ctx context.Context, in access.StaffOn[access.SeeAccounts], p Part) (Team, error) {
	members, err := s.members(ctx, in.Account(), p)
	if err != nil {
		return Team{}, err
	}
	invitations, err := s.invitations(ctx, in.Account())
	if err != nil {
		return Team{}, err
	}
	states, err := s.deliveries(ctx, in.Account(), invitations)
	if err != nil {
		return Team{}, err
	}
	shuts, err := shuts(ctx, s.DB.Auto(), in.Account(), members.List)
	return Team{members, invitations, states, shuts}, err
}

// A Person is a member as staff manage them: the membership and the login.
type Person struct {
	access.MemberInfo
	Verified   time.Time // when the address was proved; zero: not yet
	Disabled   time.Time
	NoPassword bool // they have no usable password yet
}

// Person finds a member, NotFound if the user is none.
func (s *Sharing) Person(ctx context.Context, in access.StaffOn[access.ManageUsers], u id.User) (Person, error) {
	m, err := access.FindMember(ctx, s.DB.Auto(), in.Account(), u)
	if err != nil {
		return Person{}, err
	}
	user, err := access.FindUser(ctx, s.DB.Auto(), u)
	if err != nil {
		return Person{}, err
	}
	hash, err := access.PasswordHash(ctx, s.DB.Auto(), u)
	return Person{MemberInfo: m, Verified: user.Verified, Disabled: user.Disabled, NoPassword: hash == ""}, err
}

// A Managed is what the form of Manage User says. Permissions are not those of
// the owner, who has them all.
type Managed struct {
	First, Last, Email string
	All                bool // All Permissions
	Perms              []string
	Owner              bool  // Make Owner: the permissions stay as they are
	Version            int64 // of the membership that the form showed
}

// Manage saves a member's names, address and permissions. A new address counts
// at once, unproved; the former one is told, with a link that puts it back. If
// the permissions were changed meanwhile it is Conflict with the code
// member.changed, and nothing is saved.
func (s *Sharing) Manage(ctx context.Context, in access.StaffOn[access.ManageUsers], u id.User, f Managed) (access.MemberInfo, error) {
	f.First, f.Last = access.CleanName(f.First), access.CleanName(f.Last)
	var wrong fault.Fields
	access.CheckNames(&wrong, f.First, f.Last)
	email, ok := access.ParseEmail(f.Email)
	if !ok {
		wrong.AddCode("email", "email.malformed", "Enter an address like name@example.com.")
	}
	was, err := access.FindMember(ctx, s.DB.Auto(), in.Account(), u)
	if err != nil {
		return was, err
	}
	var set access.Set
	stays := f.Owner || was.Owner
	if !stays {
		set = readSet(&wrong, access.AsManager(in), s.choice(ctx, f.All, f.Perms), "To take away everything, remove the user instead.")
	}
	if err := wrong.Err(); err != nil {
		return was, err
	}
	var m access.MemberInfo
	err = s.write(ctx, access.AsManager(in), func(tx *db.Tx) (err error) {
		if m, err = access.FindMember(ctx, tx, in.Account(), u); err != nil {
			return err
		}
		if !stays {
			if m, err = s.setPermissions(ctx, tx, access.AsManager(in), u, set, f.Version); err != nil {
				return err
			}
		}
		m, err = s.setLogin(ctx, tx, in, m, f.First, f.Last, email)
		return err
	}, db.LockUser(u))
	return m, err
}

// A card is what is said of somebody in the audit.
type card struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// setLogin gives a member's login other names and another address.
func (s *Sharing) setLogin(ctx context.Context, tx *db.Tx, in access.StaffOn[access.ManageUsers], m access.MemberInfo, first, last string, email access.Email) (access.MemberInfo, error) {
	u, err := access.FindUser(ctx, tx, m.User)
	if err != nil {
		return m, err
	}
	var before, after card
	if named := u.FirstName != first || u.LastName != last; named {
		before.Name = u.Name()
		u.FirstName, u.LastName = first, last
		after.Name = u.Name()
		if err := access.SetProfile(ctx, tx, u); err != nil {
			return m, err
		}
	}
	if u.Email != email.Typed {
		before.Email, after.Email = u.Email, email.Typed
		if err := access.MoveEmail(ctx, tx, u.ID, email); err != nil {
			return m, err
		}
		if err := s.Jobs.Tell(ctx, tx, access.EmailMoved{User: u.ID, From: u.Email, To: email.Typed, At: tx.Now(), Unproved: u.Verified.IsZero()}); err != nil {
			return m, err
		}
	}
	if after == (card{}) {
		return m, nil
	}
	m.FirstName, m.LastName, m.Email = first, last, email.Typed
	if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "member.edited", Subject: u.Email, Before: before, After: after}); err != nil || after.Email == "" {
		return m, err
	}
	// In their other accounts, too, it is by the new address that they act.
	return m, audit.WriteConcerned(ctx, tx, in.Elsewhere(), u.ID, in.Account(), audit.Entry{Action: "user.edited", Subject: u.Email, Before: before, After: after})
}

func linking() access.Limit {
	return access.Limit{Name: "staff-link", Most: 3, Per: time.Hour, Public: "This link was sent several times. Send it again in %d minutes."}
}

// SendPasswordLink has a link mailed to a member by which they set a password.
// Three times an hour for each user, beyond that TooMany. Of a login that was
// deactivated it is Conflict.
func (s *Sharing) SendPasswordLink(ctx context.Context, in access.StaffOn[access.ManageUsers], u id.User) (access.MemberInfo, error) {
	var m access.MemberInfo
	err := s.write(ctx, access.AsManager(in), func(tx *db.Tx) (err error) {
		if m, err = access.FindMember(ctx, tx, in.Account(), u); err != nil {
			return err
		}
		if err := enabled(ctx, tx, u); err != nil {
			return err
		}
		if err := linking().CountIn(ctx, tx, u.String()); err != nil {
			return err
		}
		if err := s.Jobs.Tell(ctx, tx, access.PasswordWanted{User: u}); err != nil {
			return err
		}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "member.password-link", Subject: m.Email})
	}, db.LockUser(u))
	return m, err
}

// enabled is Conflict when the user can't log in.
func enabled(ctx context.Context, tx *db.Tx, u id.User) error {
	user, err := access.FindUser(ctx, tx, u)
	if err == nil && !user.Disabled.IsZero() {
		return fault.Conflictf("%s can't log in: the login was deactivated.", user.Name()).WithCode("user.disabled")
	}
	return err
}
