package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// SessionID names a session to its user, who may end it. It is no secret.
type SessionID = id.ID[Session]

// A Session is one log in of one browser.
type Session struct {
	ID       SessionID
	User     User
	Remember bool
	Agent    string
	IP       string
	Created  time.Time
	Seen     time.Time
	Proved   time.Time // when its person last proved who they are
	hash     string
}

// Ends is when the session ends if it is not used again.
func (s Session) Ends(l Lives) time.Time {
	if s.Remember {
		return l.Remembered.ends(s.Created, s.Seen)
	}
	return l.User.ends(s.Created, s.Seen)
}

// Self proves that this actor is logged in as this user; it is about no account.
type Self struct {
	session Session
	actor   Actor
}

// User is who is logged in. A zero proof panics.
func (s Self) User() User {
	if s.session.User.ID == 0 {
		panic("access: a proof that no door has made")
	}
	return s.session.User
}

// Session is the session that the proof was made from.
func (s Self) Session() Session { s.User(); return s.session }

// Actor is who acts.
func (s Self) Actor() Actor { s.User(); return s.actor }

// Act is the actor on no account.
func (s Self) Act() Act { return Elsewhere(s.Actor()) }

// Self is the proof of a session.
func (s Session) Self(ip, agent string) Self { return Self{s, s.User.As(ip, agent)} }

// In is the proof in the browser that is known by this secret.
func (s Self) In(browser Token) Self { s.actor.Browser = browser; return s }

// Still is nil while the session is there, and NotFound otherwise. Ask it under the
// user's lock in whatever opens the login afterwards: whoever was logged out since the
// door let them in, changes nothing of that any more.
func (s Self) Still(ctx context.Context, tx *db.Tx) error {
	n, err := db.One(ctx, tx, scanInt, `SELECT count(*) FROM sessions WHERE user_id = $1 AND id = $2`, s.User().ID, s.session.ID)
	if err == nil && n == 0 {
		err = loggedOut()
	}
	return err
}

func loggedOut() error { return fault.NotFoundf("You are logged out.") }

const sessionColumns = `s.token_hash, s.id, s.remember, s.agent, s.ip, s.created_at, s.seen_at, s.proved_at, ` + userColumns

func (s *Session) targets() []any {
	return append([]any{&s.hash, &s.ID, &s.Remember, &s.Agent, &s.IP, db.Time(&s.Created), db.Time(&s.Seen), db.Time(&s.Proved)}, s.User.targets()...)
}

func scanSession(r db.Row) (Session, error) {
	var s Session
	err := r.Scan(s.targets()...)
	return s, err
}

// alive is nil, or NotFound when the session has ended.
func (s Session) alive(l Lives, now time.Time) error {
	if !now.Before(s.Ends(l)) || !s.User.Disabled.IsZero() {
		return loggedOut()
	}
	return nil
}

// FindSession finds the living session of a token, NotFound otherwise.
func FindSession(ctx context.Context, d *db.DB, l Lives, t Token) (Session, error) {
	s, err := db.One(ctx, d.Auto(), scanSession, `SELECT `+sessionColumns+`
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1`, t.Hash())
	if err != nil {
		return Session{}, err
	}
	return s, s.alive(l, d.Clock().Now())
}

type sessionMember struct {
	Session
	m Membership
}

func scanSessionMember(r db.Row) (sessionMember, error) {
	var s sessionMember
	var set int64
	t := append(s.Session.targets(), &s.m.account, &s.m.name, &s.m.status, &s.m.rights.Owner, &s.m.rights.Managing, &set, &s.m.asksTwoStep,
		db.Time(&s.m.lastLogin), db.Time(&s.m.seen))
	err := r.Scan(t...)
	s.m.rights.Set = Set(set)
	s.m.shut = s.m.asksTwoStep && s.User.TwoStep.IsZero()
	return s, err
}

// FindMembership finds the living session of a token and its user's membership
// of an account, in one query. Without a session it is NotFound; the membership
// of someone who is no member has account zero.
func FindMembership(ctx context.Context, d *db.DB, l Lives, t Token, account id.Account, ip, agent string) (Session, Membership, error) {
	s, err := db.One(ctx, d.Auto(), scanSessionMember, `SELECT `+sessionColumns+`,
		COALESCE(a.account_id, 0), COALESCE(a.name, ''), COALESCE(a.status, ''), COALESCE(m.owner, FALSE), COALESCE(m.manages, FALSE),
		COALESCE(m.permissions, 0), COALESCE(a.two_step_rule_at > 0, FALSE), COALESCE(m.last_login_at, 0), COALESCE(m.seen_at, 0)
		FROM sessions s JOIN users u ON u.id = s.user_id
		LEFT JOIN memberships m ON m.account_id = $2 AND m.user_id = s.user_id
		LEFT JOIN accounts a ON a.account_id = m.account_id
		WHERE s.token_hash = $1`, t.Hash(), account)
	if err != nil {
		return Session{}, Membership{}, err
	}
	s.m.actor = s.User.As(ip, agent)
	return s.Session, s.m, s.alive(l, d.Clock().Now())
}

