// Package db is Atrium's door to its database: SQLite or PostgreSQL, by one
// text of SQL. It is the only package that knows two dialects.
//
// The SQL is a portable subset: $1 placeholders, RETURNING, ON CONFLICT, row
// values, CTEs, partial unique indexes, TRUE and FALSE. Integers, ids and
// money are BIGINT, times are BIGINT of UTC microseconds (0 is "never"), text
// is TEXT. A NULL test on a parameter is written CAST($1 AS BIGINT) IS NULL.
//
// There are five ways to the data:
//
//   - Write is a transaction on one account. It locks the account's row first,
//     so an account has one writer at a time and a read-then-write inside is
//     safe. WriteGlobal is one for users, staff and settings.
//   - Read is a snapshot: several queries that must agree.
//   - Auto runs single statements without a transaction: doors and most pages.
//     Those of a page see one state where that is cheap: see Still.
//   - Across is Auto for what reads the rows of many accounts.
//   - Replica is Across where being a little old does no harm: on a server that
//     follows the primary, if there is one.
//
// One and All run a query on any of them and scan what it finds.
//
// A transaction's function may run more than once: deadlocks, lost connections
// and duplicate fresh ids are answered by running it again. It must have no
// effect outside the database but through AfterCommit. The first statement
// that fails ends the transaction, whatever the function makes of the error:
// PostgreSQL works like that, and so SQLite is made to.
//
// Every table has a class, listed in tables.go. Each statement on an account's
// table names account_id; the tests trace every statement for it.
package db
