package sharing

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

const offerColumns = `o.id, o.from_user, o.to_user, o.state, o.offered_at`

func scanOffer(r db.Row) (Offer, error) {
	var o Offer
	err := r.Scan(&o.ID, &o.From, &o.To, &o.State, db.Time(&o.Offered))
	return o, err
}

func insertOffer(ctx context.Context, tx *db.Tx, account id.Account, o Offer, t access.Token) error {
	return tx.ExecOne(ctx, `INSERT INTO handovers (account_id, id, token_hash, from_user, to_user, state, offered_at) VALUES ($1, $2, $3, $4, $5, 'pending', $6)`,
		account, o.ID, t.Hash(), o.From, o.To, o.Offered)
}

// findOffer finds the pending offer made since then.
func findOffer(ctx context.Context, q db.Querier, account id.Account, since time.Time) (Offer, error) {
	return db.One(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM handovers o
		WHERE o.account_id = $1 AND o.state = 'pending' AND o.offered_at > $2`, account, since)
}

func findOfferTo(ctx context.Context, q db.Querier, account id.Account, to id.User, t access.Token) (Offer, error) {
	return db.One(ctx, q, scanOffer, `SELECT `+offerColumns+` FROM handovers o
		WHERE o.account_id = $1 AND o.token_hash = $2 AND o.to_user = $3`, account, t.Hash(), to)
}

// decideOffer answers a pending offer, once.
func decideOffer(ctx context.Context, tx *db.Tx, account id.Account, o Offer, to State) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE handovers SET state = $1, decided_at = $2
		WHERE account_id = $3 AND id = $4 AND state = 'pending' AND offered_at > $5`, string(to), tx.Now(), account, o.ID, tx.Now().Add(-Life))
	return n == 1, err
}

func scanHandoverID(r db.Row) (HandoverID, error) {
	var o HandoverID
	err := r.Scan(&o)
	return o, err
}

// cancelOffers cancels the pending offers, expired ones among them, and names them.
func cancelOffers(ctx context.Context, tx *db.Tx, account id.Account) ([]HandoverID, error) {
	return db.All(ctx, tx, scanHandoverID, `UPDATE handovers SET state = 'cancelled', decided_at = $1
		WHERE account_id = $2 AND state = 'pending' RETURNING id`, tx.Now(), account)
}

// cancelOffersTo cancels the pending offers to one user, and names them.
func cancelOffersTo(ctx context.Context, tx *db.Tx, account id.Account, to id.User) ([]HandoverID, error) {
	return db.All(ctx, tx, scanHandoverID, `UPDATE handovers SET state = 'cancelled', decided_at = $1
		WHERE account_id = $2 AND state = 'pending' AND to_user = $3 RETURNING id`, tx.Now(), account, to)
}
