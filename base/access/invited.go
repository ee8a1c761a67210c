package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// InvitationKind tells invitations' ids apart from others.
type InvitationKind struct{}

// InvitationID is the id of an invitation within its account.
type InvitationID = id.ID[InvitationKind]

// Invited proves that this actor holds a genuine link to an invitation: one
// that was really sent, whether or not it still works.
type Invited struct {
	act        Act
	invitation InvitationID
	link       string
	replaced   time.Time
}

// Account is the account invited to. A zero proof panics.
func (i Invited) Account() id.Account {
	if i.act.account == 0 {
		panic("access: a proof that no door has made")
	}
	return i.act.account
}

// Act is account and actor.
func (i Invited) Act() Act { i.Account(); return i.act }

// Actor is who acts.
func (i Invited) Actor() Actor { i.Account(); return i.act.actor }

// Invitation is what the link was sent for.
func (i Invited) Invitation() InvitationID { i.Account(); return i.invitation }

// Link names the link by its hash, so that accepting can insist on it.
func (i Invited) Link() string { i.Account(); return i.link }

// Replaced is when a newer link took this one's place; zero: it is the newest.
func (i Invited) Replaced() time.Time { i.Account(); return i.replaced }

// By is the proof with another actor: who has just logged in or registered.
func (i Invited) By(a Actor) Invited { i.act.actor = a; return i }

func scanInvited(r db.Row) (Invited, error) {
	var i Invited
	err := r.Scan(&i.invitation, &i.link, db.Time(&i.replaced))
	return i, err
}

// FindInvited mints the proof from a genuine link, NotFound from any other. It
// changes nothing.
func FindInvited(ctx context.Context, q db.Querier, t Token, a Actor) (Invited, error) {
	account := t.Account()
	if account == 0 {
		return Invited{}, fault.NotFoundf("This link is not complete. Open it from the email again.")
	}
	i, err := db.One(ctx, q, scanInvited, `SELECT invitation_id, token_hash, replaced_at FROM invitation_links
		WHERE account_id = $1 AND token_hash = $2`, account, t.Hash())
	if fault.Is(err, fault.NotFound) {
		return Invited{}, fault.NotFoundf("This link is not complete. Open it from the email again.")
	}
	if err != nil {
		return Invited{}, err
	}
	i.act = Act{account, a}
	return i, nil
}

// RenewInvitationLink makes another link of an invitation. Earlier ones no longer
// work but are still known to be genuine.
func RenewInvitationLink(ctx context.Context, tx *db.Tx, account id.Account, i InvitationID) (Token, error) {
	if err := tx.Later(ctx, `UPDATE invitation_links SET replaced_at = $1 WHERE account_id = $2 AND invitation_id = $3 AND replaced_at = 0`,
		tx.Now(), account, i); err != nil {
		return Token{}, err
	}
	return NewInvitationLink(ctx, tx, account, i)
}

// NewInvitationLink makes an invitation's first link.
func NewInvitationLink(ctx context.Context, tx *db.Tx, account id.Account, i InvitationID) (Token, error) {
	t := NewAccountToken(account)
	return t, tx.Later(ctx, `INSERT INTO invitation_links (account_id, token_hash, invitation_id, issued_at) VALUES ($1, $2, $3, $4)`,
		account, t.Hash(), i, tx.Now())
}
