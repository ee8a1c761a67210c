package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/settings"
	"atrium/base/vault"
	"atrium/fault"
	"atrium/ui"
)

func TestTheSessionCookieIsTiedToTheHost(t *testing.T) {
	token := access.NewToken()
	for _, c := range []struct {
		base, prefix string
		secure       bool
	}{{plain, "", false}, {secure, "__Host-", true}} {
		s := newSite(t, c.base)
		for _, x := range []struct {
			reply Reply
			name  string
			value string
			age   int
			known bool // the browser is known from then on
		}{
			{LogIn{Token: token, Then: Redirect{To: "/x"}}, "atrium", token.Reveal(), 0, true},
			{LogIn{Token: token, Remember: true, Then: Redirect{To: "/x"}}, "atrium", token.Reveal(), settings.MostRemembered * 24 * 60 * 60, true},
			{LogOut{Then: Redirect{To: "/x"}}, "atrium", "", -1, false},
			{StaffLogIn{Token: token, Then: Redirect{To: "/x"}}, "atrium_staff", token.Reveal(), 0, true},
			{StaffLogOut{Then: Redirect{To: "/x"}}, "atrium_staff", "", -1, false},
		} {
			s.answer = func(*Request) (Reply, error) { return x.reply, nil }
			a := s.post("/do", "").is(303).has("Location", "/x")
			got := a.cookie(c.prefix + x.name)
			if got == nil || got.Value != x.value || got.MaxAge != x.age || got.Path != "/" || got.Domain != "" || !got.HttpOnly || got.Secure != c.secure || got.SameSite != http.SameSiteLaxMode {
				t.Errorf("%s: %T sets %v", c.base, x.reply, got)
			}
			others := len(a.Result().Cookies()) - 1
			if browser := a.cookie(c.prefix + "atrium_browser"); x.known {
				others--
				if browser == nil || browser.MaxAge != 365*24*60*60 || browser.Path != "/" || browser.Domain != "" || !browser.HttpOnly || browser.Secure != c.secure || browser.SameSite != http.SameSiteLaxMode {
					t.Errorf("%s: %T has the browser known by %v", c.base, x.reply, browser)
				}
			}
			if others != 0 {
				t.Errorf("%T sets other cookies: %v", x.reply, a.Result().Cookies())
			}
			want := ""
			if x.age < 0 {
				want = `"cache", "storage"`
			}
			a.has("Clear-Site-Data", want)
			if strings.Contains(a.Header().Get("Location")+a.Body.String(), token.Reveal()) {
				t.Errorf("%T shows the token elsewhere", x.reply)
			}
		}
	}
}

// saved posts a form whose reply is a redirect to path with a message, and gives
// the message's cookie.
func (s *site) saved(path, words string) *http.Cookie {
	s.t.Helper()
	s.answer = func(*Request) (Reply, error) { return Done(path, words), nil }
	c := s.post("/do", "").is(303).has("Location", path).cookie(s.flashName())
	if c == nil {
		s.t.Fatal("there is no message")
	}
	s.answer = func(q *Request) (Reply, error) { return saying(q, "Hello"), nil }
	return c
}

func TestAMessageIsShownOnItsPageOnce(t *testing.T) {
	for _, base := range []string{plain, secure} {
		s := newSite(t, base)
		c := s.saved("/do?page=2", "It is <saved>.")
		if !c.HttpOnly || c.Secure != (base == secure) || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge != 60 || strings.HasPrefix(c.Name, "__Host-") != c.Secure {
			t.Errorf("the cookie is %v", c)
		}
		other := s.do("GET", "/who", cookie(c.Name, c.Value)).is(200).saysNot("It is")
		if other.cookie(c.Name) != nil {
			t.Error("another page took the message")
		}
		a := s.do("GET", "/do", cookie(c.Name, c.Value)).is(200).says("It is <saved>.")
		if gone := a.cookie(c.Name); gone == nil || gone.MaxAge >= 0 || gone.Value != "" {
			t.Errorf("it will be shown again: %v", gone)
		}
		s.do("GET", "/do").is(200).saysNot("It is")
	}
}

func TestNobodyElsePutsWordsOnAPage(t *testing.T) {
	s := newSite(t, plain)
	c := s.saved("/do", "It is saved.")
	body, mac, _ := strings.Cut(c.Value, ".")
	text := base64.RawURLEncoding.EncodeToString
	b, err := json.Marshal(flash{"/do", ui.Flash{Kind: ui.OK, Text: "You have won."}})
	ok(t, err)
	other, err := vault.Load(filepath.Join(t.TempDir(), "key"), true)
	ok(t, err)
	for name, value := range map[string]string{
		"no signature":          text(b),
		"an empty one":          text(b) + ".",
		"another's signature":   text(b) + "." + mac,
		"of another purpose":    text(b) + "." + text(s.Vault.MAC("other", b)),
		"of another key":        text(b) + "." + text(other.MAC("flash", b)),
		"a shortened signature": body + "." + mac[:20],
		"no base64":             "!." + mac,
		"nothing":               "",
		"a dot":                 ".",
	} {
		a := s.do("GET", "/do", cookie(c.Name, value)).is(200).saysNot("You have won.").saysNot("It is saved.")
		if a.find(".flash, [role=status]").Text() != "" {
			t.Errorf("%s: %s", name, a.words())
		}
	}
	// The genuine article, for comparison.
	s.do("GET", "/do", cookie(c.Name, text(b)+"."+text(s.Vault.MAC("flash", b)))).says("You have won.")
	bad := []byte("no JSON")
	s.do("GET", "/do", cookie(c.Name, text(bad)+"."+text(s.Vault.MAC("flash", bad)))).is(200)
}

