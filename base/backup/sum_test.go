package backup

import (
	"crypto/sha256"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// sumUp is the sum of rows.
func sumUp(rows [][]any) sum {
	var s sum
	for _, row := range rows {
		s = s.add(sha256.Sum256(canonical(nil, row)))
	}
	return s
}

func TestASumIsTheSameInAnyOrderAndOfNothingElse(t *testing.T) {
	value := rapid.OneOf(rapid.Just[any](nil), rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }), rapid.Map(rapid.String(), func(s string) any { return s }))
	row := rapid.SliceOfN(value, 3, 3)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(row, 1, 20).Draw(t, "rows")
		whole := sumUp(rows)
		if mixed := sumUp(rapid.Permutation(rows).Draw(t, "mixed")); mixed != whole {
			t.Errorf("%v and %v", mixed, whole)
		}
		if less := sumUp(rows[1:]); less == whole {
			t.Error("a row less has the same sum")
		}
		if twice := sumUp(append(rows, rows[0])); twice == whole {
			t.Error("a row twice has the same sum")
		}
	})
}

func TestRowsThatLookAlikeAreToldApart(t *testing.T) {
	seen := map[string][]any{}
	for _, row := range [][]any{
		{nil, nil}, {nil}, {"", ""}, {"", nil}, {nil, ""}, {"n", "n"}, {"nn"}, {"a", "bc"}, {"ab", "c"}, {"abc", ""}, {"", "abc"},
		{int64(0)}, {false}, {true}, {int64(1)}, {"0"}, {"1"}, {"t"}, {"true"}, {int64(-1)}, {int64(math.MaxInt64)}, {int64(math.MinInt64)},
		{"s\x00\x00\x00\x00\x00\x00\x00\x01a"}, {"a", "a"}, {"\u00e9"}, {"e\u0301"}, {" "}, {"  "},
	} {
		key := string(canonical(nil, row))
		if other, ok := seen[key]; ok {
			t.Errorf("%q and %q are written alike", row, other)
		}
		seen[key] = row
	}
}
