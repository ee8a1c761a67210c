package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// A liteConn is a connection to SQLite that keeps its prepared statements. It
// stands below database/sql, which would lock, box and copy every value of every
// row, and asks the library itself. It belongs to one goroutine at a time, so
// the library needs no lock for it either.
type liteConn struct {
	tls  *libc.TLS
	db   uintptr
	free map[string]*liteStmt // prepared and not in use, by their text
}

// statementCap is how many prepared statements a connection keeps.
const statementCap = 512

// A liteError is what SQLite says went wrong.
type liteError struct {
	code int // extended
	text string
}

func (e *liteError) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }

// Code is as of the database/sql driver's errors, which migrations meet.
func (e *liteError) Code() int { return e.code }

// openLite opens a file and sets what holds for every connection to it.
func openLite(path string, pragmas ...string) (*liteConn, error) {
	c := &liteConn{tls: libc.NewTLS(), free: map[string]*liteStmt{}}
	name, err := libc.CString(path)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, name)
	place, err := libc.CString(strings.Repeat(" ", 16))
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, place)
	rc := sqlite3.Xsqlite3_open_v2(c.tls, name, place, sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_CREATE|sqlite3.SQLITE_OPEN_NOMUTEX, 0)
	c.db = *(*uintptr)(unsafe.Pointer(&at(place, 8)[0]))
	if rc != sqlite3.SQLITE_OK {
		return nil, errors.Join(c.fault(rc), c.close())
	}
	sqlite3.Xsqlite3_extended_result_codes(c.tls, c.db, 1)
	// "x" is a column and never a text.
	for _, op := range []int32{sqlite3.SQLITE_DBCONFIG_DQS_DDL, sqlite3.SQLITE_DBCONFIG_DQS_DML} {
		if rc := sqlite3.Xsqlite3_db_config(c.tls, c.db, op, libc.VaList(place, int32(0), uintptr(0))); rc != sqlite3.SQLITE_OK {
			return nil, errors.Join(c.fault(rc), c.close())
		}
	}
	for _, p := range pragmas {
		if _, err := c.exec(`PRAGMA `+p, nil); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	return c, nil
}

// at is memory of the library's.
func at(p uintptr, n int) []byte { return unsafe.Slice(*(**byte)(unsafe.Pointer(&p)), n) }

// fault is the error of the last call.
func (c *liteConn) fault(rc int32) error {
	return &liteError{int(rc), libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db))}
}

// close ends the connection with its statements.
func (c *liteConn) close() error {
	for _, s := range c.free {
		s.drop()
	}
	clear(c.free)
	if rc := sqlite3.Xsqlite3_close_v2(c.tls, c.db); rc != sqlite3.SQLITE_OK {
		return c.fault(rc)
	}
	c.tls.Close()
	return nil
}

// idle tells whether no transaction is open.
func (c *liteConn) idle() bool { return sqlite3.Xsqlite3_get_autocommit(c.tls, c.db) != 0 }

// exec runs a statement to its end and counts the rows that it changed.
func (c *liteConn) exec(sql string, args []any) (int64, error) {
	r, err := c.query(sql, args)
	if err != nil {
		return 0, err
	}
	for r.Next() {
	}
	changed := sqlite3.Xsqlite3_changes64(c.tls, c.db)
	r.Close()
	return changed, r.Err()
}

// query begins a statement. Its rows must be closed before the connection goes
// to somebody else.
func (c *liteConn) query(sql string, args []any) (*liteRows, error) {
	s, err := c.take(sql)
	if err != nil {
		return nil, err
	}
	if err := s.bind(args); err != nil {
		s.drop()
		return nil, err
	}
	return &liteRows{stmt: s}, nil
}

// take gives a statement that is not in use, prepared if need be.
func (c *liteConn) take(sql string) (*liteStmt, error) {
	if s, ok := c.free[sql]; ok {
		delete(c.free, sql)
		return s, nil
	}
	return c.prepare(sql)
}

// give takes a statement back. A full cache drops any other for it.
func (c *liteConn) give(s *liteStmt) {
	if same, ok := c.free[s.sql]; ok {
		same.drop()
	} else if len(c.free) >= statementCap {
		for q, old := range c.free {
			old.drop()
			delete(c.free, q)
			break
		}
	}
	c.free[s.sql] = s
}

// watch has what runs on the connection end with ctx. Call end before anything
// else runs on it.
func (c *liteConn) watch(ctx context.Context) (end func()) {
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		tls := libc.NewTLS() // the connection's is in use
		sqlite3.Xsqlite3_interrupt(tls, c.db)
		tls.Close()
		close(ended)
	})
	return func() {
		if !stop() {
			<-ended
		}
	}
}
