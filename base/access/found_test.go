package access

import (
	"slices"
	"testing"

	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// A database whose lines had no terms, and whose accounts had those that they
// share with their owner twice.
func TestLinesAndTermsFromBeforeAreKept(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			d := dbtest.Reopen(t, dbtest.URL(t, engine), schemas())
			w := world{d, t, dbtest.Clock(d)}
			all, err := db.Versions(schemas())
			ok(t, err)
			ok(t, d.MigrateTo(t.Context(), all[slices.Index(all, 20261127170000)-1]))
			w.exec(`INSERT INTO users (id, email, email_key, first_name, last_name, password_hash, language, time_zone, verified_at, created_at)
				VALUES (1, 'Ann@example.com', 'ann@example.com', 'Ann', 'Archer', '', 'en', 'UTC', 5, 1)`)
			w.exec(`INSERT INTO accounts (account_id, name, country, email, email_key, created_at) VALUES (10001, 'Ann', 'DE', 'Ann@example.com', 'ann@example.com', 1)`)
			w.exec(`INSERT INTO memberships (account_id, user_id, owner, joined_at) VALUES (10001, 1, TRUE, 1)`)
			w.exec(`INSERT INTO user_accounts (account_id, user_id, used_at) VALUES (10001, 1, 1)`)
			w.exec(`INSERT INTO account_lines (account_id, name, company, status, created_at, owner, owner_email, members) VALUES (10001, 'Ann', '', 'active', 1, 'Ann Archer', 'Ann@example.com', 1)`)
			w.exec(`INSERT INTO user_lines (user_id, accounts, last_login_at) VALUES (1, 1, 7)`)
			for _, term := range []string{"10001", ":DE", "=active", "@1970-01-01", "ann", "ann@example.com", "com", "example", "example.com"} {
				w.exec(`INSERT INTO account_terms (term, account_id, of_owner) VALUES ($1, 10001, FALSE)`, term)
			}
			for _, term := range []string{";off", "ann", "ann@example.com", "archer", "com", "example", "example.com"} {
				w.exec(`INSERT INTO account_terms (term, account_id, of_owner) VALUES ($1, 10001, TRUE)`, term)
				if term != ";off" {
					w.exec(`INSERT INTO user_terms (term, user_id) VALUES ($1, 1)`, term)
				}
			}
			ok(t, d.Migrate(t.Context()))
			ok(t, FillTerms(t.Context(), d)) // as each start does
			w.wantLines()
			w.misfiled()
			w.wantFound(AccountSearch{Text: "ann arch", Country: "DE"}, 10001)
			users, _, err := SearchUsers(t.Context(), d, "archer ann", "", 5)
			if err != nil || len(users) != 1 || users[0].LastLogin.UnixMicro() != 7 || !users[0].Verified {
				t.Errorf("%+v, %v", users, err)
			}
		})
	}
}
