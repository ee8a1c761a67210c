package access

import (
	"context"
	"strconv"
	"strings"

	"atrium/base/db"
)

// mostRows is how many rows one INSERT holds.
const mostRows = 200

// rows are terms on their way into a table. Those that are there already stay.
type rows struct {
	into    string
	columns int
	values  []any
}

func newRows(table string, columns ...string) *rows {
	return &rows{into: `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES `, columns: len(columns)}
}

func (r *rows) add(values ...any) { r.values = append(r.values, values...) }

func (r *rows) insert(ctx context.Context, tx *db.Tx) error {
	for all := r.values; len(all) > 0; {
		part := all[:min(len(all), mostRows*r.columns)]
		all = all[len(part):]
		var sql strings.Builder
		sql.WriteString(r.into)
		for i := range part {
			switch {
			case i == 0:
				sql.WriteString("(")
			case i%r.columns == 0:
				sql.WriteString("), (")
			default:
				sql.WriteString(", ")
			}
			sql.WriteString("$" + strconv.Itoa(i+1))
		}
		sql.WriteString(") ON CONFLICT DO NOTHING")
		if _, err := tx.Exec(ctx, sql.String(), part...); err != nil {
			return err
		}
	}
	return nil
}
