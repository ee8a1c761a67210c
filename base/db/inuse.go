package db

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// parting is how long a connection that was just closed may still be seen.
const parting = 2 * time.Second

// InUse tells whether another Atrium, or this process, has the database open: of
// SQLite whoever it is, of PostgreSQL connections that are called as Atrium's
// are. It makes nothing, and what can't be opened is in nobody's use: Open says
// why.
func InUse(ctx context.Context, address string) (bool, error) {
	asked := inUsePostgres
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		address, asked = filepath.Clean(path), inUseSQLite
	}
	for end := time.Now().Add(parting); ; {
		used, err := asked(ctx, address)
		if !used || err != nil || time.Now().After(end) {
			return used, err
		}
		select {
		case <-time.After(parting / 20):
		case <-ctx.Done():
			return used, ctx.Err()
		}
	}
}

// inUseSQLite tries to have the file to itself, which a single other connection
// prevents, also one that does nothing.
func inUseSQLite(_ context.Context, path string) (bool, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	c, err := openLite(path, "busy_timeout(0)", "locking_mode(EXCLUSIVE)")
	if err == nil {
		_, err = c.exec(`BEGIN IMMEDIATE`, nil)
		err = errors.Join(err, c.close()) // which rolls back
	}
	var e *liteError
	return errors.As(err, &e) && e.code&0xff == 5, nil // SQLITE_BUSY
}

// inUsePostgres asks the server who else is there.
func inUsePostgres(ctx context.Context, address string) (bool, error) {
	c, err := readPostgres(address, 1)
	if err != nil {
		return false, nil
	}
	conn, err := pgx.ConnectConfig(ctx, c.ConnConfig)
	if err != nil {
		return false, nil
	}
	defer conn.Close(ctx)
	var used bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
		AND application_name IN ('atrium', current_setting('application_name')))`).Scan(&used)
	return used, err
}
