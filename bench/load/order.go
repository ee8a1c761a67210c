package main

import "fmt"

// An order is what a peer's database is to hold, by index, and what it will be
// asked to do. It reads it as JSON.
type order struct {
	People   []person   `json:"people"`
	Accounts []company  `json:"accounts"`
	Target   int        `json:"target"` // the account under load, asked for by its first member
	Invites  []addition `json:"invites"`
	Accepts  []addition `json:"accepts"`
}

type person struct {
	Email string `json:"email"`
	Name  string `json:"name"`
}

type company struct {
	Name    string `json:"name"`
	Members []int  `json:"members"` // the owner first
}

// An addition is somebody who is to be a member: by an address that nobody has,
// or as a person.
type addition struct {
	Account int    `json:"account"`
	Email   string `json:"email"`
	Person  int    `json:"person"` // of Accepts
}

// order is the plan in words that a peer understands, with as many additions as
// asked for, each to the next account and none to the one under load.
func (p plan) order(additions int) order {
	o := order{Target: target}
	for u := range p.users {
		first, last := name(u)
		o.People = append(o.People, person{address(u), first + " " + last})
	}
	taken := map[[2]int]bool{}
	for a, members := range p.accounts {
		_, last := name(a)
		o.Accounts = append(o.Accounts, company{fmt.Sprintf("%s Hosting %d", last, a), members})
		for _, u := range members {
			taken[[2]int{a, u}] = true
		}
	}
	for i := range additions {
		a := 1 + i%(len(p.accounts)-1)
		u := i * 31 % p.users
		for taken[[2]int{a, u}] {
			u = (u + 1) % p.users
		}
		taken[[2]int{a, u}] = true
		o.Invites = append(o.Invites, addition{Account: a, Email: fmt.Sprintf("new%d@example.org", i)})
		o.Accepts = append(o.Accepts, addition{Account: a, Email: address(u), Person: u})
	}
	return o
}
