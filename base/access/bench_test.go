package access_test

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"

	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/db"
	"atrium/base/id"
)

// crowd is an account with ten members on SQLite, and a session of its owner,
// who is a member of two more.
func crowd(b *testing.B) (d *db.DB, account id.Account, owner id.User, session access.Token) {
	b.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, "sqlite:"+filepath.Join(b.TempDir(), "atrium.db"), db.Options{Schemas: []fs.FS{access.Schema}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	if err := d.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	err = d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		for n := range 12 {
			e, _ := access.ParseEmail(fmt.Sprintf("person%d@example.com", n))
			u, err := access.NewUser(ctx, tx, e, "", access.User{FirstName: "Ann", LastName: "Archer", Language: "en", TimeZone: "UTC"})
			if err != nil {
				return err
			}
			switch {
			case n == 0:
				owner = u.ID
				if account, err = access.OpenAccount(ctx, tx, owner, access.NewAccount{Name: "Acme", Language: "en", TimeZone: "UTC"}); err == nil {
					session, err = accesstest.Session(ctx, tx, owner, true, access.Actor{})
				}
			case n < 10:
				err = access.AddMember(ctx, tx, account, u.ID, access.Everything, "")
			default:
				var other id.Account
				if other, err = access.OpenAccount(ctx, tx, u.ID, access.NewAccount{Name: "Other", Language: "en", TimeZone: "UTC"}); err == nil {
					err = access.AddMember(ctx, tx, other, owner, access.Everything, "")
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return d, account, owner, session
}

// The query of every request in an account.
func BenchmarkFindMembership(b *testing.B) {
	d, account, _, session := crowd(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, m, err := access.FindMembership(b.Context(), d, access.DefaultLives(), session, account, "", ""); err != nil || m.Account() != account {
			b.Fatal(m, err)
		}
	}
}

// The list of User Management.
func BenchmarkMembers(b *testing.B) {
	d, account, _, _ := crowd(b)
	b.ReportAllocs()
	for b.Loop() {
		if list, err := access.Members(b.Context(), d.Auto(), account); err != nil || len(list) != 10 {
			b.Fatal(len(list), err)
		}
	}
}

// The switcher of every page.
func BenchmarkAccountsOf(b *testing.B) {
	d, _, owner, _ := crowd(b)
	b.ReportAllocs()
	for b.Loop() {
		if list, err := access.AccountsOf(b.Context(), d, owner); err != nil || len(list) != 3 {
			b.Fatal(len(list), err)
		}
	}
}
