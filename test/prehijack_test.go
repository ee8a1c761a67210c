package test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"atrium/base/access"
	"atrium/base/db/dbtest"
	"atrium/test/apptest"
)

// A hijack is a login that mallory has made with victim@example.com before the
// person whose address that is came.
type hijack struct {
	w       *apptest.World
	account *apptest.Account // that came with it
	mallory *apptest.Person  // in her browser, with the address of the victim
	accomp  *apptest.Person  // another login of hers
	victim  *apptest.Person  // the person, in their browser

	phone     *apptest.Authenticator
	codes     []string
	link      string // what it is about, e.g. an invitation's
	step      *apptest.Response
	elsewhere *apptest.Account
}

func newHijack(w *apptest.World) *hijack {
	h := &hijack{w: w, account: w.Account("Mallory's trap", "victim"), victim: w.Person("victim")}
	h.mallory = h.account.Owner
	return h
}

const theirs = "the victim's own passphrase"

// A proof is how the person proves their address.
type proof func(*hijack)

// byReset asks for a new password, and answers what is asked.
func byReset(h *hijack) {
	page := h.victim.Get(resetLink(h.w, h.victim)).OK().Says("Did you make this login yourself?").HasNot("input[name=made][checked]")
	page.Submit("main form", url.Values{"password": {theirs}}).Is(422).Says("Choose one of the two answers.")
	page.Submit("main form", url.Values{"password": {theirs}, "made": {"other"}}).Is(422).Says("Enter your first name.").Has("input[name=made][value=other][checked]")
	page.Submit("main form", url.Values{"password": {theirs}, "made": {"other"}, "first": {"Vic"}, "last": {"Tim"}}).SeeOther()
	settle(h.w.T, h.w)
}

// byVerification opens the link in the mail that asks to confirm the address.
func byVerification(h *hijack) {
	settle(h.w.T, h.w)
	link := h.w.Mail.Wait(h.w.T, h.victim.Email, "Confirm your email address").Link(h.w.T, "/verify/")
	page := h.victim.Get(link).OK().Says("A login was made here with victim@example.com.").Has("a[href^='/login?next=%2Fverify%2F']")
	h.victim.Post(strings.TrimPrefix(link, h.w.URL), nil).Is(http.StatusForbidden) // nothing is confirmed for whoever made it
	page = page.Submit("form[action*='/disown']", nil).Follow().OK().Has("input[name=made][value=other][checked]")
	page.Submit("main form", url.Values{"password": {theirs}, "first": {"Vic"}, "last": {"Tim"}}).SeeOther()
	settle(h.w.T, h.w)
}

// A remnant is something that mallory leaves behind, and how she would use it.
type remnant struct {
	name  string
	leave func(*hijack)
	holds func(*hijack) bool // whether it still gives her anything
}

// loggedIn tells whether somebody's browser is logged in.
func loggedIn(p *apptest.Person) bool { return p.Get("/me/profile").Status == http.StatusOK }

