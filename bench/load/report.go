package main

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

func median[T cmp.Ordered](list []T) T {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// of is the median over the rounds of one figure.
func of[T cmp.Ordered](r *row, figure func(sample) T) T {
	var list []T
	for _, s := range r.samples {
		list = append(list, figure(s))
	}
	return median(list)
}

const head = `| | requests/s | p50 | p99 | CPU per request | in floors | goal | memory |
| --- | --- | --- | --- | --- | --- | --- | --- |
`

// String is the row of a Markdown table.
func (r *row) String() string {
	goal := "-"
	if r.goal > 0 {
		goal = fmt.Sprintf("%.1f, %s", r.goal, verdict(median(r.ratios) <= r.goal))
	}
	return fmt.Sprintf("| %s | %.0f | %s | %s | %d µs | %s | %s | %.0f MB |\n", r.name,
		of(r, func(s sample) float64 { return s.rate }), millis(of(r, func(s sample) time.Duration { return s.p50 })), millis(of(r, func(s sample) time.Duration { return s.p99 })),
		of(r, func(s sample) time.Duration { return s.cpu }).Microseconds(), r.ratio(), goal, megabytes(of(r, func(s sample) int64 { return s.memory })))
}

// ratio is the row in its floor's CPU: in writes where that is the floor.
func (r *row) ratio() string {
	text := fmt.Sprintf("%.2f", median(r.ratios))
	if r.change != nil {
		text += " writes"
	}
	return text
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "**missed**"
}

func millis(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1000) }

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// tableOf draws rows as a table.
func tableOf(rows []*row) string {
	var b strings.Builder
	b.WriteString(head)
	for _, r := range rows {
		b.WriteString(r.String())
	}
	return b.String()
}

// goalGrowth is by how much a row may cost more in a large database.
const goalGrowth = 1.2

// growthOf compares the CPU of the same rows in two databases by both ways of reading
// it: the medians of all rounds, and round by round. A row meets the goal by both.
func growthOf(few, many []*row) string {
	var b strings.Builder
	b.WriteString("| | few | many | times | round by round | least and most | goal |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	cpu := func(s sample) time.Duration { return s.cpu }
	for i, r := range many {
		was, is := of(few[i], cpu), of(r, cpu)
		grown, each := float64(is)/float64(was), times(few[i].samples, r.samples)
		fmt.Fprintf(&b, "| %s | %d µs | %d µs | %.2f | %.2f | %.2f, %.2f | %.1f, %s |\n", r.name, was.Microseconds(), is.Microseconds(),
			grown, median(each), slices.Min(each), slices.Max(each), goalGrowth, verdict(max(grown, median(each)) <= goalGrowth))
	}
	return b.String()
}

// times is how many times the CPU of few each round of many took.
func times(few, many []sample) (list []float64) {
	for i, s := range many {
		list = append(list, float64(s.cpu)/float64(few[i].cpu))
	}
	return list
}

// machine says what was measured on, and how busy it was before.
func machine() string {
	model := "unknown processor"
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	loads := "unknown"
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		loads = strings.Join(strings.Fields(string(b))[:3], " ")
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return fmt.Sprintf("%s, %s, Linux %s, %s; load average before: %s", time.Now().Format(time.DateOnly), model, strings.TrimSpace(string(kernel)), runtime.Version(), loads)
}
