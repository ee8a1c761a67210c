package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"atrium/base/db"
	"atrium/base/settings"
)

// A contest is an operation of a server, and what it showed.
type contest struct {
	row
	operation
}

// comparePeers drives the floor, Atrium and what people would use instead in
// turn, several rounds, and prints the medians.
func (b *bench) comparePeers(ctx context.Context) error {
	warm := b.writes / 5
	plan, err := b.plan()
	if err != nil {
		return err
	}
	if err := b.allowed(plan, warm); err != nil {
		return err
	}
	o := plan.order((warm + b.writes) * b.rounds)
	all, stop, err := b.contests(ctx, o)
	defer stop()
	if err != nil {
		return err
	}
	for round := range b.rounds {
		var unit time.Duration
		for i, c := range all {
			s, err := b.turn(c, round, warm)
			if err := errors.Join(err, ctx.Err()); err != nil {
				return fmt.Errorf("%s: %w", c.row.name, err)
			}
			if i == 0 {
				unit = s.cpu
			}
			c.samples, c.ratios = append(c.samples, s), append(c.ratios, float64(s.cpu)/float64(unit))
		}
	}
	var rows []*row
	for _, c := range all {
		rows = append(rows, &c.row)
	}
	fmt.Printf("\nPeers, rounds: %d, %d connections; what reads each %s after %s of warm-up, what writes %d times after %d\n\n%s",
		b.rounds, b.load.conns, b.load.measured, b.load.warm, b.writes, warm, tableOf(rows))
	stop()
	return b.proveWrites(ctx, plan, o)
}

// allowed refuses what Atrium would: its limit of invitations is never off.
func (b *bench) allowed(p plan, warm int) error {
	if b.engine != "sqlite" {
		return errors.New("-peers is measured on SQLite, which all of them have")
	}
	if most, all := settings.Defaults().Limits.InvitesPerHour*(len(p.accounts)-1), (warm+b.writes)*b.rounds; all > most || b.writes < 100 {
		return fmt.Errorf("-writes %d: at least 100, and with %d rounds at most %d", b.writes, b.rounds, most/b.rounds*5/6)
	}
	return nil
}

// contests starts all servers. What it gives to stop them is never nil.
func (b *bench) contests(ctx context.Context, o order) (all []*contest, stop func(), err error) {
	var servers []*server
	stop = func() {
		for _, s := range servers {
			s.stop()
		}
		servers = nil
	}
	add := func(s *server, list []operation) {
		servers = append(servers, s)
		for _, p := range list {
			if p.want == 0 {
				p.want = 200
			}
			all = append(all, &contest{row{name: s.name + ": " + p.Name, server: s}, p})
		}
	}
	floor, _, err := b.run(ctx, b.floor, b.floorPath())
	if err != nil {
		return all, stop, err
	}
	add(floor, []operation{{Name: "membership, as JSON", Asks: []ask{{Method: "GET", Path: b.floorPath(), Headers: map[string]string{"Cookie": "atrium=" + b.entrance.token.Reveal()}}}}})
	own, err := b.atriumOperations(ctx, o)
	if err != nil {
		return all, stop, err
	}
	atrium, _, err := b.run(ctx, b.atrium("warn"), b.jsonPath())
	if err != nil {
		return all, stop, err
	}
	atrium.name = "Atrium"
	add(atrium, own)
	for _, p := range b.peersOf() {
		s, list, err := p.start(ctx, b, o)
		if err != nil {
			return all, stop, err
		}
		add(s, list)
	}
	return all, stop, nil
}

// turn drives one operation in one round.
func (b *bench) turn(c *contest, round, warm int) (sample, error) {
	asks := c.Asks
	if n := warm + b.writes; len(asks) > 1 {
		asks = asks[round*n : (round+1)*n]
	}
	var list []call
	for _, a := range asks {
		list = append(list, call{request: a.request(c.server.address), status: c.want})
	}
	if len(list) == 1 {
		return drive(c.server, again(list[0]), b.load)
	}
	return driveOnce(c.server, list, warm, b.load.conns)
}

// proveWrites counts what Atrium has written: a redirect alone does not tell.
func (b *bench) proveWrites(ctx context.Context, p plan, o order) error {
	return b.onDatabase(ctx, func(tx *db.Tx) error {
		for query, want := range map[string]int{
			`SELECT count(*) FROM memberships`: p.memberships() + len(o.Accepts),
			`SELECT count(*) FROM invitations WHERE state = 'pending' AND email_key LIKE 'new%@example.org'`: len(o.Invites),
		} {
			got, err := db.One(ctx, tx, func(r db.Row) (n int, err error) { return n, r.Scan(&n) }, query)
			if err != nil {
				return err
			}
			if got != want {
				return fmt.Errorf("%s: %d, not %d", query, got, want)
			}
		}
		return nil
	})
}
