package access

import (
	"context"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// StaffID is the id of one of the hosting company's people.
type StaffID = id.ID[StaffPerson]

// A StaffPerson works for the hosting company. Staff logins are a realm of
// their own: no user is staff, and a user's session opens no staff page.
type StaffPerson struct {
	ID       StaffID
	Email    string
	Name     string
	Role     StaffRole
	Language string // "": none chosen
	Disabled time.Time
	TwoStep  time.Time // since when two-step login is set up; zero: not yet
	proof    string    // of the password that AuthenticateStaff found right
}

// Staff proves that this actor is staff and may R.
type Staff[R StaffPermission] struct {
	_      [0]R
	person StaffPerson
	actor  Actor
	seat   string // the hash of the session
}

// Person is who it is. A zero proof panics.
func (s Staff[R]) Person() StaffPerson {
	if s.person.ID == 0 {
		panic("access: a proof that no door has made")
	}
	return s.person
}

// Actor is who acts.
func (s Staff[R]) Actor() Actor { s.Person(); return s.actor }

// In is the proof in the browser that is known by this secret.
func (s Staff[R]) In(browser Token) Staff[R] { s.actor.Browser = browser; return s }

// EnterStaff is the gate of the staff area: who has a role that holds R passes,
// all others get Denied.
func EnterStaff[R StaffPermission](s StaffSession, ip, agent string) (Staff[R], error) {
	if !s.Person.Role.Holds(StaffNameOf[R]()) {
		return Staff[R]{}, fault.Deniedf("Your staff role does not include this.").WithCode(StaffDeniedPrefix + StaffNameOf[R]().Slug())
	}
	return Staff[R]{person: s.Person, actor: s.Person.As(ip, agent), seat: s.hash}, nil
}

// StaffDeniedPrefix begins the fault code of a missing staff permission; its
// slug follows.
const StaffDeniedPrefix = "staff."

// As makes the person the actor of what they do.
func (p StaffPerson) As(ip, agent string) Actor {
	return Actor{Kind: ByStaff, Staff: p.ID, Name: p.Name, Email: p.Email, IP: ip, Agent: agent, proof: p.proof}
}

// At makes the person the actor of what they do in the browser where by acts.
func (p StaffPerson) At(by Actor) Actor {
	a := p.As(by.IP, by.Agent)
	a.Browser = by.Browser
	return a
}

// StaffLinkLife is how long a set-password link works.
const StaffLinkLife = 24 * time.Hour

// StaffSessionID names a session to those who may end it. It is no secret.
type StaffSessionID = id.ID[StaffSession]

// A StaffSession is one log in of staff.
type StaffSession struct {
	ID      StaffSessionID
	Person  StaffPerson
	Agent   string
	IP      string
	created time.Time
	seen    time.Time
	hash    string
}

const staffSessionColumns = staffColumns + `, s.token_hash, s.id, s.agent, s.ip, s.created_at, s.seen_at`

// Seen is when the session was last used, to five minutes.
func (s StaffSession) Seen() time.Time { return s.seen }

// Created is when the person logged in.
func (s StaffSession) Created() time.Time { return s.created }

func (s *StaffSession) targets() []any {
	return append(s.Person.targets(), &s.hash, &s.ID, &s.Agent, &s.IP, db.Time(&s.created), db.Time(&s.seen))
}

func scanStaffSession(r db.Row) (StaffSession, error) {
	var s StaffSession
	err := r.Scan(s.targets()...)
	return s, err
}

// alive is nil, or NotFound when the session has ended.
func (s StaffSession) alive(l Lives, now time.Time) error {
	if !now.Before(l.Staff.ends(s.created, s.seen)) || !s.Person.Disabled.IsZero() || s.Person.TwoStep.IsZero() {
		return loggedOut()
	}
	return nil
}

func (p *StaffPerson) targets() []any {
	return []any{&p.ID, &p.Email, &p.Name, &p.Role, &p.Language, db.Time(&p.Disabled), db.Time(&p.TwoStep)}
}

func scanStaff(r db.Row) (StaffPerson, error) {
	var p StaffPerson
	err := r.Scan(p.targets()...)
	return p, err
}

const staffColumns = `p.id, p.email, p.name, p.role, p.language, p.disabled_at, p.two_step_at`

// FindStaffSession finds the living session of a token, NotFound otherwise.
func FindStaffSession(ctx context.Context, d *db.DB, l Lives, t Token) (StaffSession, error) {
	s, err := db.One(ctx, d.Auto(), scanStaffSession, `SELECT `+staffSessionColumns+`
		FROM staff_sessions s JOIN staff p ON p.id = s.staff_id WHERE s.token_hash = $1`, t.Hash())
	if err != nil {
		return StaffSession{}, err
	}
	return s, s.alive(l, d.Clock().Now())
}

// SeenLately tells that TouchStaffSession has nothing to note.
func (s StaffSession) SeenLately(now time.Time) bool { return now.Sub(s.seen) < seenEvery }

// TouchStaffSession notes that the session is in use, every five minutes.
func TouchStaffSession(ctx context.Context, d *db.DB, s StaffSession) error {
	if s.SeenLately(d.Clock().Now()) {
		return nil
	}
	return d.WriteGlobal(ctx, db.Lock{}, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE staff_sessions SET seen_at = $1 WHERE token_hash = $2 AND seen_at > 0`, tx.Now(), s.hash)
		return err
	})
}

// FindStaffByEmail finds a person of the staff and the hash of their password,
// NotFound if there is none.
func FindStaffByEmail(ctx context.Context, q db.Querier, e Email) (StaffPerson, string, error) {
	type row struct {
		StaffPerson
		hash string
	}
	p, err := db.One(ctx, q, func(r db.Row) (row, error) {
		var p row
		err := r.Scan(append(p.targets(), &p.hash)...)
		return p, err
	}, `SELECT `+staffColumns+`, p.password_hash FROM staff p WHERE p.email_key = $1`, e.Key)
	return p.StaffPerson, p.hash, err
}

// AddStaff adds a person without usable password, or finds the one with that
// address, who keeps their name and role, and makes a link to set a password;
// earlier links die.
func AddStaff(ctx context.Context, tx *db.Tx, e Email, name string, role StaffRole) (StaffPerson, Token, error) {
	p, _, err := FindStaffByEmail(ctx, tx, e)
	if fault.Is(err, fault.NotFound) {
		p = StaffPerson{ID: db.NewID[StaffPerson](tx), Email: e.Typed, Name: name, Role: role}
		err = tx.ExecOne(ctx, `INSERT INTO staff (id, email, email_key, name, password_hash, role, created_at) VALUES ($1, $2, $3, $4, '', $5, $6)`,
			p.ID, p.Email, e.Key, p.Name, string(p.Role), tx.Now())
	}
	if err != nil {
		return p, Token{}, err
	}
	t, err := NewStaffLink(ctx, tx, p.ID)
	return p, t, err
}

// NewStaffLink makes a link to set a password; earlier ones die.
func NewStaffLink(ctx context.Context, tx *db.Tx, p StaffID) (Token, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM staff_tokens WHERE staff_id = $1`, p); err != nil {
		return Token{}, err
	}
	t := NewToken()
	return t, tx.ExecOne(ctx, `INSERT INTO staff_tokens (token_hash, staff_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
		t.Hash(), p, tx.Now(), tx.Now().Add(StaffLinkLife))
}

// FindStaffLink finds whose living set-password link this is, NotFound otherwise.
func FindStaffLink(ctx context.Context, q db.Querier, t Token, now time.Time) (StaffPerson, error) {
	return db.One(ctx, q, scanStaff, `SELECT `+staffColumns+` FROM staff_tokens t JOIN staff p ON p.id = t.staff_id
		WHERE t.token_hash = $1 AND t.expires_at > $2 AND p.disabled_at = 0`, t.Hash(), now)
}

// SetStaffLanguage stores the language that a person of the staff has chosen.
func SetStaffLanguage(ctx context.Context, tx *db.Tx, p StaffID, code string) error {
	return tx.ExecOne(ctx, `UPDATE staff SET language = $1 WHERE id = $2`, code, p)
}

// SetStaffPassword spends a set-password link, stores the hash and ends the
// person's sessions. Of two who try, one gets NotFound.
func SetStaffPassword(ctx context.Context, tx *db.Tx, t Token, hash string) (StaffPerson, error) {
	p, err := FindStaffLink(ctx, tx, t, tx.Now())
	if err != nil {
		return p, err
	}
	if err := tx.ExecOne(ctx, `DELETE FROM staff_tokens WHERE token_hash = $1`, t.Hash()); err != nil {
		return p, err
	}
	if err := EndStaffSessions(ctx, tx, p.ID); err != nil {
		return p, err
	}
	return p, tx.ExecOne(ctx, `UPDATE staff SET password_hash = $1 WHERE id = $2`, hash, p.ID)
}

// NewStaffSession logs a person of the staff in, by two steps and never by less:
// without a code it refuses with the code StepNeeded.
func NewStaffSession(ctx context.Context, tx *db.Tx, p StaffID, a Actor) (in Admitted, err error) {
	g, err := db.One(ctx, tx, scanGuard, `SELECT password_hash, disabled_at, two_step_at FROM staff WHERE id = $1`, p)
	if err != nil {
		return in, err
	}
	if err := g.admits(a); err != nil {
		return in, err
	}
	if !a.stepped || g.twoStep.IsZero() {
		return in, stepNeeded()
	}
	if err := tx.ExecOne(ctx, `UPDATE staff SET last_login_at = $1 WHERE id = $2`, tx.Now(), p); err != nil {
		return in, err
	}
	if in.NewBrowser, err = Meet(ctx, tx, Holder{employees, int64(p)}, a); err != nil {
		return in, err
	}
	in.Token = NewToken()
	return in, tx.ExecOne(ctx, `INSERT INTO staff_sessions (token_hash, id, staff_id, agent, ip, created_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		in.Token.Hash(), db.NewID[StaffSession](tx), p, a.Agent, a.IP, tx.Now())
}

// EndStaffSessions ends all sessions of a person of the staff.
func EndStaffSessions(ctx context.Context, tx *db.Tx, p StaffID) error {
	_, err := tx.Exec(ctx, `DELETE FROM staff_sessions WHERE staff_id = $1`, p)
	return err
}

// EndStaffSession ends one of the person's sessions, NotFound if it is not theirs.
func EndStaffSession(ctx context.Context, tx *db.Tx, p StaffID, s StaffSessionID) error {
	return tx.ExecOne(ctx, `DELETE FROM staff_sessions WHERE staff_id = $1 AND id = $2`, p, s)
}

// EndStaffToken ends the staff session of a token, if there is one.
func EndStaffToken(ctx context.Context, tx *db.Tx, t Token) error {
	_, err := tx.Exec(ctx, `DELETE FROM staff_sessions WHERE token_hash = $1`, t.Hash())
	return err
}
