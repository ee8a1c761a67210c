package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
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
	leastMessages  = 2 // that readers may have under way at once, on however few cores
)

// postgres is the engine for PostgreSQL: a pool of pgx connections, which
// prepare and keep their statements by themselves.
type postgres struct {
	pool     *pgxpool.Pool
	patience time.Duration // with one reading statement, from when it is asked
	readers  *readers
}

// openPostgres makes sure that the server can be used.
func openPostgres(ctx context.Context, url string, conns int) (engine, error) {
	p, err := newPostgres(ctx, url, conns, patience)
	if err != nil {
		return nil, err
	}
	if p.readers.alone, err = greet(ctx, p.pool); err != nil {
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
	p := &postgres{pool: pool, patience: patience}
	p.readers = &readers{send: p.answer, most: min(max(leastMessages, runtime.GOMAXPROCS(0)), int(c.MaxConns))}
	return p, nil
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
// poolers refuse those that they don't know. Citus plans some statements for one
// set of values only.
func planOnce(ctx context.Context, c *pgx.Conn) error {
	_, err := c.PgConn().Exec(ctx, `SELECT set_config('plan_cache_mode', 'force_generic_plan', FALSE)
		WHERE NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')`).ReadAll()
	return err
}

// greet makes sure that the server is there and keeps text as UTF-8, and tells
// whether it has Citus.
func greet(ctx context.Context, pool *pgxpool.Pool) (citus bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := pool.Config().ConnConfig
	var encoding string
	err = pool.QueryRow(ctx, `SELECT current_setting('server_encoding'), EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')`).Scan(&encoding, &citus)
	if err != nil {
		return false, explainServer(c, err)
	}
	if encoding != "UTF8" {
		return false, fmt.Errorf("the database %q keeps text as %s; Atrium needs one with the encoding UTF8", c.Database, encoding)
	}
	return citus, nil
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

func (p *postgres) query(ctx context.Context, long bool, sql string, args []any) (rows, error) {
	if g, _ := ctx.Value(stillKey{}).(*gathering); g != nil && g.p == p && g.running != nil {
		return g.query(sql, args)
	}
	if long {
		return p.alone(ctx, time.Now().Add(p.patience), sql, args)
	}
	q := question{sql: sql, args: args}
	p.ask(ctx, &q)
	return q.rows, q.err
}

// ask has questions answered, in one message with others'; what fails there is asked
// alone, so that each has its own error, in the time that is left.
func (p *postgres) ask(ctx context.Context, asked ...*question) {
	end := time.Now().Add(p.patience)
	together, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	for _, q := range asked[p.readers.ask(together, asked):] {
		q.rows, q.err = p.alone(ctx, end, q.sql, q.args)
	}
}

// alone asks on a connection of its own.
func (p *postgres) alone(ctx context.Context, end time.Time, sql string, args []any) (rows, error) {
	ctx, cancel := context.WithDeadline(ctx, end)
	return pgQuery(ctx, cancel, p.pool, sql, args)
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
