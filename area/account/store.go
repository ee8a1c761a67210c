package account

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
)

func findDetails(ctx context.Context, q db.Querier, account id.Account) (Details, error) {
	return db.One(ctx, q, scanDetails, `SELECT a.name, a.company, a.email, a.email_key, a.address1, a.address2, a.city, a.region, a.postcode, a.country,
			a.phone, a.tax_id, a.language, a.time_zone, a.topics, a.billing_user, COALESCE(b.first_name, ''), COALESCE(b.last_name, ''),
			a.marketing_at, a.marketing_by, a.locked, a.version
		FROM accounts a LEFT JOIN users b ON b.id = a.billing_user WHERE a.account_id = $1`, account)
}

func scanDetails(r db.Row) (Details, error) {
	var d Details
	var payer access.User
	var topics, locked string
	p := &d.Address
	err := r.Scan(&d.Name, &d.Company, &d.Email.Typed, &d.Email.Key, &p.Line1, &p.Line2, &p.City, &p.Region, &p.Postcode, &p.Country,
		&d.Phone, &d.TaxID, &d.Language, &d.TimeZone, &topics, &d.Billing.User, &payer.FirstName, &payer.LastName,
		db.Time(&d.Marketing.At), &d.Marketing.By, &locked, &d.Version)
	d.Topics, d.Locked, d.Billing.Name, d.Marketing.Given = mail.ParseChoice(topics), parseLocks(locked), payer.Name(), !d.Marketing.At.IsZero()
	return d, err
}

func updateDetails(ctx context.Context, tx *db.Tx, account id.Account, d Details) error {
	p := d.Address
	err := tx.ExecOne(ctx, `UPDATE accounts SET name = $1, company = $2, address1 = $3, address2 = $4, city = $5, region = $6,
		postcode = $7, country = $8, phone = $9, language = $10, time_zone = $11, version = version + 1,
		email = $14, email_key = $15, tax_id = $16, topics = $17, billing_user = $18, marketing_at = $19, marketing_by = $20
		WHERE account_id = $12 AND version = $13`,
		d.Name, d.Company, p.Line1, p.Line2, p.City, p.Region, p.Postcode, p.Country, d.Phone, d.Language, d.TimeZone, account, d.Version,
		d.Email.Typed, d.Email.Key, d.TaxID, d.Topics.String(), d.Billing.User, d.Marketing.At, d.Marketing.By)
	if err != nil {
		return err
	}
	return access.IndexAccount(ctx, tx, account)
}

func updateLocks(ctx context.Context, tx *db.Tx, account id.Account, locked string, version int64) error {
	return tx.ExecOne(ctx, `UPDATE accounts SET locked = $1, version = version + 1 WHERE account_id = $2 AND version = $3`, locked, account, version)
}

// invitationLife is how long an invitation works, as the area sharing promises it.
const invitationLife = 7 * 24 * time.Hour

func findStanding(ctx context.Context, q db.Querier, account id.Account, now time.Time) (Standing, error) {
	return db.One(ctx, q, func(r db.Row) (Standing, error) {
		var s Standing
		var verified time.Time
		err := r.Scan(&s.Owner, db.Time(&verified), db.Time(&s.LastSeen), &s.Invites, &s.Expired, &s.FailedMail)
		s.Verified = !verified.IsZero()
		return s, err
	}, `SELECT m.user_id, u.verified_at,
			(SELECT COALESCE(max(n.seen_at), 0) FROM memberships n WHERE n.account_id = m.account_id),
			(SELECT count(*) FROM invitations i WHERE i.account_id = m.account_id AND i.state = 'pending' AND i.issued_at > $2),
			(SELECT count(*) FROM invitations i WHERE i.account_id = m.account_id AND i.state = 'pending' AND i.issued_at <= $2),
			(SELECT count(*) FROM emails e WHERE e.account_id = m.account_id AND e.state = 'failed')
		FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.account_id = $1 AND m.owner`, account, now.Add(-invitationLife))
}

func listPinned(ctx context.Context, q db.Querier, account id.Account, limit int) ([]Note, error) {
	return db.All(ctx, q, scanNote, `SELECT `+noteColumns+` FROM account_notes
		WHERE account_id = $1 AND pinned ORDER BY id DESC LIMIT $2`, account, limit)
}
