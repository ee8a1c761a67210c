package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

const (
	connectTimeout = 2 * time.Second
	postgresConns  = 16
)

// postgres is the engine for PostgreSQL: a pool of pgx connections, which
// prepare and keep their statements by themselves.
type postgres struct {
	pool     *pgxpool.Pool
	patience time.Duration // with one reading statement
}

// openPostgres makes sure that the server can be used.
func openPostgres(ctx context.Context, url string, conns int) (engine, error) {
	p, err := newPostgres(ctx, url, conns, patience)
	if err != nil {
		return nil, err
	}
	if err := greet(ctx, p.pool); err != nil {
		p.pool.Close()
		return nil, err
	}
	return p, nil
}

// newPostgres makes the pool, which connects when it is first asked.
func newPostgres(ctx context.Context, url string, conns int, patience time.Duration) (*postgres, error) {
	c, err := readPostgres(url, conns)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, err
	}
	return &postgres{pool, patience}, nil
}

// readPostgres reads an address, with what it leaves to us.
func readPostgres(url string, conns int) (*pgxpool.Config, error) {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the database's address can't be read: %w", err)
	}
	switch {
	case conns > 0:
		c.MaxConns = int32(conns)
	case !strings.Contains(url, "pool_max_conns="):
		c.MaxConns = postgresConns
	}
	if !strings.Contains(url, "connect_timeout=") {
		c.ConnConfig.ConnectTimeout = connectTimeout
	}
	c.PingTimeout = connectTimeout
	if c.ConnConfig.RuntimeParams["application_name"] == "" {
		c.ConnConfig.RuntimeParams["application_name"] = "atrium"
	}
	if c.ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		c.AfterConnect = planOnce
	}
	return c, nil
}

// planOnce has a connection plan each of its statements once and not for each
// execution, as PostgreSQL would where it hopes to gain by it: of joins of a few
// rows the plan costs ten times what it finds. Statements here are written so that
// one plan is good for all values. It is no parameter of the connection because
// poolers refuse those that they don't know.
func planOnce(ctx context.Context, c *pgx.Conn) error {
	_, err := c.PgConn().Exec(ctx, `SET plan_cache_mode = force_generic_plan`).ReadAll()
	return err
}

// greet makes sure that the server is there and keeps text as UTF-8.
func greet(ctx context.Context, pool *pgxpool.Pool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := pool.Config().ConnConfig
	var encoding string
	if err := pool.QueryRow(ctx, `SELECT current_setting('server_encoding')`).Scan(&encoding); err != nil {
		return explainServer(c, err)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database %q keeps text as %s; Atrium needs one with the encoding UTF8", c.Database, encoding)
	}
	return nil
}

// explainServer says in a sentence why the server can't be used.
func explainServer(c *pgx.ConnConfig, err error) error {
	var refused *pgconn.PgError
	at := fmt.Sprintf("PostgreSQL at %s:%d", c.Host, c.Port)
	switch {
	case errors.As(err, &refused) && refused.Code == "3D000":
		return fmt.Errorf("%s has no database %q: create it with the encoding UTF8", at, c.Database)
	case errors.As(err, &refused) && strings.HasPrefix(refused.Code, "28"):
		return fmt.Errorf("%s does not let the user %q in: %s", at, c.User, refused.Message)
	case errors.As(err, &refused):
		return fmt.Errorf("%s answers: %w", at, refused)
	}
	return fmt.Errorf("%s does not answer: %w", at, err)
}

func (p *postgres) query(ctx context.Context, _ bool, sql string, args []any) (rows, error) {
	if g, _ := ctx.Value(stillKey{}).(*gathering); g != nil && g.p == p && g.running != nil {
		return g.query(sql, args)
	}
	ctx, cancel := context.WithTimeout(ctx, p.patience)
	return pgQuery(ctx, cancel, p.pool, sql, args)
}

func (p *postgres) begin(ctx context.Context, plan plan) (session, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	o := pgx.TxOptions{IsoLevel: pgx.ReadCommitted}
	if plan.readOnly {
		o = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	}
	tx, err := p.pool.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	if plan.whole && !plan.readOnly {
		if _, err := tx.Exec(ctx, oneNodeAtATime); err != nil {
			tx.Rollback(ctx)
			return nil, err
		}
	}
	return &pgSession{tx, plan.whole}, nil
}

func (p *postgres) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	return p.pool.Ping(ctx)
}

func (p *postgres) close() error {
	p.pool.Close()
	return nil
}

func (p *postgres) locksRows() bool { return true }

func (p *postgres) dialect() dialect {
	return dialect{
		goose:     goose.DialectPostgres,
		prefix:    "--postgres ",
		clustered: "",
		text:      `TEXT COLLATE "C"`,
		hasTable:  `SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)`,
	}
}

func (p *postgres) handle() (*sql.DB, error) {
	return stdlib.OpenDB(*p.pool.Config().ConnConfig), nil
}

// migrationLock is a lease in the table goose_lock, kept up while its holder
// lives.
func (p *postgres) migrationLock() (lock.Locker, error) {
	return lock.NewPostgresTableLocker(lock.WithTableLockTimeout(time.Second, 600))
}

// pgSession is a transaction of PostgreSQL.
type pgSession struct {
	tx    pgx.Tx
	whole bool // its statements take as long as they take
}

// limit gives a statement its deadline.
func (s *pgSession) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.whole {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, patience)
}

func (s *pgSession) query(ctx context.Context, sql string, args []any) (rows, error) {
	ctx, cancel := s.limit(ctx)
	return pgQuery(ctx, cancel, s.tx, sql, args)
}

func (s *pgSession) exec(ctx context.Context, sql string, args []any) (int64, error) {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	tag, err := s.tx.Exec(ctx, sql, args...)
	return tag.RowsAffected(), err
}

// fill is one COPY: a row may refer to a later one of the same table.
func (s *pgSession) fill(ctx context.Context, table string, columns []string, next func() ([]any, error)) error {
	_, err := s.tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return row, err
	}))
	return err
}

// commit goes on when the caller's context ends: a COMMIT that was sent should
// have its answer. It has failed for certain only if the server says so on a
// connection that lives on. What pgx calls safe to retry is not: of a COMMIT
// without an answer it says "conn closed", as if it had not been sent.
func (s *pgSession) commit() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := s.tx.Commit(ctx)
	var refused *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, pgx.ErrTxCommitRollback):
		return err
	case errors.As(err, &refused) && refused.SeverityUnlocalized == "ERROR":
		return err
	}
	return unconfirmed{err}
}

func (s *pgSession) rollback(discard bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	if discard {
		s.tx.Conn().Close(ctx)
	}
	s.tx.Rollback(ctx) // if it fails, pgx closes the connection, which is a rollback too
	return nil
}

func pgQuery(ctx context.Context, cancel context.CancelFunc, q interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}, sql string, args []any) (rows, error) {
	r, err := q.Query(ctx, sql, args...)
	if err != nil {
		cancel()
		return nil, err
	}
	return &pgRows{Rows: r, cancel: cancel}, nil
}
