package test

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
	"atrium/test/sentences"
)

// Every kind of mail, as it is stored, in the language of
// TestEveryWordOfEveryPageCanBeTranslated. The host speaks it, and nobody has
// chosen another. Which kinds there are, the source says.
func TestEveryWordOfEveryMailCanBeTranslated(t *testing.T) {
	kinds, err := sentences.Kinds(root(t))
	if err != nil || len(kinds) < 30 {
		t.Fatalf("%d kinds of mail were found: %v", len(kinds), err)
	}
	w := pseudoWorld(t)
	mailsOfTime(w.Account("Nordlicht", "erna"))
	acme := w.Account("Acme", "ann")
	stan := w.Staff("stan")
	mailsOfALogin(w, acme.Owner, stan)
	mailsOfPasskeys(acme.Owner)
	mailsOfAMove(w, acme.Owner)
	mailsOfInvitations(acme)
	mailsOfRequests(acme)
	mailsOfMembers(acme, stan)
	mailsOfAnAccount(acme, stan)
	mailsOfRules(acme, stan)
	mailsOfStaff(w, stan)

	test := testMail(w, stan) // when all others are sent
	seen, bare := map[string]bool{}, map[string]string{}
	for _, m := range append(storedMails(w), test) {
		seen[m.kind] = true
		for _, text := range m.untranslated(t) {
			bare[text] = m.kind
		}
	}
	for _, text := range slices.Sorted(maps.Keys(bare)) {
		t.Errorf("%s: nobody can translate %q", bare[text], text)
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if !seen[kind] {
			t.Errorf("no mail of the kind %q was sent, which is written at %s: have somebody cause it", kind, kinds[kind].Where[0])
		}
	}
	for kind := range seen {
		if kinds[kind] == nil {
			t.Errorf("the source does not seem to have the kind %q", kind)
		}
	}
}

// pseudoWorld is one whose host speaks the pseudo-language, which no form lets
// them choose.
func pseudoWorld(t *testing.T) *apptest.World {
	w := apptest.New(t, dbtest.SQLite)
	w.Exec(`INSERT INTO settings (name, value, sealed, version, changed_at, changed_by) VALUES ('region', '{"language": "en-XA", "time_zone": "UTC"}', '', 1, 0, '')`)
	w.Stop()
	return w.Another()
}

// A storedMail is what is to be read in one.
type storedMail struct{ kind, subject, text, html string }

func storedMails(w *apptest.World) []storedMail {
	w.T.Helper()
	all, err := db.All(w.T.Context(), w.DB.Across(), func(r db.Row) (m storedMail, err error) {
		err = r.Scan(&m.kind, &m.subject, &m.text, &m.html)
		return m, err
	}, `SELECT kind, subject, body_text, body_html FROM emails ORDER BY id`)
	if err != nil {
		w.T.Fatal(err)
	}
	return all
}

// testMail waits for all mails to be sent. The test mail itself is sent at once,
// and not stored.
func testMail(w *apptest.World, stan *apptest.Person) storedMail {
	had := mailed(w, stan.Email)
	stan.Get("/staff/settings/mail").OK().Submit("form[action$='/test']", nil).OK()
	l := w.Mail.To(stan.Email)[had]
	return storedMail{"test", l.Subject, l.Text, l.HTML}
}

var (
	// sealed stands where a stored mail had its link.
	sealed = regexp.MustCompile("\x02[^\x03]*\x03")
	// plain are letters that the pseudo-language does not write: in its brackets
	// they are a word that was put into a sentence as it is.
	plain = regexp.MustCompile(`[A-Za-z]{2,}`)
	// known are names that stay what they are in every language.
	known = regexp.MustCompile(`\b(Firefox|Linux)\b`)
)

func (m storedMail) untranslated(t *testing.T) []string {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(sealed.ReplaceAllString(m.html, "")))
	if err != nil {
		t.Fatal(err)
	}
	all := outside(page.Find("html"))
	for _, text := range []string{m.subject, sealed.ReplaceAllString(m.text, "")} {
		text = strings.Join(strings.Fields(text), " ") // lines break within names
		if bareWords(text) != "" {
			all = append(all, text)
		}
		all = append(all, plain.FindAllString(known.ReplaceAllString(typed.ReplaceAllString(text, ""), ""), -1)...)
	}
	return all
}

