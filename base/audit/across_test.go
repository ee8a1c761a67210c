package audit

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
)

func schemas() []fs.FS { return []fs.FS{access.Schema, Schema} }

// filters are those that staff can ask for, and the index that serves each.
func filters() map[string]Filter {
	actions := []string{"member.login", "member.left"}
	return map[string]Filter{
		"audit_across": {}, "audit_action": {Actions: actions}, "audit_user_across": {User: 7}, "audit_one_staff": {One: 8}, "audit_any_staff": {Staff: true},
		"audit_user_across ": {User: 7, Actions: actions}, "audit_one_staff ": {One: 8, Actions: actions}, "audit_any_staff ": {Staff: true, Actions: actions},
	}
}

// PostgreSQL's planner decides by how many rows there are; SQLite's, which has
// no statistics here, does not.
func TestStaffReadEachFilterFromItsIndex(t *testing.T) {
	if dbtest.Citus() != "" {
		t.Skip("the plan of a cluster names no index: each node has its own")
	}
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
		postgres := d.SkipLocked() != ""
		if postgres {
			fill(t, d)
		}
		for index, f := range filters() {
			for _, before := range []Mark{{}, {time.UnixMicro(15000), 3, 10001}} {
				f.Before, f.Since = before, time.UnixMicro(5)
				sql, args := f.across(51)
				got := plan(t, d, postgres, sql, args)
				name := strings.TrimSpace(index)
				if !strings.Contains(got, " "+name+" ") || strings.Contains(got, "SCAN audit") || strings.Contains(got, "Seq Scan on audit") {
					t.Errorf("%+v does not read %s:\n%s", f, name, got)
				}
			}
		}
	})
}

func plan(t *testing.T, d *db.DB, postgres bool, sql string, args []any) string {
	t.Helper()
	explain, scan := `EXPLAIN QUERY PLAN `, func(r db.Row) (s string, err error) {
		var n int64
		err = r.Scan(&n, &n, &n, &s)
		return s, err
	}
	if postgres {
		explain, scan = `EXPLAIN `, func(r db.Row) (s string, err error) { err = r.Scan(&s); return s, err }
	}
	steps, err := db.All(t.Context(), d.Across(), scan, explain+sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n")
}

// fill writes thirty thousand rows: of 900 accounts and 300 users, one in thirty
// by one of ten of the staff, one in a hundred of the actions asked for.
func fill(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO audit (account_id, id, at, actor_kind, user_id, staff_id, actor_name, ip, agent, action, subject, before, after)
			SELECT 10001 + n % 900, n, n, 'user', CASE WHEN n % 30 = 0 THEN 0 ELSE 1 + n % 300 END, CASE WHEN n % 30 = 0 THEN 1 + n % 11 ELSE 0 END,
				'', '', '', CASE WHEN n % 101 = 0 THEN 'member.login' WHEN n % 103 = 0 THEN 'member.left' ELSE 'usual' END, '', '', ''
			FROM generate_series(1, 30000) AS n`)
		if err == nil {
			_, err = tx.Exec(t.Context(), `ANALYZE audit`)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// put writes rows as if they had been written then.
func put(t *testing.T, d *db.DB, account id.Account, a access.Actor, action string, times ...time.Time) {
	t.Helper()
	err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
		for _, at := range times {
			err := tx.ExecOne(t.Context(), `INSERT INTO audit (account_id, id, at, actor_kind, user_id, staff_id, actor_name, ip, agent, action, subject, before, after)
				VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', $8, '', '', '')`,
				account, db.NewID[entryKind](tx), at, string(a.Kind), a.User, a.Staff, a.Name, action)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStaffPageThroughAllAccountsWithoutGaps(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
		now := d.Clock().Now()
		user, staff := access.Actor{Kind: access.ByUser, User: 7, Name: "Ann"}, access.Actor{Kind: access.ByStaff, Staff: 8, Name: "Sue"}
		for n := range 6 { // times and ids disagree, and two accounts share each time
			at := now.Add(-time.Duration(n%3) * time.Hour)
			put(t, d, 10001, user, "member.login", at, at)
			put(t, d, 10002, staff, "member.left", at)
			put(t, d, 0, access.Actor{Kind: access.ByStaff, Staff: 9}, "staff.login", at)
		}
		for _, c := range []struct {
			f    Filter
			want int
		}{
			{Filter{}, 24}, {Filter{User: 7}, 12}, {Filter{One: 8}, 6}, {Filter{Staff: true}, 12}, {Filter{Actions: []string{"member.left", "staff.login"}}, 12},
			{Filter{Actions: []string{"member.login", "member.left", "staff.login"}}, 24}, {Filter{User: 7, Actions: []string{"member.left"}}, 0},
			{Filter{Staff: true, Actions: []string{"staff.login"}}, 6}, {Filter{Since: now.Add(-90 * time.Minute)}, 16},
		} {
			seen := map[string]bool{}
			var last Sighting
			for f := c.f; ; {
				page, err := Across(t.Context(), d, f, 5)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range page {
					key := fmt.Sprint(s.Account, s.ID)
					if seen[key] || !last.At.IsZero() && s.At.After(last.At) {
						t.Errorf("%+v: %v comes again, or late", c.f, s)
					}
					seen[key], last = true, s
				}
				if len(page) < 5 {
					break
				}
				f.Before = last.Mark()
			}
			if len(seen) != c.want {
				t.Errorf("%+v finds %d, want %d", c.f, len(seen), c.want)
			}
		}
	})
}

