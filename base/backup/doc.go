// Package backup writes a whole database to a file and fills one from it, and
// copies one into another. The file is the same for both databases: what SQLite
// held, PostgreSQL can take over, and the other way round.
//
// It is gzip over lines of JSON:
//
//	{"atrium":"backup","format":1,"created":"2026-11-22T10:00:00Z","migrations":[20261122100000]}
//	{"table":"users","columns":["id","email","disabled"]}
//	[4503599627370497,"ann@example.com",false]
//	{"rows":{"users":1},"sha256":"…"}
//
// A header, each table with its rows in the order of its primary key, and a
// trailer, which counts the rows and has the SHA-256 of all lines before it.
// Values are integers, text, true, false and null. Writing and reading take
// the same memory however much there is.
//
// All tables are in it but those that only pass: sessions (after a restore
// everybody logs in again), log ins under way, limits, and the migrations' own. Jobs are in it, so
// that mails still waiting leave after a restore; those that left between
// backup and restore leave a second time. The vault's key file is not in it: a
// copy of it is kept apart.
//
// A Copy needs no file: it fills one database from another, in batches, each in a
// transaction that also notes in the table copies how far it is. So it goes on
// from there when it is run again. At the end all rows of both are read again and
// added up, table by table; while that row is there, the database is nobody's
// (Unfinished). All tables are in it, sessions and limits too: it is the same
// database in another place.
//
// A restore takes back the very schema the backup was made with. So a backup of
// an older Atrium goes into a new database, which is then brought up to date;
// one of a newer Atrium is refused.
package backup
