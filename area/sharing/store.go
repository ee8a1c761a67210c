package sharing

import (
	"cmp"
	"context"
	"slices"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

const invitationColumns = `i.id, i.email, i.email_key, i.permissions, i.message, i.state, i.invited_by, i.inviter_name, i.inviter_email,
	i.created_at, i.issued_at, i.decided_at, i.accepted_by, i.version, i.form_key`

// targets are those of invitationColumns; the permissions go to set.
func (i *Invitation) targets(set *int64) []any {
	return []any{&i.ID, &i.Email.Typed, &i.Email.Key, set, &i.Message, &i.State, &i.InvitedBy, &i.InviterName, &i.InviterEmail,
		db.Time(&i.Created), db.Time(&i.Issued), db.Time(&i.Decided), &i.AcceptedBy, &i.Version, &i.form}
}

func scanInvitation(r db.Row) (Invitation, error) {
	var i Invitation
	var set int64
	err := r.Scan(i.targets(&set)...)
	i.Set = access.Set(set)
	return i, err
}

// listedInvitations are invitations as they are shown: with what their senders may
// give now.
const listedInvitations = `SELECT ` + invitationColumns + `, COALESCE(m.owner AND u.disabled_at = 0, FALSE),
		COALESCE(m.manages AND u.disabled_at = 0, FALSE), COALESCE(m.permissions, 0)
	FROM invitations i LEFT JOIN memberships m ON m.account_id = i.account_id AND m.user_id = i.invited_by LEFT JOIN users u ON u.id = m.user_id`

// scanListed notes whether nobody can accept the invitation, because who sent it
// could no longer give what it contains.
func scanListed(r db.Row) (Invitation, error) {
	var i Invitation
	var sender access.Rights
	var set, gives int64
	err := r.Scan(append(i.targets(&set), &sender.Owner, &sender.Managing, &gives)...)
	i.Set, sender.Set = access.Set(set), access.Set(gives)
	i.Void = i.State == Pending && !stands(sender, i)
	return i, err
}

func findInvitation(ctx context.Context, q db.Querier, account id.Account, i access.InvitationID) (Invitation, error) {
	return db.One(ctx, q, scanInvitation, `SELECT `+invitationColumns+` FROM invitations i WHERE i.account_id = $1 AND i.id = $2`, account, i)
}

// findListed is findInvitation of one that is shown.
func findListed(ctx context.Context, q db.Querier, account id.Account, i access.InvitationID) (Invitation, error) {
	return db.One(ctx, q, scanListed, listedInvitations+` WHERE i.account_id = $1 AND i.id = $2`, account, i)
}

// mostListed is how many invitations a list has, unless more are pending.
const mostListed = 200

// listInvitations lists the pending ones, expired ones among them, and those
// declined since then, the newest first: their ids are as old as they are. None that is
// pending is left out, however many were declined: of the states' texts 'pending' is
// the greatest and 'declined' the one before it, so in the order of the index the
// pending ones come first, of which a host lets an account have 1,000 at most.
// PostgreSQL plans by the limit, so it stands in the text.
func listInvitations(ctx context.Context, q db.Querier, account id.Account, declinedSince time.Time) ([]Invitation, error) {
	list, err := db.All(ctx, q, scanListed, listedInvitations+`
		WHERE i.account_id = $1 AND i.state >= 'declined' AND (i.state = 'pending' OR i.decided_at > $2)
		ORDER BY i.state DESC, i.id DESC LIMIT 1200`, account, declinedSince)
	pending := 0
	for pending < len(list) && list[pending].State == Pending {
		pending++
	}
	list = list[:min(len(list), max(pending, mostListed))]
	slices.SortFunc(list, func(a, b Invitation) int { return cmp.Compare(b.ID, a.ID) })
	return list, err
}

// listTaken lists the invitations that were accepted since then, the first first.
func listTaken(ctx context.Context, q db.Querier, account id.Account, since time.Time) ([]Invitation, error) {
	return db.All(ctx, q, scanInvitation, `SELECT `+invitationColumns+` FROM invitations i
		WHERE i.account_id = $1 AND i.state = 'accepted' AND i.decided_at > $2 ORDER BY i.decided_at, i.id`, account, since)
}

func findPending(ctx context.Context, q db.Querier, account id.Account, e access.Email) (Invitation, error) {
	return db.One(ctx, q, scanInvitation, `SELECT `+invitationColumns+` FROM invitations i
		WHERE i.account_id = $1 AND i.email_key = $2 AND i.state = 'pending'`, account, e.Key)
}

func countPending(ctx context.Context, q db.Querier, account id.Account) (int64, error) {
	return db.One(ctx, q, scanInt, `SELECT count(*) FROM invitations WHERE account_id = $1 AND state = 'pending'`, account)
}

func scanInt(r db.Row) (int64, error) {
	var n int64
	err := r.Scan(&n)
	return n, err
}

func insertInvitation(ctx context.Context, tx *db.Tx, account id.Account, i Invitation) error {
	return tx.ExecOne(ctx, `INSERT INTO invitations (account_id, id, email, email_key, permissions, message, state, invited_by, inviter_name,
			inviter_email, form_key, created_at, issued_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9, $10, $11, $11)`,
		account, i.ID, i.Email.Typed, i.Email.Key, int64(i.Set), i.Message, i.InvitedBy, i.InviterName, i.InviterEmail, i.form, i.Created)
}

// cancel ends a pending or declined invitation, if it is still what the actor saw.
func cancel(ctx context.Context, tx *db.Tx, account id.Account, i access.InvitationID, from State) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE invitations SET state = 'cancelled', decided_at = $1, version = version + 1
		WHERE account_id = $2 AND id = $3 AND state = $4`, tx.Now(), account, i, string(from))
	return n == 1, err
}

// spend accepts or declines a pending invitation by its newest link, once. u is
// who accepts, 0 when it is declined.
func spend(ctx context.Context, tx *db.Tx, in access.Invited, to State, u id.User) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE invitations SET state = $1, decided_at = $2, accepted_by = $3, version = version + 1
		WHERE account_id = $4 AND id = $5 AND state = 'pending' AND issued_at > $6
		AND EXISTS (SELECT 1 FROM invitation_links l WHERE l.account_id = $4 AND l.token_hash = $7 AND l.invitation_id = $5 AND l.replaced_at = 0)`,
		string(to), tx.Now(), u, in.Account(), in.Invitation(), tx.Now().Add(-Life), in.Link())
	return n == 1, err
}

