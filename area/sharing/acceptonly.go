package sharing

import (
	"context"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// The codes of what is in the way where an account takes only the invited
// address.
const (
	addressOther    = "invite.address"  // the login has another one
	addressUnproved = "invite.unproved" // it has that one, and has not proved it
)

// addressed refuses a login that has not the invited address, or has not proved
// it, where the account takes no other. What counts is the login as it is now,
// under its lock.
func addressed(ctx context.Context, tx *db.Tx, w Welcome, u id.User) error {
	if !w.Card.Rules.On(access.InvitedRule) {
		return nil
	}
	now, err := access.FindUser(ctx, tx, u)
	if err != nil {
		return err
	}
	switch email, ok := access.ParseEmail(now.Email); {
	case !ok || email.Key != w.Email.Key:
		return fault.Conflictf("This account takes only the person who was invited: log in with %s.", w.Email.Typed).WithCode(addressOther)
	case now.Verified.IsZero():
		return fault.Conflictf("Confirm first that %s is your email address.", w.Email.Typed).WithCode(addressUnproved)
	}
	return nil
}

// onlyInvited tells whether the account takes only the invited address, and then
// refuses a new login with another one: it could not accept.
func onlyInvited(ctx context.Context, tx *db.Tx, in access.Invited, e access.Email) (bool, error) {
	rules, err := access.FindRules(ctx, tx, in.Account())
	if err != nil || !rules.On(access.InvitedRule) {
		return false, err
	}
	inv, err := findInvitation(ctx, tx, in.Account(), in.Invitation())
	if err == nil && e.Key != inv.Email.Key {
		err = fault.FieldErr("email", "invite.only", "This account takes only the address that was invited: %s.", inv.Email.Typed)
	}
	return true, err
}

// notYet tells whether who logged in could not accept and is let in all the same:
// the invitation's page says why, and what to do.
func notYet(err error) bool {
	switch fault.CodeOf(err) {
	case access.AlreadyMember, addressOther, addressUnproved:
		return true
	}
	return false
}
