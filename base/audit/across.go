package audit

import (
	"context"
	"strconv"
	"strings"

	"atrium/base/db"
)

// A Sighting is a record among those of all accounts, with the names that its
// numbers stand for.
type Sighting struct {
	Record
	AccountName string // "": of no account, or of one that was deleted
	Email       string // of the user who did it, as it is now; "": no user, or deleted
}

// Across is what was done in all accounts and outside them, the latest first.
// It reads from the replica where there is one.
func Across(ctx context.Context, d *db.DB, f Filter, limit int) ([]Sighting, error) {
	sql, args := f.across(limit)
	return db.All(ctx, d.Replica(), scanSighting, sql, args...)
}

func scanSighting(r db.Row) (Sighting, error) {
	var s Sighting
	err := r.Scan(append(s.targets(), &s.AccountName, &s.Email)...)
	return s, err
}

// across finds the page first and then its names. Each filter has its index
// (see the migration). Several actions are read one by one, each a page long at
// most, and merged: sifting everything for one that is rare would read it all.
func (f Filter) across(limit int) (sql string, args []any) {
	args = []any{f.Since, f.end(), f.Before.ID, f.Before.Account, limit}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	page := func(where string) string {
		return `SELECT ` + columns + ` FROM audit WHERE ` + where + `at BETWEEN $1 AND $2
			AND (at < $2 OR id < $3 OR id = $3 AND account_id < $4) ORDER BY at DESC, id DESC, account_id DESC LIMIT $5`
	}
	var actions []string
	for _, a := range f.Actions {
		actions = append(actions, arg(a))
	}
	where, sift := "", ""
	switch {
	case f.User != 0:
		where = `user_id = ` + arg(f.User) + ` AND user_id > 0 AND `
	case f.One != 0:
		where = `staff_id = ` + arg(f.One) + ` AND staff_id > 0 AND `
	case f.Staff:
		where = `staff_id > 0 AND `
	case len(actions) > 0:
		var parts []string
		for _, a := range actions {
			parts = append(parts, `SELECT * FROM (`+page(`action = `+a+` AND `)+`) AS one`)
		}
		return named(`SELECT * FROM (` + strings.Join(parts, ` UNION ALL `) + `) AS every ORDER BY at DESC, id DESC, account_id DESC LIMIT $5`), args
	}
	if len(actions) > 0 {
		sift = `action || '' IN (` + strings.Join(actions, ", ") + `) AND ` // not by the index of actions, which has everybody's
	}
	return named(page(where + sift)), args
}

// named adds the names to a page of the audit.
func named(page string) string {
	return `SELECT r.*, COALESCE(a.name, ''), COALESCE(u.email, '') FROM (` + page + `) AS r
		LEFT JOIN accounts a ON a.account_id = r.account_id LEFT JOIN users u ON u.id = r.user_id
		ORDER BY r.at DESC, r.id DESC, r.account_id DESC`
}
