package staff_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"atrium/area/staff"
	"atrium/base/access"
	"atrium/base/db/dbtest"
	"atrium/fault"
	"atrium/test/apptest"
)

// own is the proof that opens one's own login.
func (w world) own(t access.Token) access.Staff[access.OwnLogin] {
	w.Helper()
	s, err := access.FindStaffSession(w.Context(), w.db, access.DefaultLives(), t)
	w.must(err)
	in, err := access.EnterStaff[access.OwnLogin](s, "192.0.2.1", "Firefox")
	w.must(err)
	return in
}

// letters tells what mails of a kind there are.
func (w world) letters(kind string) int {
	w.Helper()
	w.must(w.jobs.Drain(w.Context()))
	all, err := w.mail.Outbox(w.Context(), 0, 100)
	w.must(err)
	n := 0
	for _, m := range all {
		if m.Kind == kind && m.To.Email == "Sue@host.example" {
			n++
		}
	}
	return n
}

func TestStaffAreInByTwoStepsOnly(t *testing.T) {
	each(t, func(w world) {
		w.sue()
		in, err := w.step("sue@host.example", password, "192.0.2.1")
		w.must(err)
		if !in.Person().TwoStep.IsZero() {
			t.Error("two-step login is on before it is set up")
		}
		if _, err := w.FinishLogIn(w.Context(), in, "123456", access.Token{}); fault.CodeOf(err) != access.TwoStepOff {
			t.Errorf("a code that nothing can check: %v", err)
		}
		codes, session := w.join(in)
		if _, ok := w.alive(session); !ok || w.letters("staff.two-step.on") != 1 {
			t.Error("no session, or no mail")
		}
		in, err = w.step("sue@host.example", password, "192.0.2.1")
		w.must(err)
		if _, err := w.FinishLogIn(w.Context(), in, "000000", access.Token{}); fault.CodeOf(err) != access.WrongCode {
			t.Errorf("a wrong code: %v", err)
		}
		if _, err := w.Setup(w.Context(), in); !fault.Is(err, fault.NotFound) {
			t.Errorf("the password alone shows a new key: %v", err)
		}
		f, err := w.FinishLogIn(w.Context(), in, codes.Reveal()[0], session)
		w.must(err)
		if _, ok := w.alive(session); ok || !f.Recovery || f.Left != 9 || w.letters("staff.two-step.recovery") != 1 {
			t.Errorf("with a recovery code: %+v", f)
		}
	})
}

func TestAnAuthenticatorIsReplacedByTheFirstCodeOfTheNext(t *testing.T) {
	each(t, func(w world) {
		w.sue()
		session, err := w.logIn("sue@host.example", password, "192.0.2.1")
		w.must(err)
		in := w.own(session)
		if err := w.BeginReplacing(w.Context(), in, "wrong"); fault.CodeOf(err) != access.WrongLogin {
			t.Errorf("a wrong password: %v", err)
		}
		if _, err := w.Replace(w.Context(), in, w.code()); fault.CodeOf(err) != access.SetupOver {
			t.Errorf("without a new key: %v", err)
		}
		w.must(w.BeginReplacing(w.Context(), in, password))
		former := *w.key
		if _, err := w.logIn("sue@host.example", password, "192.0.2.2"); err != nil {
			t.Errorf("the present one counts no longer: %v", err)
		}
		setup, err := w.Replacement(w.Context(), in)
		w.must(err)
		*w.key = setup.Secret
		codes, err := w.Replace(w.Context(), in, w.code())
		w.must(err)
		if n, err := w.RecoveryLeft(w.Context(), in); err != nil || n != 10 || len(codes.Reveal()) != 10 || w.letters("staff.two-step.replaced") != 1 {
			t.Errorf("%d recovery codes, %v", n, err)
		}
		_, err = w.logIn("sue@host.example", password, "192.0.2.3")
		w.must(err)
		*w.key = former
		if _, err := w.logIn("sue@host.example", password, "192.0.2.4"); fault.CodeOf(err) != access.WrongCode {
			t.Errorf("the former one: %v", err)
		}
		if _, err := w.RenewRecovery(w.Context(), in, "wrong"); fault.CodeOf(err) != access.WrongLogin {
			t.Errorf("a wrong password: %v", err)
		}
		fresh, err := w.RenewRecovery(w.Context(), in, password)
		w.must(err)
		if fresh.Reveal()[0] == codes.Reveal()[0] || w.letters("staff.two-step.codes") != 1 {
			t.Error("the codes are the former ones, or nobody is told")
		}
	})
}

