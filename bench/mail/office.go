package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"
	"time"

	"atrium"
	"atrium/base/config"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/vault"
)

// An office is Atrium's mail, without pages.
type office struct {
	dir     string
	db      *db.DB
	jobs    *job.Jobs
	mail    *mail.Mail
	profile io.Writer // nil: none is written
}

// account is whose history the mails are in.
type account id.Account

// Account makes it a db.Scoped.
func (a account) Account() id.Account { return id.Account(a) }

const acme account = 10001

const base = "https://atrium.example.com"

// open makes the office on a database, "" for one of its own, that sends to addr.
func open(ctx context.Context, database, addr string) (_ *office, err error) {
	o := &office{}
	if o.dir, err = os.MkdirTemp("", "bench-mail-"); err != nil {
		return nil, err
	}
	if database == "" {
		database = "sqlite:" + filepath.Join(o.dir, "atrium.db")
	}
	log := slog.New(slog.DiscardHandler)
	if o.db, err = db.Open(ctx, database, db.Options{Schemas: atrium.Schemas(), Log: log}); err != nil {
		return nil, err
	}
	if err := o.db.Migrate(ctx); err != nil {
		return nil, err
	}
	v, err := vault.Load(filepath.Join(o.dir, "key"), true)
	if err != nil {
		return nil, err
	}
	set, err := settings.Open(ctx, o.db, v, log, &config.Settings{SMTP: config.URL("smtp://" + addr), From: "Acme <no-reply@example.com>"})
	if err != nil {
		return nil, err
	}
	o.jobs = job.New(o.db, log)
	o.mail, err = mail.New(ctx, o.db, o.jobs, v, mail.Config{Settings: set, BaseURL: base})
	return o, err
}

func (o *office) close() {
	o.mail.Close()
	o.db.Close()
	os.RemoveAll(o.dir)
}

// send writes n mails down, then works until all of them were sent, and tells
// how long the work took.
func (o *office) send(ctx context.Context, n int) (time.Duration, error) {
	for written := 0; written < n; {
		many := min(200, n-written)
		err := o.db.Write(ctx, acme, func(tx *db.Tx) error {
			for i := range many {
				if err := o.mail.Send(ctx, tx, letter(written+i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
		written += many
	}
	if o.profile != nil {
		if err := pprof.StartCPUProfile(o.profile); err != nil {
			return 0, err
		}
		defer func() { pprof.StopCPUProfile(); o.profile = nil }() // one round is enough
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	worked := make(chan error, 1)
	began := time.Now()
	go func() { worked <- o.jobs.Run(work) }()
	for {
		left, err := mail.Count(ctx, o.db, mail.Queued, 1)
		if err != nil {
			return 0, err
		}
		if left == 0 {
			break
		}
		select {
		case err := <-worked:
			return 0, errors.Join(errors.New("the work ended before its time"), err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	took := time.Since(began)
	stop()
	return took, <-worked
}

const subject = "Your invoice 2026-1184 is ready"

// example sends one mail and gives it as it was stored: what the loop sends, too.
func (o *office) example(ctx context.Context) (mail.Message, error) {
	if _, err := o.send(ctx, 1); err != nil {
		return mail.Message{}, err
	}
	list, err := mail.List(ctx, o.db.Auto(), id.Account(acme), 0, 1)
	if err != nil {
		return mail.Message{}, err
	}
	return mail.Find(ctx, o.db.Auto(), id.Account(acme), list[0].ID)
}

func letter(n int) mail.Letter {
	return mail.Letter{Account: id.Account(acme), Topic: mail.Invoice, Kind: "bench", Subject: subject,
		To: mail.Address{Name: "Bob", Email: fmt.Sprintf("bob%d@example.org", n)},
		Blocks: []mail.Block{
			mail.P("Hello,"), mail.P("invoice 2026-1184 of today is ready. It is due within two weeks and is paid by the saved card."),
			mail.Items([]string{"Server L, 1 to 31 December", "example.org, one year", "Backups, 100 GB"}),
			mail.Button("See the invoice", base+"/a/10001/invoices/2026-1184"),
		}}
}
