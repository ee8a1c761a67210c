package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Options are the command's flags.
type options struct {
	members  int
	staff    bool
	engine   string
	rounds   int
	starts   int
	core     int
	bin      string
	profiles string
	peers    string
	writes   int
	load     load
}

func main() {
	var o options
	flag.IntVar(&o.members, "n", 10_000, "memberships in the database")
	flag.BoolVar(&o.staff, "staff", false, "measure the staff area, with as many accounts and users as -n says")
	flag.StringVar(&o.engine, "db", "sqlite", "sqlite or postgres")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds of floor, JSON and page; their medians count")
	flag.IntVar(&o.starts, "starts", 5, "how often the start is measured; the median counts")
	flag.IntVar(&o.core, "core", 1, "core of the servers; give this program another one")
	flag.StringVar(&o.bin, "bin", "bin", "folder of the programs atrium, bench-floor and bench-profiled")
	flag.StringVar(&o.profiles, "profiles", "", "folder to write CPU profiles to, instead of measuring")
	flag.StringVar(&o.peers, "peers", "", "folder of bench/peers: measure what people would use instead, too")
	flag.IntVar(&o.writes, "writes", 1500, "with -peers: invitations that are sent, and accepted, in each round")
	flag.IntVar(&o.load.conns, "conns", 16, "connections")
	flag.DurationVar(&o.load.warm, "warm", time.Second, "load before anything is counted")
	flag.DurationVar(&o.load.measured, "for", 3*time.Second, "load that is counted, for each row in each round")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	fmt.Println(machine())
	b, err := newBench(ctx, o)
	if err != nil {
		return err
	}
	defer b.close()
	if o.profiles != "" {
		return b.profile(ctx)
	}
	if o.peers != "" {
		return b.comparePeers(ctx)
	}
	if o.staff {
		return b.compareStaff(ctx, o.rounds)
	}
	if err := b.compare(ctx, "warn", o.rounds); err != nil {
		return err
	}
	if err := b.compare(ctx, "info", 1); err != nil {
		return err
	}
	return b.start(ctx)
}