// linkTo is the latest link under the path that was mailed to an address.
func linkTo(w *apptest.World, email, path string) string {
	w.T.Helper()
	mailed(w, email)
	for _, l := range slices.Backward(w.Mail.To(email)) {
		if strings.Contains(l.Text, path) {
			return l.Link(w.T, path)
		}
	}
	w.T.Fatalf("%s got no link to %s", email, path)
	return ""
}

// mailsOfTime has an account be old enough for its owner to be reminded.
func mailsOfTime(a *apptest.Account) {
	a.Invite("office@example.net", "domains").SeeOther()
	a.World.Exec(`UPDATE accounts SET created_at = 1 WHERE account_id = $1`, a.Number)
	a.World.Clock.Add(time.Hour)
	a.World.Mail.Wait(a.World.T, a.Owner.Email, a.Name).Link(a.World.T, a.Path("/users/"))
}

// mailsOfALogin has somebody do everything with their password and two-step
// login, and staff with their login.
func mailsOfALogin(w *apptest.World, ann, stan *apptest.Person) {
	ann.Get(linkTo(w, ann.Email, "/verify/")).OK().Submit("main form", nil).SeeOther()
	guest, password := w.Person("guest"), url.Values{"password": {apptest.Password}}
	guest.Get("/forgot").OK().Submit("main form", url.Values{"email": {ann.Email}})
	guest.Get(linkTo(w, ann.Email, "/reset/")).OK().Submit("main form", password).SeeOther()
	ann.LogIn()
	ann.TurnOnTwoStep()
	codes := recoveryCodes(ann.Get("/me/security").OK().Submit("form[action$='/codes']", nil).OK())
	ann.LogOut()
	ann.LogIn().SeeOther()
	ann.Get("/login/two-step?with=recovery").OK().Submit("main form", url.Values{"code": {codes[0]}}).SeeOther()
	ann.Prove()
	codes = recoveryCodes(ann.ReplaceApp(codes[1]))
	ann.Get("/me/security/two-step/off").OK().Submit("main form", url.Values{"code": {codes[0]}}).SeeOther()
	ann.TurnOnTwoStep()

	at := userOf(w.T, w, ann)
	reason := url.Values{"reason": {"Reason of Vera"}}
	stan.Post(at+"/password", nil).SeeOther()
	linkTo(w, ann.Email, "/reset/")
	stan.Get(at+"/two-step-off").OK().Submit("main form", reason).SeeOther()
	stan.Get(at+"/deactivate").OK().Submit("main form", reason).SeeOther()
	stan.Post(at+"/activate", nil).SeeOther()
	ann.LogIn().SeeOther()
}

// recoveryCodes are those that a page shows.
func recoveryCodes(page *apptest.Response) []string {
	return page.Has("#codes li").Find("#codes li").Map(func(_ int, li *goquery.Selection) string { return strings.TrimSpace(li.Text()) })
}

// mailsOfPasskeys has somebody add two passkeys, use a copy of one, make them the
// second step, with an app beside them, and remove one.
func mailsOfPasskeys(ann *apptest.Person) {
	ann.AddPasskey("Nordlicht")
	phone := ann.AddPasskey("Nordlicht 2")
	ann.Get("/me/security").OK().Submit("form[action$='/two-step/passkeys']", nil).OK()
	ann.TurnOnTwoStep()
	key := ann.Get("/me/security").OK().Find("a[href^='/me/passkeys/']:not([href$='/new'])").First().AttrOr("href", "")
	ann.Get(key+"/remove").OK().Submit("main form", nil).SeeOther()
	ann.Get("/me/security/two-step/off").OK().Submit("main form:not([data-passkey])", url.Values{"code": {ann.Code()}}).SeeOther()
	ann.LogOut()
	logIn := func(count uint32) *apptest.Response {
		phone.Count = count
		page := ann.Get("/login/passkey").OK()
		return page.Submit("form[data-passkey]", phone.Answer(page, "form[data-passkey]"))
	}
	logIn(7).SeeOther()
	ann.LogOut()
	logIn(3).Is(422)
	ann.LogIn().SeeOther()
}

