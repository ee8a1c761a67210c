package db

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// A liteStmt is a prepared statement of a connection.
type liteStmt struct {
	c       *liteConn
	sql     string
	p       uintptr
	args    []int   // of each parameter the argument it stands for, from 0
	text    uintptr // memory of the library's, for the texts among the arguments
	room    int     // bytes of it
	columns int
}

func (c *liteConn) prepare(sql string) (*liteStmt, error) {
	text, err := libc.CString(boundLimits(sql))
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, text)
	places, err := libc.CString(strings.Repeat(" ", 16))
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, places)
	if rc := sqlite3.Xsqlite3_prepare_v2(c.tls, c.db, text, -1, places, places+8); rc != sqlite3.SQLITE_OK {
		return nil, c.fault(rc)
	}
	both := unsafe.Slice((*uintptr)(unsafe.Pointer(&at(places, 16)[0])), 2)
	s := &liteStmt{c: c, sql: sql, p: both[0]}
	if rest := libc.GoString(both[1]); s.p == 0 || strings.TrimSpace(rest) != "" {
		s.drop()
		return nil, errors.New("one statement at a time")
	}
	s.columns = int(sqlite3.Xsqlite3_column_count(c.tls, s.p))
	for i := range sqlite3.Xsqlite3_bind_parameter_count(c.tls, s.p) {
		name := libc.GoString(sqlite3.Xsqlite3_bind_parameter_name(c.tls, s.p, i+1))
		n, err := strconv.Atoi(strings.TrimPrefix(name, "$"))
		if err != nil || n < 1 {
			s.drop()
			return nil, fmt.Errorf("a parameter is called $1 and so on, not %q", name)
		}
		s.args = append(s.args, n-1)
	}
	return s, nil
}

// boundLimits keeps SQLite from looking at the value of a LIMIT to plan by it:
// it would parse the statement anew whenever a value is bound
// (sqlite3ExprIsInteger, since 3.47). Behind a sign it does not look.
func boundLimits(query string) string { return strings.ReplaceAll(query, "LIMIT $", "LIMIT +$") }

// drop ends the statement. Whatever it says to that, it said before.
func (s *liteStmt) drop() {
	sqlite3.Xsqlite3_finalize(s.c.tls, s.p)
	libc.Xfree(s.c.tls, s.text)
}

// bind gives the parameters their values: what values has made of the arguments.
func (s *liteStmt) bind(args []any) error {
	if err := s.makeRoom(args); err != nil {
		return err
	}
	tls, next := s.c.tls, s.text
	for i, n := range s.args {
		if n >= len(args) {
			return fmt.Errorf("there is no argument $%d", n+1)
		}
		var rc int32
		switch v, at1 := args[n], int32(i+1); v := v.(type) {
		case int64:
			rc = sqlite3.Xsqlite3_bind_int64(tls, s.p, at1, v)
		case string:
			copy(at(next, len(v)), v)
			rc = sqlite3.Xsqlite3_bind_text(tls, s.p, at1, next, int32(len(v)), 0)
			next += uintptr(len(v))
		case bool:
			rc = sqlite3.Xsqlite3_bind_int64(tls, s.p, at1, int64(bit(v)))
		case float64:
			rc = sqlite3.Xsqlite3_bind_double(tls, s.p, at1, v)
		case nil:
			rc = sqlite3.Xsqlite3_bind_null(tls, s.p, at1)
		default:
			return fmt.Errorf("argument $%d is a %T", n+1, v)
		}
		if rc != sqlite3.SQLITE_OK {
			return s.c.fault(rc)
		}
	}
	return nil
}

// makeRoom has s.text hold all texts among the arguments. It stays where it is
// until the statement is bound again: SQLite reads them there.
func (s *liteStmt) makeRoom(args []any) error {
	need := 1
	for _, n := range s.args {
		if n < len(args) {
			if v, ok := args[n].(string); ok {
				need += len(v)
			}
		}
	}
	if need <= s.room {
		return nil
	}
	if need > math.MaxInt32 {
		return errors.New("the texts of a statement are too long")
	}
	need += need / 2
	libc.Xfree(s.c.tls, s.text)
	s.text, s.room = libc.Xmalloc(s.c.tls, types.Size_t(need)), need
	if s.text == 0 {
		s.room = 0
		return &liteError{sqlite3.SQLITE_NOMEM, "out of memory"}
	}
	return nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
