package test

import (
	"go/ast"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"atrium/base/db"
	"atrium/test/apptest"
)

// asked are the items of authentication, sessions and access control that docs/asvs.md
// must answer.
const asked = `2.3.1 2.3.2 2.3.3 2.3.4 2.3.5 2.4.1 3.3.1 3.3.2 3.3.3 3.3.4
	6.1.1 6.1.2 6.1.3 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12
	6.3.1 6.3.2 6.3.3 6.3.4 6.3.5 6.3.7 6.3.8 6.4.1 6.4.2 6.4.3 6.4.4 6.4.6
	6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.5.6 6.6.1 6.6.2 6.6.3 6.8.1 6.8.2 6.8.3 6.8.4
	7.1.1 7.1.2 7.1.3 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2
	8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.3.1 8.3.2 8.3.3 8.4.1 14.3.1 16.3.1 16.3.2`

// testFunction is the name of a test, if this is one.
func testFunction(d ast.Decl) (string, bool) {
	f, ok := d.(*ast.FuncDecl)
	if !ok || f.Recv != nil {
		return "", false
	}
	return f.Name.Name, strings.HasPrefix(f.Name.Name, "Test")
}

var namedTest = regexp.MustCompile(`([a-z]+(?:/[a-z]+)*)\.(Test\w+)`)

// Nothing is claimed without a test, and no test is named that there isn't.
func TestTheASVSTableNamesTestsThatExist(t *testing.T) {
	exist := map[string]bool{}
	for _, f := range sources(t) {
		for _, d := range f.file.Decls {
			if name, ok := testFunction(d); ok && f.test() {
				exist[f.pkg+"."+name] = true
			}
		}
	}
	table, err := os.ReadFile(filepath.Join(root(t), "docs", "asvs.md"))
	if err != nil {
		t.Fatal(err)
	}
	answered := map[string]bool{}
	for _, line := range strings.Split(string(table), "\n") {
		cells := strings.Split(line, " | ")
		item, isRow := strings.CutPrefix(cells[0], "| v5.0.0-")
		if !isRow {
			continue
		}
		if len(cells) != 4 || answered[item] {
			t.Errorf("the row of %s has %d cells, or is not the only one", item, len(cells))
			continue
		}
		answered[item] = true
		named := namedTest.FindAllString(cells[3], -1)
		for _, name := range named {
			if !exist[name] {
				t.Errorf("%s names %s, which does not exist", item, name)
			}
		}
		if open := strings.HasPrefix(cells[2], "**Absent**") || strings.HasPrefix(cells[2], "**Not met**"); open == (len(named) > 0) {
			t.Errorf("%s names %d tests, and says: %s", item, len(named), cells[2])
		}
	}
	for _, item := range strings.Fields(asked) {
		if !answered[item] {
			t.Errorf("%s is not answered", item)
		}
	}
}

// Every field for a password is masked, tells a password manager what it is for,
// and leaves pasting alone: no page has a script of its own.
func TestPasswordFieldsAreForPasswordManagers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		link := acme.InviteLink("bob@example.com", "domains")
		guest := w.Person("guest")
		fields := 0
		for _, page := range []*apptest.Response{guest.Get("/login"), guest.Get("/register"), guest.Get(link), guest.Get("/staff/login"),
			acme.Owner.Get("/me/security"), acme.Owner.Get("/me/profile")} {
			page.OK().HasNot("[onpaste]").HasNot("form[autocomplete=off]").HasNot("input[type=text][name*=password]")
			for _, f := range page.Find("input[type=password]").EachIter() {
				fields++
				if purpose := f.AttrOr("autocomplete", ""); purpose != "current-password" && purpose != "new-password" {
					t.Errorf("%s has a password field with autocomplete %q", page.Path, purpose)
				}
			}
		}
		if fields < 8 {
			t.Errorf("there are %d fields for passwords", fields)
		}
	})
}

func TestANewAtriumHasNoLogins(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		if n := w.DBCount(`SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM staff)`); n != 0 {
			t.Errorf("there are %d", n)
		}
	})
}

func TestAPasswordIsNeverTooOld(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		w.Clock.Add(5 * 365 * 24 * time.Hour)
		if to := acme.Owner.LogIn().SeeOther(); strings.Contains(to, "password") {
			t.Errorf("logging in leads to %s", to)
		}
		acme.Owner.Get(acme.Path("/")).OK()
	})
}

