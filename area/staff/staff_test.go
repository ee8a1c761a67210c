package staff_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"atrium/area/staff"
	"atrium/base/access"
	"atrium/base/access/accesstest"
	"atrium/base/audit"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/base/job"
	"atrium/base/mail"
	"atrium/base/settings"
	"atrium/base/settings/settingstest"
	"atrium/base/vault"
	"atrium/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	host     = "https://atrium.example"
	password = "nine purple otters sing"
)

func from(ip string) access.Actor {
	return access.Actor{Kind: access.Anonymous, IP: ip, Agent: "Firefox"}
}

// A world is a database with the service.
type world struct {
	*testing.T
	*staff.Staff
	db   *db.DB
	mail *mail.Mail
	jobs *job.Jobs
	key  *access.Secret // of the one who logs in
}

func each(t *testing.T, fn func(w world)) {
	dbtest.Each(t, []fs.FS{access.Schema, audit.Schema, job.Schema, settings.Schema, mail.Schema}, func(t *testing.T, d *db.DB) {
		v, err := vault.Load(filepath.Join(t.TempDir(), "key"), true)
		if err != nil {
			t.Fatal(err)
		}
		jobs := job.New(d, slog.New(slog.DiscardHandler))
		set := settingstest.Open(t, d, v)
		m, err := mail.New(t.Context(), d, jobs, v, mail.Config{Settings: set, BaseURL: host, Readable: true})
		if err != nil {
			t.Fatal(err)
		}
		p := accesstest.Passwords()
		two := access.NewTwoStep(d, v, p, access.TwoStepOptions{Issuer: func(context.Context) string { return "Atrium" }})
		fn(world{t, staff.New(d, m, p, two, set, func(path string) string { return host + path }), d, m, jobs, &access.Secret{}})
	})
}