// mailsOfAMove has somebody change their address and take that back.
func mailsOfAMove(w *apptest.World, ann *apptest.Person) {
	ann.Get("/me/profile").OK().Submit("form[action='/me/email']", url.Values{"email": {"new@example.com"}, "password": {apptest.Password}}).SeeOther()
	ann.Get(linkTo(w, "new@example.com", "/verify/")).OK().Submit("main form", nil)
	ann.Get(linkTo(w, ann.Email, "/undo/")).OK().Submit("main form", nil)
	ann.LogIn().SeeOther()
}

// mailsOfRules has the owner ask everybody for two-step login, who is not the only
// member, and staff switch that off.
func mailsOfRules(acme *apptest.Account, stan *apptest.Person) {
	acme.Owner.TurnOnTwoStep()
	switchRule(acme, "two-step").SeeOther()
	stan.Post("/staff/accounts/"+acme.Number.String()+"/users/rules/two-step", url.Values{"reason": {"Reason of Vera"}}).SeeOther()
}

// mailsOfInvitations has one accepted and asked for again, and one declined.
func mailsOfInvitations(acme *apptest.Account) {
	w := acme.World
	acme.Owner.Get(acme.Path("/users")).OK().Submit("form#invite", url.Values{
		"email": {"office@example.com"}, "access": {"choose"}, "perm": {"domains"}, "message": {"Reason of Vera"}}).SeeOther()
	link := linkTo(w, "office@example.com", "/invite/")
	w.Person("carl").Get(link).OK().Submit("form[action$='/new']", url.Values{"first": {"Bob"}, "email": {"carl@example.com"}, "password": {apptest.Password}}).SeeOther()
	w.Person("late").Get(link).Is(410).Submit("form[action$='/ask']", nil).OK()
	w.Person("late").Get(acme.InviteLink("dora@example.com", "emails")+"/decline").OK().Submit("main form", nil).OK()
}

// mailsOfRequests has a member ask for two permissions, one of which is given and one
// not, and a stranger ask for access, whom a manager lets in.
func mailsOfRequests(acme *apptest.Account) {
	w := acme.World
	mia := manager(w.T, w, acme, "mia")
	bob := acme.Member("bert", "domains")
	for _, slug := range []string{"contacts", "quotes"} {
		bob.Post(acme.Path("/requests"), url.Values{"permission": {slug}, "note": {"Reason of Vera"}}).SeeOther()
	}
	answer(acme, acme.Owner, "/approve", url.Values{"perm": {"contacts"}})
	answer(acme, acme.Owner, "/decline", url.Values{"reason": {"Reason of Vera"}})
	for _, first := range []string{"carla", "dirk"} {
		guest := w.Account("Nordlicht", first).Owner
		guest.Get("/accounts/ask").OK().Submit("main form.card", url.Values{"account": {acme.Number.String()}, "note": {"Reason of Vera"}}).SeeOther()
		linkTo(w, acme.Owner.Email, acme.Path("/requests/"))
		if first == "carla" {
			answer(acme, mia, "/approve", url.Values{"perm": {"emails"}})
		} else {
			answer(acme, mia, "/decline", url.Values{"reason": {"Reason of Vera"}})
		}
	}
	acme.Owner.Get(acme.Path("/users/"+userID(w, mia.Email)+"/remove")).OK().Submit("main form.card", nil).SeeOther()
}

// answer answers the first request that waits.
func answer(acme *apptest.Account, by *apptest.Person, how string, form url.Values) {
	href := by.Get(acme.Path("/users")).OK().Has("main a[href*='/requests/']").Find("main a[href*='/requests/']").First().AttrOr("href", "")
	href, _, _ = strings.Cut(href, "#")
	by.Get(href).OK().Submit("form[action$='"+how+"']", form).SeeOther()
}

