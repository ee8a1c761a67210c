package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"atrium"
	"atrium/base/config"
	"atrium/base/db"
)

func (b *bench) floorPath() string { return "/accounts/" + b.entrance.account.String() + "/membership" }
func (b *bench) jsonPath() string  { return "/api/v1" + b.floorPath() }
func (b *bench) pagePath() string  { return "/a/" + b.entrance.account.String() + "/users" }

// Served are the floor and Atrium on the database of a bench.
type served struct{ floor, atrium *server }

func (b *bench) serve(ctx context.Context, level string) (s served, err error) {
	if s.floor, _, err = b.run(ctx, b.floor, b.floorPath()); err != nil {
		return s, err
	}
	if s.atrium, _, err = b.run(ctx, b.atrium(level), b.jsonPath()); err != nil {
		return s, errors.Join(err, s.floor.stop())
	}
	return s, nil
}

func (s served) stop() error { return errors.Join(s.atrium.stop(), s.floor.stop()) }

// A side is a bench with its servers and what is driven on it.
type side struct {
	*bench
	servers served
	rows    []*row
	memory  int64 // resident bytes of Atrium at the end
}

// compare drives all rows of some benches in turn, several rounds, and prints the
// medians; then what a log costs, and how long a start takes.
func compare(ctx context.Context, benches ...*bench) (rows [][]*row, err error) {
	sides, err := drivenInTurn(ctx, benches)
	if err != nil {
		return nil, err
	}
	for _, s := range sides {
		s.print("ATRIUM_LOG=warn", s.rows, s.rounds)
		fmt.Printf("\nResident memory of Atrium after that: %.0f MB; goal %.0f MB, %s.\n", megabytes(s.memory), megabytes(goalMemory), verdict(s.memory <= goalMemory))
		if err := errors.Join(s.written(ctx, s.rows), s.compareLogged(ctx), s.start(ctx)); err != nil {
			return nil, err
		}
		rows = append(rows, s.rows)
	}
	return rows, nil
}

// drivenInTurn are benches after all rounds.
func drivenInTurn(ctx context.Context, benches []*bench) (sides []side, err error) {
	defer func() {
		for _, s := range sides {
			err = errors.Join(err, s.servers.stop())
		}
	}()
	for _, b := range benches {
		s, err := b.serve(ctx, "warn")
		if err != nil {
			return sides, err
		}
		sides = append(sides, side{bench: b, servers: s, rows: b.rows(s.floor, s.atrium)})
	}
	if err := turns(ctx, benches[0].rounds, sides...); err != nil {
		return sides, err
	}
	for i, s := range sides {
		if sides[i].memory, err = s.servers.atrium.memory(); err != nil {
			return sides, err
		}
	}
	return sides, nil
}

// compareLogged does the same with the floor and two rows while each request has a
// line in the log, once.
func (b *bench) compareLogged(ctx context.Context) error {
	s, err := b.serve(ctx, "info")
	if err != nil {
		return err
	}
	defer s.stop()
	all := b.rows(s.floor, s.atrium)
	rows := []*row{all[0], all[2], all[3]}
	if err := b.turns(ctx, rows, 1); err != nil {
		return err
	}
	b.print("ATRIUM_LOG=info", rows, 1)
	return nil
}

func (b *bench) turns(ctx context.Context, rows []*row, n int) error {
	return turns(ctx, n, side{bench: b, rows: rows})
}

// turns drives all rows n times, those of the sides that are the same one after the
// other: within seconds a machine changes less than within minutes. Which side comes
// first changes from round to round.
func turns(ctx context.Context, n int, sides ...side) error {
	for round := range n {
		for _, s := range sides {
			if err := s.settle(ctx); err != nil {
				return err
			}
		}
		order := slices.Clone(sides)
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for i, r := range sides[0].rows {
			for _, s := range order {
				if err := s.rows[i].measure(ctx, s.bench, round); err != nil {
					return fmt.Errorf("%s: %w", r.name, err)
				}
			}
		}
	}
	return nil
}

func (b *bench) print(what string, rows []*row, rounds int) {
	fmt.Printf("\n%s, n = %d, %s, rounds: %d, each of %s after %s of warm-up or of %d changes, %d connections\n\n%s", b.engine, b.members, what, rounds, b.load.measured, b.load.warm, b.writes, b.load.conns, tableOf(rows))
}

// written makes sure that each change has left its row in the audit, and no answer
// was given for nothing.
func (b *bench) written(ctx context.Context, rows []*row) error {
	d, err := atrium.OpenDB(ctx, atrium.Config{Settings: config.Settings{Database: config.URL(b.database)}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer d.Close()
	for _, r := range rows {
		if r.change == nil {
			continue
		}
		n, err := db.One(ctx, d.Auto(), func(r db.Row) (n int, err error) { err = r.Scan(&n); return n, err }, `SELECT count(*) FROM audit WHERE action = $1`, r.action)
		if err != nil {
			return err
		}
		if want := b.writes * len(r.samples); n != want {
			return fmt.Errorf("%s was answered %d times and done %d times", r.name, want, n)
		}
	}
	return nil
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
	server, door, err := b.runProfiled(ctx)
	if err != nil {
		return err
	}
	defer server.stop()
	for name, calls := range b.profiled(server.address) {
		file := filepath.Join(b.profiles, b.engine+"-"+name+".pprof")
		url := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%.0f", door, b.load.measured.Seconds())
		written := make(chan error, 1)
		go func() { written <- download(ctx, url, file) }()
		_, err := drive(server, calls, b.load)
		if err := errors.Join(err, <-written); err != nil {
			return err
		}
		fmt.Println("go tool pprof", file)
	}
	return nil
}

// runProfiled runs bench/profiled; at door it has its profiles.
func (b *bench) runProfiled(ctx context.Context) (s *server, door string, err error) {
	if door, err = freeAddress(); err != nil {
		return nil, "", err
	}
	s, _, err = b.run(ctx, func(address string) program {
		p := b.atrium("warn")(address)
		p.args = []string{filepath.Join(b.bin, "bench-profiled"), "-door", door}
		return p
	}, b.jsonPath())
	return s, door, err
}

// profiled are the loads that profiles are written of.
func (b *bench) profiled(at string) map[string]calls {
	if b.staff {
		return map[string]calls{"list": again(b.asStaff(at, "/staff/accounts")), "search": again(b.asStaff(at, "/staff/accounts?q=baker+hosting")),
			"record": again(b.asStaff(at, b.recordPath()))}
	}
	return map[string]calls{"json": again(b.get(at, b.jsonPath())), "page": again(b.get(at, b.pagePath())), "home": again(b.get(at, "/a/"+b.entrance.account.String()+"/")),
		"switch": again(get(at, "/accounts", b.entrance.visitor.Reveal())), "invite": once(b.round(at, b.invite, 0)), "accept": once(b.round(at, b.accept, 0))}
}

func download(ctx context.Context, url, file string) error {
	body, err := fetch(ctx, url)
	if err != nil {
		return err
	}
	defer body.Close()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, body)
	return errors.Join(err, f.Close())
}

// fetch asks bench/profiled's door.
func fetch(ctx context.Context, url string) (io.ReadCloser, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, err
	}
	if r.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("%s answered %s", url, r.Status), r.Body.Close())
	}
	return r.Body, nil
}