func TestALostAuthenticatorIsResetByWhoRunsTheProgram(t *testing.T) {
	each(t, func(w world) {
		w.sue()
		session, err := w.logIn("sue@host.example", password, "192.0.2.1")
		w.must(err)
		waiting, err := w.step("sue@host.example", password, "192.0.2.1")
		w.must(err)
		w.add("sue@host.example", "")
		if _, ok := w.alive(session); !ok {
			t.Error("a new link ends the session")
		}
		code := w.code()
		_, err = w.Add(w.Context(), staff.Newcomer{Email: "sue@host.example", ResetTwoStep: true})
		w.must(err)
		if _, ok := w.alive(session); ok || w.letters("staff.two-step.reset") != 1 {
			t.Error("the session outlives the reset, or nobody is told")
		}
		if _, err := w.FinishLogIn(w.Context(), waiting, code, access.Token{}); err == nil {
			t.Error("the former code counts")
		}
		if !strings.HasSuffix(w.audited(), "staff.two-step-reset Sue@host.example system atrium staff add ") {
			t.Errorf("the audit says\n%s", w.audited())
		}
		_, err = w.logIn("sue@host.example", password, "192.0.2.1") // sets it up again
		w.must(err)
	})
}

// Who has given the password and no code gets nowhere in the staff area, on any
// route.
func TestNoStaffPageOpensWithoutTheSecondStep(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	acme := w.Account("Acme", "ann")
	sue := w.Staff("sue")
	half := w.Person("half")
	half.Post("/staff/login", url.Values{"email": {sue.Email}, "password": {apptest.Password}}).SeeOther()
	fresh := w.Person("new")
	link, err := w.App.Staff.Add(t.Context(), staff.Newcomer{Email: fresh.Email, Role: access.Administrator})
	if err != nil {
		t.Fatal(err)
	}
	fresh.Get(link).OK().Submit("main form", url.Values{"password": {apptest.Password}}).SeeOther()
	fresh.Post("/staff/login", url.Values{"email": {fresh.Email}, "password": {apptest.Password}}).SeeOther()
	walked := 0
	for _, row := range w.App.Routes.Rows() {
		if !strings.HasPrefix(row.Door, "staff:") || row.Method != "GET" {
			continue
		}
		path := strings.ReplaceAll(row.Path, "{account}", acme.Number.String())
		for i := strings.IndexByte(path, '{'); i >= 0; i = strings.IndexByte(path, '{') {
			path = path[:i] + "00000000001" + path[strings.IndexByte(path, '}')+1:]
		}
		walked++
		for _, p := range []*apptest.Person{half, fresh} {
			if to := p.Get(path).SeeOther(); !strings.HasPrefix(to, "/staff/login?next=") {
				t.Errorf("%s leads %s to %s", path, p.First, to)
			}
		}
	}
	if walked < 5 {
		t.Errorf("only %d routes were walked", walked)
	}
	half.Get("/staff/two-step/setup").SeeOther() // the password alone shows no key
	fresh.Get("/staff/two-step/setup").OK().Has(".qr")
}

// again is the same person in another browser, logged in there too.
func again(w *apptest.World, p *apptest.Person) *apptest.Person {
	other := w.Person(strings.ToLower(p.First))
	other.Key = p.Key
	w.Clock.Add(2 * time.Minute)
	other.LogInStaff()
	return other
}

