package db_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"atrium/base/db"
)

func TestWhatIsAskedTogetherSeesOneState(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx, end := d.Still(t.Context())
		want := func(ctx context.Context, n int64) {
			t.Helper()
			if got, err := balance(ctx, d.Auto(), acme); err != nil || got != n {
				t.Errorf("the balance is %d, %v; want %d", got, err, n)
			}
		}
		change := func(ctx context.Context, n int64) {
			t.Helper()
			if err := d.Write(ctx, acme, func(tx *db.Tx) error { return setBalance(ctx, tx, acme, n) }); err != nil {
				t.Fatal(err)
			}
		}
		want(ctx, 0)
		change(t.Context(), 1)
		if !onPostgres(d) {
			want(ctx, 0)
		}
		want(t.Context(), 1)
		change(ctx, 2) // one's own is seen
		want(ctx, 2)
		change(t.Context(), 3)
		end()
		want(ctx, 3)
		end()
		want(ctx, 3)
	})
}

// One reading connection is enough, so none is lost and nobody waits for one that
// the same page holds; but a statement inside of another's rows takes a second.
func TestAPageHoldsOneConnectionUntilItsEnd(t *testing.T) {
	for _, readers := range []int{1, 2} {
		d, err := db.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "atrium.db"), db.Options{Readers: readers})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		one := func(ctx context.Context) {
			t.Helper()
			if n, err := db.One(ctx, d.Auto(), scan[int64], `SELECT 1`); err != nil || n != 1 {
				t.Errorf("%d, %v", n, err)
			}
		}
		for range 3 {
			ctx, end := d.Still(t.Context())
			one(ctx)
			if _, err := db.One(ctx, d.Auto(), scan[int64], `SELECT nothing`); err == nil {
				t.Error("there is nothing")
			}
			one(ctx)
			if err := d.Read(ctx, func(tx *db.Tx) error { _, err := db.One(ctx, tx, scan[int64], `SELECT 1`); return err }); err != nil {
				t.Error(err)
			}
			one(ctx)
			gone, cancel := context.WithCancel(ctx)
			cancel()
			if _, err := db.One(gone, d.Across(), scan[int64], `SELECT 1`); err == nil {
				t.Error("nobody waits, and it is asked")
			}
			if readers > 1 {
				_, err := db.All(ctx, d.Auto(), func(r db.Row) (int64, error) { one(ctx); end(); one(ctx); return scan[int64](r) }, `SELECT 1 UNION SELECT 2`)
				if err != nil {
					t.Error(err)
				}
				var all sync.WaitGroup
				ctx, end = d.Still(t.Context())
				for range 4 {
					all.Go(func() { one(ctx) })
				}
				all.Wait()
			}
			end()
			one(t.Context())
			one(ctx)
		}
	}
}
