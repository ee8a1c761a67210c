package contact

import (
	"context"
	"embed"
	"time"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/fault"
	"atrium/ui"
)

// Schema holds the migration of contacts.
//
//go:embed schema/*.sql
var Schema embed.FS

// Contact serves accounts' contacts.
type Contact struct {
	Options
	db *db.DB
}

// Options is what a Contact works with.
type Options struct {
	Mail     *mail.Mail
	Settings *settings.Store
	URL      func(path string) string // of a page, for links in letters
}

// New makes it.
func New(d *db.DB, o Options) *Contact {
	c := &Contact{o, d}
	o.Mail.AlsoTo(c.readers)
	return c
}

// Most is how many contacts an account may have.
const Most = 50

// The fault codes: a form shows an older state; there is no room for one more.
const (
	changed = "contact.changed"
	full    = "contact.full"
)

// List lists the account's contacts, unsorted.
func (c *Contact) List(ctx context.Context, in access.To[access.Contacts]) ([]Person, error) {
	return listPersons(ctx, c.db.Auto(), in.Account())
}

// Find finds one of the account's contacts.
func (c *Contact) Find(ctx context.Context, in access.To[access.Contacts], id PersonID) (Person, error) {
	return findPerson(ctx, c.db.Auto(), in.Account(), id)
}

// Blank is what a new contact's form begins with: the account's country.
func (c *Contact) Blank(ctx context.Context, in access.To[access.Contacts]) (Person, error) {
	var p Person
	var err error
	p.Address.Country, err = findCountry(ctx, c.db.Auto(), in.Account())
	return p, err
}

// Add adds a contact as it was typed, and tells the owner when money or domains
// are written about to it. What is wrong is Invalid at its field, an address
// that another contact has, too. It is Conflict with the code
// contact.full when there are fifty already.
func (c *Contact) Add(ctx context.Context, in access.To[access.Contacts], typed Person) (Person, error) {
	p, err := typed.read()
	if err != nil {
		return p, err
	}
	err = c.write(ctx, in, func(tx *db.Tx, others []Person) error {
		if len(others) >= Most {
			return fault.Conflictf("This account has %d contacts, which is the most there can be. Delete one that is no longer needed.", Most).WithCode(full)
		}
		p.ID, p.Version = db.NewID[Person](tx), 1
		if err := c.settle(ctx, tx, in, p, others); err != nil {
			return err
		}
		if err := insertPerson(ctx, tx, in.Account(), p); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "contact.added", Subject: p.Name, After: p.record(p.changes(Person{}))}); err != nil {
			return err
		}
		return c.tellOwner(ctx, tx, in, p, Person{})
	})
	return p, err
}

// Change stores a contact as it was typed, and tells the owner when money or
// domains are written about to its address from now on. What is wrong is Invalid
// at its field. If the contact no longer has the version that the form showed,
// nothing is stored: Conflict with the code contact.changed, and the contact as
// it is now. Typing what is there already is no change, whatever the version.
func (c *Contact) Change(ctx context.Context, in access.To[access.Contacts], typed Person) (Person, error) {
	p, err := typed.read()
	if err != nil {
		return p, err
	}
	err = c.write(ctx, in, func(tx *db.Tx, others []Person) error {
		now, others, err := apart(others, p.ID)
		if err != nil {
			return err
		}
		changes := p.changes(now)
		if len(changes) == 0 {
			return nil
		}
		if now.Version != p.Version {
			p = now
			return errChanged()
		}
		if err := c.settle(ctx, tx, in, p, others); err != nil {
			return err
		}
		if err := updatePerson(ctx, tx, in.Account(), p); err != nil {
			return err
		}
		entry := audit.Entry{Action: "contact.changed", Subject: p.Name, Before: now.record(changes), After: p.record(changes)}
		if err := audit.Write(ctx, tx, in.Act(), entry); err != nil {
			return err
		}
		return c.tellOwner(ctx, tx, in, p, now)
	})
	return p, err
}