func TestAStaffSessionIsEndedAlone(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		sue, lou := w.Staff("sue"), w.StaffAs("lou", access.Support)
		second, third := again(w, lou), again(w, lou)
		const others = "form[action*='/sessions/']"

		own := lou.Get("/staff/security").OK()
		if n := own.Find(others).Length(); n != 2 {
			t.Fatalf("%d other browsers can be logged out, want 2", n)
		}
		newest := own.Find(others).First().AttrOr("action", "") // of third
		w.Unaudited(func() { sue.Post(newest, nil).Is(404) })
		own.Submit("form[action='"+newest+"']", nil).Follow().Says("That browser is logged out.")
		third.Get("/staff/").SeeOther()
		second.Get("/staff/").OK()
		w.Unaudited(func() { lou.Post(newest, nil).Is(404) })

		person := sue.Get("/staff/people").Find("a:contains('Lou')").AttrOr("href", "")
		page := sue.Get(person).OK()
		if n := page.Find("main " + others).Length(); n != 2 {
			t.Fatalf("an administrator sees %d browsers of Lou, want 2", n)
		}
		page.Submit(others, nil).Follow().Says("That browser is logged out.").Has(others)
		second.Get("/staff/").SeeOther()
		lou.Get("/staff/").OK()

		// One's own browser is left by logging out, here too.
		me := sue.Get("/staff/people").Find("a:contains('Sue')").AttrOr("href", "")
		sue.Get(me).OK().Says("This browser").HasNot(others).Has("main form[action='/staff/logout']")
		sue.Get("/staff/activity?area=office").Says("logged one of their browsers out of the staff area").Says("logged lou@example.com out of one browser")
		w.Holds()
	})
}

func TestStaffLookAfterTheirOwnLogin(t *testing.T) {
	w := apptest.New(t, dbtest.SQLite)
	sue := w.StaffAs("sue", access.ReadOnly)
	page := sue.Get("/staff/security").OK().Says("10 are left")
	page.Submit("form[action$='/codes']", url.Values{"password": {"wrong"}}).Is(422).Has("#renew-password-error")
	page.Submit("form[action$='/codes']", url.Values{"password": {apptest.Password}}).OK().Says("New recovery codes").Has("a[download]")
	page.Submit("form[action$='/two-step']", url.Values{"password": {"wrong"}}).Is(422).Has("#replace-password-error")
	scan := page.Submit("form[action$='/two-step']", url.Values{"password": {apptest.Password}}).Follow().OK()
	scan.Submit("main form", url.Values{"code": {"000000"}}).Is(422).Has("#code-error")
	sue.Key = strings.ReplaceAll(scan.Find(".key").Text(), " ", "")
	scan.Submit("main form", url.Values{"code": {sue.Code()}}).OK().Says("The new authenticator counts now")
	w.Unaudited(func() {
		scan.Submit("main form", url.Values{"code": {sue.Code()}}).Follow().Says("no longer the one to confirm")
	})
	elsewhere := w.Person("sue")
	elsewhere.Key = sue.Key
	w.Clock.Add(2 * time.Minute)
	elsewhere.LogInStaff()
	sue.Get("/staff/security").Says("This browser").Submit("form[action$='/sessions']", nil).Follow().Says("One other browser is logged out.").HasNot("form[action$='/sessions']")
	elsewhere.Get("/staff/security").SeeOther()
	w.Clock.Add(2 * time.Minute)
	sue.Get("/staff/accounts").Has("a[href='/staff/security']")
	w.Clock.Add(time.Minute)
	sue.Post("/staff/logout", nil).SeeOther()
	code := sue.Get("/staff/login").Submit("main form", url.Values{"email": {sue.Email}, "password": {apptest.Password}}).Follow().OK()
	code.Submit("main form", url.Values{"code": {sue.Code()}}).Follow().OK()
	w.Holds()
}

// Between the door and the transaction are slow hashes: a session that is ended
// meanwhile puts no authenticator and no recovery codes in place.
func TestStaffWhoWereLoggedOutMeanwhileReplaceNothing(t *testing.T) {
	each(t, func(w world) {
		w.sue()
		session, err := w.logIn("sue@host.example", password, "192.0.2.1")
		w.must(err)
		thief := w.own(session)
		w.must(w.BeginReplacing(w.Context(), thief, password))
		setup, err := w.Replacement(w.Context(), thief)
		w.must(err)
		session, err = w.logIn("sue@host.example", password, "192.0.2.2")
		w.must(err)
		_, err = w.EndOthers(w.Context(), w.own(session))
		w.must(err)
		own := *w.key
		*w.key = setup.Secret
		if _, err := w.Replace(w.Context(), thief, w.code()); !fault.Is(err, fault.NotFound) {
			t.Errorf("another authenticator: %v", err)
		}
		if _, err := w.RenewRecovery(w.Context(), thief, password); !fault.Is(err, fault.NotFound) {
			t.Errorf("recovery codes: %v", err)
		}
		*w.key = own
		_, err = w.logIn("sue@host.example", password, "192.0.2.3")
		w.must(err)
	})
}
