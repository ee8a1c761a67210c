package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"atrium/base/access"
	"atrium/ui"
)

func (r *Routes) secure() bool { return r.BaseURL.Scheme == "https" }

// name gives a cookie the prefix that ties it to this host under https
// (RFC 6265bis, section 4.1.3.2).
func (r *Routes) name(name string) string {
	if r.secure() {
		return "__Host-" + name
	}
	return name
}

func (r *Routes) cookieName() string      { return r.name("atrium") }
func (r *Routes) staffCookieName() string { return r.name("atrium_staff") }
func (r *Routes) visitCookieName() string { return r.name("atrium_visit") }
func (r *Routes) browserName() string     { return r.name("atrium_browser") }
func (r *Routes) stepName() string        { return r.name("atrium_step") }
func (r *Routes) staffStepName() string   { return r.name("atrium_staff_step") }
func (r *Routes) flashName() string       { return r.name("atrium_flash") }

// setCookie sets a cookie; age in seconds, 0 until the browser closes, negative
// deletes.
func (q *Request) setCookie(name, value string, age int) {
	http.SetCookie(q.w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: q.routes.secure(), SameSite: http.SameSiteLaxMode})
}

func (q *Request) token(name string) (access.Token, bool) {
	c, err := q.r.Cookie(name)
	if err != nil {
		return access.Token{}, false
	}
	return access.ParseToken(c.Value)
}

// Token is the token of the browser's user session, to end it.
func (q *Request) Token() (access.Token, bool) { return q.token(q.routes.cookieName()) }

// StaffToken is the token of the browser's staff session, to end it.
func (q *Request) StaffToken() (access.Token, bool) { return q.token(q.routes.staffCookieName()) }

// VisitToken is the token of the browser's visit as an owner, to end it.
func (q *Request) VisitToken() (access.Token, bool) { return q.token(q.routes.visitCookieName()) }

// StepToken is the token of the log in that waits for a code in this browser.
// None is the zero Token.
func (q *Request) StepToken() access.Token {
	t, _ := q.token(q.routes.stepName())
	return t
}

// StaffStepToken is StepToken of the staff area.
func (q *Request) StaffStepToken() access.Token {
	t, _ := q.token(q.routes.staffStepName())
	return t
}

// browser is the secret that the browser is known by to who has logged in with it:
// a new one if it has none. Whoever is let in keeps it.
func (q *Request) browser() access.Token {
	if q.known == (access.Token{}) {
		t, ok := q.token(q.routes.browserName())
		if !ok || t.Account() != 0 {
			t = access.NewToken()
		}
		q.known = t
	}
	return q.known
}

// keepBrowser has the browser keep it, for a year from now.
func (q *Request) keepBrowser() {
	q.setCookie(q.routes.browserName(), q.browser().Reveal(), int(access.BrowserLife.Seconds()))
}

// dropCookie deletes a cookie that the browser has sent.
func (q *Request) dropCookie(name string) {
	if _, err := q.r.Cookie(name); err == nil {
		q.setCookie(name, "", -1)
	}
}

// A flash travels in a cookie, signed so that nobody else can put words on a
// page. It names the page it is for: another tab does not show it.
type flash struct {
	Path string
	ui.Flash
}

func (q *Request) setFlash(f ui.Flash, to string) {
	path, _, _ := strings.Cut(to, "?")
	b, err := json.Marshal(flash{path, f})
	if err != nil {
		panic(err) // three strings
	}
	value := base64.RawURLEncoding.EncodeToString(b) + "." + base64.RawURLEncoding.EncodeToString(q.routes.Vault.MAC("flash", b))
	q.setCookie(q.routes.flashName(), value, 60)
}

// flash takes the message out of its cookie: it is shown once.
func (q *Request) flash() *ui.Flash {
	c, err := q.r.Cookie(q.routes.flashName())
	if err != nil {
		return nil
	}
	body, mac, _ := strings.Cut(c.Value, ".")
	b, err1 := base64.RawURLEncoding.DecodeString(body)
	m, err2 := base64.RawURLEncoding.DecodeString(mac)
	if err1 != nil || err2 != nil || !q.routes.Vault.Verify("flash", b, m) {
		return nil
	}
	var f flash
	if json.Unmarshal(b, &f) != nil || f.Path != q.r.URL.Path {
		return nil
	}
	q.setCookie(q.routes.flashName(), "", -1)
	return &f.Flash
}
