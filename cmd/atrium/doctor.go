package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"atrium"
	"atrium/base/config"
)

type doctor struct{ config.Settings }

// Run prints a line for each finding. A problem among them is an error.
func (c *doctor) Run(ctx context.Context) error {
	problems := 0
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	atrium.Doctor(ctx, atrium.Config{Settings: c.Settings, Log: quiet}, func(f atrium.Finding) {
		fmt.Printf("%-8s %s\n", f.Level, f.Text)
		if f.Level == atrium.Problem {
			problems++
		}
	})
	if problems > 0 {
		return fmt.Errorf("%d of these must be mended", problems)
	}
	return nil
}
