package main

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A note is the least that writes: one row by a prepared INSERT, committed and on
// the disk before the answer. Who asks is not looked up.
type note func(ctx context.Context, hash string, account int64) error

const (
	notes  = `CREATE TABLE IF NOT EXISTS floor_notes (account_id BIGINT NOT NULL, hash TEXT NOT NULL, at BIGINT NOT NULL)`
	insert = `INSERT INTO floor_notes (account_id, hash, at) VALUES ($1, $2, $3)`
)

// noteSQLite writes to a file of its own, so that Atrium's schema stays its own,
// with Atrium's pragmas.
func noteSQLite(path string) note {
	d, err := sql.Open("sqlite", "file:"+path+".floor?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	fatal(err)
	d.SetMaxOpenConns(1)
	_, err = d.Exec(notes)
	fatal(err)
	s, err := d.Prepare(insert)
	fatal(err)
	return func(_ context.Context, hash string, account int64) error {
		_, err := s.Exec(account, hash, time.Now().UnixMicro())
		return err
	}
}

func notePostgres(url string) note {
	pool, err := pgxpool.New(context.Background(), url)
	fatal(err)
	_, err = pool.Exec(context.Background(), notes)
	fatal(err)
	return func(ctx context.Context, hash string, account int64) error {
		_, err := pool.Exec(ctx, insert, account, hash, time.Now().UnixMicro())
		return err
	}
}
