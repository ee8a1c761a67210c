package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"atrium/base/vault"
)

// A bench is a filled database, and what it takes to start servers on it.
type bench struct {
	options
	engine   string // sqlite or postgres
	members  int    // memberships, or accounts for the staff area
	folder   string
	database string    // its address
	postgres *postgres // nil with SQLite
	entrance entrance
}

func newBench(ctx context.Context, o options, engine string, members int) (*bench, error) {
	b := &bench{options: o, engine: engine, members: members}
	if err := b.fill(ctx); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// settle has the database clean up after what was written before, so that it is not
// counted with what is measured next.
func (b *bench) settle(ctx context.Context) error {
	if b.postgres == nil {
		return nil
	}
	return b.postgres.settle(ctx)
}

func (b *bench) fill(ctx context.Context) (err error) {
	if b.folder, err = os.MkdirTemp("", "atrium-bench-"); err != nil {
		return err
	}
	switch b.engine {
	case "sqlite":
		b.database = "sqlite:" + filepath.Join(b.folder, "atrium.db")
	case "postgres":
		if b.postgres, err = startPostgres(ctx, b.core); err != nil {
			return err
		}
		b.database = b.postgres.url
	default:
		return fmt.Errorf("-db %s: it is sqlite or postgres", b.engine)
	}
	if _, err := vault.Load(b.key(), true); err != nil {
		return err
	}
	began := time.Now()
	p, err := b.plan()
	if err != nil {
		return err
	}
	if b.entrance, err = seed(ctx, b.database, p); err != nil {
		return err
	}
	if b.entrance.staff, err = seedStaff(ctx, b.database); err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	fmt.Printf("%s, %d memberships of %d users in %d accounts, written in %s\n", b.engine, p.memberships(), p.users, len(p.accounts), time.Since(began).Round(100*time.Millisecond))
	return nil
}

func (b *bench) plan() (plan, error) {
	if b.staff {
		return newStaffPlan(b.members)
	}
	if b.growth {
		return newGrowthPlan()
	}
	p, err := newPlan(b.members)
	if b.peers != "" {
		return p, err // which have an order of their own
	}
	p.writes = b.writes * b.rounds
	if b.writes > b.members/4 {
		return p, fmt.Errorf("%d memberships are too few to change %d of them in a round: at most a quarter", b.members, b.writes)
	}
	return p, err
}

func (b *bench) key() string { return filepath.Join(b.folder, "atrium.key") }

// close removes everything. What fails in it leaves a folder in the system's
// temporary one, and nothing else.
func (b *bench) close() {
	if b.postgres != nil {
		b.postgres.stop()
	}
	os.RemoveAll(b.folder)
}

// floor is the program that Atrium is compared with.
func (b *bench) floor(address string) program {
	return program{name: "floor", core: b.core, log: filepath.Join(b.folder, "floor.log"),
		args: []string{filepath.Join(b.bin, "bench-floor"), "-listen", address, "-database", b.database}}
}

// atrium is the real program.
func (b *bench) atrium(level string) func(address string) program {
	return func(address string) program {
		return program{name: "atrium", core: b.core, log: filepath.Join(b.folder, "atrium.log"),
			args: []string{filepath.Join(b.bin, "atrium"), "serve"}, env: b.settings(address, level)}
	}
}

func (b *bench) settings(address, level string) []string {
	return []string{"ATRIUM_LISTEN=" + address, "ATRIUM_BASE_URL=http://" + address, "ATRIUM_DATABASE_URL=" + b.database,
		"ATRIUM_SECRET_KEY_FILE=" + b.key(), "ATRIUM_LOG=" + level}
}

// run starts a program at a free address and waits for its first answer to
// path. It tells how long that took.
func (b *bench) run(ctx context.Context, at func(address string) program, path string) (*server, time.Duration, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, 0, err
	}
	s, took, err := at(address).start(ctx, address, b.get(address, path))
	if err == nil && b.postgres != nil {
		s.database = b.postgres.process.Process.Pid
	}
	return s, took, err
}

func (b *bench) get(address, path string) call {
	return get(address, path, b.entrance.token.Reveal())
}
