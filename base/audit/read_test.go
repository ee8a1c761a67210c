package audit

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// SQLite has no statistics here, so the plan on an empty database is that on a
// full one. PostgreSQL's planner knows how many rows there are.
func TestEveryFilterReadsItsOwnIndexInOrder(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite, []fs.FS{access.Schema, Schema})
	step := func(r db.Row) (string, error) {
		var s string
		var n int64
		err := r.Scan(&n, &n, &n, &s)
		return s, err
	}
	for n := range 32 {
		f, index := Filter{}, "audit_at"
		if n&1 != 0 {
			f.User, index = 7, "audit_user"
		}
		if n&2 != 0 {
			f.Since = time.UnixMicro(5)
		}
		if n&4 != 0 {
			f.Before = Mark{At: time.UnixMicro(9), ID: 3}
		}
		if n&8 != 0 {
			f.Actions = []string{"member.login", "member.left"}
		}
		f.Staff = n&16 != 0
		sql, args := f.statement(10001, 51)
		plan, err := db.All(t.Context(), d.Auto(), step, `EXPLAIN QUERY PLAN `+sql, args...)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(plan, "; "); len(plan) != 1 || !strings.Contains(got, "USING INDEX "+index+" ") || !strings.Contains(got, "at>? AND at<?") {
			t.Errorf("%+v: %s", f, got)
		}
	}
}
