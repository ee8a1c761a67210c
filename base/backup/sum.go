package backup

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"sync"

	"atrium/base/db"
)

// A sum stands for all rows of a table, in whatever order: how many there are,
// and their digests added up, modulo 2 to the 128th.
type sum struct {
	rows      int64
	high, low uint64
}

// add adds a row.
func (s sum) add(digest [sha256.Size]byte) sum {
	low, carry := bits.Add64(s.low, binary.BigEndian.Uint64(digest[8:16]), 0)
	high, _ := bits.Add64(s.high, binary.BigEndian.Uint64(digest[:8]), carry)
	return sum{s.rows + 1, high, low}
}

// canonical appends a row's values, each so that it is told from every other
// value and from where the next begins.
func canonical(to []byte, row []any) []byte {
	for _, value := range row {
		switch v := value.(type) {
		case nil:
			to = append(to, 'n')
		case int64:
			to = binary.BigEndian.AppendUint64(append(to, 'i'), uint64(v))
		case bool:
			if v {
				to = append(to, 't')
			} else {
				to = append(to, 'f')
			}
		case string:
			to = binary.BigEndian.AppendUint64(append(to, 's'), uint64(len(v)))
			to = append(to, v...)
		}
	}
	return to
}

// sizeOf is about what a row takes in memory.
func sizeOf(row []any) int {
	size := 0
	for _, value := range row {
		size += 16
		if s, ok := value.(string); ok {
			size += len(s)
		}
	}
	return size
}

// compare reads everything on both sides, in new snapshots, and names a table
// that is not the same.
func (c *Copy) compare(ctx context.Context, s source) error {
	c.done.Store(0)
	var sides [2][]sum
	var errs [2]error
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var both sync.WaitGroup
	for i, d := range []*db.DB{c.From, c.To} {
		both.Go(func() {
			if sides[i], errs[i] = c.sums(ctx, d, s); errs[i] != nil {
				cancel() // the other side is of no use any more
			}
		})
	}
	both.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("everything is copied, but can't be compared: %w. Run the same again to compare it", cause(err))
	}
	for i, t := range s.tables {
		if err := differ(t.name, sides[0][i], sides[1][i]); err != nil {
			return err
		}
	}
	return nil
}

func differ(table string, from, to sum) error {
	if from == to {
		return nil
	}
	what := fmt.Sprintf("it has %d rows, but the copy %d", from.rows, to.rows)
	if from.rows == to.rows {
		what = fmt.Sprintf("of its %d rows, some have other values in the copy", from.rows)
	}
	return fmt.Errorf("the table %s is not the same on both sides: %s. Somebody has written to one of them since the copy began: "+
		"stop Atrium, then run the same with --afresh, which empties the half copy and begins again", table, what)
}

// sums adds up each table.
func (c *Copy) sums(ctx context.Context, d *db.DB, s source) (list []sum, err error) {
	err = d.Inspect(ctx, func(w *db.Whole) error {
		for _, t := range s.tables {
			n, err := c.sumOf(ctx, w, t, 2*s.Total())
			if err != nil {
				return err
			}
			list = append(list, n)
		}
		return nil
	})
	return list, err
}

func (c *Copy) sumOf(ctx context.Context, w *db.Whole, t table, total int64) (sum, error) {
	var s sum
	rows, err := w.Rows(ctx, t.name, t.columns, db.AnyOrder, nil)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	var line []byte
	var told int64
	for {
		row, err := rows.Next()
		if n := s.rows - told; n == batchRows || err != nil && n > 0 {
			c.tell(Comparing, t.name, n, total)
			told = s.rows
		}
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		line = canonical(line[:0], row)
		s = s.add(sha256.Sum256(line))
	}
}
