package atrium

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/base/vault"
	"atrium/fault"
)

// A Level says how bad a finding is.
type Level string

// The levels.
const (
	OK      Level = "ok"
	Warning Level = "warning" // it works, but somebody should know
	Problem Level = "problem" // something does not work
)

// A Finding is what the doctor says about one thing, in one line.
type Finding struct {
	Level Level
	Text  string
}

// Doctor looks at all that Atrium needs and tells, one by one, what it finds. It
// changes nothing, and may be called while the program is running.
func Doctor(ctx context.Context, c Config, tell func(Finding)) {
	x := examination{c: c, tell: tell}
	if !x.settings() {
		return
	}
	x.addresses()
	x.machineClock()
	v := x.keyFile()
	d := x.openDatabase(ctx)
	if d == nil {
		return
	}
	defer func() {
		if err := d.Close(); err != nil {
			x.problem("database: it can't be closed: %s", reason(err))
		}
	}()
	x.serverClock(ctx, d)
	if !x.migrations(ctx, d) {
		return
	}
	x.writing(ctx, d)
	x.replica(ctx, d)
	x.files(ctx, d)
	x.mail(ctx, d, v)
	x.work(ctx, d)
	x.invariants(ctx, d)
}

// An examination is one run of the doctor.
type examination struct {
	c    Config
	tell func(Finding)
}

func (x examination) say(l Level, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	x.tell(Finding{l, strings.Join(strings.Fields(text), " ")})
}

func (x examination) ok(format string, args ...any)      { x.say(OK, format, args...) }
func (x examination) warn(format string, args ...any)    { x.say(Warning, format, args...) }
func (x examination) problem(format string, args ...any) { x.say(Problem, format, args...) }

// reason is an error as whoever runs Atrium needs it: not the sentence that its
// users are told, but the cause.
func reason(err error) string {
	if e, ok := fault.As(err); ok && e.Err != nil {
		err = e.Err
	}
	return err.Error()
}

func (x examination) settings() bool {
	err := x.c.Settings.Check()
	if err == nil {
		return true
	}
	for line := range strings.Lines(err.Error()) {
		x.problem("settings: %s", line)
	}
	return false
}

func (x examination) addresses() {
	s := x.c.Settings
	base := s.BaseURL()
	listen, _, err := net.SplitHostPort(s.Listen)
	switch outside := !local(base.Hostname()); {
	case err != nil:
		x.problem("addresses: ATRIUM_LISTEN: %s", err)
	case !outside && !local(listen):
		x.warn("addresses: Atrium listens on %s, but links in mails lead to %s, which is this machine to whoever opens them: set ATRIUM_BASE_URL", s.Listen, base)
	case outside && base.Scheme == "http":
		x.warn("addresses: people use %s without encryption: their passwords can be read on the way", base)
	case outside && len(s.TrustedProxies()) == 0:
		x.warn("addresses: people use %s, so a proxy stands before Atrium, but ATRIUM_TRUSTED_PROXIES is not set: to Atrium everybody comes from the proxy's address, and limits count them as one", base)
	default:
		x.ok("addresses: people use %s, Atrium listens on %s", base, s.Listen)
	}
}

// local tells whether a host is this machine to itself.
func local(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// The years that ids can be made in.
const firstYear, lastYear = 2026, 2094

func (x examination) machineClock() {
	now := clockOf(x.c).Now()
	if y := now.Year(); y < firstYear || y > lastYear {
		x.problem("clock: this machine says it is %s: set its clock", now.Format(time.DateTime))
		return
	}
	x.ok("clock: this machine says it is %s UTC", now.Format(time.DateTime))
}

func (x examination) serverClock(ctx context.Context, d *db.DB) {
	before := d.Clock().Now()
	server, err := d.ServerTime(ctx)
	if err != nil || server.IsZero() {
		return // the database tells of it next, or has no clock
	}
	after := d.Clock().Now()
	off := server.Sub(before.Add(after.Sub(before) / 2)).Round(time.Millisecond)
	switch size := max(off, -off); {
	case size > time.Minute:
		x.problem("clock: the database server's and this machine's are %v apart: have both keep the right time", size)
	case size > 2*time.Second:
		x.warn("clock: the database server's and this machine's are %v apart: have both keep the right time", size)
	default:
		x.ok("clock: the database server's says the same, but for %v", size)
	}
}

func (x examination) keyFile() *vault.Vault {
	v, err := vault.Load(x.c.Settings.SecretKeyFile(), false)
	if err != nil {
		x.problem("key file: %s", err)
		return nil
	}
	return v
}
