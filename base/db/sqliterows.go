package db

import (
	"database/sql"
	"fmt"
	"reflect"

	sqlite3 "modernc.org/sqlite/lib"
)

// liteRows are the rows of a statement that runs. Closing them gives the
// statement back to its connection, and then does what release says.
type liteRows struct {
	stmt    *liteStmt // nil: closed
	err     error
	release func()
}

// Next goes to the next row, which is there until then.
func (r *liteRows) Next() bool {
	if r.stmt == nil || r.err != nil {
		return false
	}
	switch rc := sqlite3.Xsqlite3_step(r.stmt.c.tls, r.stmt.p); rc {
	case sqlite3.SQLITE_ROW:
		return true
	case sqlite3.SQLITE_DONE:
	default:
		r.err = r.stmt.c.fault(rc)
	}
	return false
}

// Err is why Next found no row, nil if there was none.
func (r *liteRows) Err() error { return r.err }

// Close may be called twice. A statement that failed is not kept.
func (r *liteRows) Close() {
	s := r.stmt
	if s == nil {
		return
	}
	r.stmt = nil
	if r.err != nil {
		s.drop()
	} else {
		sqlite3.Xsqlite3_reset(s.c.tls, s.p)
		s.c.give(s)
	}
	if r.release != nil {
		r.release()
	}
}

// Scan fills targets from the row that Next went to.
func (r *liteRows) Scan(targets ...any) error {
	if len(targets) != r.stmt.columns {
		return fmt.Errorf("%d targets for %d columns", len(targets), r.stmt.columns)
	}
	for i, target := range targets {
		if err := r.fill(int32(i), target); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// fill fills a target from a column. What is common goes without reflection.
func (r *liteRows) fill(i int32, target any) error {
	tls, p := r.stmt.c.tls, r.stmt.p
	kind := sqlite3.Xsqlite3_column_type(tls, p, i)
	switch t := target.(type) {
	case *string:
		if kind == sqlite3.SQLITE_TEXT {
			*t = r.text(i)
			return nil
		}
	case *int64:
		if kind == sqlite3.SQLITE_INTEGER {
			*t = sqlite3.Xsqlite3_column_int64(tls, p, i)
			return nil
		}
	case *bool:
		if kind == sqlite3.SQLITE_INTEGER {
			*t = sqlite3.Xsqlite3_column_int64(tls, p, i) != 0
			return nil
		}
	case *timeTarget:
		if kind == sqlite3.SQLITE_INTEGER || kind == sqlite3.SQLITE_NULL {
			t.set(sqlite3.Xsqlite3_column_int64(tls, p, i)) // of NULL it is 0
			return nil
		}
	case *float64:
		if kind == sqlite3.SQLITE_FLOAT || kind == sqlite3.SQLITE_INTEGER {
			*t = sqlite3.Xsqlite3_column_double(tls, p, i)
			return nil
		}
	case *any:
		*t = r.value(i, kind)
		return nil
	case sql.Scanner:
		return t.Scan(r.value(i, kind))
	}
	return r.fillNamed(i, kind, reflect.ValueOf(target).Elem())
}

// fillNamed fills what is made of a number, a text or a bool, or points to one.
func (r *liteRows) fillNamed(i, kind int32, to reflect.Value) error {
	switch k := to.Kind(); {
	case k == reflect.Pointer && kind == sqlite3.SQLITE_NULL:
		to.SetZero()
	case k == reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		return r.fill(i, to.Interface())
	case k == reflect.String && kind == sqlite3.SQLITE_TEXT:
		to.SetString(r.text(i))
	case k == reflect.Bool && kind == sqlite3.SQLITE_INTEGER:
		to.SetBool(sqlite3.Xsqlite3_column_int64(r.stmt.c.tls, r.stmt.p, i) != 0)
	case to.CanInt() && kind == sqlite3.SQLITE_INTEGER:
		n := sqlite3.Xsqlite3_column_int64(r.stmt.c.tls, r.stmt.p, i)
		if to.OverflowInt(n) {
			return fmt.Errorf("%d does not fit into %v", n, to.Type())
		}
		to.SetInt(n)
	case to.CanUint() && kind == sqlite3.SQLITE_INTEGER:
		n := sqlite3.Xsqlite3_column_int64(r.stmt.c.tls, r.stmt.p, i)
		if n < 0 || to.OverflowUint(uint64(n)) {
			return fmt.Errorf("%d does not fit into %v", n, to.Type())
		}
		to.SetUint(uint64(n))
	default:
		return fmt.Errorf("%v can't be scanned into %v", r.value(i, kind), to.Type())
	}
	return nil
}

func (r *liteRows) text(i int32) string {
	tls, p := r.stmt.c.tls, r.stmt.p
	from := sqlite3.Xsqlite3_column_text(tls, p, i)
	n := int(sqlite3.Xsqlite3_column_bytes(tls, p, i))
	if n == 0 {
		return ""
	}
	return string(at(from, n))
}

// value is the column as it is kept.
func (r *liteRows) value(i, kind int32) any {
	switch kind {
	case sqlite3.SQLITE_INTEGER:
		return sqlite3.Xsqlite3_column_int64(r.stmt.c.tls, r.stmt.p, i)
	case sqlite3.SQLITE_FLOAT:
		return sqlite3.Xsqlite3_column_double(r.stmt.c.tls, r.stmt.p, i)
	case sqlite3.SQLITE_NULL:
		return nil
	}
	return r.text(i)
}
