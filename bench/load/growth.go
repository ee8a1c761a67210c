package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"atrium/base/access"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/id"
)

// What grows in one account and in one user.
const (
	crowd      = 200    // members of a large account
	aPage      = 50     // members of one that has two pages of them
	busyMonth  = 10_000 // entries of activity in a month
	quietMonth = 100
	months     = 6 // as far back as members see
	everywhere = 500
	growthSize = 20_000 // memberships around them, in more than 500 accounts
	goalWithin = 2.     // times what the same costs before it has grown
)

// newGrowthPlan is a plan with a user in 500 accounts, the last one, and after all
// others an account of 200 members, one of 50 and two of ten.
func newGrowthPlan() (plan, error) {
	p, err := newPlan(growthSize)
	if err != nil {
		return p, err
	}
	if len(p.accounts) <= everywhere {
		return p, fmt.Errorf("%d accounts are too few for a user in %d", len(p.accounts), everywhere)
	}
	for _, members := range []int{crowd, aPage, targetMembers, targetMembers} {
		var list []int
		for range members {
			list = append(list, p.users)
			p.users++
		}
		p.accounts = append(p.accounts, list)
	}
	for a := range everywhere {
		p.accounts[1+a] = append(p.accounts[1+a], p.users)
	}
	p.users++
	p.grown = true
	return p, nil
}

// A grown is who asks where growth is measured.
type grown struct {
	large, paged, busy, quiet owner
	first                     id.Account   // of the visitor and of who is everywhere
	everywhere                access.Token // of who is in 500 accounts
}

// grow writes the activity of the accounts that the plan has for it. The large
// account is a busy one, too.
func (s *seeder) grow(g *grown) error {
	if !s.plan.grown {
		return nil
	}
	last := len(s.plan.accounts) - 4
	for i, to := range []*owner{&g.large, &g.paged, &g.busy, &g.quiet} {
		*to = owner{id.Account(firstAccount + last + i), s.tokens[s.plan.accounts[last+i][0]]}
	}
	g.first, g.everywhere = firstAccount+1, s.tokens[len(s.tokens)-1]
	return errors.Join(s.activity(last, busyMonth), s.activity(last+2, busyMonth), s.activity(last+3, quietMonth))
}

// activity writes what an account's members did in six months.
func (s *seeder) activity(a, aMonth int) error {
	rows := s.table("audit", "account_id", "id", "at", "actor_kind", "user_id", "staff_id", "actor_name", "ip", "agent", "action", "subject", "before", "after")
	members := s.plan.accounts[a]
	for n := range aMonth * months {
		u := members[s.random.IntN(len(members))]
		first, last := name(u)
		action, before, after := "member.login", "", ""
		if n%5 == 0 {
			action, before, after = "member.permissions", `["emails"]`, `["emails","tickets"]`
		}
		rows.add(firstAccount+a, db.NewID[audit.Record](s.tx), s.ago(30*months-1), string(access.ByUser), s.users[u], 0, first+" "+last, "192.0.2.1", "Firefox", action, address(u), before, after)
	}
	return done(rows)
}

// A pair is the same page before and after something has grown.
type pair struct{ before, after *row }

func (b *bench) pairs(s *server) []pair {
	g := b.entrance.grown
	at := func(o owner, path string) *row {
		return &row{name: path, server: s, call: get(s.address, "/a/"+o.account.String()+path, o.token.Reveal())}
	}
	as := func(t access.Token, path string) *row {
		return &row{name: path, server: s, call: get(s.address, path, t.Reveal())}
	}
	visits := "/a/" + g.first.String() + "/"
	named := func(name string, before, after *row) pair {
		after.name = name
		return pair{before, after}
	}
	return []pair{
		named("User Management: 10 members, 200 members of whom 25 are shown", at(g.quiet, "/users"), at(g.large, "/users")),
		named("User Management, 25 shown: of 50 members, of 200", at(g.paged, "/users"), at(g.large, "/users")),
		named("Home of an account: 10 members, 200", at(g.quiet, "/"), at(g.large, "/")),
		named("Activity, 50 shown, ten members: 100 entries a month, 10,000", at(g.quiet, "/activity"), at(g.busy, "/activity")),
		named("Activity, 50 shown: 10 members and 100 entries a month, 200 and 10,000", at(g.quiet, "/activity"), at(g.large, "/activity")),
		named("membership as JSON: a user in 40 accounts, in 500", as(b.entrance.visitor, "/api/v1/accounts/"+g.first.String()+"/membership"), as(g.everywhere, "/api/v1/accounts/"+g.first.String()+"/membership")),
		named("Home: a user in 40 accounts, in 500", as(b.entrance.visitor, visits), as(g.everywhere, visits)),
		named("Switch Account: a user in 40 accounts, in 500", as(b.entrance.visitor, "/accounts"), as(g.everywhere, "/accounts")),
	}
}

// compareGrowth measures each page before and after, in turn, and prints how many
// times as much it costs.
func (b *bench) compareGrowth(ctx context.Context) error {
	s, _, err := b.run(ctx, b.atrium("warn"), b.jsonPath())
	if err != nil {
		return err
	}
	defer s.stop()
	var text strings.Builder
	text.WriteString("| | before | after | times | goal | p99 after |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, p := range b.pairs(s) {
		if err := b.turns(ctx, []*row{p.before, p.after}, b.rounds); err != nil {
			return err
		}
		micros := func(s sample) float64 { return float64(s.cpu) / 1e3 }
		was, is := of(p.before, micros), of(p.after, micros)
		fmt.Fprintf(&text, "| %s | %.0f µs | %.0f µs | %.2f | %.0f, %s | %s |\n", p.after.name, was, is, is/was, goalWithin, verdict(is <= goalWithin*was), millis(of(p.after, sample.late)))
	}
	fmt.Printf("\n%s, growth in one account and one user, CPU per request, rounds: %d, each of %s after %s of warm-up\n\n%s", b.engine, b.rounds, b.load.measured, b.load.warm, text.String())
	return nil
}
