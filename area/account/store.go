package account

import (
	"context"
	"strings"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

func findDetails(ctx context.Context, q db.Querier, account id.Account) (Details, error) {
	return db.One(ctx, q, scanDetails, `SELECT name, company, address1, address2, city, region, postcode, country, phone, language, time_zone, version
		FROM accounts WHERE account_id = $1`, account)
}

func scanDetails(r db.Row) (Details, error) {
	var d Details
	err := r.Scan(&d.Name, &d.Company, &d.Address1, &d.Address2, &d.City, &d.Region, &d.Postcode, &d.Country, &d.Phone,
		&d.Language, &d.TimeZone, &d.Version)
	return d, err
}

func updateDetails(ctx context.Context, tx *db.Tx, account id.Account, d Details) error {
	return tx.ExecOne(ctx, `UPDATE accounts SET name = $1, name_key = $2, company = $3, address1 = $4, address2 = $5, city = $6, region = $7,
		postcode = $8, country = $9, phone = $10, language = $11, time_zone = $12, version = version + 1
		WHERE account_id = $13 AND version = $14`,
		d.Name, access.Fold(d.Name), d.Company, d.Address1, d.Address2, d.City, d.Region,
		d.Postcode, d.Country, d.Phone, d.Language, d.TimeZone, account, d.Version)
}

const summaryColumns = `a.account_id, a.name, a.company, a.status, a.created_at, u.first_name, u.last_name, u.email,
	(SELECT count(*) FROM memberships n WHERE n.account_id = a.account_id)`

func scanSummary(r db.Row) (Summary, error) {
	var s Summary
	var owner access.User
	err := r.Scan(&s.Account, &s.Name, &s.Company, &s.Status, db.Time(&s.Created), &owner.FirstName, &owner.LastName, &s.Email, &s.Members)
	s.Owner = owner.Name()
	return s, err
}

func findSummary(ctx context.Context, q db.Querier, account id.Account) (Summary, error) {
	return db.One(ctx, q, scanSummary, `SELECT `+summaryColumns+`
		FROM accounts a JOIN memberships m ON m.account_id = a.account_id AND m.owner JOIN users u ON u.id = m.user_id
		WHERE a.account_id = $1`, account)
}

// searchAccounts finds an owner's accounts when the text is an address, else
// the account with this number and those whose name begins so: every name
// begins with nothing.
func searchAccounts(ctx context.Context, across db.Querier, s Search, limit int) ([]Summary, error) {
	before := s.Before
	if before == 0 {
		before = 1 << 53
	}
	text := strings.TrimSpace(s.Text)
	if owner, ok := access.ParseEmail(text); ok {
		return db.All(ctx, across, scanSummary, `SELECT `+summaryColumns+`
			FROM users u JOIN user_accounts ua ON ua.user_id = u.id
			JOIN memberships m ON m.account_id = ua.account_id AND m.user_id = u.id AND m.owner
			JOIN accounts a ON a.account_id = m.account_id
			WHERE u.email_key = $1 AND a.account_id < $2 ORDER BY a.account_id DESC LIMIT $3`, owner.Key, before, limit)
	}
	number, _ := id.ParseAccount(strings.TrimPrefix(text, "#"))
	key := access.Fold(text)
	return db.All(ctx, across, scanSummary, `SELECT `+summaryColumns+`
		FROM accounts a JOIN memberships m ON m.account_id = a.account_id AND m.owner JOIN users u ON u.id = m.user_id
		WHERE a.account_id < $1 AND (a.account_id = $2 OR substr(a.name_key, 1, $3) = $4) ORDER BY a.account_id DESC LIMIT $5`,
		before, number, len([]rune(key)), key, limit)
}
