package access

import (
	"io/fs"
	"testing"

	"atrium/base/clock/clocktest"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/id"
	"atrium/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func schemas() []fs.FS { return []fs.FS{Schema} }

// A world is people and accounts on one database.
type world struct {
	*db.DB
	t     *testing.T
	clock *clocktest.Clock
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	dbtest.Each(t, schemas(), func(t *testing.T, d *db.DB) { fn(t, world{d, t, dbtest.Clock(d)}) })
}

// try runs fn in a transaction of no account.
func (w world) try(fn func(tx *db.Tx) error) error {
	w.t.Helper()
	return w.WriteGlobal(w.t.Context(), db.Lock{}, fn)
}

func (w world) do(fn func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.try(fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w world) exec(sql string, args ...any) {
	w.t.Helper()
	w.do(func(tx *db.Tx) error { return tx.ExecOne(w.t.Context(), sql, args...) })
}

func (w world) number(sql string, args ...any) int64 {
	w.t.Helper()
	n, err := db.One(w.t.Context(), w.Across(), scanInt, sql, args...)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func email(t *testing.T, s string) Email {
	t.Helper()
	e, ok := ParseEmail(s)
	if !ok {
		t.Fatalf("%q is no address", s)
	}
	return e
}

// user adds a login with the address first@example.com.
func (w world) user(first, hash string) User {
	w.t.Helper()
	var u User
	w.do(func(tx *db.Tx) (err error) {
		u, err = NewUser(w.t.Context(), tx, email(w.t, first+"@example.com"), hash, User{FirstName: first, Language: "en", TimeZone: "UTC"})
		return err
	})
	return u
}

func (w world) open(u User, name string) id.Account {
	w.t.Helper()
	var a id.Account
	w.do(func(tx *db.Tx) (err error) {
		a, err = OpenAccount(w.t.Context(), tx, u.ID, NewAccount{Name: name, Country: "DE", Language: "en", TimeZone: "UTC"})
		return err
	})
	return a
}

func (w world) join(a id.Account, u User, set Set) {
	w.t.Helper()
	w.do(func(tx *db.Tx) error { return AddMember(w.t.Context(), tx, a, u.ID, set, u.Email) })
}

func (w world) logIn(u User, remember bool) Token {
	w.t.Helper()
	var t Token
	w.do(func(tx *db.Tx) (err error) {
		t, err = tokenOf(NewSession(w.t.Context(), tx, u.ID, remember, u.As("192.0.2.1", "Firefox")))
		return err
	})
	return t
}

// tokenOf is the token alone of who was let in.
func tokenOf(in Admitted, err error) (Token, error) { return in.Token, err }

// at is what a door reads of a session in an account.
func (w world) at(t Token, a id.Account) (Session, Membership) {
	w.t.Helper()
	s, m, err := FindMembership(w.t.Context(), w.DB, DefaultLives(), t, a, "192.0.2.1", "Firefox")
	if err != nil {
		w.t.Fatal(err)
	}
	return s, m
}

// membership is u's in the account.
func (w world) membership(u User, a id.Account) Membership {
	w.t.Helper()
	_, m := w.at(w.logIn(u, false), a)
	return m
}

// is fails the test unless err is of the kind and has the code; "" is any.
func is(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || code != "" && fault.CodeOf(err) != code {
		t.Fatalf("got %v (kind %d, code %q), want kind %d, code %q", err, fault.KindOf(err), fault.CodeOf(err), kind, code)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// panics tells whether fn does.
func panics(fn func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	fn()
	return false
}