func (w world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// add makes a person and gives the token of their link.
func (w world) add(email, name string) access.Token {
	w.Helper()
	link, err := w.Add(w.Context(), staff.Newcomer{Email: email, Name: name, Role: access.Administrator})
	w.must(err)
	text, ok := strings.CutPrefix(link, host+"/staff/set-password/")
	t, valid := access.ParseToken(text)
	if !ok || !valid {
		w.Fatalf("the link is %q", link)
	}
	return t
}

// sue can log in.
func (w world) sue() {
	w.Helper()
	w.must(w.SetPassword(w.Context(), w.add("Sue@host.example", "Sue Porter"), password, from("192.0.2.1")))
}

// step is the first step of a log in: the password.
func (w world) step(email, password, ip string) (access.StaffStep, error) {
	t, err := w.LogIn(w.Context(), email, password, "", from(ip))
	if err != nil {
		return access.StaffStep{}, err
	}
	return w.Step(w.Context(), t, from(ip))
}

// logIn logs in by both steps, in place of the session had.
func (w world) logIn(email, password, ip string, had ...access.Token) (access.Token, error) {
	in, err := w.step(email, password, ip)
	if err != nil {
		return access.Token{}, err
	}
	if in.Person().TwoStep.IsZero() {
		w.join(in)
		return w.logIn(email, password, ip, had...)
	}
	f, err := w.FinishLogIn(w.Context(), in, w.code(), append(had, access.Token{})[0])
	return f.Session, err
}

// join sets two-step login up.
func (w world) join(in access.StaffStep) (access.Recovery, access.Token) {
	w.Helper()
	setup, err := w.Setup(w.Context(), in)
	w.must(err)
	*w.key = setup.Secret
	codes, t, err := w.JoinTwoStep(w.Context(), in, w.code(), access.Token{})
	w.must(err)
	return codes, t
}

// code is what the app shows, after a while: each time another one.
func (w world) code() string {
	w.Helper()
	dbtest.Clock(w.db).Add(30 * time.Second)
	code, err := w.key.Code(dbtest.Clock(w.db).Now())
	w.must(err)
	return code
}

// alive tells whether a session lives, and whose it is.
func (w world) alive(t access.Token) (string, bool) {
	s, err := access.FindStaffSession(w.Context(), w.db, access.DefaultLives(), t)
	return s.Person.Name, err == nil
}

// audited lists what the audit of no account says: action, subject, actor.
func (w world) audited() string {
	w.Helper()
	rows, err := db.All(w.Context(), w.db.Auto(), func(r db.Row) (string, error) {
		var action, subject, kind, name, ip string
		err := r.Scan(&action, &subject, &kind, &name, &ip)
		return strings.Join([]string{action, subject, kind, name, ip}, " "), err
	}, `SELECT action, subject, actor_kind, actor_name, ip FROM audit WHERE account_id = 0 ORDER BY id`)
	w.must(err)
	return strings.Join(rows, "\n")
}

func TestStaffAreAddedWithALinkThatSetsAPassword(t *testing.T) {
	each(t, func(w world) {
		link := w.add(" Sue@Host.example ", "Sue\nPorter")
		p, err := w.Link(w.Context(), link)
		if err != nil || p.Name != "Sue Porter" || p.Email != "Sue@Host.example" {
			w.Errorf("the link is of %+v, %v", p, err)
		}
		if _, err := w.logIn("sue@host.example", "", "192.0.2.1"); fault.CodeOf(err) != access.WrongLogin {
			w.Errorf("without a password she logs in: %v", err)
		}
		w.must(w.SetPassword(w.Context(), link, password, from("192.0.2.1")))
		session, err := w.logIn("SUE@host.example", password, "192.0.2.1")
		w.must(err)
		if name, ok := w.alive(session); !ok || name != "Sue Porter" {
			w.Errorf("logged in is %q, %v", name, ok)
		}
		w.must(w.LogOut(w.Context(), session, from("192.0.2.1")))
		w.must(w.LogOut(w.Context(), session, from("192.0.2.1")))
		if _, ok := w.alive(session); ok {
			w.Error("the session outlives its end")
		}
		want := `staff.added Sue@Host.example system atrium staff add ` + `
staff.password Sue@Host.example staff Sue Porter 192.0.2.1
staff.two-step-asked Sue@Host.example staff Sue Porter 192.0.2.1
staff.two-step-on Sue@Host.example staff Sue Porter 192.0.2.1
staff.login Sue@Host.example staff Sue Porter 192.0.2.1
staff.two-step-asked Sue@Host.example staff Sue Porter 192.0.2.1
staff.login Sue@Host.example staff Sue Porter 192.0.2.1
staff.logout Sue@Host.example staff Sue Porter 192.0.2.1`
		if got := w.audited(); got != want {
			w.Errorf("the audit says\n%s", got)
		}
	})
}

func TestStaffNeedAnAddressAndAreNamedAfterItWithoutAName(t *testing.T) {
	each(t, func(w world) {
		for _, wrong := range []string{"", "sue", "sue@host", "sue@host.example\r\nBcc: x@example.com"} {
			if link, err := w.Add(w.Context(), staff.Newcomer{Email: wrong, Name: "Sue", Role: access.Administrator}); fault.CodeOf(err) != "email.malformed" || link != "" {
				w.Errorf("%q: %q, %v", wrong, link, err)
			}
		}
		if _, err := w.Add(w.Context(), staff.Newcomer{Email: "sue@host.example", Name: strings.Repeat("x", 81), Role: access.Administrator}); !fault.Is(err, fault.Invalid) {
			w.Errorf("a name of 81 letters: %v", err)
		}
		p, err := w.Link(w.Context(), w.add("sue@host.example", ""))
		if err != nil || p.Name != "sue" {
			w.Errorf("she is %+v, %v", p, err)
		}
	})
}

func TestAStaffLinkWorksOnceAndFor24Hours(t *testing.T) {
	each(t, func(w world) {
		dead := func(link access.Token, why string) {
			w.Helper()
			_, seen := w.Link(w.Context(), link)
			set := w.SetPassword(w.Context(), link, password, from("192.0.2.1"))
			for _, err := range []error{seen, set} {
				if !fault.Is(err, fault.NotFound) || err.Error() != "This link has expired or was already used." {
					w.Errorf("%s: %v", why, err)
				}
			}
		}
		dead(access.NewToken(), "a link nobody made")
		dead(access.Token{}, "no link")

		first := w.add("sue@host.example", "Sue")
		second := w.add("sue@host.example", "Sue")
		dead(first, "a link that a newer one replaced")
		if err := w.SetPassword(w.Context(), second, "password1234", from("192.0.2.1")); fault.CodeOf(err) != "password.weak" {
			w.Errorf("a weak password: %v", err)
		}
		w.must(w.SetPassword(w.Context(), second, password, from("192.0.2.1")))
		dead(second, "a used link")

		late := w.add("sue@host.example", "Sue")
		dbtest.Clock(w.db).Add(access.StaffLinkLife - time.Microsecond)
		if _, err := w.Link(w.Context(), late); err != nil {
			w.Errorf("a link in its last moment: %v", err)
		}
		dbtest.Clock(w.db).Add(time.Microsecond)
		dead(late, "a link of 24 hours")
	})
}

func TestOfManyWhoSpendAStaffLinkOneWins(t *testing.T) {
	each(t, func(w world) {
		link := w.add("sue@host.example", "Sue")
		var group sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			group.Go(func() {
				results[i] = w.SetPassword(w.Context(), link, fmt.Sprint(password, i), from("192.0.2.1"))
			})
		}
		group.Wait()
		var won []int
		for i, err := range results {
			if err == nil {
				won = append(won, i)
			} else if !fault.Is(err, fault.NotFound) {
				w.Errorf("a loser is told %v", err)
			}
		}
		if len(won) != 1 {
			w.Fatalf("%d have won", len(won))
		}
		_, err := w.logIn("sue@host.example", fmt.Sprint(password, won[0]), "192.0.2.1")
		w.must(err)
	})
}

