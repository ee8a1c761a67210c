package access

import (
	"context"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/fault"
)

// The limits on trying passwords. They are per browser address and login
// first, so that somebody elsewhere can't lock a person out.
func loginHere() Limit {
	return Limit{"login", 10, 15 * time.Minute, "That was wrong too often. Try again in %d minutes."}
}

func loginFrom() Limit {
	return Limit{"login-from", 100, 15 * time.Minute, "Too many attempts to log in came from your network. Try again in %d minutes."}
}

func loginTo() Limit {
	return Limit{"login-to", 200, time.Hour, "There were too many attempts to log in to this address. Try again in %d minutes."}
}

// WrongLogin is the fault code of a wrong address or password: which of the two
// is never said.
const WrongLogin = "login.wrong"

// Authenticate finds the user whose address and password these are. It answers
// Invalid with the code WrongLogin, TooMany after too many tries, and takes as
// long for an address without login as for one with.
func (p *Passwords) Authenticate(ctx context.Context, d *db.DB, address, password string, by Actor) (User, error) {
	wrong := fault.FieldErr("email", WrongLogin, "The email address or the password is wrong.")
	email, ok := ParseEmail(address)
	if !ok {
		email = Email{Key: Fold(strings.TrimSpace(address))}
	}
	if err := p.countLogin(ctx, d, email, by); err != nil {
		return User{}, err
	}
	u, hash, err := findLogin(ctx, d, email)
	if err != nil {
		return User{}, err
	}
	match, stale, err := p.Check(ctx, password, hash)
	if err != nil {
		return User{}, err
	}
	if !match || !u.Disabled.IsZero() {
		return User{}, wrong
	}
	fresh := ""
	if stale {
		if fresh, err = p.Hash(ctx, password); err != nil {
			return User{}, err
		}
	}
	return u, d.WriteGlobal(ctx, db.LockUser(u.ID), func(tx *db.Tx) error {
		if fresh != "" {
			if _, err := tx.Exec(ctx, `UPDATE users SET password_hash = $1 WHERE id = $2 AND password_hash = $3`, fresh, u.ID, hash); err != nil {
				return err
			}
		}
		return loginHere().Reset(ctx, tx, by.IP+" "+email.Key)
	})
}

func (p *Passwords) countLogin(ctx context.Context, d *db.DB, e Email, by Actor) error {
	if err := loginHere().Count(ctx, d, by.IP+" "+e.Key); err != nil {
		return err
	}
	if err := loginFrom().Count(ctx, d, by.IP); err != nil {
		return err
	}
	return loginTo().Count(ctx, d, e.Key)
}

type login struct {
	User
	hash string
}

func findLogin(ctx context.Context, d *db.DB, e Email) (User, string, error) {
	l, err := db.One(ctx, d.Auto(), func(r db.Row) (login, error) {
		var l login
		err := r.Scan(append(l.User.targets(), &l.hash)...)
		return l, err
	}, `SELECT `+userColumns+`, u.password_hash FROM users u WHERE u.email_key = $1`, e.Key)
	if fault.Is(err, fault.NotFound) {
		return User{}, "", nil
	}
	return l.User, l.hash, err
}

// CheckPassword tells whether this is the user's password: Invalid at the field
// otherwise. It counts like a log in.
func (p *Passwords) CheckPassword(ctx context.Context, d *db.DB, me Self, field, password string) error {
	limit := Limit{"password", 10, 15 * time.Minute, "That was wrong too often. Try again in %d minutes."}
	if err := limit.Count(ctx, d, me.User().ID.String()); err != nil {
		return err
	}
	hash, err := PasswordHash(ctx, d.Auto(), me.User().ID)
	if err != nil {
		return err
	}
	match, _, err := p.Check(ctx, password, hash)
	if err == nil && !match {
		return fault.FieldErr(field, WrongLogin, "This is not your current password.")
	}
	return err
}

// A NewLogin is what a person who registers typed.
type NewLogin struct {
	FirstName, LastName, Email, Password string
	Language, TimeZone                   string
}

// A Login is a NewLogin that was checked, ready to be written.
type Login struct {
	user  User
	email Email
	hash  string
}

// Email is the address as it was typed.
func (l Login) Email() Email { return l.email }

// Prepare checks what was typed, sentence by sentence beside the fields, and
// hashes the password: outside a transaction, because that takes a while.
func (p *Passwords) Prepare(ctx context.Context, n NewLogin) (Login, error) {
	l := Login{user: User{FirstName: CleanName(n.FirstName), LastName: CleanName(n.LastName), Language: n.Language, TimeZone: n.TimeZone}}
	var wrong fault.Fields
	CheckNames(&wrong, l.user.FirstName, l.user.LastName)
	email, ok := ParseEmail(n.Email)
	if !ok {
		wrong.AddCode("email", "email.malformed", "Enter an address like name@example.com.")
	}
	if why := p.Weakness(n.Password, n.FirstName, n.LastName, n.Email); why != "" {
		wrong.AddCode("password", "password.weak", why)
	}
	if err := wrong.Err(); err != nil {
		return l, err
	}
	if _, err := time.LoadLocation(n.TimeZone); err != nil || n.TimeZone == "" || n.TimeZone == "Local" {
		l.user.TimeZone = "UTC"
	}
	var err error
	l.email = email
	l.hash, err = p.Hash(ctx, n.Password)
	return l, err
}

// LoginCreated is the fact that somebody has a new login. Whoever writes one
// tells it, and the address is then asked to be verified.
type LoginCreated struct{ User id.User }

// Kind names the fact.
func (LoginCreated) Kind() string { return "access.login-created" }

// Create writes the login. KnownEmail if the address has one already.
func (l Login) Create(ctx context.Context, tx *db.Tx) (User, error) {
	return NewUser(ctx, tx, l.email, l.hash, l.user)
}

// TellKnown counts how often somebody is told that an address already has a
// login: five times an hour, then TooMany. Any other error is passed on.
func TellKnown(ctx context.Context, d *db.DB, by Actor, err error) error {
	if fault.CodeOf(err) != KnownEmail {
		return err
	}
	limit := Limit{"known", 5, time.Hour, "You have tried many addresses. Try again in %d minutes."}
	if over := limit.Count(ctx, d, by.IP); over != nil {
		return over
	}
	return err
}

// MostName is how long a name may be, in characters.
const MostName = 80

// CleanName takes out of a name what no name has: line breaks, tabs, control
// characters, doubled spaces.
func CleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// CheckNames says what is wrong with a person's names, at the fields first and last.
func CheckNames(wrong *fault.Fields, first, last string) {
	if first == "" {
		wrong.Add("first", "Enter your first name.")
	}
	if len([]rune(first)) > MostName {
		wrong.Add("first", "Shorten the first name to %d characters.", MostName)
	}
	if len([]rune(last)) > MostName {
		wrong.Add("last", "Shorten the last name to %d characters.", MostName)
	}
}