// Remove deletes a contact in the version that was seen: Conflict with the code
// contact.changed otherwise, NotFound if it is gone.
func (c *Contact) Remove(ctx context.Context, in access.To[access.Contacts], id PersonID, version int64) (Person, error) {
	var p Person
	err := c.write(ctx, in, func(tx *db.Tx, others []Person) (err error) {
		if p, others, err = apart(others, id); err != nil {
			return err
		}
		if p.Version != version {
			return errChanged()
		}
		if err := deletePerson(ctx, tx, in.Account(), id, version); err != nil {
			return err
		}
		if err := index(ctx, tx, in, others); err != nil {
			return err
		}
		return audit.Write(ctx, tx, in.Act(), audit.Entry{Action: "contact.removed", Subject: p.Name, Before: p.record(p.changes(Person{}))})
	})
	return p, err
}

func errChanged() error {
	return fault.Conflictf("This contact was changed meanwhile. Check the current state below and try again.").WithCode(changed)
}

// write runs fn with all contacts of the account, while nobody else changes them.
func (c *Contact) write(ctx context.Context, in access.To[access.Contacts], fn func(tx *db.Tx, all []Person) error) error {
	return c.db.Write(ctx, in, func(tx *db.Tx) error {
		if err := in.Still(ctx, tx); err != nil {
			return err
		}
		all, err := listPersons(ctx, tx, in.Account())
		if err != nil {
			return err
		}
		return fn(tx, all)
	})
}

// apart takes one contact out of the others: NotFound if it is not among them.
func apart(all []Person, id PersonID) (one Person, others []Person, err error) {
	err = errGone()
	for _, p := range all {
		if p.ID == id {
			one, err = p, nil
		} else {
			others = append(others, p)
		}
	}
	return one, others, err
}

func errGone() error { return fault.NotFoundf("This contact is not there any more.") }

// settle makes room for a contact among the others: its address must be its
// own, the billing contact so far is none any more if this is one, and staff find
// the account by it.
func (c *Contact) settle(ctx context.Context, tx *db.Tx, in access.To[access.Contacts], p Person, others []Person) error {
	for _, o := range others {
		if o.Email.Key == p.Email.Key {
			return fault.FieldErr("email", "contact.twice", "%s has this address already. Change that contact instead.", o.Name)
		}
		if p.Billing && o.Billing {
			if err := updateNotBilling(ctx, tx, in.Account(), o.ID); err != nil {
				return err
			}
		}
	}
	if p.Billing {
		if err := updateNoMemberBilled(ctx, tx, in.Account()); err != nil {
			return err
		}
	}
	return index(ctx, tx, in, append(others, p))
}

func index(ctx context.Context, tx *db.Tx, in access.To[access.Contacts], all []Person) error {
	return access.IndexWith(ctx, tx, in.Account(), terms(all))
}

// terms are what staff find an account with these contacts by.
func terms(all []Person) []string {
	var terms []string
	for _, p := range all {
		terms = append(terms, access.TermsOf(p.Email, p.Name, p.Company)...)
	}
	return terms
}

// tellings is how often in an hour the owner is told of an address.
func tellings() access.Limit {
	return access.Limit{Name: "contact-told", Most: 30, Per: time.Hour,
		Public: "The owner was told of many changes of contacts in the last hour. Make further ones in %d minutes."}
}

// tellOwner mails the owner what the contact's address begins to get, unless it
// is nothing to tell of, or the owner's own doing.
func (c *Contact) tellOwner(ctx context.Context, tx *db.Tx, in access.To[access.Contacts], p, was Person) error {
	gained := p.gains(was)
	if len(gained) == 0 {
		return nil
	}
	owner, err := access.FindOwner(ctx, tx, in.Account())
	if err != nil {
		return err
	}
	by := in.Actor()
	if by.Kind == access.ByUser && by.User == owner.User {
		return nil
	}
	if err := tellings().CountIn(ctx, tx, in.Account().String()); err != nil {
		return err
	}
	card, err := access.FindCard(ctx, tx, in.Account())
	if err != nil {
		return err
	}
	set := c.Settings.Current(ctx, tx)
	return c.Mail.Send(ctx, tx, letters{ui.PrinterFor(set.Language(owner.Language), owner.TimeZone), card, in.Account(), owner, set.Company.Name, c.URL}.receives(p, was, gained, by))
}

// Misfiled counts the accounts that staff find by other words than their contacts
// have, of all accounts. It reads everything.
func Misfiled(ctx context.Context, q db.Querier) (int64, error) {
	all, err := listFiled(ctx, q)
	if err != nil {
		return 0, err
	}
	var wrong int64
	for _, f := range all {
		if access.FoundBy(terms(f.contacts)) != f.foundBy {
			wrong++
		}
	}
	return wrong, nil
}