// NewSession logs a user in, under the user's lock, who is known by their browser
// from then on, and tells whether they were not. It always makes a new token;
// end the browser's old session with EndToken in the same transaction. Who was
// let in by a password that is no longer the user's is refused as by
// Authenticate; who has two-step login on and gave no code, with the code
// StepNeeded.
func NewSession(ctx context.Context, tx *db.Tx, u id.User, remember bool, a Actor) (in Admitted, err error) {
	g, err := db.One(ctx, tx, scanGuard, `SELECT password_hash, disabled_at, two_step_at FROM users WHERE id = $1`, u)
	if fault.Is(err, fault.NotFound) { // deleted since
		err = wrongLogin()
	}
	if err != nil {
		return in, err
	}
	if err := g.admits(a); err != nil {
		return in, err
	}
	if in.NewBrowser, err = Meet(ctx, tx, Holder{users, int64(u)}, a); err != nil {
		return in, err
	}
	if err := tx.ExecOne(ctx, `UPDATE user_lines SET last_login_at = $1 WHERE user_id = $2`, tx.Now(), u); err != nil {
		return in, err
	}
	in.Token = NewToken()
	return in, tx.ExecOne(ctx, `INSERT INTO sessions (token_hash, id, user_id, remember, agent, ip, created_at, seen_at, proved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)`,
		in.Token.Hash(), db.NewID[Session](tx), u, remember, a.Agent, a.IP, tx.Now())
}

// SeenLately tells that TouchSession has nothing to note.
func (s Session) SeenLately(now time.Time) bool { return now.Sub(s.Seen) < seenEvery }

// TouchSession notes that the session is in use, every five minutes.
func TouchSession(ctx context.Context, d *db.DB, s Session) error {
	if s.SeenLately(d.Clock().Now()) {
		return nil
	}
	return d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sessions SET seen_at = $1 WHERE token_hash = $2 AND seen_at > 0`, tx.Now(), s.hash)
		return err
	})
}

// EndToken ends the session of a token, if there is one.
func EndToken(ctx context.Context, tx *db.Tx, t Token) error {
	_, err := tx.Exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, t.Hash())
	return err
}

// EndSession ends one of the user's sessions, NotFound if it is not theirs.
func EndSession(ctx context.Context, tx *db.Tx, u id.User, s SessionID) error {
	return tx.ExecOne(ctx, `DELETE FROM sessions WHERE user_id = $1 AND id = $2`, u, s)
}

// EndSessions ends all sessions of the user but keep, which may be zero. It
// tells how many.
func EndSessions(ctx context.Context, tx *db.Tx, u id.User, keep SessionID) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM sessions WHERE user_id = $1 AND id <> $2`, u, keep)
}

// Sessions lists the user's living sessions, the last used first.
func Sessions(ctx context.Context, d *db.DB, l Lives, u id.User) ([]Session, error) {
	all, err := db.All(ctx, d.Auto(), scanSession, `SELECT `+sessionColumns+`
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.user_id = $1 ORDER BY s.seen_at DESC, s.id DESC`, u)
	var living []Session
	for _, s := range all {
		if s.alive(l, d.Clock().Now()) == nil {
			living = append(living, s)
		}
	}
	return living, err
}

// knownFor is how long a session's row stays at least, whatever sessions live: it
// tells from where the person logs in.
const knownFor = 90 * 24 * time.Hour

// SweepSessions deletes sessions and one-time links that can't be used again.
func SweepSessions(ctx context.Context, d *db.DB, l Lives) error {
	return d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		now := tx.Now()
		if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE created_at < $1`, now.Add(-max(knownFor, l.User.Most, l.Remembered.Most))); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM staff_sessions WHERE created_at < $1`, now.Add(-l.Staff.Most)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM login_steps WHERE expires_at < $1`, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM two_step_setups WHERE expires_at < $1`, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM passkey_answers WHERE expires_at < $1`, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM browsers WHERE used_at < $1`, now.Add(-BrowserLife)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM limits WHERE started_at < $1`, now.Add(-2*24*time.Hour)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM staff_tokens WHERE expires_at < $1`, now.Add(-30*24*time.Hour)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM user_tokens WHERE expires_at < $1`, now.Add(-30*24*time.Hour))
		return err
	})
}
