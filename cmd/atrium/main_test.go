package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"atrium"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// The program, built once for all tests of the package when it is first asked
// for. It is a variable because go test gives TestMain and the tests nothing
// else in common.
var program built

func TestMain(m *testing.M) { dbtest.Main(m, program.remove) }

type built struct {
	once   sync.Once
	folder string
	err    error
}

func (b *built) remove() error { return os.RemoveAll(b.folder) }

func (b *built) path(t *testing.T) string {
	t.Helper()
	b.once.Do(func() {
		if b.folder, b.err = os.MkdirTemp("", "atrium-program-"); b.err != nil {
			return
		}
		if said, err := exec.Command("go", "build", "-o", filepath.Join(b.folder, "atrium"), "atrium/cmd/atrium").CombinedOutput(); err != nil {
			b.err = fmt.Errorf("%w\n%s", err, said)
		}
	})
	if b.err != nil {
		t.Fatal(b.err)
	}
	return filepath.Join(b.folder, "atrium")
}

// A host is a machine that Atrium is run on: its settings and a folder.
type host struct {
	t      *testing.T
	folder string
	env    map[string]string
}

func newHost(t *testing.T, database, keyFile string) *host {
	return &host{t, t.TempDir(), map[string]string{"ATRIUM_DATABASE_URL": database, "ATRIUM_SECRET_KEY_FILE": keyFile, "PATH": os.Getenv("PATH")}}
}

// atrium runs the program to its end and gives what it said and its status.
func (h *host) atrium(args ...string) (said string, status int) {
	h.t.Helper()
	c := exec.CommandContext(h.t.Context(), program.path(h.t), args...)
	c.Dir = h.folder
	for name, value := range h.env {
		c.Env = append(c.Env, name+"="+value)
	}
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		h.t.Fatal(err)
	}
	return out.String(), c.ProcessState.ExitCode()
}

// want runs the program and wants a status and words.
func (h *host) want(status int, words []string, args ...string) string {
	h.t.Helper()
	said, got := h.atrium(args...)
	if got != status {
		h.t.Errorf("atrium %s ends with %d, want %d:\n%s", strings.Join(args, " "), got, status, said)
	}
	for _, w := range words {
		if !strings.Contains(said, w) {
			h.t.Errorf("atrium %s does not say %q:\n%s", strings.Join(args, " "), w, said)
		}
	}
	return said
}

// lived is a world in which people have done things, some mails of which still
// wait, with their links sealed.
func lived(t *testing.T, engine string) *apptest.World {
	t.Helper()
	w := apptest.New(t, engine)
	acme := w.Account("Acme", "ann")
	acme.Member("bob", "invoices", "domains")
	w.Mail.SetDown(true)
	acme.Invite("cyd@example.com", "tickets").SeeOther()
	return w
}

// settled is a host with a database of its own that is as the world's was.
func settled(t *testing.T, w *apptest.World, engine string) *host {
	t.Helper()
	h := newHost(t, dbtest.URL(t, engine), w.Secrets)
	path := filepath.Join(h.folder, "first.backup")
	if _, err := atrium.Backup(t.Context(), configOf(w.Database()), path); err != nil {
		t.Fatal(err)
	}
	h.want(0, []string{"Restored: 1 accounts and 2 users"}, "restore", path)
	return h
}

func configOf(database string) atrium.Config {
	return atrium.Config{Settings: config.Settings{Database: config.URL(database)}}
}

// open opens the host's database beside the program.
func (h *host) open() *db.DB {
	h.t.Helper()
	return dbtest.Reopen(h.t, h.env["ATRIUM_DATABASE_URL"], atrium.Schemas(), func(o *db.Options) { o.Trace = nil })
}

// briefly opens the host's database beside the program, and closes it again.
func (h *host) briefly(fn func(d *db.DB) error) {
	h.t.Helper()
	d, err := db.Open(h.t.Context(), h.env["ATRIUM_DATABASE_URL"], db.Options{Schemas: atrium.Schemas()})
	if err != nil {
		h.t.Fatal(err)
	}
	if err := errors.Join(fn(d), d.Close()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *host) run(sql string) {
	h.t.Helper()
	h.briefly(func(d *db.DB) error {
		return d.WriteGlobal(h.t.Context(), db.Lock{}, func(tx *db.Tx) error {
			_, err := tx.Exec(h.t.Context(), sql)
			return err
		})
	})
}
