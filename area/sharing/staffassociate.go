package sharing

import (
	"context"
	"strings"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/fault"
)

// An Association is what the form of Associate User says.
type Association struct {
	User        string // who was picked: a user's id, or an address
	First, Last string // of a new user who is associated at once
	All         bool   // All Permissions
	Perms       []string
	Invite      bool   // Send Invite: Yes
	Reason      string // for associating at once; only staff read it
	Key         string // of the form, so that sending it twice invites once
}

// Associated is what came of it: an invitation, or a user who has access.
type Associated struct {
	Email      access.Email // who was picked, also when that failed
	Invitation Invitation
	User       access.User
}

// MostReason is how long a reason may be, in characters.
const MostReason = 500

// Associate gives a user access to the account. With Invite it sends an
// invitation, and nobody is made or let in before it is accepted. Without, the
// user has access at once and no mail is sent: one who exists, or a new one
// whose login has no usable password. What is wrong is Invalid at its fields, of
// who was picked at the field find: the codes invite.member and invite.pending say
// that they have access or an invitation already. Two hundred an hour for each
// person of the staff, beyond that TooMany.
func (s *Sharing) Associate(ctx context.Context, in access.StaffOn[access.ManageUsers], a Association) (Associated, error) {
	picked, err := access.FindPicked(ctx, s.DB.Auto(), a.User)
	if a.Invite && err == nil {
		inv, err := s.Invite(ctx, access.AsManager(in), Draft{Email: picked.Email.Typed, All: a.All, Perms: a.Perms, Key: a.Key})
		return Associated{Email: picked.Email, Invitation: inv}, atFind(err)
	}
	wrong, err := fieldsOf(err)
	if err != nil {
		return Associated{}, err
	}
	a.First, a.Last = access.CleanName(a.First), access.CleanName(a.Last)
	if picked.User.ID == 0 && picked.Email.Key != "" && !a.Invite {
		access.CheckNames(&wrong, a.First, a.Last)
	}
	set := readSet(&wrong, access.AsManager(in), s.choice(ctx, a.All, a.Perms), "Tick at least one permission, or choose All Permissions.")
	if a.Reason = strings.TrimSpace(a.Reason); !a.Invite {
		checkReason(&wrong, a.Reason)
	}
	if err := wrong.Err(); err != nil {
		return Associated{}, err
	}
	u, err := s.associate(ctx, in, picked, a, set)
	return Associated{Email: picked.Email, User: u}, err
}

// associate lets a user in, who may have to be made first.
func (s *Sharing) associate(ctx context.Context, in access.StaffOn[access.ManageUsers], picked access.Picked, a Association, set access.Set) (access.User, error) {
	var u access.User
	limits := s.Settings.Current(ctx, s.DB.Auto()).Limits
	err := s.write(ctx, access.AsManager(in), func(tx *db.Tx) (err error) {
		if _, err := s.free(ctx, tx, access.AsManager(in), picked.Email, limits); err != nil {
			return atFind(err)
		}
		if u, err = s.picked(ctx, tx, in, picked, a); err != nil {
			return err
		}
		if err := access.AddMember(ctx, tx, in.Account(), u.ID, set, ""); err != nil {
			return err
		}
		if err := endRequest(ctx, tx, in.Account(), u.ID, forAccess); err != nil {
			return err
		}
		after := map[string]any{"permissions": set.Normal().Slugs(), "reason": a.Reason}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "member.associated", Subject: u.Email, After: after})
	}, db.LockUser(picked.User.ID))
	return u, err
}

// picked finds who was picked as they are now, or makes them.
func (s *Sharing) picked(ctx context.Context, tx *db.Tx, in access.StaffOn[access.ManageUsers], p access.Picked, a Association) (access.User, error) {
	if p.User.ID != 0 {
		u, err := access.FindUser(ctx, tx, p.User.ID)
		switch {
		case fault.Is(err, fault.NotFound):
			err = fault.FieldErr("find", "pick.gone", "This user does not exist any more. Choose another one.")
		case err == nil && !u.Disabled.IsZero():
			err = fault.FieldErr("find", "pick.disabled", "This user can't log in: the login was deactivated.")
		}
		return u, err
	}
	card := in.Card()
	u, err := access.NewUser(ctx, tx, p.Email, "", access.User{FirstName: a.First, LastName: a.Last, Language: card.Language, TimeZone: card.TimeZone})
	if err != nil {
		return u, atFind(err)
	}
	return u, audit.Write(ctx, tx, access.Elsewhere(in.Actor()), audit.Entry{Action: "login.created", Subject: u.Email})
}

func checkReason(wrong *fault.Fields, reason string) {
	switch n := len([]rune(reason)); {
	case n == 0:
		wrong.AddCode("reason", "reason.empty", "Say why, for those who look into this later.")
	case n > MostReason:
		wrong.AddCode("reason", "reason.long", "Shorten the reason to %d characters.", MostReason)
	}
}

// fieldsOf takes what is wrong with fields out of an error; another one is
// passed on.
func fieldsOf(err error) (fault.Fields, error) {
	e, ok := fault.As(err)
	if err == nil || !ok || len(e.Fields) == 0 {
		return nil, err
	}
	return e.Fields, nil
}

// atFind puts what is wrong with an address at the field that it was picked with.
func atFind(err error) error {
	e, ok := fault.As(err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	moved := *e
	moved.Fields = append(fault.Fields(nil), e.Fields...)
	for i := range moved.Fields {
		if moved.Fields[i].Name == "email" {
			moved.Fields[i].Name = "find"
		}
	}
	return &moved
}
