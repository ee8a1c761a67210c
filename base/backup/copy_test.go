package backup_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"atrium/base/backup"
	"atrium/base/db"
	"atrium/base/db/dbtest"
)

// eachWay runs fn for each pair of databases, on a filled one and the address of
// one without tables.
func eachWay(t *testing.T, fn func(t *testing.T, from *db.DB, to string)) {
	t.Helper()
	across(t, fn)
	for _, engine := range dbtest.Engines() {
		oneWay(t, engine, engine, fn)
	}
}

// across is eachWay without those from a database to another of its kind.
func across(t *testing.T, fn func(t *testing.T, from *db.DB, to string)) {
	t.Helper()
	oneWay(t, dbtest.SQLite, dbtest.Postgres, fn)
	oneWay(t, dbtest.Postgres, dbtest.SQLite, fn)
}

func oneWay(t *testing.T, from, to string, fn func(t *testing.T, from *db.DB, to string)) {
	t.Helper()
	t.Run(from+" to "+to, func(t *testing.T) {
		d := dbtest.Open(t, from, schemas())
		fill(t, d, 13)
		fn(t, d, dbtest.URL(t, to))
	})
}

// opened opens a database as it is.
func opened(t *testing.T, url string) *db.DB {
	t.Helper()
	return dbtest.Reopen(t, url, schemas())
}

// copying is a copy in small batches.
func copying(t *testing.T, from, to *db.DB) *backup.Copy {
	t.Helper()
	return &backup.Copy{From: from, To: to, Known: known(t, schemas()), Batch: 4, Sound: sound}
}

func sound(context.Context, *db.DB) ([]string, error) { return nil, nil }

// wantRefusal wants an error that says nothing of going on.
func wantRefusal(t *testing.T, what string, err error, words ...string) {
	t.Helper()
	wantError(t, what, err, words...)
	if err != nil && strings.Contains(err.Error(), "broke off") {
		t.Errorf("%s: nothing was begun: %v", what, err)
	}
}

func wantCopied(t *testing.T, c *backup.Copy) {
	t.Helper()
	held, err := c.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "the copy", dump(t, c.To), dump(t, c.From))
	if want := int64(len(dump(t, c.From))); held.Total() != want {
		t.Errorf("%d rows, it says, not %d", held.Total(), want)
	}
	if err := backup.Unfinished(t.Context(), c.To); err != nil {
		t.Error(err)
	}
}

func TestACopyHasEveryRowAsItIs(t *testing.T) {
	eachWay(t, func(t *testing.T, from *db.DB, to string) {
		c := copying(t, from, opened(t, to))
		var phases []backup.Phase
		var last backup.Progress
		c.Tell = func(p backup.Progress) {
			if p.Phase != last.Phase {
				phases = append(phases, p.Phase)
			} else if p.Done < last.Done || p.Total != last.Total {
				t.Errorf("after %+v comes %+v", last, p)
			}
			last = p
		}
		wantCopied(t, c)
		if want := []backup.Phase{backup.Looking, backup.Copying, backup.Comparing, backup.Asking}; !slices.Equal(phases, want) {
			t.Error(phases)
		}
	})
}

// Ended after each of its batches in turn, it goes on there: no batch is copied
// twice, and what it comes to is the same.
func TestACopyGoesOnWhereItWasEnded(t *testing.T) {
	eachWay(t, func(t *testing.T, from *db.DB, to string) {
		batches, runs := 0, 0
		for ended := true; ended; runs++ {
			c := copying(t, from, opened(t, to))
			ctx, end := context.WithCancel(t.Context())
			most := 1 + runs%7
			c.Tell = func(p backup.Progress) {
				if p.Phase != backup.Copying {
					return
				}
				batches++
				if most--; most == 0 {
					end()
				}
			}
			_, err := c.Run(ctx)
			end()
			if ended = errors.Is(err, context.Canceled); !ended {
				if err != nil {
					t.Fatal(err)
				}
				wantSame(t, "the copy", dump(t, c.To), dump(t, from))
				continue
			}
			wantError(t, "a half copy", backup.Unfinished(t.Context(), c.To), "run atrium copy again")
			_, err = copying(t, c.To, opened(t, dbtest.URL(t, dbtest.SQLite))).Run(t.Context())
			wantError(t, "a copy of a half copy", err, "run atrium copy again")
		}
		whole := copying(t, from, opened(t, dbtest.URL(t, dbtest.SQLite)))
		whole.Tell = func(p backup.Progress) {
			if p.Phase == backup.Copying {
				batches--
			}
		}
		wantCopied(t, whole)
		if batches != 0 || runs < 10 {
			t.Errorf("in %d runs, %d batches more than in one", runs, batches)
		}
	})
}

