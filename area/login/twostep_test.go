package login_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

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
		codes := codesOf(t, scan.Submit("form[action$='/confirm']", form("code", ann.Code())).OK().Says("The new app counts now"))
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
