package db_test

import (
	"slices"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// Each test here is a line of "Differences to know" between the two databases,
// or of what is the same.

func TestArgumentsOfEveryKindComeBack(t *testing.T) {
	type word string
	when := time.Date(2026, 11, 22, 10, 0, 0, 123456789, time.FixedZone("", 3600))
	five, none := int64(5), (*int64)(nil)
	each(t, func(t *testing.T, d *db.DB) {
		type row struct {
			account id.Account
			user    id.User
			n       int64
			text    word
			yes     bool
			at      time.Time
			never   time.Time
			nothing *int64
			five    int64
		}
		got, err := db.One(t.Context(), d.Auto(), func(r db.Row) (row, error) {
			var v row
			err := r.Scan(&v.account, &v.user, &v.n, &v.text, &v.yes, db.Time(&v.at), db.Time(&v.never), &v.nothing, &v.five)
			return v, err
		}, `SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BOOLEAN),
			CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS BIGINT)`,
			id.Account(10001), id.User(7), 3, word("wörd"), true, when, time.Time{}, none, &five)
		want := row{account: 10001, user: 7, n: 3, text: "wörd", yes: true, at: when.UTC().Truncate(time.Microsecond), five: 5}
		if err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	})
}

func TestTimeOfNullIsNever(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		got, err := db.One(t.Context(), d.Auto(), func(r db.Row) (time.Time, error) {
			at := time.Now()
			err := r.Scan(db.Time(&at))
			return at, err
		}, `SELECT CAST(NULL AS BIGINT)`)
		if err != nil || !got.IsZero() {
			t.Error(got, err)
		}
	})
}

func TestArgumentsTheDatabasesDoNotShareAreRefused(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for _, arg := range []any{[]byte("x"), struct{}{}, uint64(1), []string{"x"}} {
			_, err := db.One(t.Context(), d.Auto(), scan[string], `SELECT CAST($1 AS TEXT)`, arg)
			wantKind(t, err, fault.Internal)
		}
	})
}

func TestParametersAreReusedAndOutOfOrder(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		got, err := db.One(t.Context(), d.Auto(), scan[string],
			`SELECT CAST($2 AS TEXT) || CAST($1 AS TEXT) || CAST($2 AS TEXT)`, "a", "b")
		if err != nil || got != "bab" {
			t.Error(got, err)
		}
	})
}

func TestNullTestOnAParameterNeedsACast(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		_, err := db.All(t.Context(), d.Auto(), scan[int64], `SELECT id FROM users WHERE CAST($1 AS BIGINT) IS NULL OR id = $1`, nil)
		if err != nil {
			t.Error("with a cast:", err)
		}
		_, err = db.All(t.Context(), d.Auto(), scan[int64], `SELECT id FROM users WHERE $1 IS NULL OR email = $2`, nil, "x")
		if onPostgres(d) != (err != nil) {
			t.Error("without a cast only SQLite takes it, but:", err)
		}
	})
}

func TestAnIntegerForATextColumnIsOnlySQLites(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		_, err := db.All(t.Context(), d.Auto(), scan[int64], `SELECT id FROM users WHERE email = $1`, 5)
		if onPostgres(d) != (err != nil) {
			t.Error(err)
		}
	})
}

func TestAnExtraArgumentIsOnlySQLites(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		_, err := db.All(t.Context(), d.Auto(), scan[int64], `SELECT id FROM users WHERE id = $1`, 1, 2)
		if onPostgres(d) != (err != nil) {
			t.Error(err)
		}
	})
}

func TestASumScansIntoAnInteger(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		got, err := db.One(t.Context(), d.Across(), scan[int64], `SELECT sum(balance + 3) FROM accounts`)
		if err != nil || got != 6 {
			t.Error(got, err)
		}
	})
}

