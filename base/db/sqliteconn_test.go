package db

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// prepared are the statements that the writer's connection keeps.
func prepared(t *testing.T, s *sqliteDB) map[string]bool {
	t.Helper()
	c, err := s.writing.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.writing.give(c)
	kept := map[string]bool{}
	for q := range c.free {
		kept[q] = true
	}
	return kept
}

func openCached(t *testing.T) (*DB, *sqliteDB) {
	t.Helper()
	d, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "atrium.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, d.engine.(*sqliteDB)
}

func number(r Row) (n int64, err error) {
	err = r.Scan(&n)
	return n, err
}

func write(t *testing.T, d *DB, fn func(ctx context.Context, tx *Tx) error) error {
	return d.WriteGlobal(t.Context(), Lock{}, func(tx *Tx) error { return fn(t.Context(), tx) })
}

func TestStatementsArePreparedOnce(t *testing.T) {
	d, s := openCached(t)
	const sql = `SELECT CAST($1 AS BIGINT)`
	for i := range int64(3) {
		err := write(t, d, func(ctx context.Context, tx *Tx) error {
			for j := range int64(3) {
				got, err := One(ctx, tx, number, sql, 10*i+j)
				if err != nil || got != 10*i+j {
					t.Error(got, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if kept := prepared(t, s); !kept[sql] {
		t.Error(kept)
	}
}

func TestAStatementThatIsInUseIsPreparedAgain(t *testing.T) {
	d, _ := openCached(t)
	const sql = `SELECT CAST($1 AS BIGINT) UNION ALL SELECT 2`
	err := write(t, d, func(ctx context.Context, tx *Tx) error {
		a, err := tx.query(ctx, sql, []any{1})
		if err != nil {
			return err
		}
		b, err := tx.query(ctx, sql, []any{7})
		if err != nil {
			return err
		}
		for _, rs := range []rows{a, b, a, b} {
			if !rs.Next() {
				t.Error("no row", rs.Err())
			}
		}
		a.Close()
		b.Close()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAStatementThatFailedIsNotKept(t *testing.T) {
	d, s := openCached(t)
	const insert = `INSERT INTO t (id) VALUES ($1)`
	err := write(t, d, func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, `CREATE TABLE t (id BIGINT PRIMARY KEY) WITHOUT ROWID`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	add := func(ctx context.Context, tx *Tx) error {
		_, err := tx.Exec(ctx, insert, 1)
		return err
	}
	if err := write(t, d, add); err != nil {
		t.Fatal(err)
	}
	if write(t, d, add) == nil || prepared(t, s)[insert] {
		t.Error("a duplicate was taken, or its statement kept")
	}
}

func TestTheCacheHasAnEnd(t *testing.T) {
	d, s := openCached(t)
	err := write(t, d, func(ctx context.Context, tx *Tx) error {
		for i := range statementCap + 50 {
			if _, err := One(ctx, tx, number, fmt.Sprintf(`SELECT %d`, i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(prepared(t, s)); n != statementCap {
		t.Errorf("%d statements are kept, want %d", n, statementCap)
	}
}

func TestAPreparedStatementSeesANewColumn(t *testing.T) {
	d, _ := openCached(t)
	const sql = `SELECT count(*) FROM pragma_table_info('t')`
	for _, change := range []string{`CREATE TABLE t (a BIGINT)`, `ALTER TABLE t ADD COLUMN b BIGINT`} {
		if _, err := One(t.Context(), d.Auto(), number, sql); err != nil {
			t.Fatal(err)
		}
		err := write(t, d, func(ctx context.Context, tx *Tx) error {
			_, err := tx.Exec(ctx, change)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n, err := One(t.Context(), d.Auto(), number, sql); n != 2 || err != nil {
		t.Error(n, err)
	}
}

// SQLite that looked at the limit would have the number in its program.
func TestALimitIsNotParsedAnewForEachValue(t *testing.T) {
	d, _ := openCached(t)
	type step struct {
		name       string
		p2, p3, p5 int64
		addr, p1   int64
		p4, note   any
	}
	scan := func(r Row) (step, error) {
		var s step
		err := r.Scan(&s.addr, &s.name, &s.p1, &s.p2, &s.p3, &s.p4, &s.p5, &s.note)
		return s, err
	}
	for _, limit := range []int64{10, 20} {
		program, err := All(t.Context(), d.Auto(), scan, `EXPLAIN SELECT name FROM sqlite_schema WHERE rowid > $1 ORDER BY rowid LIMIT $2`, 1, limit)
		if err != nil {
			t.Fatal(err)
		}
		variables := 0
		for _, s := range program {
			if s.name == "Variable" {
				variables++
			}
		}
		if variables != 2 {
			t.Errorf("%d variables, not the two of the statement", variables)
		}
	}
}

func TestWhatDoesNotFitIsNotScanned(t *testing.T) {
	d, _ := openCached(t)
	for _, c := range []struct {
		sql string
		to  func() any
	}{
		{`SELECT NULL`, func() any { return new(string) }},
		{`SELECT NULL`, func() any { return new(int64) }},
		{`SELECT 'x'`, func() any { return new(int64) }},
		{`SELECT 'x'`, func() any { return new(bool) }},
		{`SELECT 1`, func() any { return new(string) }},
		{`SELECT 'x'`, func() any { return Time(new(time.Time)) }},
		{`SELECT 300`, func() any { return new(int8) }},
		{`SELECT -1`, func() any { return new(uint16) }},
		{`SELECT 1, 2`, func() any { return new(int64) }},
	} {
		if _, err := One(t.Context(), d.Auto(), func(r Row) (int, error) { return 0, r.Scan(c.to()) }, c.sql); err == nil {
			t.Errorf("%s was scanned into a %T", c.sql, c.to())
		}
	}
}

func TestWhatFitsIsScanned(t *testing.T) {
	type name string
	type size uint8
	d, _ := openCached(t)
	_, err := One(t.Context(), d.Auto(), func(r Row) (int, error) {
		var n name
		var s size
		var at, never time.Time
		var none, one *int64
		var half float64
		var whatever any
		var empty string
		var yes bool
		err := r.Scan(&n, &s, Time(&at), Time(&never), &none, &one, &half, &whatever, &empty, &yes)
		if n != "Bär\u00a0" || s != 255 || at.UnixMicro() != 7 || !never.IsZero() || none != nil || one == nil || *one != 1 || half != 0.5 || whatever != "any" || empty != "" || !yes {
			t.Error(n, s, at, never, none, one, half, whatever, empty, yes)
		}
		return 0, err
	}, `SELECT $1, 255, 7, NULL, NULL, 1, 0.5, 'any', $2, $3`, "Bär\u00a0", "", true)
	if err != nil {
		t.Error(err)
	}
}

func TestAStatementIsOneAndHasItsArguments(t *testing.T) {
	d, _ := openCached(t)
	for _, sql := range []string{`SELECT 1; SELECT 2`, ``, `-- nothing`, `SELECT ?`, `SELECT $x`, `SELECT $2`} {
		if _, err := One(t.Context(), d.Auto(), number, sql, 1); err == nil {
			t.Errorf("%q was run", sql)
		}
	}
	if n, err := One(t.Context(), d.Auto(), number, `SELECT $2 - $1 * $2;`, 2, 5); n != -5 || err != nil {
		t.Error(n, err)
	}
}

// Nothing else would end this statement.
func TestALongStatementEndsWithItsContext(t *testing.T) {
	d, _ := openCached(t)
	const endless = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := One(ctx, d.Across(), number, endless); err == nil || ctx.Err() == nil {
		t.Error(err, ctx.Err())
	}
	for range 20 { // the connection is as good as before
		if n, err := One(t.Context(), d.Across(), number, `SELECT 7`); n != 7 || err != nil {
			t.Fatal(n, err)
		}
	}
}

func TestATransactionThatPanicsLeavesNothingOpen(t *testing.T) {
	d, s := openCached(t)
	func() {
		defer func() { recover() }()
		write(t, d, func(ctx context.Context, tx *Tx) error { panic("in a transaction") })
	}()
	c, err := s.writing.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.writing.give(c)
	if !c.idle() {
		t.Error("a transaction is open")
	}
}
