package account

import (
	"context"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// A Payer is the member, or the contact, whom invoices are addressed to. The zero
// Payer is the owner, whoever that is. That it is a contact is said where the contact
// is looked after. Who leaves, or may no longer see invoices, is none
// any more: see access.RemoveMember and access.SetPermissions.
type Payer struct {
	User    id.User
	Contact bool
	Name    string // as it is now; "" of the owner
}

// Contacts is what the profile has to know of the account's contacts.
type Contacts interface {
	// BillingName is the name of the contact who is the billing contact, "" if none is.
	BillingName(ctx context.Context, q db.Querier, account id.Account) (string, error)
	// NotBilling has no contact be the billing contact any more.
	NotBilling(ctx context.Context, tx *db.Tx, account id.Account) error
}

// find reads the details, with the contact who is the billing contact.
func (a *Account) find(ctx context.Context, q db.Querier, account id.Account) (Details, error) {
	var d Details
	var name string
	err := a.db.Together(ctx,
		func() (err error) { d, err = findDetails(ctx, q, account); return err },
		func() (err error) { name, err = a.Contacts.BillingName(ctx, q, account); return err },
	)
	if name != "" {
		d.Billing = Payer{Contact: true, Name: name}
	}
	return d, err
}

func (p Payer) same(other Payer) bool { return p.User == other.User && p.Contact == other.Contact }

// Payers lists the members who may be the billing contact, unsorted: those who
// may see invoices, without the owner.
func (a *Account) Payers(ctx context.Context, in access.To[access.Profile]) ([]Payer, error) {
	return listPayers(ctx, a.db.Auto(), in.Account())
}

func listPayers(ctx context.Context, q db.Querier, account id.Account) ([]Payer, error) {
	members, err := access.Members(ctx, q, account)
	var all []Payer
	for _, m := range members {
		if !m.Owner && m.Holds(access.NameInvoices) {
			all = append(all, Payer{User: m.User, Name: m.Name()})
		}
	}
	return all, err
}

// named is the payer with the name they have now, Invalid at the field
// billing if they are none who may be.
func (p Payer) named(ctx context.Context, tx *db.Tx, account id.Account) (Payer, error) {
	if p.User == 0 && !p.Contact {
		return Payer{}, nil
	}
	all, err := listPayers(ctx, tx, account)
	if err != nil {
		return p, err
	}
	for _, one := range all {
		if one.User == p.User && !p.Contact {
			return one, nil
		}
	}
	return p, fault.FieldErr("billing", "account.payer", "Choose a billing contact from the list.")
}

// A Consent is whether an account agreed to news and offers by email, when, and
// by whom.
type Consent struct {
	Given bool
	At    time.Time
	By    string // the name; "" of staff
}

// since is the consent as it is stored when it is given or withdrawn now.
func (c Consent) since(was Consent, by access.Actor, now time.Time) Consent {
	switch {
	case c.Given == was.Given:
		return was
	case !c.Given:
		return Consent{}
	case by.Kind == access.ByStaff:
		return Consent{Given: true, At: now}
	}
	return Consent{true, now, by.Name}
}

// typed is the consent that a form says, with who gave the one there is.
func (c Consent) typed(given bool) Consent {
	c.Given = given
	return c
}
