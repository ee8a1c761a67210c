package dbtest

import (
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestWhoReadsAWholeTableIsFound(t *testing.T) {
	url := Migrated(t, SQLite, []fs.FS{os.DirFS("../testdata")})
	path := strings.TrimPrefix(url, "sqlite:")
	for statement, want := range map[string]string{
		`SELECT email FROM users WHERE id = $1`:                                                       "",
		`SELECT id FROM users WHERE seen = $1`:                                                        "users",
		`SELECT u.id FROM users AS u WHERE u.seen = $1`:                                               "users",
		`UPDATE users SET seen = $2 WHERE email <> $1`:                                                "users",
		`DELETE FROM memberships WHERE account_id = $1`:                                               "",
		`SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.account_id = 1`: "",
		`WITH one AS (SELECT 1 AS n) SELECT n FROM one`:                                               "",
	} {
		got, err := readsWhole(path, statement)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", statement, got, err, want)
		}
	}
	if _, err := readsWhole(path, `SELECT nothing FROM nowhere`); err == nil {
		t.Error("there is no such table")
	}
}
