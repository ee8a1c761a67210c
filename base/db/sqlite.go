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
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
)

// sqliteDB is the engine for SQLite: one writing connection and some that only
// read, each keeping its prepared statements.
//
// Whoever wants a connection queues here and not in database/sql, which gets a
// context that never ends: otherwise it starts a goroutine for each statement.
type sqliteDB struct {
	path             string
	writer, readers  *sql.DB
	writing, reading turns
}

// sqlitePragmas hold for every connection. There is no ANALYZE and no PRAGMA
// optimize anywhere: with statistics there, this build of SQLite parses a
// prepared statement again at each binding.
const sqlitePragmas = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)" +
	"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_dqs=0"

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
	s := &sqliteDB{path: path, writing: make(turns, 1), reading: make(turns, readers)}
	var err error
	if s.writer, err = openPool(s.dsn()+"&_txlock=immediate", 1); err != nil {
		return nil, err
	}
	if s.readers, err = openPool(s.dsn()+"&_query_only=1", readers); err != nil {
		return nil, errors.Join(err, s.writer.Close())
	}
	if err := s.ping(ctx); err != nil {
		return nil, errors.Join(explainFile(path, err), s.close())
	}
	return s, nil
}

func (s *sqliteDB) dsn() string {
	return "file:" + (&url.URL{Path: s.path}).EscapedPath() + sqlitePragmas
}

func openPool(dsn string, conns int) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(cachedConnector{c})
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns) // with their statements
	return pool, nil
}

func (s *sqliteDB) query(ctx context.Context, long bool, sql string, args []any) (rows, error) {
	if err := s.reading.take(ctx); err != nil {
		return nil, err
	}
	if !long {
		ctx = context.Background()
	}
	r, err := s.readers.QueryContext(ctx, sql, args...)
	if err != nil {
		s.reading.give()
		return nil, err
	}
	return &sqliteRows{Rows: r, turn: s.reading}, nil
}

func (s *sqliteDB) begin(ctx context.Context, p plan) (session, error) {
	pool, turn := s.writer, s.writing
	if p.readOnly {
		pool, turn = s.readers, s.reading
	}
	if err := turn.take(ctx); err != nil {
		return nil, err
	}
	tx, err := pool.BeginTx(context.Background(), nil)
	if err != nil {
		turn.give()
		return nil, err
	}
	return &sqliteSession{tx, turn, p.readOnly && p.whole}, nil
}

// ping asks the writer and a reader: the first writes nothing, but finds out
// whether the file is a database.
func (s *sqliteDB) ping(ctx context.Context) error {
	for _, pool := range []*sql.DB{s.writer, s.readers} {
		var n int
		if err := pool.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&n); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqliteDB) close() error { return errors.Join(s.readers.Close(), s.writer.Close()) }

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

func (s *sqliteDB) handle() (*sql.DB, error) {
	c, err := sqlite.NewConnector(s.dsn() + "&_txlock=immediate")
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
	tx   *sql.Tx
	turn turns
	long bool
}

func (s *sqliteSession) query(ctx context.Context, sql string, args []any) (rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !s.long {
		ctx = context.Background()
	}
	r, err := s.tx.QueryContext(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return &sqliteRows{Rows: r}, nil
}

func (s *sqliteSession) exec(ctx context.Context, sql string, args []any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	r, err := s.tx.ExecContext(context.Background(), sql, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

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

// commit leaves it open what happened when the disk fails in it.
func (s *sqliteSession) commit() error {
	defer s.turn.give()
	err := s.tx.Commit()
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code()&0xff == 10 { // SQLITE_IOERR
		return unconfirmed{err}
	}
	return err
}

func (s *sqliteSession) rollback(bool) {
	defer s.turn.give()
	s.tx.Rollback()
}

// sqliteRows gives its turn back, if it has one, with the rows.
type sqliteRows struct {
	*sql.Rows
	turn turns
}

func (r *sqliteRows) Close() {
	r.Rows.Close()
	if r.turn != nil {
		r.turn.give()
		r.turn = nil
	}
}

// turns is a queue for connections: one place in it for each.
type turns chan struct{}

// take waits for a turn, for as long as ctx and patience last.
func (t turns) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case t <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return context.DeadlineExceeded
	}
}

func (t turns) give() { <-t }