func remnants() []remnant {
	return []remnant{
		{"her session", func(*hijack) {}, func(h *hijack) bool { return loggedIn(h.mallory) }},
		{"her remembered session", func(h *hijack) {
			h.mallory = h.mallory.Elsewhere()
			h.mallory.Post("/login", url.Values{"email": {h.victim.Email}, "password": {apptest.Password}, "remember": {"yes"}}).SeeOther()
		}, func(h *hijack) bool { return loggedIn(h.mallory) }},
		{"her password", func(h *hijack) { h.mallory.LogOut() }, func(h *hijack) bool {
			h.w.Unaudited(func() {
				h.mallory.Post("/login", url.Values{"email": {h.victim.Email}, "password": {apptest.Password}})
			})
			return loggedIn(h.mallory)
		}},
		{"a passkey", func(h *hijack) { // which only a login with a proved address can add: one whose address staff have changed since
			h.mallory.Verify()
			h.phone = h.mallory.AddPasskey("Phone")
			h.w.Exec(`UPDATE users SET verified_at = 0 WHERE email = $1`, h.victim.Email)
			h.mallory.Post("/me/verify", nil).SeeOther()
			h.mallory.LogOut()
		}, func(h *hijack) bool {
			page := h.mallory.Get("/login/passkey").OK()
			page.Submit(keyForm, h.phone.Answer(page, keyForm))
			return loggedIn(h.mallory)
		}},
		{"two-step login", func(h *hijack) { h.mallory.TurnOnTwoStep() }, func(h *hijack) bool { return h.w.DBCount(`SELECT count(*) FROM two_step`) > 0 }},
		{"recovery codes", func(h *hijack) {
			h.mallory.TurnOnTwoStep()
			h.codes = recoveryCodes(h.mallory.Post("/me/security/codes", nil).OK())
		}, func(h *hijack) bool { return h.w.DBCount(`SELECT count(*) FROM recovery_codes`) > 0 }},
		{"a log in half-way", func(h *hijack) {
			h.mallory.TurnOnTwoStep()
			h.mallory = h.mallory.Elsewhere()
			h.step = h.mallory.Get("/login").OK().Submit("form[action^='/login']", url.Values{"email": {h.victim.Email}, "password": {apptest.Password}}).Follow().OK()
		}, func(h *hijack) bool {
			h.w.Unaudited(func() { h.step.Submit("main form", url.Values{"code": {h.mallory.Code()}}) })
			return loggedIn(h.mallory)
		}},
		{"a change of the address that waits", func(h *hijack) {
			h.mallory.Get("/me/profile").Submit("form[action$='/me/email']", url.Values{"email": {"mallory@evil.example"}, "password": {apptest.Password}}).SeeOther()
			h.link = h.w.Mail.Wait(h.w.T, "mallory@evil.example", "onfirm").Link(h.w.T, "/verify/")
		}, func(h *hijack) bool { return h.mallory.Get(h.link).Status != http.StatusNotFound }},
		{"a browser that is known", func(*hijack) {}, func(h *hijack) bool {
			for _, c := range h.mallory.Cookies() {
				if t, ok := access.ParseToken(c.Value); ok && c.Name == "atrium_browser" {
					return h.w.DBCount(`SELECT count(*) FROM browsers WHERE token_hash = $1`, t.Hash()) > 0
				}
			}
			return false
		}},
		{"another login of hers as a member", func(h *hijack) {
			h.accomp = h.account.Member("accomplice", "domains", "emails")
			h.accomp.Get(h.account.Path("/emails")).OK()
		}, func(h *hijack) bool { return h.accomp.Get(h.account.Path("/")).Status != http.StatusNotFound }},
		{"an invitation that waits", func(h *hijack) { h.link = h.account.InviteLink("accomplice@example.com", "domains") },
			func(h *hijack) bool { return h.w.Person("accomplice").Get(h.link).Status != http.StatusGone }},
		{"an offer of the ownership", func(h *hijack) {
			h.accomp = h.account.Member("accomplice", "domains")
			h.link = offer(h.account, h.accomp)
		}, func(h *hijack) bool {
			return h.accomp.Get(h.link).Find("form[action*='/handover/']").Length() > 0 || h.w.DBCount(`SELECT count(*) FROM handovers WHERE state = 'pending'`) > 0
		}},
		{"a contact that gets the mails", func(h *hijack) {
			page := h.mallory.Get(h.account.Path("/contacts/new")).OK()
			page.Submit("main form", url.Values{"name": {"Mallory"}, "email": {"mallory@evil.example"}, "country": {"DE"}}).SeeOther()
		}, func(h *hijack) bool { return h.w.DBCount(`SELECT count(*) FROM contacts`) > 0 }},
		{"the account's mails sent to her", func(h *hijack) {
			page := h.mallory.Get(h.account.Path("/profile")).OK()
			page.Submit("form[action$='/profile']", url.Values{"email": {"mallory@evil.example"}}).SeeOther()
		}, func(h *hijack) bool {
			return h.w.DBCount(`SELECT count(*) FROM accounts WHERE email = 'mallory@evil.example'`) > 0
		}},
		{"a membership in an account of hers", func(h *hijack) {
			h.elsewhere = h.w.Account("Another trap", "accomplice")
			h.elsewhere.Join(h.mallory, "domains")
		}, func(h *hijack) bool { return h.victim.Get(h.elsewhere.Path("/")).Status != http.StatusNotFound }},
		{"her name", func(*hijack) {}, func(h *hijack) bool {
			return h.w.DBCount(`SELECT count(*) FROM users WHERE email = $1 AND first_name = 'Vic' AND last_name = 'Tim'`, h.victim.Email) != 1
		}},
	}
}