// A server that cuts the connections, of either side.
func TestACopySurvivesLostConnections(t *testing.T) {
	from, to := dbtest.Migrated(t, dbtest.Postgres, schemas()), dbtest.URL(t, dbtest.Postgres)
	fill(t, opened(t, from), 13)
	for n, cut := range []string{to, from, to} {
		c := copying(t, opened(t, from), opened(t, to))
		server := opened(t, cut)
		batches := 0
		c.Tell = func(backup.Progress) {
			if batches++; batches == 5+n {
				disconnect(t, server)
			}
		}
		_, err := c.Run(t.Context())
		wantError(t, "cut", err, "it broke off in the table ", "run the same again to go on")
		wantError(t, "cut", backup.Unfinished(t.Context(), opened(t, to)), "not whole")
	}
	wantCopied(t, copying(t, opened(t, from), opened(t, to)))
}

// disconnect ends all other connections to a database.
func disconnect(t *testing.T, d *db.DB) {
	ended, err := db.All(t.Context(), d.Auto(), func(r db.Row) (bool, error) {
		var ended bool
		err := r.Scan(&ended)
		return ended, err
	}, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if err != nil || len(ended) == 0 {
		t.Error("nobody was disconnected:", err)
	}
}

// Whoever writes to either side while it is copied is noticed, and the copy is
// nobody's database until it was begun again.
func TestACopyThatIsNotTheSameIsRefused(t *testing.T) {
	rename := `UPDATE users SET first_name = 'changed' WHERE id = (SELECT min(id) FROM users)`
	for what, c := range map[string]struct {
		inCopy     bool
		sql        string
		says, also string
	}{
		"the source has changed":  {false, rename, "the table users is not the same", "some have other values"},
		"the source has grown":    {false, `INSERT INTO tallies (action, day, count) VALUES ('x', 1, 1)`, "the table tallies", "14 rows, but the copy 13"},
		"the copy has changed":    {true, rename, "the table users is not the same", "some have other values"},
		"the copy lost something": {true, `DELETE FROM paces WHERE next_at = (SELECT min(next_at) FROM paces)`, "the table paces", "13 rows, but the copy "},
	} {
		t.Run(what, func(t *testing.T) {
			across(t, func(t *testing.T, from *db.DB, to string) {
				k := copying(t, from, opened(t, to))
				d, done := from, false
				if c.inCopy {
					d = k.To
				}
				k.Tell = func(p backup.Progress) {
					if p.Phase == backup.Copying && p.Done == p.Total && !done {
						done = true
						write(t, d, func(tx *db.Tx) error { return tx.ExecOne(t.Context(), c.sql) })
					}
				}
				_, err := k.Run(t.Context())
				wantError(t, what, err, c.says, c.also, "stop Atrium", "--afresh")
				wantError(t, what, backup.Unfinished(t.Context(), k.To), "not whole or not checked")
				k.Afresh = true
				wantCopied(t, k)
			})
		})
	}
}

// Two rows that have swapped a value make the same sum of values, not of rows.
func TestRowsAreComparedAsAWhole(t *testing.T) {
	dbtest.Each(t, schemas(), func(t *testing.T, from *db.DB) {
		fill(t, from, 2)
		k := copying(t, from, opened(t, dbtest.URL(t, dbtest.SQLite)))
		k.Tell = func(p backup.Progress) {
			if p.Phase == backup.Asking {
				t.Error("it is taken for the same")
			}
			if p.Phase == backup.Copying && p.Done == p.Total {
				write(t, k.To, func(tx *db.Tx) error {
					return tx.ExecOne(t.Context(), `UPDATE tallies SET count = (SELECT min(o.count) + max(o.count) FROM tallies o) - count`)
				})
			}
		}
		_, err := k.Run(t.Context())
		wantError(t, "swapped", err, "the table tallies is not the same")
	})
}

func TestOfTwoCopiesAtOnceOneGivesUp(t *testing.T) {
	across(t, func(t *testing.T, from *db.DB, to string) {
		first, second := copying(t, from, opened(t, to)), copying(t, from, opened(t, to))
		n := 0
		first.Tell = func(p backup.Progress) {
			if n++; n == 9 {
				wantCopied(t, second)
			}
		}
		_, err := first.Run(t.Context())
		wantError(t, "the slower", err, "it broke off")
		wantSame(t, "the copy", dump(t, second.To), dump(t, from))
	})
}

func TestACopyOfWhatDoesNotHoldIsRefused(t *testing.T) {
	across(t, func(t *testing.T, from *db.DB, to string) {
		c := copying(t, from, opened(t, to))
		bad := from
		c.Sound = func(_ context.Context, d *db.DB) ([]string, error) {
			if d == bad {
				return []string{"Water flows down", "Rome is eternal"}, nil
			}
			return nil, nil
		}
		_, err := c.Run(t.Context())
		wantRefusal(t, "the source", err, "not as it should be", "Water flows down; Rome is eternal")
		if applied, err := c.To.Applied(t.Context()); len(applied) != 0 || err != nil {
			t.Error("something was begun:", applied, err)
		}
		bad = c.To
		_, err = c.Run(t.Context())
		wantRefusal(t, "the copy", err, "the copy is not as it should be", "Rome")
		wantRefusal(t, "the copy", backup.Unfinished(t.Context(), c.To), "not checked")
		bad = nil
		wantCopied(t, c)
	})
}

// What is in a database is never touched, and a half copy only goes on with what
// it was begun with.
func TestACopyTouchesNothingThatIsThere(t *testing.T) {
	across(t, func(t *testing.T, from *db.DB, to string) {
		there := opened(t, to)
		if err := there.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		write(t, there, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO accounts (account_id, name, created_at) VALUES (10001, 'Acme', 5)`)
			return err
		})
		before := dump(t, there)
		for _, afresh := range []bool{false, true} {
			c := copying(t, from, there)
			c.Afresh = afresh
			_, err := c.Run(t.Context())
			wantRefusal(t, "somebody's database", err, "is not empty (accounts has 1 rows)", "never touched")
			wantSame(t, "somebody's database", dump(t, there), before)
		}
	})
}

func TestAHalfCopyGoesOnWithItsSourceOnly(t *testing.T) {
	across(t, func(t *testing.T, from *db.DB, to string) {
		half := copying(t, from, opened(t, to))
		ctx, end := context.WithCancel(t.Context())
		half.Tell = func(p backup.Progress) {
			if p.Done > 30 {
				end()
			}
		}
		if _, err := half.Run(ctx); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		before := dump(t, half.To)
		other := dbtest.Open(t, dbtest.SQLite, schemas())
		fill(t, other, 12)
		_, err := copying(t, other, half.To).Run(t.Context())
		wantRefusal(t, "another source", err, "a half copy of another database", "--afresh")
		write(t, from, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM paces`)
			return err
		})
		_, err = copying(t, from, half.To).Run(t.Context())
		wantRefusal(t, "the source has changed", err, "when other rows", "--afresh")
		wantSame(t, "refused", dump(t, half.To), before)

		again := copying(t, other, half.To)
		again.Afresh = true
		wantCopied(t, again)
	})
}

