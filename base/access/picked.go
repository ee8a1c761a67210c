package access

import (
	"context"
	"strings"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// Picked is what the field Select User says: somebody who has a login, or an
// address that is to get one.
type Picked struct {
	User  User // zero: nobody has a login with this address
	Email Email
}

// FindPicked reads the field's value: a user's id, or an address. It is Invalid
// at the field find when it says nobody. An address that has got a login since it
// was chosen is that login.
func FindPicked(ctx context.Context, q db.Querier, value string) (Picked, error) {
	if email, ok := ParseEmail(value); ok {
		u, err := FindUserByEmail(ctx, q, email)
		if fault.Is(err, fault.NotFound) {
			return Picked{Email: email}, nil
		}
		return Picked{User: u, Email: email}, err
	}
	u, ok := id.Parse[id.UserKind](value)
	if !ok {
		return Picked{}, fault.FieldErr("find", "pick.none", "Type a name or an email address, and choose one of those found.")
	}
	user, err := FindUser(ctx, q, u)
	if fault.Is(err, fault.NotFound) {
		return Picked{}, fault.FieldErr("find", "pick.gone", "This user does not exist any more. Choose another one.")
	}
	email, _ := ParseEmail(user.Email)
	return Picked{User: user, Email: email}, err
}

// FindToPick finds users for the field Select User: at most limit, whose name or
// address matches. fresh is the text as an address when it is one that nobody
// has, "" otherwise. It reads across accounts, and not from a replica: somebody who
// was made just now is found.
func FindToPick(ctx context.Context, d *db.DB, text string, limit int) (users []UserLine, fresh string, err error) {
	if users, _, err = searchUsers(ctx, d.Across(), text, "", limit); err != nil {
		return nil, "", err
	}
	email, ok := ParseEmail(strings.TrimSpace(text))
	if !ok {
		return users, "", nil
	}
	if _, err := FindUserByEmail(ctx, d.Auto(), email); !fault.Is(err, fault.NotFound) {
		return users, "", err
	}
	return users, email.Typed, nil
}
