package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"
)

// Migrate applies the migrations that are not applied yet, in the order of
// their versions, each in its own transaction. One process at a time does it;
// the others wait, and find nothing left to do. Where all are applied already it
// waits for nobody, which is how nearly every start goes.
func (d *DB) Migrate(ctx context.Context) error {
	pending, err := d.Pending(ctx)
	if err != nil {
		return err
	}
	if pending == 0 {
		if citus, err := d.onCitus(ctx); err != nil || !citus {
			return err
		}
	}
	return d.migrate(ctx, (*goose.Provider).Up)
}

// MigrateTo is Migrate up to a version and no further.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	return d.migrate(ctx, func(p *goose.Provider, ctx context.Context) ([]*goose.MigrationResult, error) {
		return p.UpTo(ctx, version)
	})
}

func (d *DB) migrate(ctx context.Context, up func(*goose.Provider, context.Context) ([]*goose.MigrationResult, error)) (err error) {
	all, err := d.engine.dialect().merge(d.schemas)
	if err != nil || len(all) == 0 {
		return err
	}
	h, err := d.engine.handle()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	l, err := d.engine.migrationLock()
	if err != nil {
		return err
	}
	if err := l.Lock(ctx, h); err != nil {
		return fmt.Errorf("waiting for another process to migrate: %w", err)
	}
	defer func() { err = errors.Join(err, l.Unlock(ctx, h)) }()

	p, err := goose.NewProvider(d.engine.dialect().goose, h, all, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	done, err := up(p, ctx)
	for _, m := range done {
		d.log.InfoContext(ctx, "migrated", "migration", m.Source.Path, "took", m.Duration)
	}
	if err != nil || !d.engine.locksRows() {
		return err
	}
	return spread(ctx, h, d.log)
}

// Pending counts the migrations that are not applied yet. It changes nothing.
func (d *DB) Pending(ctx context.Context) (int, error) {
	known, err := Versions(d.schemas)
	if err != nil {
		return 0, err
	}
	applied, err := d.Applied(ctx)
	return len(slices.DeleteFunc(known, func(v int64) bool { return slices.Contains(applied, v) })), err
}

// Applied lists the versions of the migrations that are applied, in order.
func (d *DB) Applied(ctx context.Context) ([]int64, error) { return listApplied(ctx, d, d.Auto()) }

// NotNewer is nil unless a version is applied that is not known: what was opened is
// then of a newer program than the one that knows these, and the error says so.
func NotNewer(what string, applied, known []int64) error {
	for _, v := range applied {
		if !slices.Contains(known, v) {
			return fmt.Errorf("%s is of a newer Atrium (migration %d): use that one", what, v)
		}
	}
	return nil
}

func listApplied(ctx context.Context, d *DB, q Querier) ([]int64, error) {
	tables, err := One(ctx, q, scanInt, d.engine.dialect().hasTable, goose.DefaultTablename)
	if err != nil || tables == 0 {
		return nil, err
	}
	return All(ctx, q, scanInt, `SELECT version_id FROM goose_db_version WHERE is_applied AND version_id > 0 ORDER BY version_id`)
}

func scanInt(r Row) (int64, error) {
	var n int64
	err := r.Scan(&n)
	return n, err
}

// Versions lists the versions of the migrations that schemas hold, in order.
func Versions(schemas []fs.FS) ([]int64, error) {
	all, err := dialect{}.merge(schemas)
	if err != nil {
		return nil, err
	}
	var list []int64
	for name := range all {
		v, err := goose.NumericComponent(name)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	slices.Sort(list)
	return list, nil
}
