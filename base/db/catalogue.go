package db

import (
	"context"
	"strings"
	"time"
)

// A catalogue is how an engine is asked about itself: SQL texts, "" where it has
// nothing to answer.
type catalogue struct {
	columns    string                         // name, type and place in the primary key of a table's columns
	serverTime string                         // its own clock, in microseconds
	position   string                         // how far its log of changes goes
	behind     string                         // what a standby lacks of it, in bytes; -1 of what is no standby
	integrity  string                         // what is broken in its files
	references string                         // references that lead nowhere, which it may have let pass
	statistics string                         // counts the tables of statistics that slow it down
	learn      string                         // has it look at its tables, to plan by what they hold
	seize      func(tables []string) string   // has the tables to itself until the transaction ends
	clear      func(tables []string) []string // empties them
}

func (p *postgres) catalogue() catalogue {
	return catalogue{
		columns: `SELECT a.attname::text, upper(format_type(a.atttypid, a.atttypmod)), COALESCE(k.place, 0)
			FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
			LEFT JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, place) ON k.attnum = a.attnum
			WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
		serverTime: `SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)`,
		position:   `SELECT CAST(pg_current_wal_lsn() AS TEXT)`,
		behind:     `SELECT CASE WHEN pg_is_in_recovery() THEN GREATEST(0, CAST(pg_wal_lsn_diff(CAST(CAST($1 AS TEXT) AS pg_lsn), pg_last_wal_replay_lsn()) AS BIGINT)) ELSE -1 END`,
		learn:      `ANALYZE`,
		seize:      func(tables []string) string { return `LOCK TABLE ` + quote(tables...) + ` IN ACCESS EXCLUSIVE MODE` },
		clear:      func(tables []string) []string { return []string{`TRUNCATE ` + quote(tables...)} },
	}
}

func (s *sqliteDB) catalogue() catalogue {
	return catalogue{
		// The number of a row is an INTEGER, of 64 bits as any.
		columns:    `SELECT name, CASE upper(type) WHEN 'INTEGER' THEN 'BIGINT' ELSE upper(type) END, pk FROM pragma_table_info($1) ORDER BY cid`,
		integrity:  `SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`,
		references: `SELECT DISTINCT 'a row of ' || "table" || ' leads to a row of ' || parent || ' that is not there' FROM pragma_foreign_key_check`,
		statistics: `SELECT count(*) FROM sqlite_schema WHERE name IN ('sqlite_stat1', 'sqlite_stat2', 'sqlite_stat3', 'sqlite_stat4')`,
		// There is one writer already. Rows may come before those they refer to.
		seize: func([]string) string { return `PRAGMA defer_foreign_keys = ON` },
		clear: func(tables []string) []string {
			var list []string
			for _, t := range tables {
				list = append([]string{`DELETE FROM ` + quote(t)}, list...) // what refers comes after what it refers to
			}
			return list
		},
	}
}

// quote writes names as SQL does, separated by commas.
func quote(names ...string) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = `"` + strings.ReplaceAll(n, `"`, `""`) + `"`
	}
	return strings.Join(list, ", ")
}

func scanString(r Row) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}

// Integrity has SQLite look over its file: what is broken, a line each. It reads
// everything. PostgreSQL is not asked: its server looks after its files.
func (w *Whole) Integrity(ctx context.Context) ([]string, error) {
	var broken []string
	for _, sql := range []string{w.d.engine.catalogue().integrity, w.d.engine.catalogue().references} {
		if sql == "" {
			continue
		}
		found, err := All(ctx, w, scanString, sql)
		if err != nil {
			return broken, err
		}
		broken = append(broken, found...)
	}
	return broken, nil
}

// Statistics counts the tables that ANALYZE makes in SQLite: with them, this
// build of SQLite parses prepared statements again and again.
func (w *Whole) Statistics(ctx context.Context) (int64, error) {
	if sql := w.d.engine.catalogue().statistics; sql != "" {
		return One(ctx, w, scanInt, sql)
	}
	return 0, nil
}

// Learn has PostgreSQL look at what its tables hold, as it does by itself some
// time after they were filled: until then it plans blindly. SQLite has nothing to
// learn.
func (d *DB) Learn(ctx context.Context) error {
	sql := d.engine.catalogue().learn
	if sql == "" {
		return nil
	}
	return d.Load(ctx, func(w *Whole) error {
		_, err := w.Exec(ctx, sql)
		return err
	})
}

// ServerTime is the time by the database server's own clock: zero for SQLite,
// which has none.
func (d *DB) ServerTime(ctx context.Context) (time.Time, error) {
	sql := d.engine.catalogue().serverTime
	if sql == "" {
		return time.Time{}, nil
	}
	return One(ctx, d.Auto(), func(r Row) (time.Time, error) {
		var t time.Time
		err := r.Scan(Time(&t))
		return t, err
	}, sql)
}
