package dbtest

import (
	"fmt"
	"strings"

	"atrium/base/db"
)

// withTables lets a query on PostgreSQL's catalogue speak of ours, which is
// everything in our schema, of listed, the tables of db.Tables in their order, and
// of accounts, globals and control, which are those of a class.
func withTables(sql string) string {
	var all []string
	of := map[db.Class]string{}
	for _, table := range db.Tables() {
		name := "'" + table.Name + "'"
		all = append(all, name)
		of[table.Class] = strings.TrimPrefix(of[table.Class]+", "+name, ", ")
	}
	return fmt.Sprintf(`WITH ours AS (SELECT oid, relname, relkind FROM pg_class WHERE relnamespace = current_schema()::regnamespace),
		accounts AS (SELECT oid, relname FROM ours WHERE relname IN (%s)),
		globals AS (SELECT oid, relname FROM ours WHERE relname IN (%s)),
		control AS (SELECT oid, relname FROM ours WHERE relname IN (%s)),
		listed AS (SELECT o.oid, o.relname, l.place FROM unnest(ARRAY[%s]) WITH ORDINALITY AS l (name, place) JOIN ours o ON o.relname = l.name)
		%s`, of[db.Accounts], of[db.Global], of[db.Control], strings.Join(all, ", "), sql)
}

// A rule for tables, and the query that finds what breaks it on PostgreSQL.
type rule struct{ rule, sql string }

// rules are what lets accounts be spread over several servers one day.
func rules() []rule {
	return []rule{
		{"an account's table has a column account_id BIGINT NOT NULL",
			`SELECT a.relname FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM pg_attribute c
				WHERE c.attrelid = a.oid AND c.attname = 'account_id' AND c.atttypid = 'bigint'::regtype AND c.attnotnull)`},
		{"an account's table has a primary key",
			`SELECT a.relname FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.oid AND i.indisprimary)`},
		{"each unique index of an account's table begins with account_id",
			`SELECT i.indexrelid::regclass::text FROM accounts a JOIN pg_index i ON i.indrelid = a.oid AND i.indisunique
				LEFT JOIN pg_attribute c ON c.attrelid = a.oid AND c.attnum = i.indkey[0]
				WHERE c.attname IS DISTINCT FROM 'account_id'`},
		{"a foreign key between accounts' tables begins with account_id on both sides",
			`SELECT a.relname || '.' || k.conname FROM accounts a JOIN pg_constraint k ON k.conrelid = a.oid AND k.contype = 'f'
				JOIN accounts b ON b.oid = k.confrelid
				JOIN pg_attribute f ON f.attrelid = a.oid AND f.attnum = k.conkey[1]
				JOIN pg_attribute g ON g.attrelid = b.oid AND g.attnum = k.confkey[1]
				WHERE f.attname <> 'account_id' OR g.attname <> 'account_id'`},
		{"no foreign key leads from a global or control table to an account's",
			`SELECT o.relname || '.' || k.conname FROM ours o JOIN pg_constraint k ON k.conrelid = o.oid AND k.contype = 'f'
				JOIN accounts b ON b.oid = k.confrelid WHERE o.oid NOT IN (SELECT oid FROM accounts)`},
		{"no foreign key leads from an account's table to a control one, which lies elsewhere",
			`SELECT a.relname || '.' || k.conname FROM accounts a JOIN pg_constraint k ON k.conrelid = a.oid AND k.contype = 'f'
				JOIN control b ON b.oid = k.confrelid`},
		{"what is unique across accounts are addresses people log in with, and nothing else",
			`SELECT i.indexrelid::regclass::text FROM globals g JOIN pg_index i ON i.indrelid = g.oid AND i.indisunique AND NOT i.indisprimary
				LEFT JOIN pg_attribute c ON c.attrelid = g.oid AND c.attnum = i.indkey[0]
				WHERE g.relname NOT IN ('users', 'staff') OR i.indnkeyatts > 1 OR c.attname IS NULL OR c.attname NOT IN ('email', 'email_key')`},
		{"a foreign key leads to its own table or to one that db.Tables lists before: so backups are restored",
			`SELECT a.relname || '.' || k.conname FROM listed a JOIN pg_constraint k ON k.conrelid = a.oid AND k.contype = 'f'
				JOIN listed b ON b.oid = k.confrelid WHERE b.place > a.place`},
		{"no ON DELETE SET NULL or SET DEFAULT on a composite key",
			`SELECT o.relname || '.' || k.conname FROM ours o JOIN pg_constraint k ON k.conrelid = o.oid AND k.contype = 'f'
				WHERE (k.confdeltype IN ('n', 'd') OR k.confupdtype IN ('n', 'd')) AND cardinality(k.conkey) > 1`},
		{"no triggers",
			`SELECT o.relname || '.' || g.tgname FROM ours o JOIN pg_trigger g ON g.tgrelid = o.oid WHERE NOT g.tgisinternal`},
		{"no stored procedures",
			`SELECT proname::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace`},
		{"no sequences",
			`SELECT relname FROM ours WHERE relkind = 'S' AND relname <> 'goose_db_version_id_seq'`},
		{"columns are BIGINT, TEXT or BOOLEAN",
			`SELECT o.relname || '.' || c.attname || ' ' || format_type(c.atttypid, c.atttypmod)
				FROM ours o JOIN pg_attribute c ON c.attrelid = o.oid AND c.attnum > 0 AND NOT c.attisdropped
				WHERE o.relkind = 'r' AND left(o.relname, 6) <> 'goose_'
				AND c.atttypid NOT IN ('bigint'::regtype, 'text'::regtype, 'boolean'::regtype)`},
		{"text is ordered by its bytes",
			`SELECT o.relname || '.' || c.attname
				FROM ours o JOIN pg_attribute c ON c.attrelid = o.oid AND c.attnum > 0 AND NOT c.attisdropped
				WHERE o.relkind = 'r' AND left(o.relname, 6) <> 'goose_'
				AND c.atttypid = 'text'::regtype AND c.attcollation <> '"C"'::regcollation`},
	}
}