func TestTextIsOrderedByItsBytes(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO counters (name, value) VALUES ('b', 0), ('B', 0), ('a-c', 0), ('ab', 0), ('ä', 0)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.All(t.Context(), d.Auto(), scan[string], `SELECT name FROM counters WHERE name <> 'n' ORDER BY name`)
		want := []string{"B", "a-c", "ab", "b", "ä"}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
		got, err = db.All(t.Context(), d.Auto(), scan[string], `SELECT name FROM counters WHERE name >= $1 AND name < $2`, "a", "b")
		if err != nil || len(got) != 2 {
			t.Errorf("begin with a: %q, %v", got, err)
		}
	})
}

func TestTheSubsetOfSQLMeansTheSame(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			for _, s := range []struct {
				sql  string
				want int64
			}{
				{`INSERT INTO counters (name, value) VALUES ('m', 1) RETURNING value`, 1},
				{`INSERT INTO counters (name, value) VALUES ('m', 5) ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value`, 6},
				{`INSERT INTO memberships (account_id, user_id, owner) VALUES (10001, 1, TRUE)
					ON CONFLICT (account_id) WHERE owner DO UPDATE SET user_id = excluded.user_id RETURNING user_id`, 1},
				{`WITH c AS (SELECT value FROM counters WHERE name = 'm') UPDATE counters SET value = c.value + 1 FROM c WHERE name = 'n' RETURNING counters.value`, 7},
				{`SELECT count(*) FILTER (WHERE value > 6) FROM counters`, 1},
				{`SELECT count(*) OVER () FROM counters LIMIT 1`, 2},
				{`SELECT value FROM counters WHERE (value, name) < (7, 'a') ORDER BY value, name`, 6},
				{`SELECT value FROM counters WHERE EXISTS (SELECT 1 FROM users WHERE id = 1) AND name = 'm'`, 6},
			} {
				got, err := db.One(t.Context(), tx, scan[int64], s.sql)
				if err != nil || got != s.want {
					t.Errorf("%d, %v; want %d from %s", got, err, s.want, s.sql)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestWhatIsNotTextIsRefused(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for _, s := range []string{"a\x00b", "a\xffb"} {
			err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `INSERT INTO counters (name, value) VALUES ($1, 0)`, s)
				return err
			})
			wantKind(t, err, fault.Internal)
		}
	})
}

func TestBrokenConstraintsAreToldApart(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for _, s := range []struct {
			what, sql string
			want      fault.Kind
		}{
			{"a primary key that is there", `INSERT INTO accounts (account_id, name) VALUES (10001, 'x')`, fault.Conflict},
			{"a unique text that is there", `INSERT INTO users (id, email) VALUES (2, 'ann@example.com')`, fault.Conflict},
			{"a second owner", `INSERT INTO memberships (account_id, user_id, owner) VALUES (10001, 1, TRUE)`, fault.Conflict},
			{"a reference to nothing", `INSERT INTO memberships (account_id, user_id, owner) VALUES (10002, 99, TRUE)`, fault.Internal},
			{"a value that CHECK refuses", `UPDATE accounts SET balance = -1 WHERE account_id = 10001`, fault.Internal},
			{"a NULL", `UPDATE accounts SET name = NULL WHERE account_id = 10001`, fault.Internal},
			{"nonsense", `UPDATE nonsense SET x = 1`, fault.Internal},
		} {
			err := d.WriteGlobal(t.Context(), db.Lock{}, func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), s.sql)
				return err
			})
			if err == nil || fault.KindOf(err) != s.want {
				t.Errorf("%s: %v; want kind %v", s.what, err, s.want)
			}
		}
	})
}

func TestOneAndAllFindNothing(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		_, err := db.One(t.Context(), d.Auto(), scan[int64], `SELECT id FROM users WHERE id = $1`, 99)
		wantKind(t, err, fault.NotFound)
		list, err := db.All(t.Context(), d.Auto(), scan[int64], `SELECT id FROM users WHERE id = $1`, 99)
		if err != nil || len(list) != 0 {
			t.Error(list, err)
		}
	})
}
