package contact

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
)

const columns = `id, name, company, email, email_key, phone, address1, address2, city, region, postcode, country, topics, billing, version`

func scanPerson(r db.Row) (Person, error) {
	var p Person
	var topics string
	err := r.Scan(append(p.targets(), &topics, &p.Billing, &p.Version)...)
	p.Topics = mail.ParseChoice(topics)
	return p, err
}

func (p *Person) targets() []any {
	a := &p.Address
	return []any{&p.ID, &p.Name, &p.Company, &p.Email.Typed, &p.Email.Key, &p.Phone, &a.Line1, &a.Line2, &a.City, &a.Region, &a.Postcode, &a.Country}
}

func listPersons(ctx context.Context, q db.Querier, account id.Account) ([]Person, error) {
	return db.All(ctx, q, scanPerson, `SELECT `+columns+` FROM contacts WHERE account_id = $1`, account)
}

// listOlder names the contacts that were added until then.
func listOlder(ctx context.Context, q db.Querier, account id.Account, until time.Time) ([]PersonID, error) {
	return db.All(ctx, q, func(r db.Row) (PersonID, error) {
		var p PersonID
		err := r.Scan(&p)
		return p, err
	}, `SELECT id FROM contacts WHERE account_id = $1 AND created_at <= $2 ORDER BY id`, account, until)
}

func findPerson(ctx context.Context, q db.Querier, account id.Account, id PersonID) (Person, error) {
	return db.One(ctx, q, scanPerson, `SELECT `+columns+` FROM contacts WHERE account_id = $1 AND id = $2`, account, id)
}

func findCountry(ctx context.Context, q db.Querier, account id.Account) (string, error) {
	return db.One(ctx, q, func(r db.Row) (string, error) {
		var country string
		err := r.Scan(&country)
		return country, err
	}, `SELECT country FROM accounts WHERE account_id = $1`, account)
}

func insertPerson(ctx context.Context, tx *db.Tx, account id.Account, p Person) error {
	a := p.Address
	return tx.ExecOne(ctx, `INSERT INTO contacts (account_id, `+columns+`, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		account, p.ID, p.Name, p.Company, p.Email.Typed, p.Email.Key, p.Phone, a.Line1, a.Line2, a.City, a.Region, a.Postcode, a.Country,
		p.Topics.String(), p.Billing, p.Version, tx.Now())
}

func updatePerson(ctx context.Context, tx *db.Tx, account id.Account, p Person) error {
	a := p.Address
	return tx.ExecOne(ctx, `UPDATE contacts SET name = $1, company = $2, email = $3, email_key = $4, phone = $5, address1 = $6, address2 = $7,
		city = $8, region = $9, postcode = $10, country = $11, topics = $12, billing = $13, version = version + 1
		WHERE account_id = $14 AND id = $15 AND version = $16`,
		p.Name, p.Company, p.Email.Typed, p.Email.Key, p.Phone, a.Line1, a.Line2, a.City, a.Region, a.Postcode, a.Country,
		p.Topics.String(), p.Billing, account, p.ID, p.Version)
}

func updateNotBilling(ctx context.Context, tx *db.Tx, account id.Account, id PersonID) error {
	return tx.ExecOne(ctx, `UPDATE contacts SET billing = FALSE, version = version + 1 WHERE account_id = $1 AND id = $2 AND billing`, account, id)
}

// updateNoMemberBilled takes the role of the billing contact from the member who
// may have it. Forms of the account's details that are open then show an older state.
func updateNoMemberBilled(ctx context.Context, tx *db.Tx, account id.Account) error {
	_, err := tx.Exec(ctx, `UPDATE accounts SET billing_user = 0, version = version + 1 WHERE account_id = $1`, account)
	return err
}

func deletePerson(ctx context.Context, tx *db.Tx, account id.Account, id PersonID, version int64) error {
	return tx.ExecOne(ctx, `DELETE FROM contacts WHERE account_id = $1 AND id = $2 AND version = $3`, account, id, version)
}

// A filed is what one account's contacts are, and what staff find it by.
type filed struct {
	foundBy  string
	contacts []Person
}

// listFiled lists the accounts that have contacts, or words of contacts.
func listFiled(ctx context.Context, q db.Querier) ([]filed, error) {
	type row struct {
		account id.Account
		foundBy string
		person  Person
	}
	rows, err := db.All(ctx, q, func(r db.Row) (row, error) {
		var f row
		err := r.Scan(&f.account, &f.foundBy, &f.person.Name, &f.person.Company, &f.person.Email.Key)
		return f, err
	}, `SELECT a.account_id, a.found_by, COALESCE(c.name, ''), COALESCE(c.company, ''), COALESCE(c.email_key, '')
		FROM accounts a LEFT JOIN contacts c ON c.account_id = a.account_id
		WHERE a.found_by <> '' OR c.id IS NOT NULL ORDER BY a.account_id`)
	var all []filed
	last := id.Account(0)
	for _, r := range rows {
		if r.account != last {
			all, last = append(all, filed{foundBy: r.foundBy}), r.account
		}
		f := &all[len(all)-1]
		f.contacts = append(f.contacts, r.person)
	}
	return all, err
}
