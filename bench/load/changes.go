package main

import (
	"fmt"
	"slices"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
)

// Changes are what there is to change: all in other accounts than the one whose
// pages are measured, so that those stay as they are.
type changes struct {
	owners   []owner
	welcomes []welcome
	members  []member
}

// An owner has an account and a session.
type owner struct {
	account id.Account
	token   access.Token
}

// A welcome is an invitation that waits, and a session of who is to accept it.
// The owner removes them again.
type welcome struct {
	owner
	link  access.Token
	guest access.Token
	user  id.User
}

// A member is one whose permissions the owner changes.
type member struct {
	owner
	user id.User
}

// changes prepares as many as the plan says.
func (s *seeder) changes(c *changes) error {
	if s.plan.writes == 0 {
		return nil
	}
	for a := target + 1; a < len(s.plan.accounts); a++ {
		users := s.plan.accounts[a]
		o := owner{id.Account(firstAccount + a), s.tokens[users[0]]}
		c.owners = append(c.owners, o)
		for i, u := range users {
			// Of the others nobody knows what they may do, and a change to that would be none.
			preset := i > 0 && i%2 == 0
			if preset && u != visitor && u != targetOwner && len(c.members) < s.plan.writes {
				c.members = append(c.members, member{o, s.users[u]})
			}
		}
	}
	if err := s.limits(); err != nil {
		return err
	}
	return s.welcomes(c)
}

// limits gives accounts room for the invitations of the load: as much as staff
// can give them.
func (s *seeder) limits() error {
	return s.tx.ExecOne(s.ctx, `INSERT INTO settings (name, value, sealed, version, changed_at, changed_by) VALUES ('limits', $1, '', 1, $2, 'bench')`,
		`{"invites_per_hour": 1000, "invites_pending": 1000}`, s.tx.Now())
}

// welcomes writes invitations whose links are known, each for a user who is no
// member of its account.
func (s *seeder) welcomes(c *changes) error {
	list := s.table("invitations", "account_id", "id", "email", "email_key", "permissions", "state", "invited_by", "inviter_name", "inviter_email", "created_at", "issued_at")
	links := s.table("invitation_links", "account_id", "token_hash", "invitation_id", "issued_at")
	taken := map[[2]int]bool{}
	for n := range s.plan.writes {
		a := target + 1 + n%(len(s.plan.accounts)-1)
		u := s.stranger(a, n, taken)
		boss := s.plan.accounts[a][0]
		w := welcome{owner{id.Account(firstAccount + a), s.tokens[boss]}, access.NewAccountToken(id.Account(firstAccount + a)), s.tokens[u], s.users[u]}
		key, issued, to := db.NewID[access.InvitationKind](s.tx), s.ago(6), fmt.Sprintf("welcome%d@example.net", n)
		first, last := name(boss)
		list.add(firstAccount+a, key, to, to, int64(s.permissions(2)), "pending", s.users[boss], first+" "+last, address(boss), issued, issued)
		links.add(firstAccount+a, w.link.Hash(), key, issued)
		c.welcomes = append(c.welcomes, w)
	}
	return done(list, links)
}

// stranger is a user who is no member of an account, nor invited to it already.
func (s *seeder) stranger(a, from int, taken map[[2]int]bool) int {
	for ; ; from++ {
		u := visitor + 1 + from%(s.plan.users-visitor-1)
		if !taken[[2]int{a, u}] && !slices.Contains(s.plan.accounts[a], u) {
			taken[[2]int{a, u}] = true
			return u
		}
	}
}
