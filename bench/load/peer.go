package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// An operation is a request that is measured: the same one again and again, or
// each of several once.
type operation struct {
	Name  string `json:"name"`
	Asks  []ask  `json:"asks"`
	Shows string `json:"shows"` // what the answer to the first says, tried before the load; "": not tried
	want  int    // status of the answers
}

type ask struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// request is what a browser sends.
func (a ask) request(host string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"+
		"Accept: text/html,application/json\r\nAccept-Language: en\r\nAccept-Encoding: gzip\r\n", a.Method, a.Path, host)
	for _, name := range slices.Sorted(maps.Keys(a.Headers)) {
		fmt.Fprintf(&b, "%s: %s\r\n", name, a.Headers[name])
	}
	if a.Method != "GET" {
		fmt.Fprintf(&b, "Origin: http://%s\r\nContent-Length: %d\r\n", host, len(a.Body))
	}
	fmt.Fprintf(&b, "\r\n%s", a.Body)
	return b.Bytes()
}

// A peer is a program that fills its own database, in a folder, and serves it:
// COMMAND fill FOLDER reads an order and answers with operations, COMMAND serve
// FOLDER ADDRESS serves them.
type peer struct {
	name    string
	command []string
	env     []string
}

func (b *bench) peersOf() []peer {
	return []peer{
		{name: "PocketBase", command: []string{filepath.Join(b.bin, "bench-pocketbase")}},
		{name: "better-auth", command: []string{"node", filepath.Join(b.peers, "better-auth", "main.mjs")}, env: []string{"NODE_ENV=production"}},
	}
}

// fill has the peer write its database.
func (p peer) fill(ctx context.Context, folder string, o order) ([]operation, error) {
	in, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, p.command[0], append(p.command[1:], "fill", folder)...)
	c.Env, c.Stdin, c.Stderr = append(os.Environ(), p.env...), bytes.NewReader(in), os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: fill: %w", p.name, err)
	}
	var all []operation
	return all, errors.Join(json.Unmarshal(out, &all))
}

// start fills the peer's database and serves it.
func (p peer) start(ctx context.Context, b *bench, o order) (*server, []operation, error) {
	folder := filepath.Join(b.folder, strings.ToLower(p.name))
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, nil, err
	}
	all, err := p.fill(ctx, folder, o)
	if err != nil {
		return nil, nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, nil, err
	}
	run := program{name: p.name, core: b.core, log: folder + ".log", env: p.env, args: append(slices.Clone(p.command), "serve", folder, address)}
	s, _, err := run.start(ctx, address, call{request: all[0].Asks[0].request(address), status: 200})
	if err != nil {
		return nil, nil, err
	}
	for _, o := range all {
		if err := o.try(ctx, address); err != nil {
			return nil, nil, errors.Join(fmt.Errorf("%s: %w", p.name, err), s.stop())
		}
	}
	return s, all, nil
}

// try asks once and reads what is said: a 200 may be about nothing.
func (o operation) try(ctx context.Context, address string) error {
	if o.Shows == "" {
		return nil
	}
	a := o.Asks[0]
	q, err := http.NewRequestWithContext(ctx, a.Method, "http://"+address+a.Path, strings.NewReader(a.Body))
	if err != nil {
		return err
	}
	for name, value := range a.Headers {
		q.Header.Set(name, value)
	}
	q.Header.Set("Origin", "http://"+address)
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	said, err := io.ReadAll(r.Body)
	if err == nil && !strings.Contains(string(said), o.Shows) {
		err = fmt.Errorf("%s: the answer does not say %s: %s", o.Name, o.Shows, said)
	}
	return err
}
