package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// The goals, in CPU of the floor, on SQLite.
const (
	goalJSON     = 1.5
	goalPage     = 4
	goalMemory   = 60e6
	goalStart    = 50 * time.Millisecond
	goalPostgres = 1.4 // JSON, of PostgreSQL's floor
	goalPagePG   = 4.5
)

func (b *bench) floorPath() string { return "/accounts/" + b.entrance.account.String() + "/membership" }
func (b *bench) jsonPath() string  { return "/api/v1" + b.floorPath() }
func (b *bench) pagePath() string  { return "/a/" + b.entrance.account.String() + "/users" }

// compare drives floor, JSON and page in turn, several rounds, and prints the
// medians.
func (b *bench) compare(ctx context.Context, level string, rounds int) error {
	floor, _, err := b.run(ctx, b.floor, b.floorPath())
	if err != nil {
		return err
	}
	defer floor.stop()
	atrium, _, err := b.run(ctx, b.atrium(level), b.jsonPath())
	if err != nil {
		return err
	}
	defer atrium.stop()
	rows := []*row{
		{name: "floor", server: floor, path: b.floorPath()},
		{name: "`GET /api/v1/accounts/{account}/membership`", server: atrium, path: b.jsonPath(), goal: goalJSON},
		{name: "`GET /a/{account}/users`, ten members", server: atrium, path: b.pagePath(), goal: goalPage},
	}
	if b.postgres != nil {
		rows[1].goal, rows[2].goal = goalPostgres, goalPagePG
	}
	for range rounds {
		var unit time.Duration
		for i, r := range rows {
			s, err := drive(r.server, b.get(r.server.address, r.path), b.load)
			if err := errors.Join(err, ctx.Err()); err != nil {
				return err
			}
			if i == 0 {
				unit = s.cpu
			}
			r.samples, r.ratios = append(r.samples, s), append(r.ratios, float64(s.cpu)/float64(unit))
		}
	}
	fmt.Printf("\nATRIUM_LOG=%s, rounds: %d, each of %s after %s of warm-up, %d connections\n\n%s", level, rounds, b.load.measured, b.load.warm, b.load.conns, tableOf(rows))
	memory, err := atrium.memory()
	fmt.Printf("\nResident memory of Atrium after that: %.0f MB; goal %.0f MB, %s.\n", megabytes(memory), megabytes(goalMemory), verdict(memory <= goalMemory))
	return err
}

// start measures how long it takes from starting Atrium on the database to its
// first answer, a permission-checked one.
func (b *bench) start(ctx context.Context) error {
	var took []time.Duration
	for range b.starts {
		s, d, err := b.run(ctx, b.atrium("warn"), b.jsonPath())
		if err != nil {
			return err
		}
		if err := errors.Join(s.stop(), ctx.Err()); err != nil {
			return err
		}
		took = append(took, d)
	}
	fmt.Printf("\nStart to first answer, median of %d: %s; goal %s, %s.\n", b.starts, millis(median(took)), goalStart, verdict(median(took) < goalStart))
	return nil
}

// profile writes a CPU profile of Atrium under each of the loads. The
// program that is profiled is not the product, which has no such door, but
// bench/profiled.
func (b *bench) profile(ctx context.Context) error {
	if err := os.MkdirAll(b.profiles, 0o755); err != nil {
		return err
	}
	door, err := freeAddress()
	if err != nil {
		return err
	}
	atrium, _, err := b.run(ctx, func(address string) program {
		p := b.atrium("warn")(address)
		p.args = []string{filepath.Join(b.bin, "bench-profiled"), "-door", door}
		return p
	}, b.jsonPath())
	if err != nil {
		return err
	}
	defer atrium.stop()
	paths := map[string]string{"json": b.jsonPath(), "page": b.pagePath()}
	if b.staff {
		paths = map[string]string{"list": "/staff/accounts", "search": "/staff/accounts?q=baker+hosting", "record": b.recordPath()}
	}
	for name, path := range paths {
		file := filepath.Join(b.profiles, name+".pprof")
		url := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%.0f", door, b.load.measured.Seconds())
		written := make(chan error, 1)
		go func() { written <- download(ctx, url, file) }()
		_, err := drive(atrium, b.asStaff(atrium.address, path, b.staff), b.load)
		if err := errors.Join(err, <-written); err != nil {
			return err
		}
		fmt.Println("go tool pprof", file)
	}
	return nil
}

func download(ctx context.Context, url, file string) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = f.ReadFrom(r.Body)
	return errors.Join(err, f.Close())
}
