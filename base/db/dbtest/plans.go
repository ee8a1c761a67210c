package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"atrium/base/db"
)

// few are the tables that stay small whoever comes: what the host itself has, and
// what is gone in minutes. Any other has a row and more for each customer.
var few = []string{"staff", "settings", "counters", "pictures", "staff_sessions", "staff_tokens", "passkey_answers", "login_steps", "two_step_setups",
	"paces", "copies", "goose_db_version", "goose_lock"}

// ByKey is a Trace for the database at url, of the whole program: a statement that is
// not marked as reading across accounts fails the test if SQLite would read a whole
// table for it that customers fill.
func ByKey(t testing.TB, url string) func(sql string, across bool) {
	path, lite := strings.CutPrefix(url, "sqlite:")
	return func(sql string, across bool) {
		if !lite || across || strings.HasPrefix(sql, "EXPLAIN ") {
			return
		}
		if _, known := explained.LoadOrStore(sql, true); known {
			return
		}
		switch table, err := readsWhole(path, sql); {
		case err != nil:
			t.Error(err)
		case isSweep(sql) && table == "":
			t.Errorf("this sweep finds its rows by a key, so it needs no exception:\n%s", sql)
		case !isSweep(sql) && table != "":
			t.Errorf("this statement reads the whole of %s:\n%s", table, sql)
		}
	}
}

// explained are the statements whose plans have been read in this process.
var explained sync.Map

// sweeps are how those statements begin that read a whole table to tidy it up by age,
// for everybody: in a job once in a while, but the last one when staff have sessions
// live longer.
var sweeps = []string{
	`DELETE FROM browsers WHERE used_at < `,
	`DELETE FROM limits WHERE started_at < `,
	`DELETE FROM sessions WHERE created_at < `,
	`DELETE FROM user_tokens WHERE expires_at < `,
	`UPDATE sessions SET seen_at = 0 WHERE seen_at > 0`,
}

func isSweep(statement string) bool {
	return slices.ContainsFunc(sweeps, func(begins string) bool { return strings.HasPrefix(statement, begins) })
}

// readsWhole names the table that SQLite would read as a whole for the statement:
// such a statement costs more with each customer that comes, whomever it is for.
// Without ANALYZE SQLite chooses by the schema alone, so it is the same with few rows
// as with many.
func readsWhole(path, statement string) (table string, err error) {
	d, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return "", err
	}
	defer d.Close()
	rows, err := d.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+statement, make([]any, parameters(statement))...)
	if err != nil {
		return "", fmt.Errorf("%w, in the plan of %s", err, statement)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return "", err
		}
		if name, ok := strings.CutPrefix(detail, "SCAN "); ok && table == "" && !ofSome(d, detail) {
			name, _, _ = strings.Cut(name, " ")
			table = many(statement, name)
		}
	}
	return table, rows.Err()
}

// ofSome tells whether a plan reads an index that has only some rows: those are what
// is asked for.
func ofSome(d *sql.DB, detail string) bool {
	_, index, ok := strings.Cut(detail, " INDEX ")
	if !ok {
		return false
	}
	var partial bool
	err := d.QueryRow(`SELECT sql LIKE '% WHERE %' FROM sqlite_master WHERE type = 'index' AND name = $1`, index).Scan(&partial)
	return err == nil && partial
}

var parameter = regexp.MustCompile(`\$\d+`)

func parameters(statement string) int {
	found := parameter.FindAllString(statement, -1)
	slices.Sort(found)
	return len(slices.Compact(found))
}

// many is the table that a plan calls by its name or by the statement's name for it,
// or "" if that one stays small, or is none.
func many(statement, name string) string {
	for _, t := range db.Tables() {
		if slices.Contains(few, t.Name) {
			continue
		}
		if t.Name == name || regexp.MustCompile(`(?i)\b`+t.Name+`\s+(AS\s+)?`+regexp.QuoteMeta(name)+`\b`).MatchString(statement) {
			return t.Name
		}
	}
	return ""
}
