package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// EmailMoved is the fact that staff gave a login another address. Whoever does
// it tells it: the former address is then told, with a link to undo it, and the
// new one asked to be confirmed.
type EmailMoved struct {
	User id.User   `json:"user"`
	From string    `json:"from"`
	To   string    `json:"to"`
	At   time.Time `json:"at"`
	// Unproved tells that nobody had proved the former address.
	Unproved bool `json:"unproved,omitempty"`
}

// Kind names the fact.
func (EmailMoved) Kind() string { return "access.email-moved" }

// MoveEmail gives the login another address, which is not proved. Links that
// were mailed to the one it had die. See FreeEmail for an address that others
// have.
func MoveEmail(ctx context.Context, tx *db.Tx, u id.User, e Email) error {
	if err := setEmail(ctx, tx, u, e, time.Time{}); err != nil {
		return err
	}
	for _, kind := range []LinkKind{Proving, Changing, Reset} {
		if err := DropLinks(ctx, tx, u, kind); err != nil {
			return err
		}
	}
	return nil
}

// AccountsFollow is the fact that a login's address changed, and that the accounts
// follow it whose address was the same: somebody wanted both changed, or put the
// former address back. IP and Agent are where it was done.
type AccountsFollow struct {
	User  id.User `json:"user"`
	From  string  `json:"from"`
	To    string  `json:"to"`
	IP    string  `json:"ip"`
	Agent string  `json:"agent"`
}

// Kind names the fact.
func (AccountsFollow) Kind() string { return "access.accounts-follow" }

// PasswordWanted is the fact that staff want somebody to set a password: they
// are then mailed a link for it.
type PasswordWanted struct {
	User id.User `json:"user"`
}

// Kind names the fact.
func (PasswordWanted) Kind() string { return "access.password-wanted" }
