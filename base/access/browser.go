package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
)

// BrowserLife is how long a browser is known to a person who does not log in with
// it again.
const BrowserLife = 365 * 24 * time.Hour

// mostBrowsers is how many are known to one person: those used last.
const mostBrowsers = 20

// An Admitted is who was let in: the token of their session, and whether that is
// in a browser in which they had not logged in before.
type Admitted struct {
	Token      Token
	NewBrowser bool
}

// BrowserNew is the fact that a user has logged in with a browser that was not
// known to them. Whoever lets them in tells it, and the person is told by mail.
type BrowserNew struct {
	User  id.User   `json:"user"`
	At    time.Time `json:"at"`
	IP    string    `json:"ip"`
	Agent string    `json:"agent"`
}

// Kind names the fact.
func (BrowserNew) Kind() string { return "access.browser-new" }

// NewBrowser is the fact about whoever was let in.
func NewBrowser(a Actor, at time.Time) BrowserNew { return BrowserNew{a.User, at, a.IP, a.Agent} }

// Meet makes the browser where by acts known to a person, who has logged in with
// it or proved their address there, under the person's lock. It tells whether it
// was not known before. An actor without a browser is not noted.
func Meet(ctx context.Context, tx *db.Tx, h Holder, by Actor) (unknown bool, err error) {
	if by.Browser == (Token{}) {
		return false, nil
	}
	n, err := tx.Exec(ctx, `UPDATE browsers SET used_at = $1, agent = $2, ip = $3
		WHERE realm = $4 AND person_id = $5 AND token_hash = $6 AND used_at > $7`,
		tx.Now(), by.Agent, by.IP, string(h.realm), h.person, by.Browser.Hash(), tx.Now().Add(-BrowserLife))
	if err != nil || n > 0 {
		return false, err
	}
	err = tx.ExecOne(ctx, `INSERT INTO browsers (realm, person_id, token_hash, agent, ip, created_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (realm, person_id, token_hash) DO UPDATE SET agent = $4, ip = $5, created_at = $6, used_at = $6`,
		string(h.realm), h.person, by.Browser.Hash(), by.Agent, by.IP, tx.Now())
	if err != nil {
		return true, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM browsers WHERE realm = $1 AND person_id = $2 AND token_hash NOT IN
		(SELECT token_hash FROM browsers WHERE realm = $1 AND person_id = $2 ORDER BY used_at DESC, created_at DESC, token_hash LIMIT $3)`,
		string(h.realm), h.person, mostBrowsers)
	return true, err
}

// ForgetBrowsers makes all browsers unknown to a person but the one where by acts.
func ForgetBrowsers(ctx context.Context, tx *db.Tx, h Holder, by Actor) error {
	_, err := tx.Exec(ctx, `DELETE FROM browsers WHERE realm = $1 AND person_id = $2 AND token_hash <> $3`, string(h.realm), h.person, by.Browser.Hash())
	return err
}

// knows tells whether the browser where by acts is known to the person.
func (h Holder) knows(ctx context.Context, q db.Querier, by Actor, now time.Time) (bool, error) {
	n, err := db.One(ctx, q, scanInt, `SELECT count(*) FROM browsers WHERE realm = $1 AND person_id = $2 AND token_hash = $3 AND used_at > $4`,
		string(h.realm), h.person, by.Browser.Hash(), now.Add(-BrowserLife))
	return n > 0, err
}

// knownTo tells whether the browser where by acts is known to the login with this
// address. It takes as long for an address without login.
func (r realm) knownTo(ctx context.Context, d *db.DB, e Email, by Actor) (bool, error) {
	sql := `SELECT count(*) FROM browsers b JOIN users p ON p.id = b.person_id
		WHERE b.token_hash = $1 AND b.realm = 'user' AND p.email_key = $2 AND b.used_at > $3`
	if r == employees {
		sql = `SELECT count(*) FROM browsers b JOIN staff p ON p.id = b.person_id
			WHERE b.token_hash = $1 AND b.realm = 'staff' AND p.email_key = $2 AND b.used_at > $3`
	}
	n, err := db.One(ctx, d.Auto(), scanInt, sql, by.Browser.Hash(), e.Key, d.Clock().Now().Add(-BrowserLife))
	return n > 0, err
}

// knownBrowser tells whether the browser where by acts is known to any user.
func knownBrowser(ctx context.Context, d *db.DB, by Actor) (bool, error) {
	n, err := db.One(ctx, d.Auto(), scanInt, `SELECT count(*) FROM browsers WHERE token_hash = $1 AND realm = 'user' AND used_at > $2`,
		by.Browser.Hash(), d.Clock().Now().Add(-BrowserLife))
	return n > 0, err
}
