package mail

import (
	"cmp"
	"context"
	"strings"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// Resend sends a mail once more to whom it went. One that was given up goes on
// (see Again); of any other that has ended a copy is written, with an id and a
// Message-ID of its own, since mail programs hide what they have got already.
//
// It is Conflict with the code mail.waits while the mail waits, with mail.link
// when it had a one-time link, with mail.text when its text is kept no longer,
// with mail.recipient when whom it went to may not get it any more, and with
// mail.refused when their address has refused mail.
func (m *Mail) Resend(ctx context.Context, tx *db.Tx, account id.Account, key ID) (Message, error) {
	e, err := findEmail(ctx, tx, account, key)
	if err != nil {
		return Message{}, err
	}
	if err := mayStillGet(ctx, tx, e); err != nil {
		return Message{}, err
	}
	why, _, err := m.mayGet(ctx, tx, e)
	if err != nil {
		return Message{}, err
	}
	if why != "" {
		return Message{}, fault.Conflictf("%s does not get emails of this kind any more, so this one is not sent to them again.", cmp.Or(e.To.Name, e.To.Email)).WithCode("mail.recipient")
	}
	switch {
	case e.State == Failed:
		return m.Again(ctx, tx, account, key)
	case e.State == Queued:
		return Message{}, fault.Conflictf("This email still waits to be sent.").WithCode("mail.waits")
	case e.Text == "":
		return Message{}, textGone()
	case strings.Contains(e.Text, marker):
		return Message{}, fault.Conflictf("This email had a one-time link, and those are not sent twice. Make a new one where it came from: resend the invitation, or send another link.").WithCode("mail.link")
	}
	if r, is, err := refused(ctx, tx, e.To.Email); err != nil || is && !e.insists() {
		return Message{}, cmp.Or(err, refusedStill(r))
	}
	copied := e
	copied.ID = db.NewID[email](tx)
	copied.messageID = m.messageID(m.Settings.Current(ctx, tx), account, copied.ID)
	if err := insertCopy(ctx, tx, e.place(), copied); err != nil {
		return Message{}, err
	}
	return copied.Message, m.jobs.Enqueue(ctx, tx, awaited{account, copied.ID})
}

// mayStillGet is nil if whom a mail of an account went to may get it today:
// members who have left, or have lost the permission for its topic, may not.
func mayStillGet(ctx context.Context, q db.Querier, e email) error {
	if e.Account == 0 || e.User == 0 {
		return nil
	}
	m, err := access.FindMember(ctx, q, e.Account, e.User)
	if fault.Is(err, fault.NotFound) {
		return fault.Conflictf("%s has no access to this account any more, so this email is not sent to them again.", cmp.Or(e.To.Name, e.To.Email)).WithCode("mail.recipient")
	}
	if err != nil {
		return err
	}
	if need, ok := e.Topic.Needs(); ok && !m.Holds(need) {
		return fault.Conflictf("%s may not see what this email is about any more, so it is not sent to them again.", cmp.Or(m.Name(), m.Email)).WithCode("mail.recipient")
	}
	return nil
}

func textGone() error {
	return fault.Conflictf("The text of this email is no longer kept, so it can't be sent again.").WithCode("mail.text")
}

func linkGone() error {
	return fault.Conflictf("The one-time link in this email does not work any more, so it is not sent again. Make a new one where it came from: resend the invitation, or send another link.").WithCode("mail.link")
}

// insertCopy writes a mail down once more, under the id and the Message-ID of
// next.
func insertCopy(ctx context.Context, tx *db.Tx, from place, next email) error {
	return tx.ExecOne(ctx, `INSERT INTO emails (account_id, id, user_id, kind, topic, ref, language, to_name, to_email,
			subject, body_text, body_html, sealed, dies_at, message_id, state, created_at, reader)
		SELECT account_id, $3, user_id, kind, topic, ref, language, to_name, to_email,
			subject, body_text, body_html, '', 0, $4, 'queued', $5, reader FROM emails WHERE account_id = $1 AND id = $2`,
		from.account, from.id, next.ID, next.messageID, tx.Now())
}