func TestANewStaffPasswordEndsTheSessions(t *testing.T) {
	each(t, func(w world) {
		w.sue()
		session, err := w.logIn("sue@host.example", password, "192.0.2.1")
		w.must(err)
		link := w.add("sue@host.example", "")
		if _, ok := w.alive(session); !ok {
			w.Error("a link that nobody has used ends the session")
		}
		w.must(w.SetPassword(w.Context(), link, password+" again", from("192.0.2.1")))
		if _, ok := w.alive(session); ok {
			w.Error("the session outlives the password")
		}
		if _, err := w.logIn("sue@host.example", password, "192.0.2.1"); fault.CodeOf(err) != access.WrongLogin {
			w.Errorf("the former password: %v", err)
		}
	})
}

func TestLoggingInEndsTheStaffSessionThatTheBrowserHad(t *testing.T) {
	each(t, func(w world) {
		w.sue()
		had, err := w.logIn("sue@host.example", password, "192.0.2.1")
		w.must(err)
		elsewhere, err := w.logIn("sue@host.example", password, "192.0.2.2")
		w.must(err)
		now, err := w.logIn("sue@host.example", password, "192.0.2.1", had)
		w.must(err)
		for _, c := range []struct {
			token access.Token
			lives bool
		}{{had, false}, {elsewhere, true}, {now, true}} {
			if _, ok := w.alive(c.token); ok != c.lives {
				w.Errorf("of three sessions one lives: %v, should: %v", ok, c.lives)
			}
		}
	})
}

func TestStaffLogInNeverSaysWhetherALoginExists(t *testing.T) {
	each(t, func(w world) {
		w.sue()
		w.add("new@host.example", "New")
		w.must(w.user("user@example.com", password))
		var said []string
		for _, email := range []string{"sue@host.example", "new@host.example", "nobody@host.example", "user@example.com", "no address", ""} {
			_, err := w.logIn(email, password+"!", "192.0.2.1")
			said = append(said, fmt.Sprint(err, fault.KindOf(err), fault.CodeOf(err)))
		}
		for _, s := range said {
			if s != said[0] {
				w.Errorf("answers differ: %q", said)
				break
			}
		}
		if _, err := w.logIn("user@example.com", password, "192.0.2.1"); fault.CodeOf(err) != access.WrongLogin {
			w.Errorf("a user's login opens the staff area: %v", err)
		}
	})
}

// user makes a user, who is not staff.
func (w world) user(address, password string) error {
	login, err := accesstest.Passwords().Prepare(w.Context(), access.NewLogin{FirstName: "Una", Email: address, Password: password})
	if err != nil {
		return err
	}
	return w.db.WriteGlobal(w.Context(), db.Lock{}, func(tx *db.Tx) error {
		_, err := login.Create(w.Context(), tx)
		return err
	})
}

func TestStaffPasswordsCantBeTriedForEver(t *testing.T) {
	each(t, func(w world) {
		w.sue()
		for range 10 {
			if _, err := w.logIn("sue@host.example", "wrong", "192.0.2.66"); fault.CodeOf(err) != access.WrongLogin {
				w.Fatalf("a wrong password: %v", err)
			}
		}
		_, err := w.logIn("sue@host.example", password, "192.0.2.66")
		if e, ok := fault.As(err); !ok || e.Kind != fault.TooMany || e.Error() != "That was wrong too often. Try again in 15 minutes." {
			w.Errorf("the eleventh try: %v", err)
		}
		if _, err := w.logIn("sue@host.example", password, "192.0.2.1"); err != nil {
			w.Errorf("somebody elsewhere has locked her out: %v", err)
		}
		if _, err := accesstest.Passwords().Authenticate(w.Context(), w.db, "sue@host.example", "wrong", from("192.0.2.66")); fault.CodeOf(err) != access.WrongLogin {
			w.Errorf("staff's tries count as users': %v", err)
		}
		dbtest.Clock(w.db).Add(15 * time.Minute)
		if _, err := w.logIn("sue@host.example", password, "192.0.2.66"); err != nil {
			w.Errorf("after a quarter of an hour: %v", err)
		}
	})
}
