package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
)

// oneNodeAtATime lets one transaction change tables that Citus has on every node
// and tables that it has by account. To a server without Citus it says nothing.
const oneNodeAtATime = `SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`

const hasCitus = `SELECT EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'create_distributed_table' AND pg_function_is_visible(oid))`

// onCitus tells whether there is a Citus that may have yet to be given tables.
func (d *DB) onCitus(ctx context.Context) (bool, error) {
	if !d.engine.locksRows() {
		return false, nil
	}
	return One(ctx, d.Auto(), func(r Row) (yes bool, err error) { err = r.Scan(&yes); return yes, err }, hasCitus)
}

// spread has Citus keep the tables where their class belongs: an account's by
// account_id, all of one account's rows on one node; everybody's on every node;
// Atrium's own where they are, on the coordinator. Where there is no Citus, and
// for tables that are spread already, it does nothing. All or none: foreign keys
// are away meanwhile, because Citus wants both their ends spread.
func spread(ctx context.Context, h *sql.DB, log *slog.Logger) error {
	var citus bool
	err := h.QueryRowContext(ctx, hasCitus).Scan(&citus)
	if err != nil || !citus {
		return err
	}
	due, err := listUnspread(ctx, h)
	if err != nil || len(due) == 0 {
		return err
	}
	tx, err := h.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	apart, together, err := listForeignKeys(ctx, tx, due)
	if err != nil {
		return err
	}
	all := append([]string{oneNodeAtATime}, apart...)
	for _, t := range due {
		all = append(all, spreads(t))
	}
	for _, statement := range append(all, together...) {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("giving tables to Citus: %s: %w", statement, err)
		}
	}
	log.InfoContext(ctx, "given to Citus", "tables", len(due))
	return tx.Commit()
}

// listUnspread lists the tables that are there and have yet to be given to Citus,
// in the order of Tables.
func listUnspread(ctx context.Context, h *sql.DB) ([]Table, error) {
	var due []Table
	for _, t := range Tables() {
		if spreads(t) == "" {
			continue
		}
		// Citus notes tables that stay here, too, when one they refer to is on every
		// node: h is spread by a hash, t on every node.
		var is bool
		err := h.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_dist_partition
			WHERE logicalrelid = to_regclass($1) AND (partmethod = 'h' OR repmodel = 't'))`, t.Name).Scan(&is)
		if err != nil {
			return nil, err
		}
		if is {
			due = append(due, t)
		}
	}
	return due, nil
}

// listForeignKeys gives the statements that take the foreign keys of tables away
// and those that put them back.
func listForeignKeys(ctx context.Context, tx *sql.Tx, tables []Table) (apart, together []string, err error) {
	for _, t := range tables {
		rows, err := tx.QueryContext(ctx, `SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
			WHERE contype = 'f' AND conrelid = to_regclass($1) ORDER BY conname`, t.Name)
		if err != nil {
			return nil, nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var name, definition string
			if err := rows.Scan(&name, &definition); err != nil {
				return nil, nil, err
			}
			apart = append(apart, fmt.Sprintf(`ALTER TABLE %s DROP CONSTRAINT %s`, t.Name, name))
			together = append(together, fmt.Sprintf(`ALTER TABLE %s ADD CONSTRAINT %s %s`, t.Name, name, definition))
		}
		if err := rows.Err(); err != nil {
			return nil, nil, err
		}
	}
	return apart, together, nil
}

// spreads is the statement that gives a table to Citus, "" if it stays.
func spreads(t Table) string {
	switch {
	case t.Class == Global:
		return fmt.Sprintf(`SELECT create_reference_table('%s')`, t.Name)
	case t.Class == Accounts && t.Name == "accounts":
		return `SELECT create_distributed_table('accounts', 'account_id')`
	case t.Class == Accounts:
		return fmt.Sprintf(`SELECT create_distributed_table('%s', 'account_id', colocate_with => 'accounts')`, t.Name)
	}
	return ""
}
