package login_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/alexedwards/argon2id"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/id"
	"atrium/test/apptest"
)

// turnOn has somebody who is logged in turn two-step login on, and gives their
// recovery codes.
func turnOn(t *testing.T, p *apptest.Person) []string {
	t.Helper()
	page := p.Get("/me/security").OK().Submit("form[action='/me/security/two-step']", nil).Follow().OK()
	p.Key = strings.ReplaceAll(page.Has(".qr[role=img][aria-label]").Find(".key").Text(), " ", "")
	done := page.Submit("form[action$='/confirm']", form("code", p.Code())).OK().Says("Two-step login is on")
	return codesOf(t, done)
}

func codesOf(t *testing.T, page *apptest.Response) []string {
	t.Helper()
	codes := page.Find("#codes li").Map(func(_ int, li *goquery.Selection) string { return strings.TrimSpace(li.Text()) })
	if len(codes) != 10 {
		t.Fatalf("the codes are %q", codes)
	}
	file, err := url.PathUnescape(page.Has("a[download]").Find("a[download]").AttrOr("href", ""))
	if err != nil || !strings.HasPrefix(file, "data:text/plain") || !strings.Contains(file, strings.Join(codes, "\n")) {
		t.Errorf("the file is %q, %v", file, err)
	}
	return codes
}

// password takes the first step and gives the page that asks for a code.
func password(p *apptest.Person, next string) *apptest.Response {
	p.World.T.Helper()
	r := p.Post("/login", form("email", p.Email, "password", apptest.Password, "next", next))
	leads(p.World.T, r, "/login/two-step")
	return r.Follow().OK()
}

func TestTwoStepLoginAsksForACode(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		codes := turnOn(t, ann)
		w.Mail.Wait(t, ann.Email, "Two-step login is on")
		ann.Get("/me/security").Says("On since").Says("Replace the app").SaysNot("Turn on two-step login")
		ann.LogOut()

		page := password(ann, "/me/sessions")
		leads(t, ann.Get("/me/profile"), "/login?next=%2Fme%2Fprofile") // the password alone opens nothing
		says(t, page.Submit("main form", form("code", "000000")).Is(http.StatusUnprocessableEntity), "#code-error", "wrong or was already used")
		code := ann.Code()
		leads(t, page.Submit("main form", form("code", code)), "/me/sessions")
		ann.Get("/me/profile").OK()
		w.Unaudited(func() { leads(t, ann.Post("/login/two-step", form("code", ann.Code())), "/login") }) // the step is spent
		ann.LogOut()
		password(ann, "/").Submit("main form", form("code", code)).Is(http.StatusUnprocessableEntity)

		page = ann.Get("/login/two-step?with=recovery").OK().Submit("main form", form("code", codes[3]))
		page.Follow().Says("9 recovery codes are left.")
		w.Mail.Wait(t, ann.Email, "A recovery code was used")
		ann.LogOut()
		password(ann, "/").Submit("main form", form("code", codes[3])).Is(http.StatusUnprocessableEntity)
		w.Holds()
	})
}

func TestAStepIsOfOneBrowserAndTenMinutes(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		turnOn(t, ann)
		ann.LogOut()
		password(ann, "/")
		thief := w.Person("thief")
		w.Unaudited(func() {
			leads(t, thief.Get("/login/two-step"), "/login")
			leads(t, thief.Post("/login/two-step", form("code", ann.Code())), "/login")
		})
		leads(t, thief.Get("/me/profile"), "/login?next=%2Fme%2Fprofile")
		w.Clock.Add(10 * time.Minute)
		w.Unaudited(func() {
			ann.Post("/login/two-step", form("code", ann.Code())).Follow().Says("That took too long, or your login was changed meanwhile. Log in again.")
		})
		leads(t, ann.Get("/me/profile"), "/login?next=%2Fme%2Fprofile")
	})
}

func TestAResetPasswordDoesNotPassTheSecondStep(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		turnOn(t, ann)
		guest := w.Person("guest")
		guest.Get("/forgot").OK().Submit("main form", form("email", ann.Email))
		link := w.Mail.Wait(t, ann.Email, "Set a new password").Link(t, "/reset/")
		waiting := password(ann, "/")
		guest.Get(link).Submit("main form", form("password", next, "made", "me")).SeeOther()
		leads(t, guest.Get("/me/profile"), "/login?next=%2Fme%2Fprofile")
		leads(t, guest.Post("/login", form("email", ann.Email, "password", next)), "/login/two-step")
		w.Unaudited(func() { leads(t, waiting.Submit("main form", form("code", ann.Code())), "/login") }) // began with the former password
	})
}

