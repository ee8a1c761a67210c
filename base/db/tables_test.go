package db_test

import (
	"testing"

	"atrium/base/db"
)

func TestTablesAreListedOnceAndInAClass(t *testing.T) {
	seen := map[string]bool{}
	for _, table := range db.Tables() {
		if seen[table.Name] {
			t.Errorf("%s is listed twice", table.Name)
		}
		seen[table.Name] = true
		switch table.Class {
		case db.Global, db.Accounts, db.Control:
		default:
			t.Errorf("%s has the class %q", table.Name, table.Class)
		}
	}
}

func TestAStatementOnAnAccountsTableNamesAccountID(t *testing.T) {
	for _, c := range []struct{ sql, table string }{
		{`SELECT name FROM accounts`, "accounts"},
		{`select name from accounts;`, "accounts"},
		{"SELECT name\n\tFROM\n\taccounts\nWHERE name = $1", "accounts"},
		{`SELECT name FROM accounts WHERE account_id = $1`, ""},
		{`INSERT INTO invitations(id) VALUES ($1)`, "invitations"},
		{`INSERT INTO invitations (account_id, id) VALUES ($1, $2)`, ""},
		{`UPDATE emails SET state = $1 WHERE id = $2`, "emails"},
		{`DELETE FROM memberships WHERE user_id = $1`, "memberships"},
		{`SELECT u.id FROM users u JOIN memberships m ON m.user_id = u.id`, "memberships"},
		{`SELECT u.id FROM users u, memberships m WHERE m.user_id = u.id`, "memberships"},
		{`SELECT u.id FROM users AS u, "memberships" AS m`, "memberships"},
		{`UPDATE users SET seen = 1 FROM memberships m WHERE m.user_id = users.id`, "memberships"},
		{`SELECT id FROM users WHERE id IN (SELECT user_id FROM memberships)`, "memberships"},
		{`WITH m AS (SELECT user_id FROM memberships) SELECT id FROM m`, "memberships"},
		{`SELECT id FROM users WHERE email = $1`, ""},
		{`SELECT id, emails FROM users`, ""},
		{`SELECT coalesce(id, emails) FROM users ORDER BY id, emails`, ""},
		{`SELECT id FROM jobs WHERE id = $1 FOR UPDATE`, ""},
		{`INSERT INTO users (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET emails = 1`, ""},
	} {
		if got := db.Unscoped(c.sql); got != c.table {
			t.Errorf("%q in %s; want %q", got, c.sql, c.table)
		}
	}
}
