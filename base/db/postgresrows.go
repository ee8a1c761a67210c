package db

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// pgRows are the rows of a statement that runs. They end its context.
type pgRows struct {
	pgx.Rows
	columns []pgColumn
	cancel  func()
}

// Scan fills targets from the row that Next went to. pgx would choose anew for each
// statement how each target is filled, by reflection.
func (r *pgRows) Scan(targets ...any) error {
	if r.columns == nil {
		r.columns = pgColumns(r.FieldDescriptions())
	}
	return fillAll(r.columns, r.RawValues(), targets)
}

func (r *pgRows) Close() {
	r.Rows.Close()
	r.cancel()
}

// keptRows are the rows of a statement that has run.
type keptRows struct {
	columns []pgColumn
	rows    [][][]byte
	at      int // one after the row that Next went to
}

// keep reads all rows, and why there are no more.
func keep(rs pgx.Rows, err error) (*keptRows, error) {
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	k := &keptRows{}
	for rs.Next() {
		k.rows = append(k.rows, copied(rs.RawValues()))
	}
	k.columns = pgColumns(rs.FieldDescriptions())
	return k, rs.Err()
}

// copied is a row in memory of its own; nil stays NULL.
func copied(row [][]byte) [][]byte {
	total := 0
	for _, v := range row {
		total += len(v)
	}
	all, own := make([]byte, 0, total), make([][]byte, len(row))
	for i, v := range row {
		if v != nil {
			from := len(all)
			all = append(all, v...)
			own[i] = all[from:len(all):len(all)]
		}
	}
	return own
}

func (k *keptRows) Next() bool {
	if k.at >= len(k.rows) {
		return false
	}
	k.at++
	return true
}

func (k *keptRows) Scan(targets ...any) error {
	return fillAll(k.columns, k.rows[k.at-1], targets)
}

func (k *keptRows) Err() error { return nil }
func (k *keptRows) Close()     { k.at = len(k.rows) }

// A pgColumn is what the server says of a column.
type pgColumn struct {
	oid    uint32
	binary bool
}

func pgColumns(fields []pgconn.FieldDescription) []pgColumn {
	list := make([]pgColumn, len(fields))
	for i, f := range fields {
		list[i] = pgColumn{f.DataTypeOID, f.Format == pgtype.BinaryFormatCode}
	}
	return list
}

func fillAll(columns []pgColumn, values [][]byte, targets []any) error {
	if len(targets) != len(columns) {
		return fmt.Errorf("%d targets for %d columns", len(targets), len(columns))
	}
	for i, target := range targets {
		if err := columns[i].fill(values[i], target); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// fill fills a target from a value. What is common goes without reflection.
func (c pgColumn) fill(v []byte, target any) error {
	switch t := target.(type) {
	case *string:
		if c.isText() && v != nil {
			*t = string(v)
			return nil
		}
	case *int64:
		if n, ok := c.int(v); ok {
			*t = n
			return nil
		}
	case *bool:
		if c.isBool(v) {
			*t = v[0] != 0
			return nil
		}
	case *timeTarget:
		if n, ok := c.int(v); ok || v == nil {
			t.set(n) // of NULL it is 0
			return nil
		}
	}
	src, err := c.value(v)
	if err != nil {
		return err
	}
	switch t := target.(type) {
	case *any:
		*t = src
		return nil
	case sql.Scanner:
		return t.Scan(src)
	}
	return assign(reflect.ValueOf(target).Elem(), src)
}

func (c pgColumn) isText() bool {
	switch c.oid {
	case pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID, pgtype.UnknownOID:
		return true
	}
	return false
}

func (c pgColumn) isBool(v []byte) bool { return c.oid == pgtype.BoolOID && c.binary && len(v) == 1 }

// int reads a number; false if it is none, or NULL.
func (c pgColumn) int(v []byte) (int64, bool) {
	switch {
	case !c.binary:
	case c.oid == pgtype.Int8OID && len(v) == 8:
		return int64(binary.BigEndian.Uint64(v)), true
	case c.oid == pgtype.Int4OID && len(v) == 4:
		return int64(int32(binary.BigEndian.Uint32(v))), true
	case c.oid == pgtype.Int2OID && len(v) == 2:
		return int64(int16(binary.BigEndian.Uint16(v))), true
	}
	return 0, false
}

// value is the column as SQLite would give it.
func (c pgColumn) value(v []byte) (any, error) {
	n, isInt := c.int(v)
	switch {
	case v == nil:
		return nil, nil
	case isInt:
		return n, nil
	case c.isText():
		return string(v), nil
	case c.isBool(v):
		return v[0] != 0, nil
	case c.oid == pgtype.Float8OID && c.binary && len(v) == 8:
		return math.Float64frombits(binary.BigEndian.Uint64(v)), nil
	case c.oid == pgtype.NumericOID && c.binary: // a sum of BIGINTs
		var sum pgtype.Numeric
		if err := (pgtype.NumericCodec{}).PlanScan(nil, c.oid, pgtype.BinaryFormatCode, &sum).Scan(v, &sum); err != nil {
			return nil, err
		}
		n, err := sum.Int64Value()
		return n.Int64, err
	}
	return nil, fmt.Errorf("a column of the type %d is not read here: CAST it to BIGINT or TEXT", c.oid)
}

// assign fills what is made of a number, a text or a bool, or points to one.
func assign(to reflect.Value, src any) error {
	if to.Kind() == reflect.Pointer {
		if src == nil {
			to.SetZero()
			return nil
		}
		to.Set(reflect.New(to.Type().Elem()))
		return assign(to.Elem(), src)
	}
	switch v := src.(type) {
	case int64:
		switch {
		case to.CanInt() && !to.OverflowInt(v):
			to.SetInt(v)
			return nil
		case to.CanUint() && v >= 0 && !to.OverflowUint(uint64(v)):
			to.SetUint(uint64(v))
			return nil
		case to.CanFloat():
			to.SetFloat(float64(v))
			return nil
		}
	case string:
		if to.Kind() == reflect.String {
			to.SetString(v)
			return nil
		}
	case bool:
		if to.Kind() == reflect.Bool {
			to.SetBool(v)
			return nil
		}
	case float64:
		if to.CanFloat() {
			to.SetFloat(v)
			return nil
		}
	}
	return fmt.Errorf("%v can't be scanned into %v", src, to.Type())
}
