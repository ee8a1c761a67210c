package test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"atrium"
	"atrium/base/db"
	"atrium/base/db/dbtest"

	"github.com/jackc/pgx/v5"
)

// asCitus stands in for Citus on a server that has none: it writes down what it
// is given, and refuses what Citus was seen to refuse.
const asCitus = `
CREATE TABLE pg_dist_partition (logicalrelid regclass, partmethod "char", repmodel "char");
CREATE TABLE given (n INT GENERATED ALWAYS AS IDENTITY, call TEXT);
CREATE TABLE refused (name TEXT);
CREATE FUNCTION give(t regclass, call TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT 1 FROM pg_constraint WHERE contype = 'f' AND t IN (conrelid, confrelid)) THEN
		RAISE 'foreign keys from reference tables and local tables to distributed tables are not supported: %', t;
	END IF;
	IF EXISTS (SELECT 1 FROM refused WHERE name = t::text) THEN
		RAISE 'the node is gone: %', t;
	END IF;
	INSERT INTO given (call) VALUES (t || call);
END $$;
CREATE FUNCTION create_reference_table(t regclass) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
	PERFORM give(t, ' everywhere');
	INSERT INTO pg_dist_partition VALUES (t, 'n', 't');
END $$;
CREATE FUNCTION create_distributed_table(t regclass, by TEXT, colocate_with TEXT DEFAULT 'default') RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
	PERFORM give(t, ' by ' || by || ' with ' || colocate_with);
	INSERT INTO pg_dist_partition VALUES (t, 'h', 'c');
END $$;
INSERT INTO refused VALUES ('email_tries');`

// Where there is Citus, migrating gives it every table that belongs on its nodes,
// all or none, and leaves the foreign keys as they were. make test-citus shows
// that Citus itself takes them.
func TestMigratingGivesEveryTableToCitus(t *testing.T) {
	if dbtest.Citus() != "" {
		t.Skip("the cluster has the real one")
	}
	url := dbtest.URL(t, dbtest.Postgres)
	server, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(context.Background()) })
	ask := func(sql string) []string {
		t.Helper()
		rows, _ := server.Query(t.Context(), sql)
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	const keys = `SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1`
	const given = `SELECT call FROM given ORDER BY n`

	plain := dbtest.Reopen(t, url, atrium.Schemas())
	if err := plain.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := ask(keys)
	if len(before) < 5 {
		t.Fatalf("only these refer to others: %v", before)
	}
	if _, err := server.Exec(t.Context(), asCitus); err != nil {
		t.Fatal(err)
	}

	if err := plain.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "the node is gone: email_tries") {
		t.Errorf("a node that is gone: %v", err)
	}
	if half := append(ask(given), ask(`SELECT logicalrelid::text FROM pg_dist_partition`)...); len(half) != 0 {
		t.Errorf("half of it was given: %v", half)
	}
	if after := ask(keys); !slices.Equal(after, before) {
		t.Errorf("foreign keys: %v; want %v", after, before)
	}

	if _, err := server.Exec(t.Context(), `DELETE FROM refused`); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time there is nothing left to give
		if err := plain.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var want []string
	for _, table := range db.Tables() {
		switch {
		case table.Class == db.Global:
			want = append(want, table.Name+" everywhere")
		case table.Name == "accounts":
			want = append(want, "accounts by account_id with default")
		case table.Class == db.Accounts:
			want = append(want, fmt.Sprintf("%s by account_id with accounts", table.Name))
		}
	}
	if got := ask(given); !slices.Equal(got, want) {
		t.Errorf("given: %q\nwant %q", got, want)
	}
	if after := ask(keys); !slices.Equal(after, before) {
		t.Errorf("foreign keys: %v; want %v", after, before)
	}
}
