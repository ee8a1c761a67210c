package db

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pgSession is a transaction of PostgreSQL. What is due, BEGIN first of all, goes
// to the server in one message with what is asked next.
type pgSession struct {
	conn  *pgxpool.Conn
	whole bool // its statements take as long as they take
	due   []pgStatement
	sent  bool // something was
	begin int  // how many of what is due only begin it
}

type pgStatement struct {
	sql  string
	args []any
}

const (
	beginWriting = "BEGIN ISOLATION LEVEL READ COMMITTED"
	beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
)

func (p *postgres) begin(ctx context.Context, plan plan) (session, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, err := p.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	begin := beginWriting
	if plan.readOnly {
		begin = beginReading
	}
	s := &pgSession{conn: c, whole: plan.whole, due: []pgStatement{{sql: begin}}}
	if plan.whole && !plan.readOnly {
		s.due = append(s.due, pgStatement{sql: oneNodeAtATime})
	}
	s.begin = len(s.due)
	return s, nil
}

// limit gives a statement its deadline.
func (s *pgSession) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.whole {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, patience)
}

func (s *pgSession) later(_ context.Context, sql string, args []any) error {
	s.due = append(s.due, pgStatement{sql, args})
	return nil
}

func (s *pgSession) query(ctx context.Context, sql string, args []any) (rows, error) {
	s.sent = true
	ctx, cancel := s.limit(ctx)
	if len(s.due) == 0 {
		return pgQuery(ctx, cancel, s.conn, sql, args)
	}
	defer cancel()
	var kept *keptRows
	err := s.send(ctx, sql, args, func(r pgx.BatchResults) (err error) { kept, err = keep(r.Query()); return err })
	return kept, err
}

func (s *pgSession) exec(ctx context.Context, sql string, args []any) (n int64, err error) {
	s.sent = true
	ctx, cancel := s.limit(ctx)
	defer cancel()
	if len(s.due) == 0 {
		tag, err := s.conn.Exec(ctx, sql, args...)
		return tag.RowsAffected(), err
	}
	err = s.send(ctx, sql, args, func(r pgx.BatchResults) error {
		tag, err := r.Exec()
		n = tag.RowsAffected()
		return err
	})
	return n, err
}

// flush sends what is due.
func (s *pgSession) flush(ctx context.Context) error {
	if len(s.due) == 0 {
		return nil
	}
	last := s.due[len(s.due)-1]
	s.due = s.due[:len(s.due)-1]
	_, err := s.exec(ctx, last.sql, last.args)
	return err
}

// send sends a statement after what is due; read reads its answer. After one that
// failed the server passes over the others.
func (s *pgSession) send(ctx context.Context, sql string, args []any, read func(pgx.BatchResults) error) error {
	var b pgx.Batch
	for _, d := range s.due {
		b.Queue(d.sql, d.args...)
	}
	b.Queue(sql, args...)
	due := s.due
	s.due = nil
	results := s.conn.SendBatch(ctx, &b)
	for _, d := range due {
		if _, err := results.Exec(); err != nil {
			results.Close()
			return fmt.Errorf("%w, of %.200q before it", err, d.sql)
		}
	}
	err := read(results)
	if closed := results.Close(); err == nil {
		err = closed
	}
	return err
}

// fill is one COPY: a row may refer to a later one of the same table.
func (s *pgSession) fill(ctx context.Context, table string, columns []string, next func() ([]any, error)) error {
	if err := s.flush(ctx); err != nil {
		return err
	}
	_, err := s.conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
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
	if !s.sent && len(s.due) == s.begin { // nothing was done
		s.conn.Release()
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var tag pgconn.CommandTag
	var err error
	if len(s.due) == 0 {
		tag, err = s.conn.Exec(ctx, "COMMIT")
	} else {
		err = s.send(ctx, "COMMIT", nil, func(r pgx.BatchResults) (err error) { tag, err = r.Exec(); return err })
	}
	var refused *pgconn.PgError
	switch {
	case err == nil && tag.String() == "ROLLBACK":
		err = pgx.ErrTxCommitRollback
	case err != nil && !(errors.As(err, &refused) && refused.SeverityUnlocalized == "ERROR"):
		err = unconfirmed{err}
	}
	s.end(false)
	return err
}

func (s *pgSession) rollback(discard bool) error {
	s.end(discard)
	return nil
}

// end gives the connection back. The pool closes one whose transaction is still
// open, which is a rollback too.
func (s *pgSession) end(discard bool) {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	c := s.conn.Conn()
	switch {
	case discard:
		c.Close(ctx)
	case !c.IsClosed() && c.PgConn().TxStatus() != 'I':
		c.Exec(ctx, "ROLLBACK")
	}
	s.conn.Release()
}
