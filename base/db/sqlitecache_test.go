package db

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

// prepared are the statements that the writer's connection keeps.
func prepared(t *testing.T, s *sqliteDB) map[string]bool {
	t.Helper()
	c, err := s.writer.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	kept := map[string]bool{}
	err = c.Raw(func(raw any) error {
		for q := range raw.(*cachedConn).free {
			kept[q] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
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
