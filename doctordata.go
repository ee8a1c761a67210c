package atrium

import (
	"context"
	"errors"
	"strings"
	"time"

	"atrium/base/access"
	"atrium/base/backup"
	"atrium/base/db"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/vault"
)

// openDatabase gives nil if it can't be opened.
func (x examination) openDatabase(ctx context.Context) *db.DB {
	d, err := openAsItIs(ctx, x.c)
	if err != nil {
		x.problem("database: %s", reason(err))
		return nil
	}
	return d
}

// migrations tells whether the tables are those that this program knows.
func (x examination) migrations(ctx context.Context, d *db.DB) bool {
	known, err := db.Versions(Schemas())
	if err != nil {
		x.problem("database: %s", reason(err))
		return false
	}
	applied, err := d.Applied(ctx)
	newer, half := db.NotNewer("it", applied, known), backup.Unfinished(ctx, d)
	switch {
	case err != nil:
		x.problem("database: it can't be read: %s", reason(err))
	case newer != nil:
		x.problem("database: %s: %s", x.c.Settings.Database, reason(newer))
	case len(applied) == 0:
		x.problem("database: %s has no tables yet: atrium serve and atrium migrate make them", x.c.Settings.Database)
	case half != nil:
		x.problem("database: %s", reason(half))
	case len(applied) < len(known):
		x.problem("database: %s lacks %d migrations: atrium serve and atrium migrate apply them", x.c.Settings.Database, len(known)-len(applied))
	default:
		x.ok("database: %s opens and is up to date", x.c.Settings.Database)
		return true
	}
	return false
}

// writing writes a row as it is, down to the disk.
func (x examination) writing(ctx context.Context, d *db.DB) {
	err := d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		return tx.ExecOne(ctx, `UPDATE counters SET value = value WHERE name = 'account'`)
	})
	if err != nil {
		x.problem("database: it can't be written: %s", reason(err))
		return
	}
	x.ok("database: it can be written")
}

func (x examination) files(ctx context.Context, d *db.DB) {
	if !x.c.Settings.SQLite() {
		return
	}
	var broken []string
	err := d.Inspect(ctx, func(w *db.Whole) (err error) {
		broken, err = w.Integrity(ctx)
		return err
	})
	if err != nil {
		x.problem("database: its file can't be looked over: %s", reason(err))
	}
	for _, b := range broken {
		x.problem("database: its file is damaged: %s", b)
	}
	if err == nil && len(broken) == 0 {
		x.ok("database: its file is whole")
	}
}

func (x examination) mail(ctx context.Context, d *db.DB, v *vault.Vault) {
	set, err := settings.Open(ctx, d, v, x.c.Log, &x.c.Settings)
	if err != nil {
		x.problem("settings: %s", reason(err))
		return
	}
	m, err := mail.New(ctx, d, job.New(d, x.c.Log), v, mailConfig(x.c.Settings, set))
	if err != nil {
		x.problem("mail: %s", reason(err))
		return
	}
	defer m.Close()
	if v != nil {
		x.sealed(ctx, m, set, access.NewTwoStep(d, v, access.NewPasswords(), access.TwoStepOptions{}))
	}
	now := set.Current(ctx, d.Auto())
	x.mailServer(ctx, m, now)
	x.waiting(ctx, d, now)
}

// sealed tries the key file on all that is sealed.
func (x examination) sealed(ctx context.Context, m *mail.Mail, set *settings.Store, two *access.TwoStep) {
	file := x.c.Settings.SecretKeyFile()
	sealed, unreadable, err := m.Unreadable(ctx)
	secrets, lost, err2 := two.Unreadable(ctx)
	passwords, closed, err3 := set.Sealed(ctx)
	sealed += secrets + passwords
	switch err := errors.Join(err, err2, err3); {
	case err != nil:
		x.problem("key file: what it should open can't be read: %s", reason(err))
	case lost > 0:
		x.problem("key file: %s does not open %d of %d secrets of two-step login, so nobody gets in by them: put back the one they were sealed with", file, lost, secrets)
	case unreadable > 0:
		x.problem("key file: %s does not open %d of %d one-time links that wait to be mailed: put back the one they were sealed with", file, unreadable, sealed)
	case closed > 0:
		x.problem("key file: %s does not open the mail server's password: put back the one it was sealed with, or enter the password again in the settings", file)
	case sealed == 0:
		x.ok("key file: %s can be read; nothing is sealed at the moment that it could be tried on", file)
	default:
		x.ok("key file: %s opens all that is sealed (%d)", file, sealed)
	}
}

