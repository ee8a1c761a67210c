package db

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// values makes arguments into what both drivers take alike: int64, string,
// bool, float64 and nil. Named types are taken by what they are made of, a
// time becomes microseconds, a nil pointer NULL. Text that is not UTF-8 or has
// a NUL in it is refused, as PostgreSQL would.
func values(args []any) ([]any, error) {
	list := make([]any, len(args))
	for i, a := range args {
		v, ok := value(a)
		if !ok {
			return nil, fmt.Errorf("argument $%d is a %T, which the database does not take", i+1, a)
		}
		if s, ok := v.(string); ok && (!utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0) {
			return nil, fmt.Errorf("argument $%d is not UTF-8 without NUL", i+1)
		}
		list[i] = v
	}
	return list, nil
}

func value(a any) (any, bool) {
	switch a := a.(type) {
	case nil, int64, string, bool, float64:
		return a, true
	case time.Time:
		return micros(a), true
	}
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), true
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint()), true
	case reflect.String:
		return v.String(), true
	case reflect.Bool:
		return v.Bool(), true
	case reflect.Pointer:
		if v.IsNil() {
			return nil, true
		}
		return value(v.Elem().Interface())
	}
	return nil, false
}

// micros is t as the database keeps it: UTC microseconds, 0 for the zero time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is a scan target for a column of microseconds: 0 and NULL become the
// zero time, anything else a UTC time.
func Time(t *time.Time) any { return (*timeTarget)(t) }

type timeTarget time.Time

// Scan fills it from a value of either database.
func (t *timeTarget) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		t.set(0)
	case int64:
		t.set(v)
	default:
		return fmt.Errorf("a time is kept as a BIGINT, not as a %T", src)
	}
	return nil
}

func (t *timeTarget) set(micros int64) {
	if micros == 0 {
		*t = timeTarget{}
		return
	}
	*t = timeTarget(time.UnixMicro(micros).UTC())
}