func TestDaysAreCountedOnceTheyAreOver(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) {
		by := access.Actor{Kind: access.ByUser, User: 7}
		today := d.Clock().Now().UTC().Truncate(day)
		dbtest.Clock(d).Set(today.Add(30 * time.Minute)) // yesterday may still be written to
		now := d.Clock().Now()
		first := time.Date(today.Year(), today.Month()-2, 1, 0, 0, 0, 0, time.UTC)
		put(t, d, 10001, by, "a", first, first.Add(-time.Microsecond), today.Add(-time.Hour), now)
		put(t, d, 10002, by, "a", first.AddDate(0, 1, 0))
		put(t, d, 10002, by, "b", now)
		put(t, d, 10002, by, "uncounted", now)
		actions := []string{"a", "b", "never"}
		want := func(what string) {
			t.Helper()
			from, got, err := ByMonth(t.Context(), d, actions, 3)
			if err != nil || !from.Equal(first) {
				t.Fatal(from, err)
			}
			a := []int64{1, 1, 1}
			a[month(first, today.Add(-time.Hour))]++
			if fmt.Sprint(got["a"], got["b"], got["never"], len(got)) != fmt.Sprint(a, []int64{0, 0, 1}, []int64{0, 0, 0}, 3) {
				t.Errorf("%s: %v, want a %v", what, got, a)
			}
		}
		want("before counting")
		for range 2 {
			if err := CountDays(t.Context(), d, actions); err != nil {
				t.Fatal(err)
			}
			want("after counting")
		}
		counted := func() (n int64) {
			n, err := db.One(t.Context(), d.Auto(), scanInt, `SELECT count(*) FROM tallies WHERE action = 'a' AND day >= $1`, today.Add(-day))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := counted(); n != 0 {
			t.Errorf("yesterday was counted half an hour after it: %d", n)
		}
		dbtest.Clock(d).Set(today.Add(late))
		put(t, d, 10001, by, "b", today.Add(-2*time.Hour)) // committed late
		if err := CountDays(t.Context(), d, actions); err != nil {
			t.Fatal(err)
		}
		if n := counted(); n != 1 {
			t.Errorf("yesterday has %d counts an hour after it, want 1", n)
		}
		_, got, err := ByMonth(t.Context(), d, actions, 3)
		if err != nil || got["b"][0]+got["b"][1]+got["b"][2] != 2 {
			t.Errorf("%v %v", got, err)
		}
	})
}