func TestTwoStepLoginIsTurnedOnAndOff(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		leads(t, ann.Get("/me/security/two-step"), "/me/security")
		w.Unaudited(func() { leads(t, ann.Post("/me/security/two-step/confirm", form("code", "123456")), "/me/security") })
		leads(t, ann.Get("/me/security/two-step/off"), "/me/security")

		page := ann.Get("/me/security").Submit("form[action='/me/security/two-step']", nil).Follow()
		says(t, page.Submit("form[action$='/confirm']", form("code", "000000")).Is(http.StatusUnprocessableEntity), "#code-error", "not the code for this key")
		ann.Get("/me/security").Says("Off") // nothing has changed
		thief := ann.World.Person("thief")
		thief.Post("/login", form("email", ann.Email, "password", apptest.Password)).SeeOther()
		leads(t, thief.Get("/me/security/two-step"), "/me/security") // the key is shown in one browser
		turnOn(t, ann)
		w.Unaudited(func() {
			thief.Post("/me/security/two-step", nil).Is(http.StatusUnprocessableEntity).Has("#replace-code-error")
		})
		thief.Post("/me/security/two-step", form("code", "000000")).Is(http.StatusUnprocessableEntity)
		leads(t, thief.Get("/me/security/two-step"), "/me/security") // and begins no key

		codes := codesOf(t, ann.Get("/me/security").Submit("form[action='/me/security/codes']", nil).OK().Says("New recovery codes"))
		w.Mail.Wait(t, ann.Email, "You have new recovery codes")
		off := ann.Get("/me/security/two-step/off").OK()
		off.Submit("main form", form("code", "000000")).Is(http.StatusUnprocessableEntity).Has("#code-error")
		off.Submit("main form", form("code", codes[0])).Follow().Says("Two-step login is off.")
		w.Mail.Wait(t, ann.Email, "Two-step login is off")
		w.Unaudited(func() {
			leads(t, ann.Post("/me/security/codes", nil), "/me/security")
			ann.Post("/me/security/two-step/off", form("code", codes[1])).Follow().Says("Two-step login is off.")
		})
		ann.LogOut()
		leads(t, ann.Post("/login", form("email", ann.Email, "password", apptest.Password, "next", "/me/profile")), "/me/profile")
		w.Holds()
	})
}

func TestWrongCodesEndInAPauseAndInTheAudit(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		turnOn(t, ann)
		ann.LogOut()
		page := password(ann, "/")
		for range 5 {
			page.Submit("main form", form("code", "000000")).Is(http.StatusUnprocessableEntity)
		}
		page.Submit("main form", form("code", ann.Code())).Is(http.StatusTooManyRequests).Says("Try again in 15 minutes")
		if n := w.DBCount(`SELECT count(*) FROM audit WHERE account_id = 0 AND action = 'two-step.wrong'`); n != 5 {
			t.Errorf("the audit has %d wrong codes", n)
		}
		if !strings.Contains(w.Log(), "security: code refused") {
			t.Error("the log has no security event")
		}
		w.Clock.Add(15 * time.Minute)
		password(ann, "/me/profile").Submit("main form", form("code", ann.Code())).SeeOther()
	})
}

// Who changes phones need not turn two-step login off meanwhile: the account that
// asks for it stays open, and the app there was works until the next has shown a code.
func TestAnAppIsReplacedByTheFirstCodeOfTheNext(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		ann := acme.Owner
		former := turnOn(t, ann)
		old := ann.Key
		ann.Prove()
		ann.Get(acme.Path("/users/rules")).OK().Submit("form[action$='/rules/two-step']", nil).SeeOther()
		ann.Get("/me/security/two-step/off").OK().Has("a[href='/me/security#h-step']").Says("Then you need not turn it off")

		w.Clock.Add(time.Hour)
		w.Unaudited(func() { // not without showing who one is
			leads(t, ann.Post("/me/security/two-step", nil), "/me/prove?next=%2Fme%2Fsecurity%2Ftwo-step")
		})
		ann.Prove()
		scan := ann.Get("/me/security").OK().Submit("form[action='/me/security/two-step']", form("code", ann.Code())).Follow().OK().Says("Replace your authenticator app")
		next := strings.ReplaceAll(scan.Find(".key").Text(), " ", "")
		scan.Submit("form[action$='/confirm']", form("code", ann.Code())).Is(http.StatusUnprocessableEntity).Says("This is not the code for this key.")
		ann.LogOut()
		w.Clock.Add(time.Minute)
		password(ann, "/").Submit("main form", form("code", ann.Code())).SeeOther() // the old one works on

		ann.Prove()
		scan = ann.Get("/me/security").OK().Submit("form[action='/me/security/two-step']", form("code", former[5])).Follow().OK()
		again := strings.ReplaceAll(scan.Find(".key").Text(), " ", "")
		if again == next || again == old {
			t.Error("a key is shown twice")
		}
		ann.Key = again
		codes := codesOf(t, scan.Submit("form[action$='/confirm']", form("code", ann.Code())).OK().Says("Your new app is in use now"))
		ann.Get(acme.Path("/users")).OK()
		ann.Get("/me/security").OK().Says("10 are left")
		if text := w.Mail.Wait(t, ann.Email, "Your login has a new authenticator app").Words(); !strings.Contains(text, "The codes of the former no longer work") {
			t.Errorf("Ann reads: %s", text)
		}
		w.Staff("sue").Get("/staff/activity").OK().Says("put another authenticator app in place of theirs")
		ann.LogOut()
		w.Clock.Add(time.Minute)
		page := password(ann, "/")
		ann.Key = old
		page.Submit("main form", form("code", ann.Code())).Is(http.StatusUnprocessableEntity)
		page.Submit("main form", form("code", former[3])).Is(http.StatusUnprocessableEntity)
		page.Submit("main form", form("code", codes[3])).SeeOther()
		w.Holds()
	})
}

