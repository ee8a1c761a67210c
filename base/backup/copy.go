package backup

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"atrium/base/db"
	"atrium/fault"
)

// Schema holds the migration of the mark that a copy sets.
//
//go:embed schema/*.sql
var Schema embed.FS

// A Copy is a copy of everything in one database into another. Until it is whole
// and checked, the other bears a mark, and Unfinished refuses it.
type Copy struct {
	From, To *db.DB
	Known    []int64        // versions of this program's migrations
	Afresh   bool           // empty a half copy and begin again
	Batch    int            // rows in a transaction; 0: as many as are quick
	Tell     func(Progress) // told after each batch, by one goroutine at a time; may be nil
	Sound    func(ctx context.Context, d *db.DB) (broken []string, err error)

	told chan struct{} // has one goroutine at a time tell
	done atomic.Int64  // rows
}

// A Phase is a part of a copy.
type Phase string

// The phases, in their order.
const (
	Looking   Phase = "looking"   // asking From for what must hold, and To what is there
	Copying   Phase = "copying"   // its rows are those copied
	Comparing Phase = "comparing" // its rows are those read, on both sides
	Asking    Phase = "asking"    // asking To for what must hold
)

// Progress is how far a copy has come.
type Progress struct {
	Phase Phase
	Table string // the one whose rows were the last
	Done  int64  // rows, of all tables
	Total int64  // so many there are to be
}

// Run copies what is not there yet of one snapshot, then compares every table on
// both sides and asks Sound of both databases. Ended at whatever moment, it goes
// on there when it is run again. What is in To and is not a copy of From is never
// touched.
func (c *Copy) Run(ctx context.Context) (Contents, error) {
	c.told = make(chan struct{}, 1)
	if err := c.ready(ctx); err != nil {
		return Contents{}, err
	}
	c.tell(Looking, "", 0, 0)
	if err := c.sound(ctx, c.From, "the database to copy is not as it should be, so it is not copied; atrium doctor says the same"); err != nil {
		return Contents{}, err
	}
	var s source
	var at place
	err := c.From.Inspect(ctx, func(w *db.Whole) (err error) {
		if s, err = c.look(ctx, w); err != nil {
			return err
		}
		begun, err := c.begin(ctx, s)
		if err != nil {
			return err
		}
		at = begun
		return c.pour(ctx, w, s, &at)
	})
	if err != nil && at.source != "" {
		err = fmt.Errorf("it broke off in the table %s: %w. What is there stays: run the same again to go on", at.table, cause(err))
	}
	if err == nil {
		err = c.To.Learn(ctx)
	}
	if err == nil {
		err = c.compare(ctx, s)
	}
	if err == nil {
		c.tell(Asking, "", 0, 0)
		err = c.sound(ctx, c.To, "the copy is not as it should be, though it is the same")
	}
	if err == nil {
		err = c.finish(ctx, s)
	}
	return s.Contents, err
}

// sound asks for what must hold.
func (c *Copy) sound(ctx context.Context, d *db.DB, words string) error {
	broken, err := c.Sound(ctx, d)
	if err == nil && len(broken) > 0 {
		err = fmt.Errorf("%s: %s", words, strings.Join(broken, "; "))
	}
	return err
}

// tell tells how far it is, after so many rows more.
func (c *Copy) tell(phase Phase, table string, more, total int64) {
	done := c.done.Add(more)
	if c.Tell == nil {
		return
	}
	c.told <- struct{}{}
	c.Tell(Progress{phase, table, done, total})
	<-c.told
}

// cause is an error without the sentence that people at a page are told.
func cause(err error) error {
	if e, ok := fault.As(err); ok && e.Err != nil {
		return e.Err
	}
	return err
}

// finish takes the mark away: from now on it is a database like any other.
func (c *Copy) finish(ctx context.Context, s source) error {
	return c.To.Load(ctx, func(w *db.Whole) error {
		return w.ExecOne(ctx, `DELETE FROM copies WHERE source = $1`, s.print)
	})
}

// errUnfinished is the error of a half copy.
var errUnfinished = errors.New("the database is a copy that is not whole or not checked yet: run atrium copy again, with the same addresses, until it says that it is done")

// Unfinished refuses a database that is a copy which is not whole yet.
func Unfinished(ctx context.Context, d *db.DB) error {
	_, found, err := findPlace(ctx, d)
	if err == nil && found {
		err = errUnfinished
	}
	return err
}
