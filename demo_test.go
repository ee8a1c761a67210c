package atrium_test

import (
	"io"
	"log/slog"
	"path/filepath"
	"strconv"
	"testing"

	"atrium"
	"atrium/base/access"
	"atrium/base/config"
	"atrium/base/db"
)

// The demo is filled by the services, so this is also a test of a year of use.
func TestTheDemoIsFilledAndSound(t *testing.T) {
	s := config.Settings{Listen: "127.0.0.1:0", Base: "http://localhost:8080", Log: "warn", From: "Atrium <no-reply@localhost>", DevMail: true,
		Database: config.URL("sqlite:" + filepath.Join(t.TempDir(), "atrium.db"))}
	c := atrium.Config{Settings: s, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if err := atrium.FillDemo(t.Context(), c, atrium.DemoDay()); err != nil {
		t.Fatal(err)
	}
	c.Clock = atrium.DemoClock(atrium.DemoDay())
	a, err := atrium.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	broken, err := atrium.Invariants(t.Context(), a.DB)
	if err != nil || len(broken) > 0 {
		t.Errorf("invariants: %v %v", broken, err)
	}
	for _, c := range []struct {
		what, sql string
		least     int64
	}{
		{"accounts", `SELECT count(*) FROM accounts`, 6},
		{"people", `SELECT count(*) FROM users`, 10},
		{"memberships that are not the owner's", `SELECT count(*) FROM memberships WHERE NOT owner`, 10},
		{"kinds of permissions given", `SELECT count(DISTINCT permissions) FROM memberships`, 5},
		{"pending invitations", `SELECT count(*) FROM invitations WHERE state = 'pending'`, 3},
		{"declined invitations", `SELECT count(*) FROM invitations WHERE state = 'declined'`, 1},
		{"months of activity", `SELECT (max(at) - min(at)) / 2592000000000 FROM audit`, 11},
		{"mails", `SELECT count(*) FROM emails`, 40},
		{"staff", `SELECT count(*) FROM staff`, 3},
		{"sections of the settings", `SELECT count(*) FROM settings`, 4},
		{"people whose permissions are a preset of the host's own", `SELECT count(*) FROM memberships WHERE permissions = ` + strconv.Itoa(int(access.SetOf(access.NameProfile, access.NameEmails))), 1},
	} {
		n, err := db.One(t.Context(), a.DB.Across(), func(r db.Row) (int64, error) {
			var n int64
			err := r.Scan(&n)
			return n, err
		}, c.sql)
		if err != nil || n < c.least {
			t.Errorf("%s: %d (%v), want at least %d", c.what, n, err, c.least)
		}
	}
}
