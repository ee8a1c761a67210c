package access

import (
	"context"
	"math"
	"slices"
	"strconv"
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

const lineColumns = `account_id, name, company, status, created_at, owner, owner_email, members`

func scanLine(r db.Row) (Line, error) {
	var l Line
	err := r.Scan(&l.Account, &l.Name, &l.Company, &l.Status, db.Time(&l.Created), &l.Owner, &l.Email, &l.Members)
	return l, err
}

// FindLine reads an account's line, NotFound if there is no such account.
func FindLine(ctx context.Context, q db.Querier, account id.Account) (Line, error) {
	return db.One(ctx, q, scanLine, `SELECT `+lineColumns+` FROM account_lines WHERE account_id = $1`, account)
}

// listLines reads accounts, in the order of the list.
func listLines(ctx context.Context, q db.Querier, list []int64) ([]Line, error) {
	if len(list) == 0 {
		return nil, nil
	}
	places, args := In(list)
	all, err := db.All(ctx, q, scanLine, `SELECT `+lineColumns+` FROM account_lines WHERE account_id IN (`+places+`)`, args...)
	slices.SortFunc(all, func(a, b Line) int {
		return slices.Index(list, int64(a.Account)) - slices.Index(list, int64(b.Account))
	})
	return all, err
}

// listNewest reads accounts, the newest first. next is where to go on.
func listNewest(ctx context.Context, q db.Querier, after string, limit int) (found []Line, next string, err error) {
	before, err := strconv.ParseInt(after, 10, 64)
	if err != nil {
		before = math.MaxInt64
	}
	found, err = db.All(ctx, q, scanLine, `SELECT `+lineColumns+` FROM account_lines WHERE account_id < $1 ORDER BY account_id DESC LIMIT $2`, before, limit+1)
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	return found[:limit], found[limit-1].Account.String(), nil
}

func insertLine(ctx context.Context, tx *db.Tx, n named) error {
	return tx.ExecOne(ctx, `INSERT INTO account_lines (account_id, name, company, status, created_at, owner, owner_email, members) VALUES ($1, $2, $3, $4, $5, '', '', 1)`,
		n.account, n.name, n.company, string(n.status), n.created)
}

func updateLine(ctx context.Context, tx *db.Tx, n named) error {
	return tx.ExecOne(ctx, `UPDATE account_lines SET name = $1, company = $2, status = $3 WHERE account_id = $4`, n.name, n.company, string(n.status), n.account)
}

func updateLineOwner(ctx context.Context, tx *db.Tx, account id.Account, owner User) error {
	return tx.ExecOne(ctx, `UPDATE account_lines SET owner = $1, owner_email = $2 WHERE account_id = $3`, owner.Name(), owner.Email, account)
}

// countMember notes that the account has one member more, or with -1 fewer.
func countMember(ctx context.Context, tx *db.Tx, account id.Account, more int) error {
	return tx.ExecOne(ctx, `UPDATE account_lines SET members = members + $1 WHERE account_id = $2`, more, account)
}

// countAccount notes that the user has one account more, or with -1 fewer.
func countAccount(ctx context.Context, tx *db.Tx, u id.User, more int) error {
	return tx.ExecOne(ctx, `UPDATE user_lines SET accounts = accounts + $1 WHERE user_id = $2`, more, u)
}

// WrongLines counts the accounts and users of whom staff's lists would show
// something else than there is. It reads everything.
func WrongLines(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, scanInt, `SELECT
		(SELECT count(*) FROM accounts a LEFT JOIN memberships m ON m.account_id = a.account_id AND m.owner LEFT JOIN users u ON u.id = m.user_id
			LEFT JOIN account_lines l ON l.account_id = a.account_id
			WHERE l.account_id IS NULL OR (l.name, l.company, l.status, l.created_at) <> (a.name, a.company, a.status, a.created_at)
			OR l.owner <> COALESCE(trim(u.first_name || ' ' || u.last_name), '') OR l.owner_email <> COALESCE(u.email, '')
			OR l.members <> (SELECT count(*) FROM memberships n WHERE n.account_id = a.account_id))
		+ (SELECT count(*) FROM (SELECT account_id FROM account_lines EXCEPT SELECT account_id FROM accounts) AS gone)
		+ (SELECT count(*) FROM users u LEFT JOIN user_lines l ON l.user_id = u.id
			WHERE l.user_id IS NULL OR l.accounts <> (SELECT count(*) FROM user_accounts x WHERE x.user_id = u.id))
		+ (SELECT count(*) FROM user_lines l WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = l.user_id))`)
}