func TestEveryPageBehindALogInOffersToLogOut(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		for _, path := range []string{"/accounts", "/me/profile", "/me/security", "/me/sessions", acme.Path("/"), acme.Path("/users"), acme.Path("/activity")} {
			acme.Owner.Get(path).OK().Has("form[action='/logout']")
		}
		bob.Get(acme.Path("/users")).Is(403).Has("form[action='/logout']")
		stan := w.Staff("stan")
		for _, path := range []string{"/staff/", "/staff/accounts", "/staff/users"} {
			stan.Get(path).OK().Has("form[action='/staff/logout']")
		}
	})
}

// What opens a login was changed: the page that this leads to offers to log out all
// other browsers.
func TestAfterAChangeOfFactorsOtherBrowsersAreOfferedToBeLoggedOut(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		const offer = "form[action='/me/sessions/logout']"
		ann.Get("/me/security").OK().HasNot(offer) // there is no other
		other := w.Person("ann")
		other.LogIn().SeeOther()
		ann.TurnOnTwoStep()
		page := ann.Get("/me/security").OK().Has(offer).Says("One other browser stays logged in with your login.")
		ann.Get("/me/security/two-step/off").OK().Submit("main form", url.Values{"code": {ann.Code()}}).Follow().OK().Has(offer)
		page.Submit(offer, nil).SeeOther()
		other.Get("/me/security").SeeOther()
	})
}

// Whoever has a password changed is told by mail, users and staff.
func TestAChangedPasswordIsMailed(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		ann.Get("/me/security").OK().Submit("form[action='/me/password']", url.Values{"current": {apptest.Password}, "password": {"another good long passphrase"}}).SeeOther()
		w.Mail.Wait(t, ann.Email, "Your password was changed")
		w.Staff("stan") // who has set one by the link
		w.Mail.Wait(t, "stan@example.com", "Your password was changed")
	})
}

// Recovery codes are drawn from more than a hundred million million, and stored by a
// hash that is slow to try.
func TestRecoveryCodesAreLongAndSlowlyHashed(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		ann.TurnOnTwoStep()
		hashes, err := db.All(t.Context(), w.DB.Across(), func(r db.Row) (h string, err error) { err = r.Scan(&h); return h, err }, `SELECT hash FROM recovery_codes`)
		if err != nil || len(hashes) != 10 {
			t.Fatalf("%d codes, %v", len(hashes), err)
		}
		for _, h := range hashes {
			if !strings.HasPrefix(h, "$argon2id$") {
				t.Errorf("a code is stored as %s", h)
			}
		}
		for _, code := range recoveryCodes(ann.Get("/me/security").OK().Submit("form[action='/me/security/codes']", nil).OK()) {
			if n := len(strings.NewReplacer("-", "", " ", "").Replace(code)); n < 10 {
				t.Errorf("a code has %d letters and digits", n)
			}
		}
	})
}

// Secrets come from the system's generator. What is drawn otherwise is how long
// something waits before it is tried again.
func TestOnlyWaitingTimesAreDrawnWithoutTheSystemsGenerator(t *testing.T) {
	for _, f := range sources(t) {
		waits := f.pkg == "base/job" || f.pkg == "base/mail" || f.pkg == "base/db"
		if f.test() || waits || strings.HasPrefix(f.pkg, "bench") || strings.HasPrefix(f.pkg, "test") {
			continue
		}
		for _, i := range f.file.Imports {
			if strings.HasPrefix(i.Path.Value, `"math/rand`) {
				t.Errorf("%s imports %s", f.path, i.Path.Value)
			}
		}
	}
}

// Every log in is in the audit, with whence it came.
func TestALogInIsInTheAudit(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		ann.LogOut()
		opened := `SELECT count(*) FROM audit WHERE action = $1 AND ip <> '' AND agent <> ''`
		before := w.DBCount(opened, "session.opened")
		ann.LogIn().SeeOther()
		if n := w.DBCount(opened, "session.opened"); n != before+1 {
			t.Errorf("%d log ins are in the audit, want %d", n, before+1)
		}
		stan := w.Staff("stan")
		before = w.DBCount(opened, "staff.login")
		w.Clock.Add(13 * time.Hour)
		stan.LogInStaff()
		if n := w.DBCount(opened, "staff.login"); n != before+1 {
			t.Errorf("%d log ins of staff are in the audit, want %d", n, before+1)
		}
	})
}