// of is an account, to db.Write.
type of id.Account

func (o of) Account() id.Account { return id.Account(o) }

func (w world) number(sql string, args ...any) int64 {
	w.t.Helper()
	n, err := db.One(w.ctx, w.db.Across(), func(r db.Row) (n int64, err error) { err = r.Scan(&n); return n, err }, sql, args...)
	ok(w.t, err)
	return n
}

// turnOn has somebody turn two-step login on, and gives their recovery codes.
func (w world) turnOn(me access.Self) []string {
	w.t.Helper()
	ok(w.t, w.login.BeginTwoStep(w.ctx, me, ""))
	setup, err := w.login.Setup(w.ctx, me)
	ok(w.t, err)
	code, err := setup.Secret.Code(w.clock().Now())
	ok(w.t, err)
	done, err := w.login.TurnOnTwoStep(w.ctx, me, code)
	ok(w.t, err)
	return done.Reveal()
}

// slow has a recovery code take most of a second to check, so that others come in
// between. It tells how long it takes.
func (w world) slow(code string) time.Duration {
	w.t.Helper()
	began := time.Now()
	hash, err := argon2id.CreateHash(strings.ReplaceAll(code, "-", ""), &argon2id.Params{Memory: 19 << 10, Iterations: 30, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	took := time.Since(began)
	ok(w.t, err)
	ok(w.t, w.db.WriteGlobal(w.ctx, db.Lock{}, func(tx *db.Tx) error {
		return tx.ExecOne(w.ctx, `UPDATE recovery_codes SET hash = $1 WHERE slot = $2`, hash, int(code[0]-'0'))
	}))
	return took
}

// Writers of one process may commit together, and what one has written is then seen
// in the other's transaction only. An owner who turns two-step login off right behind
// having asked everybody for it is refused all the same.
func TestTwoStepLoginIsNotTurnedOffInTheCommitThatAsksForIt(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		me := w.register()
		account := of(w.number(`SELECT account_id FROM accounts`))
		code := w.turnOn(me)[0]
		took := w.slow(code)
		off, asked, first, release := make(chan error, 1), make(chan error, 1), make(chan error, 1), make(chan struct{})
		go func() { off <- w.login.TurnOffTwoStep(w.ctx, me, code) }()
		for w.number(`SELECT count(*) FROM limits WHERE name >= 'two-step:' AND name < 'two-step;'`) == 0 { // until the code is being checked
			if len(off) > 0 {
				t.Fatal("the code was checked while nobody looked:", <-off)
			}
			time.Sleep(time.Millisecond)
		}
		go func() { first <- w.db.WriteGlobal(w.ctx, db.Lock{}, func(*db.Tx) error { <-release; return nil }) }()
		time.Sleep(5 * time.Millisecond)
		go func() {
			asked <- w.db.Write(w.ctx, account, func(tx *db.Tx) error {
				u, err := access.FindUser(w.ctx, tx, me.User().ID)
				if err != nil || u.TwoStep.IsZero() {
					return err
				}
				return access.SetRules(w.ctx, tx, id.Account(account), access.Rules{TwoStep: tx.Now()})
			}, db.LockUser(me.User().ID))
		}()
		time.Sleep(2 * took) // all three queue
		close(release)
		ok(t, <-first)
		ok(t, <-asked)
		err := <-off
		if n := w.number(`SELECT count(*) FROM accounts a JOIN memberships m ON m.account_id = a.account_id AND m.owner JOIN users u ON u.id = m.user_id
			WHERE a.two_step_rule_at > 0 AND u.two_step_at = 0`); n > 0 {
			t.Errorf("the owner is shut out by their own rule; turning it off says %v", err)
		}
	})
}