func TestARedirectWithoutMessageSetsNone(t *testing.T) {
	s := newSite(t, plain)
	s.answer = func(*Request) (Reply, error) { return Redirect{To: "/x"}, nil }
	if a := s.post("/do", "").is(303); len(a.Result().Cookies()) != 0 {
		t.Errorf("set %v", a.Result().Cookies())
	}
}

const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

func TestEveryKindOfAnswerHasItsHeaders(t *testing.T) {
	for _, base := range []string{plain, secure} {
		s := newSite(t, base)
		hsts := ""
		if base == secure {
			hsts = "max-age=31536000; includeSubDomains"
		}
		css := s.Assets.URL("atrium.css")
		for _, c := range []struct {
			method, path  string
			answer        Reply
			err           error
			status        int
			csp, referrer string
			cache, kind   string
		}{
			{"GET", "/do", nil, nil, 200, policy, "same-origin", "no-store", "text/html; charset=utf-8"},
			{"GET", "/do", Page{Secret: true, Body: func(f ui.Frame) templ.Component { return ui.Plain(f) }}, nil, 200, policy, "no-referrer", "no-store", "text/html; charset=utf-8"},
			{"GET", "/secret/x", nil, nil, 200, policy, "no-referrer", "no-store", "text/html; charset=utf-8"},
			{"GET", "/secret/x", nil, errNoPage, 404, policy, "no-referrer", "no-store", "text/html; charset=utf-8"},
			{"POST", "/secret/x", nil, fault.Conflictf("no"), 409, policy, "no-referrer", "no-store", "text/html; charset=utf-8"},
			{"GET", "/do", Sandboxed{HTML: []byte("<b>x</b>")}, nil, 200, "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'", "same-origin", "no-store", "text/html; charset=utf-8"},
			{"GET", "/do", Redirect{To: "/x"}, nil, 303, policy, "same-origin", "no-store", ""},
			{"POST", "/do", nil, errors.New("no"), 500, policy, "same-origin", "no-store", "text/html; charset=utf-8"},
			{"GET", "/nothing", nil, nil, 404, policy, "same-origin", "no-store", "text/html; charset=utf-8"},
			{"GET", "/me", nil, nil, 303, policy, "same-origin", "no-store", ""},
			{"GET", "/api/v1/do", nil, nil, 200, policy, "same-origin", "no-store", "application/json"},
			{"GET", "/api/v1/do", nil, errNoPage, 404, policy, "same-origin", "no-store", "application/problem+json"},
			{"GET", css, nil, nil, 200, policy, "same-origin", "public, max-age=31536000, immutable", "text/css; charset=utf-8"},
			{"GET", "/healthz", nil, nil, 200, policy, "same-origin", "no-store", "text/plain; charset=utf-8"},
			{"GET", "/readyz", nil, nil, 200, policy, "same-origin", "no-store", "text/plain; charset=utf-8"},
		} {
			s.answer = func(q *Request) (Reply, error) {
				if c.answer == nil && c.err == nil {
					return saying(q, "Hello"), nil
				}
				return c.answer, c.err
			}
			a := s.do(c.method, c.path).is(c.status)
			a.has("Content-Security-Policy", c.csp).has("Referrer-Policy", c.referrer).has("Cache-Control", c.cache).has("X-Content-Type-Options", "nosniff").
				has("Strict-Transport-Security", hsts).has("Cross-Origin-Opener-Policy", "same-origin").has("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
			if kind := a.Header().Get("Content-Type"); c.kind != "" && kind != c.kind {
				t.Errorf("%s %s: Content-Type is %q, want %q", c.method, c.path, kind, c.kind)
			}
			if c.referrer == "no-referrer" && a.find("meta[name=robots][content=noindex]").Length() != 1 {
				t.Errorf("%s %s may be found by search engines", c.method, c.path)
			}
			a.has("Access-Control-Allow-Origin", "").has("Server", "").has("X-Powered-By", "")
		}
	}
}

// Under http to another machine browsers don't say Sec-Fetch-Site, and under
// "no-referrer" their forms come with "Origin: null": no invitation could be
// accepted there.
func TestFormsBehindOneTimeLinksWorkUnderAnyBaseURL(t *testing.T) {
	for base, want := range map[string]string{
		"https://clients.example.com": "no-referrer", "http://localhost:8080": "no-referrer", "http://127.0.0.1:8080": "no-referrer", "http://[::1]:8080": "no-referrer",
		"http://intranet:8080": "same-origin", "http://192.0.2.1": "same-origin", "http://localhost.example.com": "same-origin",
	} {
		newSite(t, base).do("GET", "/secret/x").is(200).has("Referrer-Policy", want)
	}
}

func TestAPageThatFailsHasTheStatusOfItsError(t *testing.T) {
	s := newSite(t, plain)
	page := func(status int, err error) Page {
		return Page{Title: "Form", Status: status, Err: err, Body: func(f ui.Frame) templ.Component { return ui.Plain(f) }}
	}
	for _, c := range []struct {
		page   Page
		status int
		retry  string
	}{
		{page(0, nil), 200, ""},
		{page(410, nil), 410, ""},
		{page(0, fault.FieldErr("name", "", "Enter your name.")), 422, ""},
		{page(0, fault.Conflictf("Changed.")), 409, ""},
		{page(0, fault.TooManyf(90*time.Second, "Wait.")), 429, "91"},
		{page(409, fault.TooManyf(time.Minute, "Wait.")), 409, "61"},
	} {
		s.answer = func(*Request) (Reply, error) { return c.page, nil }
		a := s.post("/do", "").is(c.status).has("Retry-After", c.retry)
		if failed := strings.HasPrefix(a.find("title").Text(), "Error: "); failed != (c.page.Err != nil) {
			t.Errorf("the title is %q", a.find("title").Text())
		}
	}
}

func TestAPageIsSentWholeOrNotAtAll(t *testing.T) {
	s := newSite(t, plain)
	s.answer = func(*Request) (Reply, error) {
		return Page{Title: "Broken", Body: func(ui.Frame) templ.Component {
			return templ.Join(templ.Raw("<p>the first half</p>"), templ.ComponentFunc(func(_ context.Context, _ io.Writer) error { return errors.New("the pen broke") }))
		}}, nil
	}
	a := s.do("GET", "/do").is(500).saysNot("the first half").saysNot("the pen broke").says("Something went wrong")
	if got := fmt.Sprint(a.Body.Len()); a.Header().Get("Content-Length") != got {
		t.Errorf("Content-Length is %q, want %s", a.Header().Get("Content-Length"), got)
	}
}

func TestHEADIsGETWithoutBody(t *testing.T) {
	s := newSite(t, plain)
	server := httptest.NewServer(s.h)
	defer server.Close()
	ask := func(method, path string) (*http.Response, string) {
		q, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
		ok(t, err)
		q.Host = s.BaseURL.Host
		r, err := http.DefaultTransport.RoundTrip(q)
		ok(t, err)
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		ok(t, err)
		return r, string(b)
	}
	for _, path := range []string{"/do", "/nothing", "/me", "/healthz", s.Assets.URL("atrium.css"), "/api/v1/do"} {
		get, body := ask("GET", path)
		head, none := ask("HEAD", path)
		if none != "" || head.StatusCode != get.StatusCode || head.Header.Get("Content-Type") != get.Header.Get("Content-Type") || head.Header.Get("Location") != get.Header.Get("Location") {
			t.Errorf("%s: HEAD answers %d %v %q, GET %d", path, head.StatusCode, head.Header, none, get.StatusCode)
		}
		if length := head.ContentLength; length > 0 && length != int64(len(body)) && !strings.HasPrefix(path, "/assets/") {
			t.Errorf("%s: HEAD promises %d bytes, GET has %d", path, length, len(body))
		}
	}
}

func TestABrowserThatHasGoneIsNoErrorOfOurs(t *testing.T) {
	s := newSite(t, plain)
	q := httptest.NewRequest("GET", "/do", nil)
	q.Host = s.BaseURL.Host
	s.h.ServeHTTP(gone{httptest.NewRecorder()}, q)
	if log := s.log.String(); strings.Contains(log, "ERROR") || !strings.Contains(log, "status=200") {
		t.Errorf("logged\n%s", log)
	}
}

type gone struct{ *httptest.ResponseRecorder }

func (gone) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestURLsComeFromTheBaseURLOnly(t *testing.T) {
	s := newSite(t, secure)
	s.answer = func(q *Request) (Reply, error) { return saying(q, q.URL("/invite/x")), nil }
	s.do("GET", "/do", header("X-Forwarded-Host", "evil.example"), header("Forwarded", "host=evil.example"), header("X-Forwarded-Proto", "http")).is(200).says("https://clients.example.com/invite/x")
}

func TestAssetsAreServedToEverybody(t *testing.T) {
	s := newSite(t, plain)
	a := s.do("GET", "/do").is(200)
	for _, selector := range []string{"link[rel=stylesheet]", "link[rel=icon]", "script[src]"} {
		e := a.find(selector)
		href := e.AttrOr("href", e.AttrOr("src", ""))
		if u, err := url.Parse(href); err != nil || u.Host != "" || !strings.HasPrefix(u.Path, "/assets/") {
			t.Errorf("%s leads to %q", selector, href)
		}
		s.do("GET", href).is(200)
	}
	if b := a.Body.Bytes(); bytes.Contains(b, []byte(" style=")) || a.find("script:not([src])").Length() > 0 || a.find("style").Length() > 0 {
		t.Error("the page has what its policy forbids")
	}
	s.do("GET", "/assets/").is(404)
}