func (x examination) mailServer(ctx context.Context, m *mail.Mail, now *settings.Snapshot) {
	server := now.SMTP()
	if server == nil {
		x.warn("mail: no mail server is set (in the staff area's settings, or ATRIUM_SMTP_URL), so mails wait")
		return
	}
	how, err := m.Check(ctx)
	if err != nil {
		x.problem("mail: %s can't be used: %s", server.Host, reason(err))
		return
	}
	x.ok("mail: %s answers %s", server.Host, how)
	if from := now.Sender().Address; strings.HasSuffix(from, "@localhost") {
		x.warn("mail: the sender is %s, which others refuse: set it in the staff area's settings, or ATRIUM_MAIL_FROM", from)
	}
}

// A tally is how many there are, and why the latest is there.
type tally struct {
	n      int64
	latest string
}

func scanTally(r db.Row) (tally, error) {
	var t tally
	err := r.Scan(&t.n, &t.latest)
	return t, err
}

// waiting tells of mails that are late, and of those given up in the last week.
func (x examination) waiting(ctx context.Context, d *db.DB, set *settings.Snapshot) {
	now := d.Clock().Now()
	wait, err := db.One(ctx, d.Across(), scanTally, `SELECT (SELECT count(*) FROM emails WHERE state = 'queued'),
		COALESCE((SELECT answer FROM emails WHERE state = 'queued' AND answer <> '' ORDER BY created_at DESC LIMIT 1), '')`)
	failed, err2 := db.One(ctx, d.Across(), scanTally, `SELECT (SELECT count(*) FROM emails WHERE state = 'failed' AND ended_at > $1),
		COALESCE((SELECT answer FROM emails WHERE state = 'failed' ORDER BY ended_at DESC LIMIT 1), '')`, now.Add(-7*24*time.Hour))
	if err := errors.Join(err, err2); err != nil {
		x.problem("mail: what waits can't be counted: %s", reason(err))
		return
	}
	switch {
	case wait.n > 0 && (wait.latest != "" || set.SMTP() == nil):
		x.warn("mail: %d wait%s", wait.n, because(wait.latest))
	default:
		x.ok("mail: %d wait", wait.n)
	}
	if failed.n > 0 {
		x.warn("mail: %d were given up in the last seven days%s", failed.n, because(failed.latest))
	}
}

func because(latest string) string {
	if latest == "" {
		return ""
	}
	return "; the latest because of: " + latest
}

func (x examination) work(ctx context.Context, d *db.DB) {
	failed, err := db.One(ctx, d.Auto(), scanTally, `SELECT count(*), COALESCE((SELECT kind || ': ' || error FROM jobs WHERE failed_at > 0
		ORDER BY failed_at DESC, id DESC LIMIT 1), '') FROM jobs WHERE failed_at > 0`)
	switch {
	case err != nil:
		x.problem("work: what failed can't be counted: %s", reason(err))
	case failed.n > 0:
		x.warn("work: %d jobs were given up%s", failed.n, because(failed.latest))
	default:
		x.ok("work: no job was given up")
	}
}

func (x examination) invariants(ctx context.Context, d *db.DB) {
	broken, err := Invariants(ctx, d)
	if err != nil {
		x.problem("data: %s", reason(err))
		return
	}
	for _, sentence := range broken {
		x.problem("data: this does not hold: %s", sentence)
	}
	if len(broken) == 0 {
		x.ok("data: all %d things that must hold do", len(invariants()))
	}
}