// Whoever registers with somebody else's address keeps nothing of it once the
// person proves the address, by a new password or by the link to confirm it.
func TestWhoMadeALoginWithAnothersAddressKeepsNothing(t *testing.T) {
	for name, prove := range map[string]proof{"by reset": byReset, "by verification": byVerification} {
		for _, r := range remnants() {
			t.Run(name+"/"+r.name, func(t *testing.T) {
				keeps := func(t *testing.T, w *apptest.World) {
					h := newHijack(w)
					r.leave(h)
					prove(h)
					h.victim.Post("/login", url.Values{"email": {h.victim.Email}, "password": {theirs}}).SeeOther()
					if !loggedIn(h.victim) {
						t.Error("the person is not in by their password alone")
					}
					if r.holds(h) {
						t.Errorf("%s still gives her something", r.name)
					}
					h.victim.Get(h.account.Path("/users")).OK()
					if n := w.DBCount(`SELECT count(*) FROM users WHERE email = $1 AND verified_at > 0`, h.victim.Email); n != 1 {
						t.Error("the address is proved, and is not noted")
					}
					if n := len(notices(w, h.victim.Email)); n > 1 { // mallory's remembered session, before
						t.Errorf("the browser of the proof is told of %d times", n)
					}
					w.Holds()
				}
				if name == "by verification" { // which leads to the same form
					keeps(t, apptest.New(t, dbtest.SQLite))
					return
				}
				apptest.Each(t, keeps)
			})
		}
	}
}

// Nor is anything kept by an account that shuts its new owner out, because whoever
// made the login has had it ask for two-step login.
func TestARuleOfTheAccountKeepsNothingThere(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		h := newHijack(w)
		h.accomp = h.account.Member("accomplice", "domains")
		invited := h.account.InviteLink("another@example.com", "domains")
		page := h.mallory.Get(h.account.Path("/contacts/new")).OK()
		page.Submit("main form", url.Values{"name": {"Mallory"}, "email": {"mallory@evil.example"}, "country": {"DE"}}).SeeOther()
		h.mallory.Get(h.account.Path("/profile")).OK().Submit("form[action$='/profile']", url.Values{"email": {"mallory@evil.example"}}).SeeOther()
		askForTwoStep(h.account)
		byReset(h)
		h.accomp.Get(h.account.Path("/")).Is(http.StatusNotFound)
		w.Person("another").Get(invited).Is(http.StatusGone)
		if n := w.DBCount(`SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM accounts WHERE email <> $1 AND account_id = $2)`, h.victim.Email, h.account.Number); n != 0 {
			t.Errorf("%d things are left", n)
		}
		w.Holds()
	})
}

// Without such a proof each of them would be of use to her: the test above has not
// lost its subject.
func TestWhatSheLeavesBehindWouldBeOfUse(t *testing.T) {
	for _, r := range remnants() {
		t.Run(r.name, func(t *testing.T) {
			h := newHijack(apptest.New(t, dbtest.SQLite))
			r.leave(h)
			if !r.holds(h) {
				t.Error("it gives her nothing to begin with")
			}
		})
	}
}

// Who says that they made the login keeps what is set up, and is asked for the
// second step; the address is not proved by it, so that the question comes again
// for who has answered in a hurry.
func TestWhoMadeTheLoginThemselvesKeepsWhatIsSetUp(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "domains")
		ann := acme.Owner
		ann.TurnOnTwoStep()
		there := ann.Elsewhere()
		there.Get(resetLink(w, there)).OK().Submit("main form", url.Values{"password": {theirs}, "made": {"me"}}).SeeOther()
		settle(t, w)
		if loggedIn(ann) {
			t.Error("her other session lives on")
		}
		page := there.Get("/login").OK().Submit("form[action^='/login']", url.Values{"email": {ann.Email}, "password": {theirs}}).Follow().OK().Says("Two-step login")
		page.Submit("main form", url.Values{"code": {there.Code()}}).SeeOther()
		bob.Get(acme.Path("/")).OK()
		there.Get(resetLink(w, there)).OK().Says("Did you make this login yourself?")
		// Once it is proved, nobody is asked.
		there.Get(w.Mail.Wait(t, ann.Email, "Confirm your email address").Link(t, "/verify/")).OK().Submit("main form", nil).SeeOther()
		w.Person("ann").Get(resetLink(w, there)).OK().HasNot("input[name=made]")
	})
}

