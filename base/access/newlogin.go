package access

import (
	"context"
	"strings"
	"time"

	"atrium/base/db"
	"atrium/base/id"
	"atrium/base/vault"
	"atrium/fault"
)

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
	if why := p.Weakness(ctx, n.Password, n.FirstName, n.LastName, n.Email); why != "" {
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
type LoginCreated struct {
	User   id.User
	Sealed string `json:",omitempty"` // where confirming it leads: see Leading
}

// Leading has confirming the address lead to a path of ours. It is sealed: it may
// hold the one-time link of an invitation.
func (f LoginCreated) Leading(v *vault.Vault, next string) (LoginCreated, error) {
	sealed, err := v.Seal([]byte(next), f.aad())
	f.Sealed = sealed
	return f, err
}

// Next is where confirming the address leads, "" for nowhere.
func (f LoginCreated) Next(v *vault.Vault) (string, error) {
	if f.Sealed == "" {
		return "", nil
	}
	next, err := v.Open(f.Sealed, f.aad())
	return string(next), err
}

func (f LoginCreated) aad() string { return f.Kind() + " " + f.User.String() }

// Kind names the fact.
func (LoginCreated) Kind() string { return "access.login-created" }

// Create writes the login. KnownEmail if the address has one already.
func (l Login) Create(ctx context.Context, tx *db.Tx) (User, error) {
	return NewUser(ctx, tx, l.email, l.hash, l.user)
}

func knownTold() Limit {
	return Limit{"known", 5, time.Hour, "You have tried many addresses. Try again in %d minutes."}
}

// MayTry is TooMany where five times in this hour somebody was told that an address
// already has a login. Ask it right before an address is tried: who is told that of no
// more addresses is not told of another that it has none, either.
func MayTry(ctx context.Context, d *db.DB, by Actor) error {
	return knownTold().reached(ctx, d.Auto(), by.Network(), d.Clock().Now())
}

// TellKnown counts how often somebody is told that an address already has a
// login: five times an hour, then TooMany. Any other error is passed on.
func TellKnown(ctx context.Context, d *db.DB, by Actor, err error) error {
	if fault.CodeOf(err) != KnownEmail {
		return err
	}
	if over := knownTold().Count(ctx, d, by.Network()); over != nil {
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