func TestACopyIsOfOneSchema(t *testing.T) {
	newer := append(schemas(), later())
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			old, fresh := dbtest.Open(t, engine, schemas()), dbtest.Open(t, engine, newer)
			none := opened(t, dbtest.URL(t, engine))
			c := copying(t, old, none)
			c.Known = known(t, newer)
			_, err := c.Run(t.Context())
			wantRefusal(t, "an older source", err, "of an older Atrium", "atrium migrate")
			_, err = copying(t, fresh, none).Run(t.Context())
			wantRefusal(t, "a newer source", err, "the database to copy is of a newer Atrium (migration 20991231000000)")
			_, err = copying(t, old, fresh).Run(t.Context())
			wantRefusal(t, "into a newer one", err, "the database to copy to is of a newer Atrium")
			_, err = copying(t, none, old).Run(t.Context())
			wantRefusal(t, "a source without tables", err, "nothing to copy")
			wantCopied(t, copying(t, old, none)) // empty, but a database
		})
	}
}

// What only SQLite has let somebody write is named, before PostgreSQL stumbles.
func TestACopyNamesTextThatPostgreSQLCanNotHold(t *testing.T) {
	from := dbtest.Open(t, dbtest.SQLite, schemas())
	write(t, from, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO staff (id, email, email_key, name, password_hash, role, created_at)
			VALUES (1, '', '', 'Ann', '', 'administrator', 1), (2, '', 'b', CAST(x'410042' AS TEXT), '', 'administrator', 1)`)
		return err
	})
	for _, engine := range dbtest.Engines() {
		_, err := copying(t, from, opened(t, dbtest.URL(t, engine))).Run(t.Context())
		wantError(t, engine, err, "it broke off in the table staff", "staff.name holds text that is not UTF-8 without NUL")
	}
}

// A row that a batch of its own would not hold, among many small ones.
func TestABatchEndsByItsSizeToo(t *testing.T) {
	across(t, func(t *testing.T, from *db.DB, to string) {
		write(t, from, func(tx *db.Tx) error {
			for n := range 3 {
				_, err := tx.Exec(t.Context(), `INSERT INTO jobs (id, lane, kind, args, run_at, created_at) VALUES ($1, '', 'large', $2, 0, 0)`, 1+n, strings.Repeat("x", 17<<20))
				if err != nil {
					return err
				}
			}
			return nil
		})
		c := copying(t, from, opened(t, to))
		c.Batch = 1000
		batches := 0
		c.Tell = func(p backup.Progress) {
			if p.Phase == backup.Copying && p.Table == "jobs" {
				batches++
			}
		}
		if _, err := c.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if batches < 3 {
			t.Errorf("%d batches", batches)
		}
	})
}
