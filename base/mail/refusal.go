package mail

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/fault"
)

// A Refusal is an address that a mail server refused for good. Who goes on
// sending to such addresses is taken for a spammer, and then nobody's mails
// arrive. So nothing is sent to it any more but what insists: what is Essential,
// and what has a one-time link, which somebody has asked for just now.
// When such a mail is accepted, the address works again and the refusal is gone;
// Lift is for when somebody knows that it does.
type Refusal struct {
	Key    string // the address, folded
	Email  string // as it stood in the mail
	Answer string // the server's words
	At     time.Time
	Mail   Mark // the mail that was refused last
}

// keyOf is the address as refusals are kept by.
func keyOf(email string) string {
	if e, ok := access.ParseEmail(email); ok {
		return e.Key
	}
	return access.Fold(email)
}

// insists tells whether a mail is sent to an address that has refused another.
func (e email) insists() bool { return e.Topic == Essential || strings.Contains(e.Text, marker) }

// enhanced is a status code of RFC 3463 in what a server says.
var enhanced = regexp.MustCompile(`\b5\.(\d{1,3}\.\d{1,3})\b`)

// gone are the status codes that say that the address is none, or no longer one:
// bad mailbox, host or syntax, moved, takes no mail, disabled. 5.1.7 and 5.1.8
// are about the sender, 5.7.x about what he may do, 5.2.2 about a full mailbox.
var gone = []string{"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.1"}

// refusesAddress tells whether a server's no is about the address and for good.
// Where it names a status code, that decides. Without one only the answer to
// RCPT counts, and not one that is about relaying: then we are not let in.
func refusesAddress(e *gomail.SendError, said string) bool {
	if e.ErrorCode() < 500 {
		return false
	}
	if code := enhanced.FindStringSubmatch(said); code != nil {
		return slices.Contains(gone, code[1])
	}
	return e.Reason == gomail.ErrSMTPRcptTo && slices.Contains([]int{550, 551, 553}, e.ErrorCode()) &&
		!strings.Contains(strings.ToLower(said), "relay")
}

// Refused finds what is known of an address. It is NotFound when it has not
// refused mail.
func Refused(ctx context.Context, q db.Querier, email string) (Refusal, error) {
	return db.One(ctx, q, scanRefusal, `SELECT `+refusalColumns+` FROM refusals WHERE email_key = $1`, keyOf(email))
}

// refused is Refused that says no in place of NotFound.
func refused(ctx context.Context, q db.Querier, email string) (r Refusal, is bool, err error) {
	r, err = Refused(ctx, q, email)
	if fault.Is(err, fault.NotFound) {
		return r, false, nil
	}
	return r, err == nil, err
}

// Refusals lists the addresses that refused mail, in the order of their keys,
// those after a given one. With a text it is those whose address, or whose
// domain, begins with it.
func Refusals(ctx context.Context, q db.Querier, text, after string, limit int) ([]Refusal, error) {
	if text == "" {
		return db.All(ctx, q, scanRefusal, `SELECT `+refusalColumns+` FROM refusals WHERE email_key > $1 ORDER BY email_key LIMIT $2`, after, limit)
	}
	from := access.Fold(strings.TrimSpace(text))
	to := from + "\U0010FFFF"
	return db.All(ctx, q, scanRefusal, `SELECT `+refusalColumns+` FROM refusals
		WHERE email_key > $1 AND (email_key >= $2 AND email_key < $3 OR domain >= $2 AND domain < $3) ORDER BY email_key LIMIT $4`, after, from, to, limit)
}

// CountRefusals counts the addresses that refused mail since a time, and stops
// at most.
func CountRefusals(ctx context.Context, q db.Querier, since time.Time, most int64) (int64, error) {
	return db.One(ctx, q, func(r db.Row) (n int64, err error) { err = r.Scan(&n); return n, err },
		`SELECT count(*) FROM (SELECT email_key FROM refusals WHERE refused_at >= $1 LIMIT $2) AS these`, since, most)
}

// Lift lets mails go to an address again. It is NotFound when the address has
// not refused any, or no longer.
func Lift(ctx context.Context, tx *db.Tx, key string) (Refusal, error) {
	return db.One(ctx, tx, scanRefusal, `DELETE FROM refusals WHERE email_key = $1 RETURNING `+refusalColumns, key)
}

const refusalColumns = `email_key, email, answer, refused_at, account_id, email_id`

func scanRefusal(r db.Row) (Refusal, error) {
	var f Refusal
	err := r.Scan(&f.Key, &f.Email, &f.Answer, db.Time(&f.At), &f.Mail.Account, &f.Mail.ID)
	return f, err
}

func upsertRefusal(ctx context.Context, tx *db.Tx, e email, answer string) error {
	key := keyOf(e.To.Email)
	_, domain, _ := strings.Cut(key, "@")
	return tx.ExecOne(ctx, `INSERT INTO refusals (email_key, domain, email, answer, refused_at, account_id, email_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (email_key) DO UPDATE SET email = excluded.email, answer = excluded.answer, refused_at = excluded.refused_at,
			account_id = excluded.account_id, email_id = excluded.email_id`,
		key, domain, e.To.Email, answer, tx.Now(), e.Account, e.ID)
}

func deleteRefusal(ctx context.Context, tx *db.Tx, email string) error {
	_, err := tx.Exec(ctx, `DELETE FROM refusals WHERE email_key = $1`, keyOf(email))
	return err
}

// updateRefused ends a mail that is not sent since its address refused others.
func updateRefused(ctx context.Context, tx *db.Tx, p place, r Refusal) error {
	_, err := tx.Exec(ctx, `UPDATE emails SET state = 'cancelled', answer = $3, refused_at = $4, sealed = '', ended_at = $5
		WHERE account_id = $1 AND id = $2 AND state = 'queued'`, p.account, p.id, r.Answer, r.At, tx.Now())
	return err
}
