package contact

import (
	"context"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/mail"
)

// readers are the account's contacts as whom its mails may go to. They are written
// to in the account's language.
func (c *Contact) readers(ctx context.Context, q db.Querier, account id.Account) ([]mail.Reader, error) {
	list, err := listPersons(ctx, q, account)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	card, err := access.FindCard(ctx, q, account)
	var all []mail.Reader
	for _, p := range list {
		all = append(all, mail.Reader{Key: mail.ContactKey(p.ID.String()), Name: p.Name, Email: p.Email.Typed, Language: card.Language, TimeZone: card.TimeZone,
			Asked: true, Topics: p.Topics, Billing: p.Billing})
	}
	return all, err
}

// BillingName is the name of the contact who is the billing contact; "" if none is.
func (c *Contact) BillingName(ctx context.Context, q db.Querier, account id.Account) (string, error) {
	list, err := listPersons(ctx, q, account)
	for _, p := range list {
		if p.Billing {
			return p.Name, err
		}
	}
	return "", err
}

// NotBilling has no contact be the billing contact any more: the account's profile
// names somebody else.
func (c *Contact) NotBilling(ctx context.Context, tx *db.Tx, account id.Account) error {
	_, err := tx.Exec(ctx, `UPDATE contacts SET billing = FALSE, version = version + 1 WHERE account_id = $1 AND billing`, account)
	return err
}