// The link to confirm an address confirms it in a browser that is logged in with
// that login, and in no other.
func TestAnAddressIsConfirmedByWhoIsLoggedInWithTheLogin(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann, eve := w.Account("Acme", "ann").Owner, w.Account("Eve's", "eve").Owner
		link := w.Mail.Wait(t, ann.Email, "Confirm your email address").Link(t, "/verify/")
		path := strings.TrimPrefix(link, w.URL)
		eve.Get(link).OK().Says("You are logged in as eve@example.com.").Says("Use another login")
		eve.Post(path, nil).Is(http.StatusForbidden)
		there := ann.Elsewhere()
		there.Post(path, nil).Is(http.StatusForbidden)
		if n := w.DBCount(`SELECT count(*) FROM users WHERE verified_at > 0`); n != 0 {
			t.Error("confirmed by somebody else")
		}
		to, _ := there.Get(link).OK().Find("a.btn.primary").Attr("href")
		back := there.Get(to).OK().Submit("form[action^='/login']", url.Values{"email": {ann.Email}, "password": {apptest.Password}})
		if back.SeeOther() != path {
			t.Errorf("logging in leads to %s", back.SeeOther())
		}
		back.Follow().OK().Submit("main form", nil).Follow().Says("Your email address ann@example.com is confirmed.")

		// So does one to a new address: nobody confirms another's change to their own.
		ann.Get("/me/profile").Submit("form[action$='/me/email']", url.Values{"email": {"victim@example.com"}, "password": {apptest.Password}}).SeeOther()
		link = w.Mail.Wait(t, "victim@example.com", "onfirm").Link(t, "/verify/")
		w.Person("victim").Get(link).OK().Says("Log in with that login to confirm it.").HasNot("form[action*='/disown']")
		w.Person("victim").Post(strings.TrimPrefix(link, w.URL), nil).Is(http.StatusForbidden)
		w.Person("victim").Post(strings.TrimPrefix(link, w.URL)+"/disown", nil).Is(http.StatusNotFound)
		ann.Get(link).OK().Submit("main form", nil).SeeOther()
	})
}

// Who has moved a login away from an address that was never proved, and its person
// puts it back, does not keep it by that either: the person is asked.
func TestAnAddressThatIsPutBackIsAsProvedAsItWas(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		h := newHijack(w)
		h.mallory.TurnOnTwoStep()
		h.mallory.Get("/me/profile").Submit("form[action$='/me/email']", url.Values{"email": {"mallory@evil.example"}, "password": {apptest.Password}}).SeeOther()
		h.mallory.Get(w.Mail.Wait(t, "mallory@evil.example", "onfirm").Link(t, "/verify/")).Submit("main form", nil).SeeOther()
		undo := w.Mail.Wait(t, h.victim.Email, "was changed").Link(t, "/undo/")
		h.putBack(undo)
		w.Holds()
	})
}

// putBack has the victim put their address back by the link, say that somebody else
// made the login, and log in: without the two-step login of whoever did.
func (h *hijack) putBack(undo string) {
	page := h.victim.Get(undo).OK().Submit("main form", nil).Follow().OK().Says("Did you make this login yourself?")
	page.Submit("main form", url.Values{"password": {theirs}, "made": {"other"}, "first": {"Vic"}}).SeeOther()
	h.victim.Post("/login", url.Values{"email": {h.victim.Email}, "password": {theirs}}).SeeOther()
	if !loggedIn(h.victim) {
		h.w.T.Error("two-step login of whoever made it is still asked for")
	}
}

// A login that staff have made has no password, so nobody else has been in it: its
// person is asked nothing, and their address is proved by the link.
func TestALoginThatStaffMadeIsProvedByItsFirstPassword(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		staff := w.Staff("stan")
		staff.Get("/staff/users/new").OK().Submit("main form", url.Values{"first": {"Lena"}, "email": {"lena@example.com"}, "send": {"yes"}}).SeeOther()
		lena := w.Person("lena")
		link := w.Mail.Wait(t, lena.Email, "Set a password for your login").Link(t, "/reset/")
		lena.Get(link).OK().HasNot("input[name=made]").Submit("main form", url.Values{"password": {apptest.Password}}).SeeOther()
		if n := w.DBCount(`SELECT count(*) FROM users WHERE email = $1 AND verified_at > 0`, lena.Email); n != 1 {
			t.Error("the address is not proved")
		}
		w.Holds()
	})
}

// Passkeys stay when a password is reset, but for those that their person does not
// know; the only second step there is stays.
func TestPasskeysThatOneDoesNotKnowGoWithTheOldPassword(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ann := w.Account("Acme", "ann").Owner
		ann.Verify()
		mine, evil := ann.AddPasskey("Mine"), ann.AddPasskey("Evil")
		ann.Get("/me/security").Submit("form[action$='/two-step/passkeys']", nil).OK()
		there := ann.Elsewhere()
		page := there.Get(resetLink(w, there)).OK().Says("Do you know these passkeys?").Says("Mine").Says("Evil")
		keys := page.Find("input[name=passkey]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
		page.Submit("main form", url.Values{"password": {theirs}, "passkey": keys}).Is(422).Says("One passkey must stay").Has("input[name=passkey][checked]")
		page.Submit("main form", url.Values{"password": {theirs}, "passkey": keys[1:]}).SeeOther()
		w.Mail.Wait(t, ann.Email, "A passkey was removed from your login")
		with := func(a *apptest.Authenticator) bool {
			p := ann.Elsewhere()
			page := p.Get("/login/passkey").OK()
			page.Submit(keyForm, a.Answer(page, keyForm))
			return loggedIn(p)
		}
		if !with(mine) || with(evil) {
			t.Error("the one that was ticked has gone, and the other not")
		}
		w.Holds()
	})
}

