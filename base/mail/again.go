package mail

import (
	"cmp"
	"context"
	"strings"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// Again puts a mail that was given up back among those that wait: it is tried at
// once, before others, and for three days. It is Conflict when the mail is not
// given up (any more), and with the code mail.link when its one-time link has died
// since: what would arrive leads nowhere. With the code mail.text its text is kept
// no longer, with mail.refused its address has refused mail.
func (m *Mail) Again(ctx context.Context, tx *db.Tx, account id.Account, key ID) (Message, error) {
	e, err := findEmail(ctx, tx, account, key)
	if err != nil {
		return Message{}, err
	}
	if e.State != Failed {
		return Message{}, fault.Conflictf("This email was run again meanwhile.").WithCode("mail.state")
	}
	if e.Text == "" {
		return Message{}, textGone()
	}
	if e.linkDied(tx) {
		return Message{}, linkGone()
	}
	if r, is, err := refused(ctx, tx, e.To.Email); err != nil || is && !e.insists() {
		return Message{}, cmp.Or(err, refusedStill(r))
	}
	if err := updateAgain(ctx, tx, place{account, key}); err != nil {
		return Message{}, err
	}
	return conceal(e.Message), m.jobs.Enqueue(ctx, tx, awaited{account, key})
}

// refusedStill says why nothing is sent to an address.
func refusedStill(r Refusal) error {
	return fault.Conflictf("%s has refused mail: “%s”. So nothing is sent to it until support lets mails go to it again.", r.Email, r.Answer).WithCode("mail.refused")
}

// linkDied tells whether the mail had a one-time link that is not sealed any
// more, or whose time is over.
func (e email) linkDied(tx *db.Tx) bool {
	if !strings.Contains(e.Text, marker) {
		return false
	}
	return e.sealed == "" || !e.dies.IsZero() && !tx.Now().Before(e.dies)
}

func updateAgain(ctx context.Context, tx *db.Tx, p place) error {
	return tx.ExecOne(ctx, `UPDATE emails SET state = 'queued', tried_at = 0, ended_at = 0 WHERE account_id = $1 AND id = $2 AND state = 'failed'`, p.account, p.id)
}

// updateForgotten erases the link of a mail that was given up.
func updateForgotten(ctx context.Context, tx *db.Tx, p place) error {
	_, err := tx.Exec(ctx, `UPDATE emails SET sealed = '' WHERE account_id = $1 AND id = $2 AND state = 'failed'`, p.account, p.id)
	return err
}
