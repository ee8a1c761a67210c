package mail

import (
	"context"
	"strconv"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// email is a row: the message and what it takes to send it.
type email struct {
	Message
	sealed    string
	messageID string
	dies      time.Time
	tried     time.Time // first
	reader    string    // as who somebody gets it
}

func insertEmail(ctx context.Context, tx *db.Tx, l Letter, key ID, text, html, sealed, messageID string) error {
	return tx.Later(ctx, `INSERT INTO emails (account_id, id, user_id, kind, ref, language, to_name, to_email,
			subject, body_text, body_html, sealed, dies_at, message_id, state, created_at, topic, reader)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'queued', $15, $16, $17)`,
		l.Account, key, l.User, l.Kind, l.Ref, l.Language, l.To.Name, l.To.Email,
		l.Subject, text, html, sealed, l.Dies, messageID, tx.Now(), string(l.Topic), l.Reader)
}

const headColumns = `account_id, id, user_id, kind, topic, language, to_name, to_email, subject, state, attempts, answer, created_at, ended_at, refused_at, why`

func head(m *Message) []any {
	return []any{&m.Account, &m.ID, &m.User, &m.Kind, &m.Topic, &m.Language, &m.To.Name, &m.To.Email, &m.Subject,
		&m.State, &m.Attempts, &m.Answer, db.Time(&m.Created), db.Time(&m.Ended), db.Time(&m.Refused), &m.Why}
}

func scanHead(r db.Row) (Message, error) {
	var m Message
	err := r.Scan(head(&m)...)
	return m, err
}

// first is before, or the largest id for 0.
func first(before ID) ID {
	if before == 0 {
		return 1 << 53
	}
	return before
}

func listEmails(ctx context.Context, q db.Querier, account id.Account, before ID, limit int) ([]Message, error) {
	return db.All(ctx, q, scanHead, `SELECT `+headColumns+` FROM emails WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
		account, first(before), limit)
}

func listOutbox(ctx context.Context, across db.Querier, before ID, limit int) ([]Message, error) {
	return db.All(ctx, across, scanHead, `SELECT `+headColumns+` FROM emails WHERE id < $1 ORDER BY id DESC, account_id LIMIT $2`,
		first(before), limit)
}

func findEmail(ctx context.Context, q db.Querier, account id.Account, key ID) (email, error) {
	return db.One(ctx, q, func(r db.Row) (email, error) {
		var e email
		err := r.Scan(append(head(&e.Message), &e.Text, &e.HTML, &e.sealed, &e.messageID, db.Time(&e.dies), db.Time(&e.tried), &e.reader)...)
		return e, err
	}, `SELECT `+headColumns+`, body_text, body_html, sealed, message_id, dies_at, tried_at, reader FROM emails WHERE account_id = $1 AND id = $2`,
		account, key)
}

// listStates asks for a number of refs that is a power of two, so that there
// are few different statements: the last one stands in for the missing.
func listStates(ctx context.Context, q db.Querier, account id.Account, refs []string) (map[string]Delivery, error) {
	size := 1
	for size < len(refs) {
		size *= 2
	}
	args := make([]any, 1, size+1)
	args[0] = account
	in := make([]byte, 0, 5*size)
	for n := range size {
		args = append(args, refs[min(n, len(refs)-1)])
		in = strconv.AppendInt(append(in, ", $"...), int64(n+2), 10)
	}
	states, latest := make(map[string]Delivery, len(refs)), make(map[string]ID, len(refs))
	_, err := db.All(ctx, q, func(r db.Row) (struct{}, error) {
		var key ID
		var ref string
		var d Delivery
		err := r.Scan(&key, &ref, &d.State, &d.Attempts, &d.Answer, db.Time(&d.Created), db.Time(&d.Ended), db.Time(&d.Refused))
		if key >= latest[ref] {
			states[ref], latest[ref] = d, key
		}
		return struct{}{}, err
	}, `SELECT id, ref, state, attempts, answer, created_at, ended_at, refused_at FROM emails
		WHERE account_id = $1 AND ref IN (`+string(in[2:])+`) AND ref <> ''`, args...)
	return states, err
}

// updateVoid cancels what waits of a ref, and erases the links of what was given
// up. Nothing else has one.
func updateVoid(ctx context.Context, tx *db.Tx, account id.Account, ref string) error {
	_, err := tx.Exec(ctx, `UPDATE emails SET sealed = '', ended_at = CASE WHEN state = 'queued' THEN $3 ELSE ended_at END,
			state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
		WHERE account_id = $1 AND ref = $2 AND ref <> '' AND state IN ('queued', 'failed')`, account, ref, tx.Now())
	return err
}

// updateForgetAll is updateVoid of all that an account has.
func updateForgetAll(ctx context.Context, tx *db.Tx, account id.Account) error {
	_, err := tx.Exec(ctx, `UPDATE emails SET sealed = '', ended_at = CASE WHEN state = 'queued' THEN $2 ELSE ended_at END,
			state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
		WHERE account_id = $1 AND state IN ('queued', 'failed')`, account, tx.Now())
	return err
}

// updateEnded writes the end of a mail: its link goes, too, unless the mail was
// given up and may be run again. A mail that was cancelled while the server took
// it was sent all the same.
func updateEnded(ctx context.Context, tx *db.Tx, p place, s State, answer string, tries int64) error {
	n, err := tx.Exec(ctx, `UPDATE emails SET state = $3, answer = $4, sealed = CASE WHEN $3 = 'failed' THEN sealed ELSE '' END, attempts = attempts + $5,
			tried_at = CASE WHEN tried_at = 0 AND $5 > 0 THEN $6 ELSE tried_at END, ended_at = $6
		WHERE account_id = $1 AND id = $2 AND (state = 'queued' OR state = 'cancelled' AND $3 = 'sent')`,
		p.account, p.id, s, answer, tries, tx.Now())
	if err == nil && n == 1 && s == Failed && tries > 0 {
		err = insertTry(ctx, tx, p, answer)
	}
	return err
}

// updateTried notes a try that is to be repeated.
func updateTried(ctx context.Context, tx *db.Tx, p place, answer string) error {
	n, err := tx.Exec(ctx, `UPDATE emails SET answer = $3, attempts = attempts + 1,
			tried_at = CASE WHEN tried_at = 0 THEN $4 ELSE tried_at END
		WHERE account_id = $1 AND id = $2 AND state = 'queued'`, p.account, p.id, answer, tx.Now())
	if err == nil && n == 1 {
		err = insertTry(ctx, tx, p, answer)
	}
	return err
}

// A place is where a mail is.
type place struct {
	account id.Account
	id      ID
}

// Account makes a place a db.Scoped.
func (p place) Account() id.Account { return p.account }

func (e email) place() place { return place{e.Account, e.ID} }

// listDying lists mails whose sealed link has ended by itself.
func listDying(ctx context.Context, across db.Querier, now time.Time, limit int) ([]place, error) {
	return db.All(ctx, across, func(r db.Row) (place, error) {
		var p place
		err := r.Scan(&p.account, &p.id)
		return p, err
	}, `SELECT account_id, id FROM emails WHERE sealed <> '' AND dies_at > 0 AND dies_at <= $1 ORDER BY account_id, dies_at LIMIT $2`, now, limit)
}
