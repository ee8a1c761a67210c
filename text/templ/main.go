// Command templ is the generator of a-h/templ with four differences in the code
// that it writes. Between tags stands text.Of, which leaves strings as they are,
// where templ formats each of them by fmt.Sprint: pages consist of strings, and
// that was a seventh of what they cost. Class names are put together by
// text.Classes, without maps; styles that templ would draw beside them there are
// none, as the content security policy forbids them. text.Escape looks once through
// what it escapes, and constant text goes to the buffer without asking whether
// somebody edits it (templ generate -watch).
//
//	go tool templ generate
//	go tool templ fmt FILE…
package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"regexp"

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
	write := o.FileWriter
	o.FileWriter = func(name string, code []byte) error { return write(name, plain(code)) }
	g, err := generatecmd.NewGenerate(log, o)
	if err != nil {
		return err
	}
	return g.Run(ctx)
}

// plain has generated code call text.Of, text.Escape and text.Classes.
func plain(code []byte) []byte {
	const join, runtime = "templ.JoinStringErrs(", "import templruntime "
	if !bytes.Contains(code, []byte(join)) {
		return code
	}
	code = bytes.ReplaceAll(code, []byte(join), []byte("templtext.Of("))
	code = bytes.ReplaceAll(code, []byte("templ.EscapeString("), []byte("templtext.Escape("))
	code = regexp.MustCompile(`(\w+ = )templruntime\.WriteString\((\w+), \d+, `).ReplaceAll(code, []byte("_, ${1}${2}.WriteString("))
	code = regexp.MustCompile(`templ\.CSSClasses\((\w+)\)\.String\(\)`).ReplaceAll(code, []byte("templtext.Classes($1)"))
	code = regexp.MustCompile(`\s*\w+ = templ\.RenderCSSItems\([^)]*\)\s*if \w+ != nil \{\s*return \w+\s*\}`).ReplaceAll(code, nil)
	return bytes.Replace(code, []byte(runtime), []byte("import templtext \"atrium/text\"\n"+runtime), 1)
}
