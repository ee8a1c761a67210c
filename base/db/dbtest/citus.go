package dbtest

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"atrium/base/db"

	"github.com/jackc/pgx/v5"
)

// Citus is the address of the coordinator of a cluster that somebody has, as
// `make test-citus` gives it. Then tests run there and nowhere else, each in a
// schema of its own, because not every cluster lets one create databases.
func Citus() string { return os.Getenv("ATRIUM_TEST_CITUS_URL") }

// createSchema makes an empty schema of the cluster, dropped with the test.
func createSchema(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("atrium_test_%d_%d", os.Getpid(), schemasMade.Add(1))
	if err := onCitus(t.Context(), `CREATE SCHEMA `+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := onCitus(context.Background(), `DROP SCHEMA `+name+` CASCADE`); err != nil {
			t.Error(err)
		}
	})
	address, err := url.Parse(Citus())
	if err != nil {
		t.Fatal(err)
	}
	q := address.Query()
	q.Set("search_path", name)
	address.RawQuery = q.Encode()
	return address.String()
}

// migratedSchema is createSchema with the schemas applied, and so spread over
// the nodes: a copy of a master would not be.
func migratedSchema(t testing.TB, schemas []fs.FS) string {
	t.Helper()
	address := createSchema(t)
	d, err := db.Open(t.Context(), address, db.Options{Schemas: schemas})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return address
}

// schemasMade counts, because a process has one cluster.
var schemasMade atomic.Int64

// onCitus runs a statement on the coordinator.
func onCitus(ctx context.Context, sql string) error {
	c, err := pgx.Connect(ctx, Citus())
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, sql)
	return err
}