// reissue restarts a pending invitation's seven days.
func reissue(ctx context.Context, tx *db.Tx, account id.Account, i access.InvitationID) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE invitations SET issued_at = $1, version = version + 1
		WHERE account_id = $2 AND id = $3 AND state = 'pending'`, tx.Now(), account, i)
	return n == 1, err
}

func updateSender(ctx context.Context, tx *db.Tx, account id.Account, i Invitation) error {
	return tx.ExecOne(ctx, `UPDATE invitations SET invited_by = $1, inviter_name = $2, inviter_email = $3 WHERE account_id = $4 AND id = $5`,
		i.InvitedBy, i.InviterName, i.InviterEmail, account, i.ID)
}

// updateSet changes what a pending invitation contains, if it is still the version seen.
func updateSet(ctx context.Context, tx *db.Tx, account id.Account, i access.InvitationID, set access.Set, version int64) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE invitations SET permissions = $1, version = version + 1
		WHERE account_id = $2 AND id = $3 AND state = 'pending' AND version = $4`, int64(set), account, i, version)
	return n == 1, err
}

// passOn gives the pending invitations that one user has sent to another.
func passOn(ctx context.Context, tx *db.Tx, account id.Account, from id.User, to access.MemberInfo) error {
	_, err := tx.Exec(ctx, `UPDATE invitations SET invited_by = $1, inviter_name = $2, inviter_email = $3, version = version + 1
		WHERE account_id = $4 AND state = 'pending' AND invited_by = $5`, to.User, to.Name(), to.Email, account, from)
	return err
}
