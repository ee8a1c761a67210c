package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"atrium"
	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/config"
	"atrium/base/db"
)

// seedStaff makes what was seeded findable, as the first start after an update
// does, and logs an administrator in.
func seedStaff(ctx context.Context, url string) (access.Token, error) {
	d, err := atrium.OpenDB(ctx, atrium.Config{Settings: config.Settings{Database: config.URL(url)}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return access.Token{}, err
	}
	defer d.Close()
	email, _ := access.ParseEmail("admin@host.example")
	var t access.Token
	err = d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO counters (name, value) VALUES ('terms of accounts', 0), ('terms of users', 0)`); err != nil {
			return err
		}
		p, _, err := access.AddStaff(ctx, tx, email, "Admin", access.Administrator)
		if err != nil {
			return err
		}
		t, err = accesstest.StaffSession(ctx, tx, p)
		return err
	})
	if err != nil {
		return t, err
	}
	began := time.Now()
	err = access.FillTerms(ctx, d)
	fmt.Printf("terms of what staff search by, written in %s\n", time.Since(began).Round(100*time.Millisecond))
	return t, err
}

// goalStaff is of each page of the staff area, in CPU of the floor, on SQLite.
const goalStaff = 5

// compareStaff drives the floor and the staff area's lists in turn, several
// rounds, and prints the medians.
func (b *bench) compareStaff(ctx context.Context, rounds int) error {
	floor, _, err := b.run(ctx, b.floor, b.floorPath())
	if err != nil {
		return err
	}
	defer floor.stop()
	atrium, _, err := b.run(ctx, b.atrium("warn"), b.jsonPath())
	if err != nil {
		return err
	}
	defer atrium.stop()
	rows := []*row{{name: "floor", server: floor, path: b.floorPath()}}
	for _, r := range []struct{ name, path string }{
		{"search accounts: one letter", "/staff/accounts?q=h"},
		{"search accounts: a word that all of them have", "/staff/accounts?q=hosting"},
		{"search accounts: two words", "/staff/accounts?q=baker+hosting"},
		{"search accounts: an email address", "/staff/accounts?q=person4711@example.com"},
		{"search users: a word", "/staff/users?q=archer"},
		{"search users: an email address", "/staff/users?q=person4711@example.com"},
		{"list of accounts, 25", "/staff/accounts"},
		{"list of users, 25", "/staff/users"},
		{"record of an account", b.recordPath()},
	} {
		rows = append(rows, &row{name: r.name, server: atrium, path: r.path, goal: goalStaff})
	}
	for range rounds {
		var unit time.Duration
		for i, r := range rows {
			s, err := drive(r.server, b.asStaff(r.server.address, r.path, i > 0), b.load)
			if err := errors.Join(err, ctx.Err()); err != nil {
				return err
			}
			if i == 0 {
				unit = s.cpu
			}
			r.samples, r.ratios = append(r.samples, s), append(r.ratios, float64(s.cpu)/float64(unit))
		}
	}
	fmt.Printf("\nStaff area, ATRIUM_LOG=warn, rounds: %d, each of %s after %s of warm-up, %d connections\n\n%s", rounds, b.load.measured, b.load.warm, b.load.conns, tableOf(rows))
	return nil
}

func (b *bench) recordPath() string { return "/staff/accounts/" + b.entrance.account.String() }

// asStaff is the request of a member, or of staff.
func (b *bench) asStaff(address, path string, staff bool) []byte {
	if !staff {
		return b.get(address, path)
	}
	return []byte(strings.Replace(string(get(address, path, b.entrance.staff.Reveal())), "Cookie: atrium=", "Cookie: atrium_staff=", 1))
}
