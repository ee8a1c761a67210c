package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// Options are the command's flags.
type options struct {
	size     int
	staff    bool
	growth   bool
	engines  string
	rounds   int
	starts   int
	core     int
	bin      string
	profiles string
	memory   string
	peers    string
	writes   int
	load     load
}

func main() {
	var o options
	flag.IntVar(&o.size, "n", usual, "memberships in the database; with more than usual, both sizes are measured and compared")
	flag.BoolVar(&o.staff, "staff", false, "measure the staff area, with as many accounts and users as -n says")
	flag.BoolVar(&o.growth, "growth", false, "measure pages of one account and one user that have grown, beside those before")
	flag.StringVar(&o.engines, "db", "sqlite,postgres", "what is measured: sqlite, postgres or both")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds of all rows; their medians count")
	flag.IntVar(&o.starts, "starts", 5, "how often the start is measured; the median counts")
	flag.IntVar(&o.core, "core", 1, "core of the servers; give this program another one")
	flag.StringVar(&o.bin, "bin", "bin", "folder of the programs atrium, bench-floor and bench-profiled")
	flag.StringVar(&o.profiles, "profiles", "", "folder to write CPU profiles to, instead of measuring")
	flag.IntVar(&o.load.conns, "conns", 16, "connections")
	flag.DurationVar(&o.load.warm, "warm", time.Second, "load before anything is counted")
	flag.DurationVar(&o.load.measured, "for", 3*time.Second, "load that is counted, for each row in each round")
	flag.StringVar(&o.memory, "memory", "", "folder to write a profile of the memory to after all rounds, instead of measuring")
	flag.StringVar(&o.peers, "peers", "", "folder of bench/peers: measure what people would use instead, too; on SQLite")
	flag.IntVar(&o.writes, "writes", 1200, "how often each change is made in a round")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// usual is how many memberships there are unless somebody says otherwise.
const usual = 10_000

func run(ctx context.Context, o options) error {
	began := time.Now()
	fmt.Println(machine())
	for engine := range strings.SplitSeq(o.engines, ",") {
		if err := measure(ctx, o, engine); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	fmt.Printf("\nAll that took %s.\n", time.Since(began).Round(time.Second))
	return nil
}

// measure measures on one engine.
func measure(ctx context.Context, o options, engine string) error {
	b, err := newBench(ctx, o, engine, o.size)
	if err != nil {
		return err
	}
	defer b.close()
	switch {
	case o.profiles != "":
		return b.profile(ctx)
	case o.memory != "":
		return b.remember(ctx)
	case o.peers != "":
		return b.comparePeers(ctx)
	case o.growth:
		return b.compareGrowth(ctx)
	case o.staff:
		return b.compareStaff(ctx)
	case o.size > usual:
		return b.compareSizes(ctx)
	}
	_, err = compare(ctx, b)
	return err
}

// compareSizes measures a database of the usual size and this larger one in turn, and
// compares them.
func (b *bench) compareSizes(ctx context.Context) error {
	few, err := newBench(ctx, b.options, b.engine, usual)
	if err != nil {
		return err
	}
	defer few.close()
	rows, err := compare(ctx, few, b)
	if err != nil {
		return err
	}
	fmt.Printf("\n%s, %d memberships beside %d, rounds: %d\n\n%s", b.engine, b.members, few.members, b.rounds, growthOf(rows[0], rows[1]))
	return nil
}
