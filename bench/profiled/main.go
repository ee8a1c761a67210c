// Command bench-profiled is Atrium with Go's profiles at a second address, to
// see what a request costs. The product has no such door.
package main

import (
	"context"
	"flag"
	"log"
	"log/slog"
	"net/http"
	_ "net/http/pprof"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"atrium"
	"atrium/base/config"
)

func main() {
	door := flag.String("door", "127.0.0.1:6060", "where the profiles are")
	flag.Parse()
	debug.SetGCPercent(300) // as cmd/atrium does
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { log.Fatal(http.ListenAndServe(*door, nil)) }()
	if err := serve(ctx); err != nil {
		log.Fatal(err)
	}
}

// serve is `atrium serve` with its settings from the environment.
func serve(ctx context.Context) error {
	var s config.Settings
	k, err := kong.New(&s)
	if err != nil {
		return err
	}
	if _, err := k.Parse(nil); err != nil {
		return err
	}
	a, err := atrium.Open(ctx, atrium.Config{Settings: s, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: s.LogLevel()}))})
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Run(ctx, nil)
}