// Nor does it matter who moved it away: staff who did so on request, in the account's
// record or in the user's, have proved nothing of the former address.
func TestAnAddressThatStaffMovedIsPutBackAsProvedAsItWas(t *testing.T) {
	for record, page := range map[string]func(*hijack) string{
		"the account's": func(h *hijack) string {
			return "/staff/accounts/" + h.account.Number.String() + "/users/" + userID(h.w, h.victim.Email)
		},
		"the user's": func(h *hijack) string { return "/staff/users/" + userID(h.w, h.victim.Email) },
	} {
		t.Run(record, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				h := newHijack(w)
				h.mallory.TurnOnTwoStep()
				w.Staff("stan").Get(page(h)).OK().Submit("form:has(input[name=email])", url.Values{"email": {"mallory@evil.example"}}).SeeOther()
				undo := w.Mail.Wait(t, h.victim.Email, "was changed").Link(t, "/undo/")
				h.putBack(undo)
				w.Holds()
			})
		})
	}
}

// However many invitations wait (the host may let an account have a thousand), none of
// whoever made the login outlives it.
func TestNoneOfManyInvitationsOutlivesWhoMadeTheLogin(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		h := newHijack(w)
		first := h.account.InviteLink("accomplice@example.com", "domains")
		for i := range 250 {
			w.Exec(`INSERT INTO invitations (account_id, id, email, email_key, permissions, message, state, invited_by, inviter_name, inviter_email, form_key, created_at, issued_at)
				SELECT account_id, id + $1, $2, $2, permissions, '', 'pending', invited_by, inviter_name, inviter_email, '', created_at, issued_at
				FROM invitations WHERE account_id = $3 AND email_key = 'accomplice@example.com'`, i+1, fmt.Sprintf("%d@example.com", i), h.account.Number)
		}
		byReset(h)
		w.Person("accomplice").Get(first).Is(http.StatusGone)
		if n := w.DBCount(`SELECT count(*) FROM invitations WHERE account_id = $1 AND state = 'pending'`, h.account.Number); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

// Who has changed the account's address as often as one may in an hour does not keep
// it from being put right.
func TestALimitThatWasUsedUpKeepsNoAddressOfTheAccounts(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		h := newHijack(w)
		for i := range 10 {
			h.mallory.Get(h.account.Path("/profile")).OK().Submit("form[action$='/profile']", url.Values{"email": {fmt.Sprintf("mallory%d@evil.example", i)}}).SeeOther()
		}
		h.mallory.Get(h.account.Path("/profile")).OK().Submit("form[action$='/profile']", url.Values{"email": {"mallory@evil.example"}}).Is(http.StatusTooManyRequests)
		page := h.victim.Get(resetLink(h.w, h.victim)).OK()
		page.Submit("main form", url.Values{"password": {theirs}, "made": {"other"}, "first": {"Vic"}, "last": {"Tim"}}).SeeOther()
		settle(t, w)
		if n := w.DBCount(`SELECT count(*) FROM accounts WHERE email = $1`, h.victim.Email); n != 1 {
			t.Error("the account's mails still go to her")
		}
	})
}

// Nor does a member keep the owner from it by that.
func TestAMemberDoesNotUseUpTheOwnersLimit(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		acme := w.Account("Acme", "ann")
		bob := acme.Member("bob", "profile")
		move := func(p *apptest.Person, path, to string) *apptest.Response {
			return p.Get(path).OK().Submit("form[action$='/profile']", url.Values{"email": {to}})
		}
		for i := range 10 {
			move(bob, acme.Path("/profile"), fmt.Sprintf("bob%d@evil.example", i)).SeeOther()
		}
		move(bob, acme.Path("/profile"), "bob@evil.example").Is(http.StatusTooManyRequests)
		move(acme.Owner, acme.Path("/profile"), acme.Owner.Email).SeeOther()
		move(acme.Member("cleo", "profile"), acme.Path("/profile"), "cleo@evil.example").Is(http.StatusTooManyRequests) // members have one limit together
		move(w.Staff("stan"), "/staff/accounts/"+acme.Number.String()+"/profile", "office@example.com").SeeOther()
	})
}
