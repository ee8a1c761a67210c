package main

import (
	"context"
	"fmt"
	"log/slog"
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

// compareStaff drives the floor and the staff area's lists in turn, several
// rounds, and prints the medians.
func (b *bench) compareStaff(ctx context.Context) error {
	s, err := b.serve(ctx, "warn")
	if err != nil {
		return err
	}
	defer s.stop()
	floor, _ := b.floorRows(s.floor)
	rows := []*row{floor}
	for _, r := range b.staffPages() {
		rows = append(rows, &row{name: r.name, server: s.atrium, floor: floor, call: b.asStaff(s.atrium.address, r.path), goal: goalStaff})
	}
	if err := b.turns(ctx, rows, b.rounds); err != nil {
		return err
	}
	b.print("staff area, ATRIUM_LOG=warn", rows, b.rounds)
	return nil
}

// A staffPage is a page of the staff area.
type staffPage struct{ name, path string }

func (b *bench) staffPages() []staffPage {
	return []staffPage{
		{"search accounts: one letter", "/staff/accounts?q=h"},
		{"search accounts: a word that all of them have", "/staff/accounts?q=hosting"},
		{"search accounts: two words", "/staff/accounts?q=baker+hosting"},
		{"search accounts: an email address", "/staff/accounts?q=person4711@example.com"},
		{"search users: a word", "/staff/users?q=archer"},
		{"search users: an email address", "/staff/users?q=person4711@example.com"},
		{"list of accounts, 25", "/staff/accounts"},
		{"list of users, 25", "/staff/users"},
		{"record of an account", b.recordPath()},
	}
}

func (b *bench) recordPath() string { return "/staff/accounts/" + b.entrance.account.String() }
