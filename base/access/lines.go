package access

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// A Line is an account as staff's list shows it: a row of account_lines, which
// repeats what it is called, who owns it and how many members it has.
type Line struct {
	Account id.Account
	Name    string
	Company string
	Status  Status
	Created time.Time
	Owner   string
	Email   string // the owner's
	Members int64
}

const lineColumns = `l.account_id, l.name, l.company, l.status, l.created_at, l.owner, l.owner_email, l.members`

func (l *Line) targets() []any {
	return []any{(*int64)(&l.Account), &l.Name, &l.Company, (*string)(&l.Status), db.Time(&l.Created), &l.Owner, &l.Email, &l.Members}
}

// scanLines scans one line after the other into the same one.
func scanLines() func(db.Row) (Line, error) {
	var l Line
	targets := l.targets()
	return func(r db.Row) (Line, error) { err := r.Scan(targets...); return l, err }
}

// FindLine reads an account's line, NotFound if there is no such account.
func FindLine(ctx context.Context, q db.Querier, account id.Account) (Line, error) {
	return db.One(ctx, q, scanLines(), `SELECT `+lineColumns+` FROM account_lines l WHERE l.account_id = $1`, account)
}

// listNewest reads accounts, the newest first. next is where to go on.
func listNewest(ctx context.Context, q db.Querier, after string, limit int) (found []Line, next string, err error) {
	before, err := strconv.ParseInt(after, 10, 64)
	if err != nil {
		before = math.MaxInt64
	}
	found, err = db.All(ctx, q, scanLines(), `SELECT `+lineColumns+` FROM account_lines l WHERE l.account_id < $1 ORDER BY l.account_id DESC LIMIT $2`, before, limit+1)
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	return found[:limit], found[limit-1].Account.String(), nil
}

func insertLine(ctx context.Context, tx *db.Tx, a indexed) error {
	return tx.ExecOne(ctx, `INSERT INTO account_lines (account_id, name, name_key, company, status, created_at, owner, owner_email, members, terms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)`,
		a.account, a.name, nameKey(a.name), a.company, string(a.status), a.created, a.owner.Name(), a.owner.Email, joined(a.terms()))
}

// lockLine keeps others from writing the account's line, and gives the terms that
// it has.
func lockLine(ctx context.Context, tx *db.Tx, account id.Account) ([]string, error) {
	terms, err := db.One(ctx, tx, scanString, `UPDATE account_lines SET members = members WHERE account_id = $1 RETURNING terms`, account)
	return strings.Fields(terms), err
}

func updateLine(ctx context.Context, tx *db.Tx, a indexed) error {
	_, err := tx.Exec(ctx, `UPDATE account_lines SET company = $1, owner = $2, owner_email = $3, terms = $4 WHERE account_id = $5`,
		a.company, a.owner.Name(), a.owner.Email, joined(a.terms()), a.account)
	if err != nil {
		return err
	}
	moved, err := tx.Exec(ctx, `UPDATE account_lines SET name = $1, name_key = $2, status = $3 WHERE account_id = $4 AND (name, status) <> ($1, $3)`,
		a.name, nameKey(a.name), string(a.status), a.account)
	if err != nil || moved == 0 {
		return err
	}
	return listAccount(ctx, tx, a.account)
}

// countMember notes that the account has one member more, or with -1 fewer, and gives
// its status and name_key.
func countMember(ctx context.Context, tx *db.Tx, account id.Account, more int) (s Status, key string, err error) {
	_, err = db.One(ctx, tx, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan((*string)(&s), &key) },
		`UPDATE account_lines SET members = members + $1 WHERE account_id = $2 RETURNING status, name_key`, more, account)
	return s, key, err
}

// WrongLines counts the accounts and users of whom staff's lists would show
// something else than there is, and memberships that are not listed where they
// belong. It reads everything.
func WrongLines(ctx context.Context, q db.Querier) (int64, error) {
	wrong, err := db.One(ctx, q, scanInt, `SELECT
		(SELECT count(*) FROM accounts a LEFT JOIN memberships m ON m.account_id = a.account_id AND m.owner LEFT JOIN users u ON u.id = m.user_id
			LEFT JOIN account_lines l ON l.account_id = a.account_id
			WHERE l.account_id IS NULL OR (l.name, l.company, l.status, l.created_at) <> (a.name, a.company, a.status, a.created_at)
			OR l.owner <> COALESCE(trim(u.first_name || ' ' || u.last_name), '') OR l.owner_email <> COALESCE(u.email, '')
			OR l.members <> (SELECT count(*) FROM memberships n WHERE n.account_id = a.account_id))
		+ (SELECT count(*) FROM (SELECT account_id FROM account_lines EXCEPT SELECT account_id FROM accounts) AS gone)
		+ (SELECT count(*) FROM users u LEFT JOIN user_lines l ON l.user_id = u.id
			WHERE l.user_id IS NULL OR (l.name, l.email, l.email_key) <> (trim(u.first_name || ' ' || u.last_name), u.email, u.email_key)
			OR l.verified <> (u.verified_at > 0) OR l.two_step <> (u.two_step_at > 0) OR l.disabled <> (u.disabled_at > 0)
			OR l.accounts <> (SELECT count(*) FROM user_accounts x WHERE x.user_id = u.id))
		+ (SELECT count(*) FROM user_lines l WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = l.user_id))
		+ (SELECT count(*) FROM memberships m WHERE m.listed <> (`+listedMemberSQL+`))
		+ (SELECT count(*) FROM user_accounts x JOIN memberships m ON m.account_id = x.account_id AND m.user_id = x.user_id WHERE x.listed <> (`+listedAccountSQL+`))`)
	if err != nil {
		return 0, err
	}
	misnamed, err := wrongKeys(ctx, q)
	return wrong + misnamed, err
}
