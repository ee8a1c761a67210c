package contact

import (
	"slices"
	"strconv"
	"strings"

	"atrium/base/address"
	"atrium/base/mail"
	"atrium/base/phone"
	"atrium/ui"
)

type listView struct {
	place
	Contacts []Person // by name
}

func newListView(p ui.Printer, at place, list []Person) listView {
	compare := p.Comparer()
	slices.SortStableFunc(list, func(a, b Person) int {
		if c := compare(a.Name, b.Name); c != 0 {
			return c
		}
		return strings.Compare(a.Email.Key, b.Email.Key)
	})
	return listView{at, list}
}

// path is the address of a contact's page.
func (at place) path(p Person, rest string) string { return at.Base + "/" + p.ID.String() + rest }

// add is the address of the form that adds a contact; "" where nothing is changed.
func (at place) add() string {
	if !at.Writes {
		return ""
	}
	return at.Base + "/new"
}

// gets names the emails that a contact gets.
func (p Person) gets(w ui.Printer) string {
	if len(p.Topics) == 0 {
		return w.T("No emails")
	}
	var all []string
	for _, t := range p.Topics {
		all = append(all, w.Word(t.Label()))
	}
	return strings.Join(all, ", ")
}

type formView struct {
	place
	Person
	Name  string   // the contact's so far; "": it is a new one
	Typed []Change // what was typed where the contact says otherwise by now
	Err   error
}

func (v formView) title(p ui.Printer) string {
	if v.Name == "" {
		return p.T("Add contact")
	}
	return v.Name
}

// head is the title of the form itself.
func (v formView) head(p ui.Printer) string {
	if v.Name == "" {
		return p.T("The new contact")
	}
	return p.T("Edit contact")
}

// action is where the form posts to.
func (v formView) action() string {
	if v.Name == "" {
		return v.Base + "/new"
	}
	return v.path(v.Person, "")
}

func (p Person) version() string { return strconv.FormatInt(p.Version, 10) }

type removeView struct {
	place
	Person
	Err error
}

// loses is what deleting the contact ends.
func (v removeView) loses(p ui.Printer) string {
	if len(v.Topics) == 0 {
		return p.T("%s gets no emails of %s now.", v.Email.Typed, v.Account)
	}
	return p.T("%s will get no more emails of %s. Now it gets: %s.", v.Email.Typed, v.Account, v.gets(p))
}

// FieldLabel is how one of Fields is called on screens.
func FieldLabel(p ui.Printer, field string) string {
	switch field {
	case "name":
		return p.T("Name")
	case "company":
		return p.T("Company")
	case "email":
		return p.T("Email address")
	case "phone":
		return p.T("Phone")
	case "topics":
		return p.T("Emails")
	case "billing":
		return p.T("Billing contact")
	}
	return p.Word(address.Of("").Label(address.Field(field)))
}

// FieldText is the value of one of Fields as people read it.
func FieldText(p ui.Printer, field, value string) string {
	switch {
	case field == "topics":
		return Person{Topics: mail.ParseChoice(value)}.gets(p)
	case field == "billing" && value == "yes":
		return p.T("Yes")
	case field == "billing":
		return p.T("No")
	case value == "":
		return p.T("(left empty)")
	case field == string(address.Country):
		return p.Country(value)
	case field == "phone":
		return phone.Show(value)
	}
	return value
}
