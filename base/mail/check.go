package mail

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"

	"atrium/base/db"
)

// Check connects to the mail server as a delivery does and takes leave again. It
// tells what the server answered to the greeting, the encryption, and as whom it
// was logged in. Its error is in the server's words, or says what went wrong on
// the way there. Without a mail server there is nothing to say.
func (m *Mail) Check(ctx context.Context) (string, error) {
	server, err := m.server(m.Settings.Current(ctx, m.db.Auto()))
	if err != nil || server == nil {
		return "", err
	}
	return server.check(ctx)
}

func (s *sender) check(ctx context.Context) (string, error) {
	w, err := s.connect(ctx)
	if err != nil {
		return "", errors.New(judge(err, s.password).said)
	}
	defer w.quit()
	encryption := "not encrypted"
	if state, ok := w.smtp.TLSConnectionState(); ok {
		encryption = tls.VersionName(state.Version)
	}
	how := fmt.Sprintf("%q, %s", words(w.smtp.HelloResponse(), s.password), encryption)
	if s.user != "" {
		how += ", logged in as " + s.user
	}
	return how, nil
}

// Unreadable counts the one-time links that wait to be sent, and those of them
// that the vault can't open: then the key file is not the one they were sealed
// by.
func (m *Mail) Unreadable(ctx context.Context) (waiting, unreadable int64, err error) {
	_, err = db.All(ctx, m.db.Across(), func(r db.Row) (struct{}, error) {
		var e email
		if err := r.Scan(&e.Account, &e.ID, &e.sealed); err != nil {
			return struct{}{}, err
		}
		waiting++
		if _, err := m.unseal(e); err != nil {
			unreadable++
		}
		return struct{}{}, nil
	}, `SELECT account_id, id, sealed FROM emails WHERE sealed <> ''`)
	return waiting, unreadable, err
}

// Undelivered counts the mails that wait without a job to deliver them. There is
// never one.
func Undelivered(ctx context.Context, across db.Querier) (int64, error) {
	jobs := map[string]bool{}
	_, err := db.All(ctx, across, func(r db.Row) (struct{}, error) {
		var args string
		err := r.Scan(&args)
		jobs[args] = true
		return struct{}{}, err
	}, `SELECT args FROM jobs WHERE kind IN ($1, $2)`, delivery{}.Kind(), awaited{}.Kind())
	if err != nil {
		return 0, err
	}
	var n int64
	_, err = db.All(ctx, across, func(r db.Row) (struct{}, error) {
		var d delivery
		if err := r.Scan(&d.Account, &d.Email); err != nil {
			return struct{}{}, err
		}
		args, err := json.Marshal(d)
		if !jobs[string(args)] {
			n++
		}
		return struct{}{}, err
	}, `SELECT account_id, id FROM emails WHERE state = 'queued'`)
	return n, err
}
