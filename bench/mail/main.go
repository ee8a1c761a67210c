// Command mail measures how many mails a second Atrium hands over to a mail
// server, against the least that can: a bare loop of the same mail library, on
// as many connections, to the same server in the same run.
//
// Atrium's mails are written down before. What is measured is reading them,
// handing them over, and noting that they were sent.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// goal is the part of the bare loop's mails that Atrium is to hand over.
const goal = 0.6

// connections is how many Atrium keeps for mails that nobody waits for.
const connections = 4

// A run is the measuring and what it was told.
type run struct {
	mails    int
	rounds   int
	database string
	profile  string
	sink     *sink
}

func main() {
	var r run
	flag.IntVar(&r.mails, "n", 2000, "mails in each round")
	flag.IntVar(&r.rounds, "rounds", 3, "rounds of one loop, several loops and Atrium; their medians count")
	flag.StringVar(&r.database, "database", "", "an empty database, postgres://…; \"\": SQLite in a folder that is deleted")
	flag.StringVar(&r.profile, "profile", "", "file for a CPU profile of Atrium's rounds")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := r.measure(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (r *run) measure(ctx context.Context) error {
	before, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	if r.sink, err = newSink(); err != nil {
		return err
	}
	defer r.sink.close()
	office, err := open(ctx, r.database, r.sink.addr)
	if err != nil {
		return err
	}
	defer office.close()
	example, err := office.example(ctx)
	if err != nil {
		return err
	}
	without := bare{r.sink.addr, example}
	if r.profile != "" {
		f, err := os.Create(r.profile)
		if err != nil {
			return err
		}
		defer f.Close()
		office.profile = f
	}
	var one, several, atrium []float64
	for range r.rounds {
		for _, m := range []struct {
			into *[]float64
			send func(context.Context, int) (time.Duration, error)
		}{
			{&one, func(ctx context.Context, n int) (time.Duration, error) { return without.loop(ctx, 1, n) }},
			{&several, func(ctx context.Context, n int) (time.Duration, error) { return without.loop(ctx, connections, n) }},
			{&atrium, office.send},
		} {
			got := r.sink.count()
			took, err := m.send(ctx, r.mails)
			if err != nil {
				return err
			}
			if n := r.sink.count() - got; n != r.mails {
				return fmt.Errorf("%d mails came of %d", n, r.mails)
			}
			*m.into = append(*m.into, float64(r.mails)/took.Seconds())
		}
	}
	fmt.Printf("%s, %d cores, %s; load average before: %s\n", runtime.Version(), runtime.NumCPU(), engine(r.database), strings.Fields(string(before))[0])
	fmt.Printf("%d mails a round, medians of %d rounds\n\n", r.mails, r.rounds)
	fmt.Print("| | mails/s | of the loop on four connections | of the loop on one | goal |\n| --- | --- | --- | --- | --- |\n")
	fmt.Printf("| bare loop, one connection | %.0f | | | |\n| bare loop, %d connections | %.0f | | | |\n", median(one), connections, median(several))
	part := median(ratios(atrium, several))
	fmt.Printf("| Atrium, %d connections | %.0f | %.0f %% | %.0f %% | %.0f %%, %s |\n", connections, median(atrium), 100*part, 100*median(ratios(atrium, one)), 100*goal, verdict(part >= goal))
	return nil
}

func engine(database string) string {
	if database == "" {
		return "SQLite"
	}
	return "PostgreSQL"
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "**missed**"
}

// ratios are those of each round, since the machine is not the same from one to
// the next.
func ratios(a, b []float64) []float64 {
	all := make([]float64, len(a))
	for i := range a {
		all[i] = a[i] / b[i]
	}
	return all
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}