// mailsOfMembers has members' permissions changed, has them removed and leave,
// and hands the account over: by its owner, who is declined once, and by staff.
func mailsOfMembers(acme *apptest.Account, stan *apptest.Person) {
	ann, bob, leaver := acme.Owner, acme.Member("bob", "domains"), acme.Member("nil", "domains")
	allow(acme, bob, "emails", "contacts")
	acme.LetManage(bob, true)
	acme.LetManage(bob, false)
	leaver.Get(acme.Path("/users/people/leave")).OK().Submit("main form", nil).SeeOther()
	bob.Get(offer(acme, bob)).OK().Submit("form[action$='/decline']", nil).SeeOther()
	bob.Get(offer(acme, bob)).OK().Submit("form[action$='/accept']", nil).SeeOther()
	r := fileOf(acme, stan)
	r.hand(ann.Email, "keep").SeeOther()
	r.hand(bob.Email, "remove").SeeOther()
	acme.Owner = bob
	acme.Join(ann, "domains")
	r.hand(ann.Email, "keep").SeeOther()
	acme.Owner = ann
	ann.Get(acme.Path("/users/"+userID(acme.World, bob.Email)+"/remove")).OK().Submit("main form", nil).SeeOther()
}

// mailsOfAnAccount has its address, its contacts and its status changed, by a
// member and by staff.
func mailsOfAnAccount(acme *apptest.Account, stan *apptest.Person) {
	vera := acme.Member("vera", "profile", "contacts")
	saveProfile(vera, acme.Path("/profile"), url.Values{"email": {"office@example.com"}}).SeeOther()
	contact := url.Values{"name": {"Billing Office"}, "email": {"billing@example.com"}, "topic": {"invoice", "product"}}
	addContact(vera, acme.Path(""), contact).SeeOther()
	at := contactOf(acme.World.T, vera, acme.Path(""), "Billing Office")
	vera.Get(at).OK().Submit("main form", url.Values{"email": {"bills@example.com"}}).SeeOther()
	vera.Get(at).OK().Submit("main form", url.Values{"topic": {"invoice", "product", "domain"}}).SeeOther()

	record := fileOf(acme, stan).at("")
	contact.Set("email", "more@example.com")
	addContact(stan, record, contact).SeeOther()
	saveProfile(stan, record+"/profile", url.Values{"email": {"elsewhere@example.com"}}).SeeOther()
	for _, status := range []string{"closed", "active"} {
		stan.Get(record+"/status").OK().Submit("main form", url.Values{"status": {status}, "reason": {"Reason of Vera"}}).SeeOther()
	}
}

// mailsOfStaff has a colleague join and do everything with their own login, and
// has it changed by another.
func mailsOfStaff(w *apptest.World, stan *apptest.Person) {
	vera := w.Person("vera")
	stan.Get("/staff/people").OK().Submit("form[action='/staff/people']", url.Values{"email": {vera.Email}, "name": {"Vera Staff"}, "role": {"support"}}).SeeOther()
	vera.Get(linkTo(w, vera.Email, "/staff/set-password/")).OK().Submit("main form", url.Values{"password": {apptest.Password}}).SeeOther()
	vera.LogInStaff()
	page, password := vera.Get("/staff/security").OK(), url.Values{"password": {apptest.Password}}
	scan := page.Submit("form[action$='/two-step']", password).Follow().OK()
	vera.Key = strings.ReplaceAll(scan.Find(".key").Text(), " ", "")
	scan.Submit("main form", url.Values{"code": {vera.Code()}}).OK()
	codes := recoveryCodes(page.Submit("form[action$='/codes']", password).OK())
	vera.Post("/staff/logout", nil).SeeOther()
	vera = vera.Elsewhere()
	vera.Get("/staff/login").OK().Submit("main form", url.Values{"email": {vera.Email}, "password": {apptest.Password}}).SeeOther()
	vera.Get("/staff/two-step?with=recovery").OK().Submit("main form", url.Values{"code": {codes[0]}}).SeeOther()
	person := stan.Get("/staff/people").OK().Find("a:contains('Vera Staff')").AttrOr("href", "")
	stan.Get(person).OK().Submit("form[action='"+person+"']", url.Values{"role": {"billing"}}).SeeOther()
	stan.Get(person).OK().Submit("form[action$='/two-step']", url.Values{"reason": {"Reason of Vera"}}).SeeOther()
}
