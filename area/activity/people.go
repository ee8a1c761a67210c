package activity

import (
	"context"
	"math"
	"slices"
	"strings"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/id"
	"atrium/fault"
)

// fewPeople is how many one chooses from without looking for one of them.
const fewPeople = 20

// A Choice is whose entries one may choose to see: of everybody who did something,
// or of many, of those who did what is shown, or whom a search finds.
type Choice struct {
	People []audit.Person // unsorted
	Many   bool
	User   id.User // whose entries are shown; 0: not those of one user
}

// choose finds out whose entries the filter asks for, and has it say so. A search
// that finds one user chooses them, and one that does not find who was chosen
// chooses nobody. Where there are many members it does not count who did something.
func (a *Activity) choose(ctx context.Context, account id.Account, f *Filter) (Choice, error) {
	line, err := access.FindLine(ctx, a.db.Auto(), account)
	if err != nil {
		return Choice{}, err
	}
	var people []audit.Person
	if line.Members <= fewPeople {
		people, err = audit.People(ctx, a.db.Auto(), account, fewPeople+1)
		if err != nil || len(people) <= fewPeople {
			return Choice{People: people, User: f.User}, err
		}
	}
	c := Choice{Many: true, User: f.User}
	if f.Find == "" {
		return c, nil
	}
	people, err = audit.People(ctx, a.db.Auto(), account, math.MaxInt32)
	c.People = slices.DeleteFunc(people, func(p audit.Person) bool { return !called(p, f.Find) })
	switch {
	case len(c.People) == 1:
		f.User, f.Support = c.People[0].User, false
	case !slices.ContainsFunc(c.People, func(p audit.Person) bool { return p.User == f.User }):
		f.User = 0
	}
	c.User = f.User
	return c, err
}

// called tells whether a person's name or address has each word of a text.
func called(p audit.Person, text string) bool {
	said := access.Fold(p.Name + " " + p.Email)
	for word := range strings.FieldsSeq(access.Fold(text)) {
		if !strings.Contains(said, word) {
			return false
		}
	}
	return true
}

// meet gives the addresses of those who did what is shown. Of many people they are
// the ones to choose from, unless a search says which.
func (a *Activity) meet(ctx context.Context, account id.Account, c *Choice, f Filter, records []audit.Record) (map[id.User]string, error) {
	if !c.Many {
		return emailsOf(c.People), nil
	}
	var shown []audit.Person
	var users []id.User
	for _, r := range records {
		if r.User != 0 && !slices.Contains(users, r.User) {
			users = append(users, r.User)
			shown = append(shown, audit.Person{User: r.User, Name: r.Name})
		}
	}
	if c.User != 0 && len(shown) == 0 && f.Find == "" {
		one, err := audit.FindPerson(ctx, a.db.Auto(), account, c.User)
		if err == nil {
			c.People = []audit.Person{one}
		}
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
		return nil, err
	}
	if len(users) == 0 {
		return nil, nil
	}
	emails, err := audit.Emails(ctx, a.db.Auto(), account, users)
	if f.Find == "" {
		c.People = shown[:min(len(shown), fewPeople)]
		for i, p := range c.People {
			c.People[i].Email = emails[p.User]
		}
	}
	return emails, err
}

func emailsOf(people []audit.Person) map[id.User]string {
	emails := map[id.User]string{}
	for _, p := range people {
		emails[p.User] = p.Email
	}
	return emails
}
