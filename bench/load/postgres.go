package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// A postgres is a PostgreSQL server with nothing but the benchmark's data, on
// the core of the servers under load.
type postgres struct {
	folder  string
	url     string
	process *exec.Cmd
}

// postgresSettings are PostgreSQL's own, durable, but for where it listens and
// what its guide says of machines without turning disks: that reading at random
// costs little more than reading on. Without it tables as small as these are
// read as a whole.
const postgresSettings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = %s
shared_buffers = 256MB
random_page_cost = 1.1
`

func startPostgres(ctx context.Context, core int) (*postgres, error) {
	bin, err := postgresPrograms()
	if err != nil {
		return nil, err
	}
	p := &postgres{}
	if p.folder, err = os.MkdirTemp("", "atrium-bench-postgres-"); err != nil {
		return nil, err
	}
	if err := p.start(ctx, bin, core); err != nil {
		said, _ := os.ReadFile(filepath.Join(p.folder, "log"))
		return nil, errors.Join(fmt.Errorf("PostgreSQL does not start: %w\n%s", err, said), p.stop())
	}
	return p, nil
}

func (p *postgres) start(ctx context.Context, bin string, core int) error {
	as, err := postgresUser()
	if err != nil {
		return err
	}
	if as != nil {
		if err := os.Chown(p.folder, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	command := func(name string, args ...string) *exec.Cmd {
		c := exec.CommandContext(ctx, name, args...)
		c.Dir = p.folder
		c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT, Setpgid: true, Credential: as}
		return c
	}
	data := filepath.Join(p.folder, "data")
	said, err := command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C").CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, said)
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	conf := filepath.Join(p.folder, "postgresql.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, postgresSettings, port), 0o644); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(p.folder, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	p.process = command("taskset", "--cpu-list", strconv.Itoa(core), filepath.Join(bin, "postgres"), "-D", data, "-c", "config_file="+conf)
	p.process.Stdout, p.process.Stderr = log, log
	p.process.Cancel = func() error { return p.process.Process.Signal(syscall.SIGQUIT) }
	if err := p.process.Start(); err != nil {
		return err
	}
	p.url = fmt.Sprintf("postgres://postgres@%s/postgres?sslmode=disable", address)
	return p.answers(ctx)
}

func (p *postgres) answers(ctx context.Context) error {
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := p.run(ctx, "SELECT 1")
		if err == nil || time.Now().After(end) || ctx.Err() != nil {
			return err
		}
	}
}

func (p *postgres) run(ctx context.Context, sql string) error {
	c, err := pgx.Connect(ctx, p.url)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, sql)
	return errors.Join(err, c.Close(ctx))
}

// settle does what PostgreSQL would do by itself in the minutes after many rows were
// written, so that it does not do it while something is measured.
func (p *postgres) settle(ctx context.Context) error {
	if err := p.run(ctx, "VACUUM ANALYZE"); err != nil {
		return err
	}
	return p.run(ctx, "CHECKPOINT")
}

func (p *postgres) stop() error {
	if p.process != nil && p.process.Process != nil {
		if err := p.process.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		p.process.Wait() // how it ends is of no interest: the data goes
	}
	return os.RemoveAll(p.folder)
}

// postgresUser is whom PostgreSQL runs as, which refuses to be root: Debian's
// user postgres then, else nil for oneself.
func postgresUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

// postgresPrograms is the folder of PostgreSQL's programs: of initdb in PATH, or
// the newest of those Debian puts elsewhere.
func postgresPrograms() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/[1-9][0-9]/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", errors.New("PostgreSQL's programs are not on this machine: install the package postgresql")
	}
	return filepath.Dir(slices.Max(found)), nil
}
