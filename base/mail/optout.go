package mail

import (
	"context"
	"encoding/json"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// Optional tells whether mails of the topic have a link by which whom they went
// to switches them off at once, without logging in (RFC 2369, RFC 8058). Those
// are news, and what is nice to know. Invoices, answers to tickets and what
// happens to domains have none: one click in a mail program must not lead to
// debts or lost domains. Who gets these is said in the account.
func (t Topic) Optional() bool { return t == General || t == Product || t == Affiliate }

// A Subscription is what the link is about: that an address gets an account's
// mails of a topic.
type Subscription struct {
	Account id.Account `json:"account"`
	Email   string     `json:"email"`
	Topic   Topic      `json:"topic"`
	act     access.Act
}

// Act is the account, and whom the mail went to.
func (s Subscription) Act() access.Act { return s.act }

// OptOutPath is where the links lead, below the base URL; a token follows.
const OptOutPath = "/unsubscribe/"

const optOutPurpose = "mail/unsubscribe"

// optional tells whether a mail is one that may be switched off. One with a
// one-time link was asked for.
func (e email) optional() bool { return e.Account != 0 && e.Topic.Optional() && !e.insists() }

// optOutURL is the mail's link, "" if it has none.
func (m *Mail) optOutURL(e email) (string, error) {
	if !e.optional() {
		return "", nil
	}
	text, err := json.Marshal(Subscription{Account: e.Account, Email: e.To.Email, Topic: e.Topic})
	if err != nil {
		return "", err
	}
	token, err := m.vault.Seal(text, optOutPurpose)
	return m.base + OptOutPath + token, err
}

// OpenSubscription reads the token of a link; from says whence it came. What we
// have not made is NotFound. It changes nothing.
func (m *Mail) OpenSubscription(token string, from access.Actor) (Subscription, error) {
	text, err := m.vault.Open(token, optOutPurpose)
	var s Subscription
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return s, fault.NotFoundf("This link is not complete. Open it from the email again.").Because(err)
	}
	s.act = access.Addressee(s.Account, s.Email, from)
	return s, nil
}

// OptedOut tells whether an address has switched an account's mails of a topic
// off.
func OptedOut(ctx context.Context, q db.Querier, account id.Account, email string, t Topic) (bool, error) {
	return db.One(ctx, q, func(r db.Row) (is bool, err error) { err = r.Scan(&is); return is, err },
		`SELECT EXISTS (SELECT 1 FROM email_optouts WHERE account_id = $1 AND email_key = $2 AND topic = $3)`, account, keyOf(email), string(t))
}

// OptOut switches them off, and tells whether they were on.
func OptOut(ctx context.Context, tx *db.Tx, s Subscription) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO email_optouts (account_id, email_key, topic, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account_id, email_key, topic) DO NOTHING`, s.Account, keyOf(s.Email), string(s.Topic), tx.Now())
	return n == 1, err
}

// OptIn switches them on again, and tells whether they were off.
func OptIn(ctx context.Context, tx *db.Tx, s Subscription) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM email_optouts WHERE account_id = $1 AND email_key = $2 AND topic = $3`, s.Account, keyOf(s.Email), string(s.Topic))
	return n == 1, err
}
