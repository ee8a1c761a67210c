package access

import (
	"context"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// A User is a person with one login. It belongs to no account.
type User struct {
	ID        id.User
	Email     string
	FirstName string
	LastName  string // may be empty
	Language  string
	TimeZone  string
	Verified  time.Time // when the email was proved; zero: not yet
	Disabled  time.Time
	Created   time.Time
	TwoStep   time.Time // since when two-step login is on; zero: it is off
	proof     string    // of the password that Authenticate found right
}

// Name is first and last name.
func (u User) Name() string { return strings.TrimSpace(u.FirstName + " " + u.LastName) }

// As makes the user the actor of what they do.
func (u User) As(ip, agent string) Actor {
	return Actor{Kind: ByUser, User: u.ID, Name: u.Name(), Email: u.Email, IP: ip, Agent: agent, proof: u.proof}
}

// At makes the user the actor of what they do in the browser where by acts.
func (u User) At(by Actor) Actor {
	a := u.As(by.IP, by.Agent)
	a.Browser = by.Browser
	return a
}

const userColumns = `u.id, u.email, u.first_name, u.last_name, u.language, u.time_zone, u.verified_at, u.disabled_at, u.created_at, u.two_step_at`

func (u *User) targets() []any {
	return []any{&u.ID, &u.Email, &u.FirstName, &u.LastName, &u.Language, &u.TimeZone,
		db.Time(&u.Verified), db.Time(&u.Disabled), db.Time(&u.Created), db.Time(&u.TwoStep)}
}

func scanUser(r db.Row) (User, error) {
	var u User
	err := r.Scan(u.targets()...)
	return u, err
}

// FindUser finds a user by id, NotFound if there is none.
func FindUser(ctx context.Context, q db.Querier, u id.User) (User, error) {
	return db.One(ctx, q, scanUser, `SELECT `+userColumns+` FROM users u WHERE u.id = $1`, u)
}

// FindUserByEmail finds a user by address, NotFound if there is none.
func FindUserByEmail(ctx context.Context, q db.Querier, e Email) (User, error) {
	return db.One(ctx, q, scanUser, `SELECT `+userColumns+` FROM users u WHERE u.email_key = $1`, e.Key)
}

// PasswordHash gives the stored hash: "" for a login without usable password.
func PasswordHash(ctx context.Context, q db.Querier, u id.User) (string, error) {
	return db.One(ctx, q, scanString, `SELECT password_hash FROM users WHERE id = $1`, u)
}

func scanString(r db.Row) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}

// KnownEmail is the fault code when an address already has a login.
const KnownEmail = "email.known"

// FreeEmail refuses an address that the login of somebody other than u has, or
// had and may still be given back by an undo link: Invalid at the field email,
// with the code KnownEmail.
func FreeEmail(ctx context.Context, tx *db.Tx, e Email, u id.User) error {
	n, err := db.One(ctx, tx, scanInt, `SELECT (SELECT count(*) FROM users WHERE email_key = $1 AND id <> $2)
		+ (SELECT count(*) FROM user_tokens WHERE kind = 'undo' AND email_key = $1 AND user_id <> $2 AND expires_at > $3)`, e.Key, u, tx.Now())
	if err == nil && n > 0 {
		return fault.FieldErr("email", KnownEmail, "This address already has a login.")
	}
	return err
}

// NewUser adds a user. An address that already has a login is an Invalid error
// at the field email, with the code KnownEmail.
func NewUser(ctx context.Context, tx *db.Tx, e Email, passwordHash string, u User) (User, error) {
	if err := FreeEmail(ctx, tx, e, 0); err != nil {
		return User{}, err
	}
	u.ID, u.Email, u.Created = db.NewID[id.UserKind](tx), e.Typed, tx.Now()
	err := tx.ExecOne(ctx, `INSERT INTO users (id, email, email_key, first_name, last_name, password_hash, language, time_zone, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		u.ID, e.Typed, e.Key, u.FirstName, u.LastName, passwordHash, u.Language, u.TimeZone, u.Created)
	if err != nil {
		return u, err
	}
	return u, insertUserLine(ctx, tx, u, e.Key)
}

// SetPassword stores a new hash.
func SetPassword(ctx context.Context, tx *db.Tx, u id.User, hash string) error {
	return tx.ExecOne(ctx, `UPDATE users SET password_hash = $1 WHERE id = $2`, hash, u)
}

// SetEmail gives the user another address, proved at this moment, under the
// user's lock. See FreeEmail for an address that others have.
func SetEmail(ctx context.Context, tx *db.Tx, u id.User, e Email) error {
	return setEmail(ctx, tx, u, e, tx.Now())
}

func setEmail(ctx context.Context, tx *db.Tx, u id.User, e Email, proved time.Time) error {
	if err := FreeEmail(ctx, tx, e, u); err != nil {
		return err
	}
	if err := tx.ExecOne(ctx, `UPDATE users SET email = $1, email_key = $2, verified_at = $3 WHERE id = $4`, e.Typed, e.Key, proved, u); err != nil {
		return err
	}
	return indexUser(ctx, tx, u)
}

// Verify notes that the user proved the address. It is false if it was proved
// before or is no longer theirs.
func Verify(ctx context.Context, tx *db.Tx, u id.User, e Email) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE users SET verified_at = $1 WHERE id = $2 AND email_key = $3 AND verified_at = 0`, tx.Now(), u, e.Key)
	if err != nil || n == 0 {
		return false, err
	}
	return true, tx.ExecOne(ctx, `UPDATE user_lines SET verified = TRUE WHERE user_id = $1`, u)
}

// SetProfile stores names, language and time zone, under the user's lock.
func SetProfile(ctx context.Context, tx *db.Tx, u User) error {
	err := tx.ExecOne(ctx, `UPDATE users SET first_name = $1, last_name = $2, language = $3, time_zone = $4 WHERE id = $5`,
		u.FirstName, u.LastName, u.Language, u.TimeZone, u.ID)
	if err != nil {
		return err
	}
	return indexUser(ctx, tx, u.ID)
}
