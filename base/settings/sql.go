package settings

import (
	"context"

	"atrium/base/db"
)

// row is a section as it is stored.
type row struct {
	name, value, sealed string
	Change
}

// listSections gives the rows by name.
func listSections(ctx context.Context, q db.Querier) (map[string]row, error) {
	list, err := db.All(ctx, q, func(r db.Row) (row, error) {
		var s row
		err := r.Scan(&s.name, &s.value, &s.sealed, &s.Version, db.Time(&s.At), &s.By)
		return s, err
	}, `SELECT name, value, sealed, version, changed_at, changed_by FROM settings`)
	rows := map[string]row{}
	for _, r := range list {
		rows[r.name] = r
	}
	return rows, err
}

// upsertSection writes the version after r's. It is false when the row has
// another version than r's.
func upsertSection(ctx context.Context, tx *db.Tx, r row) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO settings (name, value, sealed, version, changed_at, changed_by) VALUES ($1, $2, $3, $4 + 1, $5, $6)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, sealed = excluded.sealed, version = excluded.version,
			changed_at = excluded.changed_at, changed_by = excluded.changed_by
		WHERE settings.version = $4`, r.name, r.value, r.sealed, r.Version, r.At, r.By)
	return n == 1, err
}

// findPNG gives a picture's content in base64, NotFound if it was replaced.
func findPNG(ctx context.Context, q db.Querier, name, hash string) (string, error) {
	return db.One(ctx, q, func(r db.Row) (string, error) {
		var s string
		err := r.Scan(&s)
		return s, err
	}, `SELECT png FROM pictures WHERE name = $1 AND hash = $2`, name, hash)
}

func upsertPNG(ctx context.Context, tx *db.Tx, name, hash, png string) error {
	return tx.ExecOne(ctx, `INSERT INTO pictures (name, hash, png) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, png = excluded.png`, name, hash, png)
}

func deletePNG(ctx context.Context, tx *db.Tx, name string) error {
	_, err := tx.Exec(ctx, `DELETE FROM pictures WHERE name = $1`, name)
	return err
}
