// Command templ is the generator of a-h/templ with other code at its end. A component
// of templ is a closure that finds its buffer and its children in a context and hands
// every error on; pages have hundreds of them, and making those was a third of what
// drawing cost. Here each is a function that writes to a text.Out, and calls the
// functions of the components it consists of; what a caller of templ expects is there,
// too. Texts are not formatted by fmt.Sprint, class names not put together by maps;
// styles that templ would draw beside them there are none, as the content security
// policy forbids them. Templates can't use ctx, and nothing in them returns an error.
//
//	go tool templ generate
//	go tool templ fmt FILE…
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"

	"github.com/a-h/templ/cmd/templ/fmtcmd"
	"github.com/a-h/templ/cmd/templ/generatecmd"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "templ:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) > 0 && args[0] == "generate":
		return generate(ctx, args[1:])
	case len(args) > 1 && args[0] == "fmt":
		return fmtcmd.Run(slog.Default(), os.Stdin, os.Stdout, fmtcmd.Arguments{Files: args[1:], WorkerCount: 1})
	}
	return fmt.Errorf("what to do is generate, or fmt and files")
}

func generate(ctx context.Context, flags []string) error {
	o, log, _, err := generatecmd.NewArguments(os.Stdout, os.Stderr, flags)
	if err != nil {
		return err
	}
	p, err := findPieces(".")
	if err != nil {
		return err
	}
	write := o.FileWriter
	o.FileWriter = func(name string, code []byte) error {
		code, err := p.plain(code)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return write(name, code)
	}
	g, err := generatecmd.NewGenerate(log, o)
	if err != nil {
		return err
	}
	return g.Run(ctx)
}
