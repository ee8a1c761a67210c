package db

import "strings"

// A Class says where a table's rows belong.
type Class string

const (
	Global   Class = "global"  // everyone's: small and rarely written
	Accounts Class = "account" // one account's: account_id begins every key
	Control  Class = "control" // Atrium's own: sessions, limits, jobs, migrations
)

// A Table is a table's name and class.
type Table struct {
	Name  string
	Class Class
}

// Tables is the one list of all tables, in an order in which they can be filled:
// what a row refers to comes before it. A table that is not in it, or not what
// it says, fails the tests.
func Tables() []Table {
	return []Table{
		{"users", Global},
		{"user_accounts", Global},
		{"user_terms", Global},
		{"account_terms", Global},
		{"account_lines", Global},
		{"user_lines", Global},
		{"dropped_accounts", Global},
		{"counters", Global},
		{"staff", Global},
		{"settings", Global},
		{"pictures", Global},
		{"refusals", Global},

		{"accounts", Accounts},
		{"memberships", Accounts},
		{"invitations", Accounts},
		{"invitation_links", Accounts},
		{"visits", Accounts},
		{"handovers", Accounts},
		{"access_requests", Accounts},
		{"access_reviews", Accounts},
		{"account_notes", Accounts},
		{"contacts", Accounts},
		{"audit", Accounts},
		{"emails", Accounts},
		{"email_tries", Accounts},
		{"email_optouts", Accounts},

		{"sessions", Control},
		{"passkeys", Control},
		{"passkey_answers", Control},
		{"browsers", Control},
		{"staff_sessions", Control},
		{"user_tokens", Control},
		{"staff_tokens", Control},
		{"two_step", Control},
		{"recovery_codes", Control},
		{"login_steps", Control},
		{"two_step_setups", Control},
		{"limits", Control},
		{"tallies", Control},
		{"jobs", Control},
		{"paces", Control},
		{"copies", Control},
		{"goose_db_version", Control},
		{"goose_lock", Control}, // of PostgreSQL only
	}
}

// Unscoped names the account's table that sql uses without naming account_id,
// or "" if there is none.
func Unscoped(sql string) string {
	sql = strings.ToLower(sql)
	if strings.Contains(sql, "account_id") {
		return ""
	}
	accounts := map[string]bool{}
	for _, t := range Tables() {
		accounts[t.Name] = t.Class == Accounts
	}
	spaced := strings.NewReplacer(",", " , ", "(", " ( ", ")", " ) ", `"`, "", ";", " ").Replace(sql)
	list := false // whether a comma leads to another table
	next := false // whether this word is a table
	for _, word := range strings.Fields(spaced) {
		switch word {
		case "from", "join", "into", "update", "using":
			list, next = true, true
		case ",":
			next = list
		case "(", ")", "select", "set", "on", "where", "values", "group", "order", "returning":
			list, next = false, false
		default:
			if next && accounts[word] {
				return word
			}
			next = false
		}
	}
	return ""
}
