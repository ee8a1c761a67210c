package db

import (
	"context"
	"database/sql/driver"
	"strings"
)

// statementCap is how many prepared statements a connection keeps.
const statementCap = 512

// cachedConnector opens connections that keep their prepared statements. It
// stands below database/sql: preparing through the pool inside a transaction
// would wait for ever for the one connection.
type cachedConnector struct{ driver.Connector }

func (c cachedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	raw, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &cachedConn{raw.(sqliteConn), map[string]driver.Stmt{}}, nil
}

// sqliteConn is what the driver's connections can do besides running statements.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.SessionResetter
	driver.Validator
}

// cachedConn needs no lock: database/sql runs one call at a time.
type cachedConn struct {
	sqliteConn
	free map[string]driver.Stmt // prepared and not in use, by their text
}

func (c *cachedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.(driver.StmtExecContext).ExecContext(ctx, args)
	if err != nil {
		s.Close()
		return nil, err
	}
	c.give(query, s)
	return r, nil
}

func (c *cachedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		s.Close()
		return nil, err
	}
	return &cachedRows{r, c, query, s}, nil
}

// Close ends the connection with its statements.
func (c *cachedConn) Close() error {
	for _, s := range c.free {
		s.Close()
	}
	return c.sqliteConn.Close()
}

// take gives a statement that is not in use, prepared if need be.
func (c *cachedConn) take(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := c.free[query]; ok {
		delete(c.free, query)
		return s, nil
	}
	return c.PrepareContext(ctx, boundLimits(query))
}

// boundLimits keeps SQLite from looking at the value of a LIMIT to plan by it:
// it would parse the statement anew whenever a value is bound
// (sqlite3ExprIsInteger, since 3.47). Behind a sign it does not look.
func boundLimits(query string) string { return strings.ReplaceAll(query, "LIMIT $", "LIMIT +$") }

// give takes a statement back. A full cache drops any other for it.
func (c *cachedConn) give(query string, s driver.Stmt) {
	if same, ok := c.free[query]; ok {
		same.Close()
	} else if len(c.free) >= statementCap {
		for q, old := range c.free {
			old.Close()
			delete(c.free, q)
			break
		}
	}
	c.free[query] = s
}

// cachedRows gives the statement back when it is closed.
type cachedRows struct {
	driver.Rows
	conn  *cachedConn
	query string
	stmt  driver.Stmt
}

func (r *cachedRows) Close() error {
	if err := r.Rows.Close(); err != nil {
		r.stmt.Close()
		return err
	}
	r.conn.give(r.query, r.stmt)
	return nil
}
