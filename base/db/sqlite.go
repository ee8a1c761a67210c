package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
)

// sqliteDB is the engine for SQLite: one writing connection and some that only
// read, each keeping its prepared statements.
type sqliteDB struct {
	path             string
	writing, reading *litePool
	writers          queue
}

// sqlitePragmas hold for every connection. There is no ANALYZE and no PRAGMA
// optimize anywhere: with statistics there, this build of SQLite parses a
// prepared statement again at each binding.
func sqlitePragmas() []string {
	return []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}
}

// writingPragma keeps in memory what a savepoint (sqlitegroup.go) saves of each
// page before it is written: otherwise it is two writes to a file a page.
const writingPragma = "temp_store(MEMORY)"

func openSQLite(ctx context.Context, path string, readers int) (engine, error) {
	if path == "" || path == ":memory:" {
		return nil, errors.New("the database's address needs a file: sqlite:path/to/atrium.db")
	}
	path = filepath.Clean(path) // "sqlite:///a/b" too is /a/b
	if err := checkFile(path); err != nil {
		return nil, err
	}
	if readers <= 0 {
		readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	s := &sqliteDB{
		path:    path,
		writing: newLitePool(1, path, append(sqlitePragmas(), writingPragma)),
		reading: newLitePool(readers, path, append(sqlitePragmas(), "query_only(1)")),
		writers: queue{longest: longestGroup},
	}
	if err := s.ping(ctx); err != nil {
		return nil, errors.Join(explainFile(path, err), s.close())
	}
	return s, nil
}

func (s *sqliteDB) query(ctx context.Context, long bool, sql string, args []any) (rows, error) {
	c, give, err := s.reader(ctx)
	if err != nil {
		return nil, err
	}
	r, err := c.query(sql, args)
	if err != nil {
		give(err)
		return nil, err
	}
	end := func() {}
	if long {
		end = c.watch(ctx)
	}
	r.release = func() { end(); give(r.err) }
	return r, nil
}

// reader is a connection for one statement: that which ctx holds, or any. It is
// given back with the statement's error.
func (s *sqliteDB) reader(ctx context.Context) (*liteConn, func(error), error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if t := s.stillOf(ctx); t != nil {
		c, free, err := t.take(ctx)
		if err != nil {
			return nil, nil, err
		}
		if free {
			return c, func(err error) {
				if err != nil {
					s.reading.give(c)
					c = nil
				}
				t.give(c)
			}, nil
		}
	}
	c, err := s.reading.take(ctx)
	return c, func(error) { s.reading.give(c) }, err
}

func (s *sqliteDB) begin(ctx context.Context, p plan) (session, error) {
	if t := s.stillOf(ctx); t != nil {
		t.pause()
	}
	if !p.readOnly {
		return s.write(ctx, p)
	}
	c, err := s.reading.take(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.exec(`BEGIN`, nil); err != nil {
		s.reading.give(c)
		return nil, err
	}
	return &reading{sqliteSession{c, p.whole}, s.reading}, nil
}

// ping asks the writer and a reader: the first writes nothing, but finds out
// whether the file is a database.
func (s *sqliteDB) ping(ctx context.Context) error {
	for _, pool := range []*litePool{s.writing, s.reading} {
		c, err := pool.take(ctx)
		if err != nil {
			return err
		}
		_, err = c.exec(`SELECT count(*) FROM sqlite_schema`, nil)
		pool.give(c)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sqliteDB) close() error { return errors.Join(s.reading.close(), s.writing.close()) }

func (s *sqliteDB) locksRows() bool { return false }

func (s *sqliteDB) dialect() dialect {
	return dialect{
		goose:     goose.DialectSQLite3,
		prefix:    "--sqlite ",
		clustered: "WITHOUT ROWID",
		text:      "TEXT",
		hasTable:  `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1`,
	}
}

// handle is database/sql's, for what migrates.
func (s *sqliteDB) handle() (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: s.path}).EscapedPath() + "?_dqs=0&_txlock=immediate&_pragma=" + strings.Join(sqlitePragmas(), "&_pragma=")
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil
}

func (s *sqliteDB) migrationLock() (lock.Locker, error) {
	return &folderLock{path: filepath.Dir(s.path)}, nil
}

// sqliteSession is a transaction of SQLite. Its statements can't be interrupted,
// but for those that only read and may take long.
type sqliteSession struct {
	c    *liteConn
	long bool
}

func (s *sqliteSession) query(ctx context.Context, sql string, args []any) (rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r, err := s.c.query(sql, args)
	if err != nil {
		return nil, err
	}
	if s.long {
		r.release = s.c.watch(ctx)
	}
	return r, nil
}

func (s *sqliteSession) exec(ctx context.Context, sql string, args []any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return s.c.exec(sql, args)
}

func (s *sqliteSession) later(ctx context.Context, sql string, args []any) error {
	_, err := s.exec(ctx, sql, args)
	return err
}

func (s *sqliteSession) flush(context.Context) error { return nil }

func (s *sqliteSession) fill(ctx context.Context, table string, columns []string, next func() ([]any, error)) error {
	places := make([]string, len(columns))
	for i := range columns {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	insert := fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, quote(table), quote(columns...), strings.Join(places, ", "))
	for {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := s.exec(ctx, insert, row); err != nil {
			return err
		}
	}
}

// confirmed leaves it open what happened when the disk failed in a COMMIT.
func confirmed(err error) error {
	var e *liteError
	if errors.As(err, &e) && e.code&0xff == 10 { // SQLITE_IOERR
		return unconfirmed{err}
	}
	return err
}

// A reading is a snapshot on a reading connection.
type reading struct {
	sqliteSession
	pool *litePool
}

func (r *reading) commit() error { return r.rollback(false) } // there is nothing to keep

func (r *reading) rollback(bool) error {
	r.pool.give(r.c)
	return nil
}
