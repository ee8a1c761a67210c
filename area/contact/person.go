package contact

import (
	"atrium/base/access"
	"atrium/base/address"
	"atrium/base/id"
	"atrium/base/mail"
	"atrium/base/phone"
	"atrium/fault"
)

// PersonID is the id of a contact within its account.
type PersonID = id.ID[Person]

// A Person is a contact.
type Person struct {
	ID      PersonID
	Name    string
	Company string
	Email   access.Email
	Phone   string // E.164
	Address address.Address
	Topics  mail.Choice
	Billing bool  // the account's billing contact
	Version int64 // of the row, so that a form notices what was changed meanwhile
}

const mostCompany = 100

// read makes of what was typed what is stored. What is wrong is Invalid, a
// sentence a field, and left as it was typed.
func (p Person) read() (Person, error) {
	var wrong fault.Fields
	p.Name, p.Company = access.CleanName(p.Name), access.CleanName(p.Company)
	switch {
	case p.Name == "":
		wrong.Add("name", "Enter a name for the contact.")
	case len([]rune(p.Name)) > access.MostName:
		wrong.Add("name", "Shorten the name to %d characters.", access.MostName)
	}
	if len([]rune(p.Company)) > mostCompany {
		wrong.Add("company", "Shorten the company to %d characters.", mostCompany)
	}
	if email, ok := access.ParseEmail(p.Email.Typed); ok {
		p.Email = email
	} else {
		wrong.Add("email", "Enter an address like name@example.com.")
	}
	p.Phone = phone.Read(&wrong, "phone", p.Phone, p.Address.Country)
	p.Address = p.Address.Clean()
	p.Address.Check(&wrong)
	if p.Billing {
		p.Topics = p.Topics.And(mail.Invoice)
	}
	return p, wrong.Err()
}

// A Change is a field before and after.
type Change struct{ Field, Before, After string }

// changes lists the fields in which the contact differs from what it was.
func (p Person) changes(was Person) []Change {
	var all []Change
	for _, f := range Fields() {
		if before, after := was.field(f), p.field(f); before != after {
			all = append(all, Change{f, before, after})
		}
	}
	return all
}

// Fields lists a contact's fields, in the form's order, as forms and the audit
// call them.
func Fields() []string {
	return append(append([]string{"name", "company", "email", "phone"}, address.Names()...), "topics", "billing")
}

func (p Person) field(name string) string {
	switch name {
	case "name":
		return p.Name
	case "company":
		return p.Company
	case "email":
		return p.Email.Typed
	case "phone":
		return p.Phone
	case "topics":
		return p.Topics.String()
	case "billing":
		if p.Billing {
			return "yes"
		}
		return "no"
	}
	return p.Address.Get(address.Field(name))
}

// told are the topics that the owner is told of: by them money and domains can
// be routed away.
func told() mail.Choice { return mail.Choice{mail.Invoice, mail.Domain} }

// gains are those of told that this contact's address begins to get: it did not
// get them when the contact was as before. Before it was added, that was zero.
func (p Person) gains(was Person) mail.Choice {
	var gained mail.Choice
	for _, t := range told() {
		if p.Topics.Has(t) && !(was.Topics.Has(t) && was.Email.Key == p.Email.Key) {
			gained = append(gained, t)
		}
	}
	return gained
}
