package access

import (
	"context"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// OpenAccount adds an account that u owns, inside db.WriteGlobal with the
// user's lock. Name, country, language and time zone are taken from a; the
// number comes from the counter row. Its mails go to the owner's address, and go
// on to do so when the owner gets another one.
func OpenAccount(ctx context.Context, tx *db.Tx, u id.User, a NewAccount) (id.Account, error) {
	n, err := db.One(ctx, tx, scanInt, `UPDATE counters SET value = value + 1 WHERE name = 'account' RETURNING value`)
	if err != nil {
		return 0, err
	}
	account := id.Account(n)
	key, err := countAccount(ctx, tx, u, 1)
	if err != nil {
		return 0, living(err)
	}
	email, err := findEmail(ctx, tx, u)
	if err != nil {
		return 0, living(err)
	}
	err = tx.ExecOne(ctx, `INSERT INTO accounts (account_id, name, country, language, time_zone, created_at, email, email_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		account, a.Name, a.Country, a.Language, a.TimeZone, tx.Now(), email.Typed, email.Key)
	if err != nil {
		return 0, err
	}
	err = tx.ExecOne(ctx, `INSERT INTO memberships (account_id, user_id, owner, joined_at, listed) VALUES ($1, $2, TRUE, $3, $4)`,
		account, u, tx.Now(), listedMember(true, key))
	if err != nil {
		return 0, living(err)
	}
	if err := indexNew(ctx, tx, account); err != nil {
		return 0, err
	}
	return account, insertUserAccount(ctx, tx, u, account, listedAccount(Active, true, nameKey(a.Name)))
}

func findEmail(ctx context.Context, q db.Querier, u id.User) (Email, error) {
	return db.One(ctx, q, func(r db.Row) (Email, error) {
		var e Email
		err := r.Scan(&e.Typed, &e.Key)
		return e, err
	}, `SELECT email, email_key FROM users WHERE id = $1`, u)
}

// NewAccount is what an account starts with.
type NewAccount struct{ Name, Country, Language, TimeZone string }

func scanInt(r db.Row) (int64, error) {
	var n int64
	err := r.Scan(&n)
	return n, err
}

// insertUserAccount lists the account among those of a new member.
func insertUserAccount(ctx context.Context, tx *db.Tx, u id.User, account id.Account, listed string) error {
	return tx.ExecOne(ctx, `INSERT INTO user_accounts (user_id, account_id, used_at, listed) VALUES ($1, $2, $3, $4)`, u, account, tx.Now(), listed)
}

// AlreadyMember is the fault code when someone has access already.
const AlreadyMember = "member.already"

// AddMember gives u a membership, under their lock. Someone who has one keeps it as
// it is and gets Conflict.
func AddMember(ctx context.Context, tx *db.Tx, account id.Account, u id.User, set Set, invitedAs string) error {
	name, err := countAccount(ctx, tx, u, 1)
	if err != nil {
		return living(err)
	}
	n, err := tx.Exec(ctx, `INSERT INTO memberships (account_id, user_id, permissions, invited_as, joined_at, listed)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, user_id) DO NOTHING`,
		account, u, int64(set.Normal()), invitedAs, tx.Now(), listedMember(false, name))
	if err != nil {
		return living(err)
	}
	if n == 0 {
		return fault.Conflictf("You already have access to this account.").WithCode(AlreadyMember)
	}
	status, name, err := countMember(ctx, tx, account, 1)
	if err != nil {
		return err
	}
	return insertUserAccount(ctx, tx, u, account, listedAccount(status, false, name))
}

// IsMember tells whether u has a membership.
func IsMember(ctx context.Context, q db.Querier, account id.Account, u id.User) (bool, error) {
	n, err := db.One(ctx, q, scanInt, `SELECT count(*) FROM memberships WHERE account_id = $1 AND user_id = $2`, account, u)
	return n > 0, err
}

// SetPermissions changes what a member may do, if the membership still has the
// version that the actor saw: Conflict otherwise. Owners can't be changed. Who may
// no longer see invoices is not the billing contact any more.
func SetPermissions(ctx context.Context, tx *db.Tx, by Act, u id.User, set Set, version int64) error {
	n, err := tx.Exec(ctx, `UPDATE memberships SET permissions = $1, version = version + 1, changed_at = $2, changed_by = $3
		WHERE account_id = $4 AND user_id = $5 AND version = $6 AND NOT owner`,
		int64(set.Normal()), tx.Now(), by.actor.changer(), by.Account(), u, version)
	if err == nil && n == 0 {
		return fault.Conflictf("These permissions were changed meanwhile.").WithCode("member.changed")
	}
	if err != nil || set.Has(NameInvoices) {
		return err
	}
	return updateNotBilling(ctx, tx, by.Account(), u)
}

// SetManaging lets a member manage the account's users, or no longer. Owners can't
// be changed: who is one, or is no member, is Conflict.
func SetManaging(ctx context.Context, tx *db.Tx, by Act, u id.User, yes bool) error {
	n, err := tx.Exec(ctx, `UPDATE memberships SET manages = $1, version = version + 1, changed_at = $2, changed_by = $3
		WHERE account_id = $4 AND user_id = $5 AND NOT owner`, yes, tx.Now(), by.actor.changer(), by.Account(), u)
	if err == nil && n == 0 {
		return fault.Conflictf("These permissions were changed meanwhile.").WithCode("member.changed")
	}
	return err
}

// updateNotBilling has invoices addressed to the owner again, if they were to u.
func updateNotBilling(ctx context.Context, tx *db.Tx, account id.Account, u id.User) error {
	_, err := tx.Exec(ctx, `UPDATE accounts SET billing_user = 0, version = version + 1 WHERE account_id = $1 AND billing_user = $2`, account, u)
	return err
}

// changer is what a membership says of who changed it: "" of staff, whose names
// are no business of members.
func (a Actor) changer() string {
	if a.Kind == ByStaff {
		return ""
	}
	return a.Name
}

// OwnerChanged is the fault code when an account has another owner than the
// actor saw, or the one who was to become it has left.
const OwnerChanged = "owner.changed"

// SetOwner hands the account over: to, a member, owns it instead of from, who
// keeps every permission. At each moment there is at most one owner. If from does
// not own it any more, or to is no member, it is Conflict with the code
// OwnerChanged. It needs the locks of both.
func SetOwner(ctx context.Context, tx *db.Tx, by Act, from, to id.User) error {
	n, err := tx.Exec(ctx, `UPDATE memberships SET owner = FALSE, manages = FALSE, permissions = $1, version = version + 1, changed_at = $2, changed_by = $3, listed = '1' || substr(listed, 2)
		WHERE account_id = $4 AND user_id = $5 AND owner`, int64(Everything), tx.Now(), by.actor.changer(), by.Account(), from)
	if err == nil && n == 0 {
		err = fault.Conflictf("Meanwhile this account has got another owner.").WithCode(OwnerChanged)
	}
	if err != nil {
		return err
	}
	n, err = tx.Exec(ctx, `UPDATE memberships SET owner = TRUE, manages = FALSE, permissions = 0, version = version + 1, changed_at = $1, changed_by = $2, listed = '0' || substr(listed, 2)
		WHERE account_id = $3 AND user_id = $4 AND NOT owner`, tx.Now(), by.actor.changer(), by.Account(), to)
	if err == nil && n == 0 {
		err = fault.Conflictf("Meanwhile this user no longer has access to the account.").WithCode(OwnerChanged)
	}
	if err != nil {
		return err
	}
	if err := IndexAccount(ctx, tx, by.Account()); err != nil {
		return err
	}
	return listAccount(ctx, tx, by.Account())
}

// RemoveMember takes the membership away, never the user. The owner's can't be.
func RemoveMember(ctx context.Context, tx *db.Tx, account id.Account, u id.User) error {
	if _, err := countAccount(ctx, tx, u, -1); err != nil { // first, like who changes the user's name
		return err
	}
	if err := tx.ExecOne(ctx, `DELETE FROM memberships WHERE account_id = $1 AND user_id = $2 AND NOT owner`, account, u); err != nil {
		return err
	}
	if err := updateNotBilling(ctx, tx, account, u); err != nil {
		return err
	}
	if err := tx.ExecOne(ctx, `DELETE FROM user_accounts WHERE user_id = $1 AND account_id = $2`, u, account); err != nil {
		return err
	}
	_, _, err := countMember(ctx, tx, account, -1)
	return err
}

// A Card is what is said about an account beside its number, and what it asks of
// its members.
type Card struct {
	account  id.Account
	Name     string
	Language string
	TimeZone string
	Status   Status
	Rules    Rules
}

// Account is whose card it is.
func (c Card) Account() id.Account { return c.account }

func scanCard(r db.Row) (Card, error) {
	var c Card
	err := r.Scan(&c.account, &c.Name, &c.Language, &c.TimeZone, &c.Status, db.Time(&c.Rules.TwoStep), db.Time(&c.Rules.Invited))
	return c, err
}

// FindCard reads an account's card, NotFound if there is no such account.
func FindCard(ctx context.Context, q db.Querier, account id.Account) (Card, error) {
	return db.One(ctx, q, scanCard, `SELECT account_id, name, language, time_zone, status, two_step_rule_at, invited_rule_at
		FROM accounts WHERE account_id = $1`, account)
}
