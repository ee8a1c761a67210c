package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// remember drives all rows as compare does, then tells what Atrium's resident memory
// is made of, and writes the profile of its heap. Like profile it drives
// bench/profiled.
func (b *bench) remember(ctx context.Context) error {
	if err := os.MkdirAll(b.memory, 0o755); err != nil {
		return err
	}
	floor, _, err := b.run(ctx, b.floor, b.floorPath())
	if err != nil {
		return err
	}
	defer floor.stop()
	atrium, door, err := b.runProfiled(ctx)
	if err != nil {
		return err
	}
	defer atrium.stop()
	if err := b.turns(ctx, b.rows(floor, atrium), b.rounds); err != nil {
		return err
	}
	mapped, err := mappings(atrium.process.Process.Pid)
	if err != nil {
		return err
	}
	fmt.Printf("\n%s, %d memberships, after %d rounds, resident by mapping of /proc/PID/smaps:\n\n", b.engine, b.members, b.rounds)
	for _, name := range slices.SortedFunc(maps.Keys(mapped), func(x, y string) int { return int(mapped[y] - mapped[x]) }) {
		fmt.Printf("%8.1f MB  %s\n", megabytes(mapped[name]), name)
	}
	fmt.Print("\nOf Go's own memory, by runtime.MemStats:\n\n")
	if err := printMemStats(ctx, door); err != nil {
		return err
	}
	file := filepath.Join(b.memory, fmt.Sprintf("%s-%d.pprof", b.engine, b.members))
	fmt.Println("\ngo tool pprof -sample_index=inuse_space", file)
	return download(ctx, "http://"+door+"/debug/pprof/heap?gc=1", file)
}

// mappings adds up what is resident of a process, in bytes by what is mapped there,
// of smaps in proc(5).
func mappings(pid int) (map[string]int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps", pid))
	if err != nil {
		return nil, err
	}
	all, name := map[string]int64{}, ""
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		switch {
		case !strings.HasSuffix(f[0], ":"): // address, rights, offset, device, inode, and what it is
			name = mappingName(f)
		case f[0] == "Rss:":
			kB, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil {
				return nil, err
			}
			all[name] += kB << 10
		}
	}
	return all, nil
}

// mappingName is the file, the kernel's name, or that it is neither: what Go's runtime
// and SQLite have from the kernel.
func mappingName(fields []string) string {
	switch {
	case len(fields) > 5 && strings.HasPrefix(fields[5], "/"):
		return "the file " + filepath.Base(fields[5])
	case len(fields) > 5:
		return strings.Join(fields[5:], " ")
	}
	return "no file: Go's memory and SQLite's"
}

// printMemStats prints the lines of runtime.MemStats that the text of the heap's
// profile ends with and that add up to what the process has from the kernel.
func printMemStats(ctx context.Context, door string) error {
	body, err := fetch(ctx, "http://"+door+"/debug/pprof/heap?debug=1")
	if err != nil {
		return err
	}
	defer body.Close()
	shown := []string{"HeapAlloc", "HeapSys", "HeapIdle", "HeapReleased", "HeapInuse", "Stack", "MSpan", "MCache", "BuckHashSys", "GCSys", "OtherSys", "NextGC", "NumGC"}
	s := bufio.NewScanner(body)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		name, value, ok := strings.Cut(strings.TrimPrefix(s.Text(), "# "), " = ")
		if ok && slices.Contains(shown, name) {
			fmt.Printf("%14s %s\n", name, value)
		}
	}
	return errors.Join(s.Err(), ctx.Err())
}
