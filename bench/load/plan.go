package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// A plan says who is a member of what, before anything is written: users and
// accounts by their index. The first account is the one under load.
type plan struct {
	users    int
	accounts [][]int // of each account its members, the owner first
	grown    bool    // see newGrowthPlan
	writes   int     // how often each of what writes is to be done; 0: never
}

// The account under load.
const (
	target        = 0
	targetMembers = 10
	targetOwner   = 0                 // a user
	ownerVisits   = 2                 // how many other accounts the owner is a member of
	targetGuest   = targetMembers - 1 // a member who may do one thing only
)

// The visitor is a user with many accounts: the first ones after that under load.
const (
	visitor = targetMembers
	visited = 40
)

// newPlan deals n memberships: users have 1 to 40 accounts, most of them one,
// and accounts 1 to 50 members. The same n gives the same plan.
func newPlan(n int) (plan, error) {
	if n < 2000 {
		return plan{}, fmt.Errorf("%d memberships are too few to measure with: at least 2000", n)
	}
	r := rand.New(rand.NewPCG(1, uint64(n)))
	p := plan{users: targetMembers + 1, accounts: [][]int{nil}}
	for u := range targetMembers {
		p.accounts[target] = append(p.accounts[target], u)
	}
	var seats []int // one for each membership of a user
	rest := n - targetMembers - ownerVisits - visited
	for len(seats) < rest {
		many := min(accountsOfOne(r), rest-len(seats))
		seats = append(seats, slices.Repeat([]int{p.users}, many)...)
		p.users++
	}
	r.Shuffle(len(seats), func(i, j int) { seats[i], seats[j] = seats[j], seats[i] })
	for len(seats) > 0 {
		var members []int
		size := 1 + r.IntN(50)
		for i := len(seats) - 1; i >= 0 && len(members) < size; i-- {
			if !slices.Contains(members, seats[i]) {
				members = append(members, seats[i])
				seats = slices.Delete(seats, i, i+1)
			}
		}
		p.accounts = append(p.accounts, members)
	}
	for i := range ownerVisits {
		p.accounts[1+i] = append(p.accounts[1+i], targetOwner)
	}
	for i := range visited {
		p.accounts[1+i] = append(p.accounts[1+i], visitor)
	}
	return p, nil
}

// newStaffPlan deals n accounts to n users, one each, so that staff have much to
// search.
func newStaffPlan(n int) (plan, error) {
	if n < 100 {
		return plan{}, fmt.Errorf("%d accounts are too few to measure with: at least 100", n)
	}
	p := plan{users: n}
	for a := range n {
		p.accounts = append(p.accounts, []int{a})
	}
	for u := range targetMembers {
		if u != targetOwner {
			p.accounts[target] = append(p.accounts[target], u)
		}
	}
	return p, nil
}

func (p plan) memberships() int {
	n := 0
	for _, members := range p.accounts {
		n += len(members)
	}
	return n
}

// accountsOfOne draws how many accounts a user has.
func accountsOfOne(r *rand.Rand) int {
	switch x := r.IntN(100); {
	case x < 70:
		return 1
	case x < 90:
		return 2 + r.IntN(4)
	case x < 99:
		return 6 + r.IntN(15)
	}
	return 21 + r.IntN(20)
}
