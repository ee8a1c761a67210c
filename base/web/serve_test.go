package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"atrium/base/access"
	"atrium/base/db"
	"atrium/base/db/dbtest"
	"atrium/ui"
)

func TestAnotherHostIsRefused(t *testing.T) {
	for _, base := range []string{plain, secure} {
		s := newSite(t, base)
		for _, host := range []string{"evil.example", "", s.BaseURL.Hostname() + ":1", s.BaseURL.Host + ".evil.example", "user@" + s.BaseURL.Host, s.BaseURL.Host + ",evil.example", "127.0.0.1:8080"} {
			as := func(q *http.Request) { q.Host = host }
			a := s.do("GET", "/do", as)
			if a.Code != http.StatusMisdirectedRequest || strings.Contains(a.Body.String(), "Hello") || host != "" && strings.Contains(a.Body.String(), host) {
				t.Errorf("%q is answered %d %s", host, a.Code, a.Body)
			}
			s.post("/do", "", as).is(http.StatusMisdirectedRequest)
			s.do("GET", "/healthz", as).is(200) // probes know no name
			s.do("GET", "/readyz", as).is(200)
		}
		// What a proxy or anybody says of another host counts for nothing.
		s.do("GET", "/do", header("X-Forwarded-Host", "evil.example"), header("X-Original-Host", "evil.example")).is(200).saysNot("evil.example")
	}
}

func TestReadyTellsWhetherTheDatabaseAnswers(t *testing.T) {
	s := newSite(t, plain)
	s.do("GET", "/readyz").is(200)
	ok(t, s.DB.Close())
	a := s.do("GET", "/readyz").is(503)
	if strings.Contains(a.Body.String(), "sql") {
		t.Errorf("it tells %s", a.Body)
	}
	s.do("GET", "/healthz").is(200)
}

func TestAFormFromAnotherSiteDoesNothing(t *testing.T) {
	for _, base := range []string{plain, secure} {
		s := newSite(t, base)
		done := 0
		s.answer = func(q *Request) (Reply, error) { done++; return saying(q, "Hello"), nil }
		site := func(value string) change { return func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", value) } }
		old := func(origin string) change {
			return func(q *http.Request) { q.Header.Del("Sec-Fetch-Site"); q.Header.Set("Origin", origin) }
		}
		for name, c := range map[string]struct {
			how change
			ok  bool
		}{
			"our page":                         {site("same-origin"), true},
			"typed by the person":              {site("none"), true},
			"another site":                     {site("cross-site"), false},
			"a sister site":                    {site("same-site"), false},
			"nonsense":                         {site("yes"), false},
			"our page in an old browser":       {old(base), true},
			"another site in an old browser":   {old("https://evil.example"), false},
			"no origin in an old browser":      {old("null"), false},
			"another port in an old browser":   {old(base + "1"), false},
			"our name as somebody's beginning": {old(base + ".evil.example"), false},
			"another site that says our name":  {func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site"); q.Header.Set("Host", q.Host) }, false},
			"no browser":                       {func(q *http.Request) { q.Header.Del("Sec-Fetch-Site") }, true},
		} {
			done = 0
			a := s.post("/do", "", c.how)
			if c.ok != (done == 1) || c.ok != (a.Code == 200) {
				t.Errorf("%s: answered %d, done %d times", name, a.Code, done)
			}
			if !c.ok {
				a.is(403).says("This form was sent from another site, so nothing was done.")
			}
			if a := s.do("GET", "/do", c.how); a.Code != 200 {
				t.Errorf("a link from %s: %d", name, a.Code)
			}
		}
		for _, method := range []string{"PUT", "PATCH", "DELETE", "TRACE", "X"} {
			s.do(method, "/do", site("cross-site")).is(403)
		}
		s.do("POST", "/api/v1/do", site("cross-site")).is(403).has("Content-Type", "application/problem+json")
		if !strings.Contains(s.log.String(), `msg="security: cross-origin request refused"`) {
			t.Error("nobody watching over the system sees it")
		}
	}
}

func TestOnlyTheMethodsOfARouteAreAnswered(t *testing.T) {
	s := newSite(t, plain)
	for _, method := range []string{"PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PROPFIND"} {
		if a := s.do(method, "/do"); a.Code != 404 || strings.Contains(a.Body.String(), "Hello") {
			t.Errorf("%s is answered %d", method, a.Code)
		}
	}
	s.post("/who", "").is(404)
	s.do("GET", "/do/").is(404)
	s.do("GET", "/a/10001/invoices/x", s.as(s.ann)).is(404)
}

func TestTheBrowsersAddressIsThePeersUnlessAListedProxySaysOtherwise(t *testing.T) {
	prefixes := func(list ...string) (all []netip.Prefix) {
		for _, p := range list {
			all = append(all, netip.MustParsePrefix(p))
		}
		return all
	}
	none, listed := prefixes(), prefixes("10.0.0.0/8", "2001:db8::/32", "127.0.0.1/32")
	for name, c := range map[string]struct {
		proxies []netip.Prefix
		peer    string
		said    []string
		want    string
	}{
		"no proxy":                      {none, "192.0.2.1:1", nil, "192.0.2.1"},
		"no proxy, IPv6":                {none, "[2001:db8::1]:1", nil, "2001:db8::1"},
		"nobody is believed":            {none, "192.0.2.1:1", []string{"198.51.100.7"}, "192.0.2.1"},
		"nor this machine":              {none, "127.0.0.1:1", []string{"198.51.100.7"}, "127.0.0.1"},
		"who is not listed":             {listed, "192.0.2.1:1", []string{"198.51.100.7"}, "192.0.2.1"},
		"a listed proxy":                {listed, "10.1.2.3:1", []string{"198.51.100.7"}, "198.51.100.7"},
		"a listed proxy as IPv4 in 6":   {listed, "[::ffff:10.1.2.3]:1", []string{"198.51.100.7"}, "198.51.100.7"},
		"a listed proxy, IPv6":          {listed, "[2001:db8::1]:1", []string{" 2001:db9::7 "}, "2001:db9::7"},
		"what the browser made up":      {listed, "10.1.2.3:1", []string{"1.1.1.1, 127.0.0.1, 198.51.100.7"}, "198.51.100.7"},
		"two proxies":                   {listed, "10.1.2.3:1", []string{"1.1.1.1, 198.51.100.7, 10.9.9.9"}, "198.51.100.7"},
		"two headers":                   {listed, "10.1.2.3:1", []string{"1.1.1.1", "198.51.100.7, 10.9.9.9"}, "198.51.100.7"},
		"proxies only":                  {listed, "10.1.2.3:1", []string{"10.7.7.7, 10.9.9.9"}, "10.7.7.7"},
		"a proxy that says nothing":     {listed, "10.1.2.3:1", nil, "10.1.2.3"},
		"a proxy that says nonsense":    {listed, "10.1.2.3:1", []string{"unknown"}, "10.1.2.3"},
		"nonsense before what it says":  {listed, "10.1.2.3:1", []string{"<b>, 198.51.100.7"}, "198.51.100.7"},
		"nonsense behind another proxy": {listed, "10.1.2.3:1", []string{"198.51.100.7, _x, 10.9.9.9"}, "10.9.9.9"},
		"an IPv4 in 6 address":          {listed, "10.1.2.3:1", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		"no address at all":             {listed, "pipe", []string{"198.51.100.7"}, "pipe"},
	} {
		s := newSite(t, plain, func(o *Options) { o.Proxies = c.proxies })
		changes := []change{from(c.peer)}
		for _, v := range c.said {
			changes = append(changes, header("X-Forwarded-For", v))
		}
		changes = append(changes, header("Forwarded", "for=203.0.113.9"), header("X-Real-Ip", "203.0.113.9"))
		a := s.do("GET", "/who", changes...).is(200)
		if got := strings.Fields(a.find("#says").Text()); len(got) != 2 || got[1] != c.want {
			t.Errorf("%s: the address is %v, want %s", name, got, c.want)
		}
	}
}

func TestOneNetworkDoesNotTakeTheWholeMachine(t *testing.T) {
	g, now := newGuard(), time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	burst := func(ip string) (passed int) {
		for range 1000 {
			if g.allow(ip, now) {
				passed++
			}
		}
		return passed
	}
	if n := burst("203.0.113.1"); n != 300 {
		t.Errorf("%d pass at once, want 300", n)
	}
	if n := burst("203.0.113.2"); n != 300 {
		t.Errorf("%d of another pass, want 300", n)
	}
	if a, b := burst("2001:db8::1"), burst("2001:db8::2"); a != 300 || b != 0 {
		t.Errorf("%d and %d of one house pass", a, b)
	}
	if a, b := burst("127.0.0.1"), burst("::1"); a != 1000 || b != 1000 {
		t.Errorf("%d and %d of this machine pass", a, b)
	}
	now = now.Add(time.Second)
	if n := burst("203.0.113.1"); n != 50 {
		t.Errorf("%d pass after a second, want 50", n)
	}
	now = now.Add(time.Hour)
	if burst("203.0.113.3"); len(g.buckets) != 1 {
		t.Errorf("%d addresses are kept", len(g.buckets))
	}
}

func TestWhoAsksTooMuchIsToldToWait(t *testing.T) {
	s := newSite(t, plain)
	for range 2000 {
		if a := s.do("GET", "/healthz", from("203.0.113.1:1")); a.Code != 200 {
			a.is(429).has("Retry-After", "1")
			s.do("GET", "/healthz", from("203.0.113.2:1")).is(200)
			return
		}
	}
	t.Error("nobody was told")
}

func TestAPanicIsAnErrorPage(t *testing.T) {
	s := newSite(t, plain)
	for name, broken := range map[string]func(*Request) (Reply, error){
		"in the handler": func(*Request) (Reply, error) { panic("the secret of life") },
		"nil":            func(*Request) (Reply, error) { var p *Page; return p, nil },
		"in the page": func(*Request) (Reply, error) {
			return Page{Body: func(ui.Frame) templ.Component { panic("the secret of life") }}, nil
		},
		"to abort": func(*Request) (Reply, error) { panic(http.ErrAbortHandler) },
	} {
		s.answer = broken
		a := s.do("GET", "/do").is(500).says("Something went wrong").saysNot("the secret of life").saysNot("goroutine")
		if a.Header().Get("Content-Security-Policy") != policy {
			t.Errorf("%s: without headers", name)
		}
	}
	s.answer = func(*Request) (Reply, error) { panic("the secret of life") }
	s.do("GET", "/api/v1/do").is(500).has("Content-Type", "application/problem+json").saysNot("secret")
	if log := s.log.String(); strings.Count(log, "msg=panic") != 5 || !strings.Contains(log, "the secret of life") || !strings.Contains(log, "serve_test.go") {
		t.Errorf("logged\n%s", log)
	}
	s.answer = func(q *Request) (Reply, error) { return saying(q, "Hello"), nil }
	s.do("GET", "/do").is(200).says("Hello")
}

// What goes wrong once the answer is sent spoils nothing of it.
func TestWhatGoesWrongAfterTheAnswerIsOnTheLogOnly(t *testing.T) {
	for name, broken := range map[string]func(context.Context, *db.Tx, access.Act) error{
		"an error": func(context.Context, *db.Tx, access.Act) error { return errors.New("the ink is dry") },
		"a panic":  func(context.Context, *db.Tx, access.Act) error { panic("the ink is dry") },
	} {
		s := newSite(t, plain, func(o *Options) { o.OnLogin = broken })
		dbtest.Clock(s.DB).Add(time.Hour)
		a := s.do("GET", "/a/10001/invoices", s.as(s.bob)).is(200).says("Inside 10001").saysNot("Something went wrong")
		if got := fmt.Sprint(a.Body.Len()); a.Header().Get("Content-Length") != got {
			t.Errorf("%s: %s bytes were sent, %s promised", name, got, a.Header().Get("Content-Length"))
		}
		if log := s.log.String(); !strings.Contains(log, "the ink is dry") || !strings.Contains(log, "status=200") {
			t.Errorf("%s: logged\n%s", name, log)
		}
	}
}

func TestNoOneTimeLinkIsOnTheLog(t *testing.T) {
	s := newSite(t, plain)
	secret := access.NewAccountToken(10001).Reveal()
	for _, answer := range []func(q *Request) (Reply, error){
		func(q *Request) (Reply, error) { return saying(q, q.Path("token")), nil },
		func(q *Request) (Reply, error) { return nil, errNoPage },
		func(q *Request) (Reply, error) { return nil, errors.New("a mistake") },
		func(q *Request) (Reply, error) { panic("a mistake") },
	} {
		s.answer = answer
		s.do("GET", "/secret/"+secret, s.as(s.bob), header("Referer", "/secret/"+secret), header("User-Agent", secret))
		s.post("/secret/"+secret+"?next=/secret/"+secret, "password="+secret, s.as(s.bob))
		s.post("/secret/"+secret, "", func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site") })
		s.do("PUT", "/secret/"+secret)
		s.do("GET", "/nothing/"+secret)
		s.do("GET", "/me?token="+secret)
		s.do("GET", "/"+secret, func(q *http.Request) { q.Host = secret })
	}
	log := s.log.String()
	if strings.Contains(log, secret) || strings.Contains(log, secret[len("10001."):]) {
		t.Error("the link is on the log")
	}
	if strings.Contains(log, s.bob.Reveal()) || strings.Contains(log, s.bob.Hash()) {
		t.Error("the session is on the log")
	}
	for _, want := range []string{`route="GET /secret/{token}"`, `route="POST /secret/{token}"`, "status=200", "status=404", "status=500", "ip=127.0.0.1", "user=", "request="} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s", want)
		}
	}
}

func TestALineOfTheLogSaysWhoAndWhere(t *testing.T) {
	s := newSite(t, plain)
	s.do("GET", "/a/10001/invoices", s.as(s.bob), from("192.0.2.7:1")).is(200)
	line := s.log.String()
	session, err := access.FindSession(t.Context(), s.DB, access.DefaultLives(), s.bob)
	ok(t, err)
	for _, want := range []string{"level=INFO msg=request", `route="GET /a/{account}/invoices"`, "status=200", "took=", "ip=192.0.2.7", "user=" + session.User.ID.String(), "account=10001"} {
		if !strings.Contains(line, want) {
			t.Errorf("%s is not in %s", want, line)
		}
	}
	if strings.Count(line, "\n") != 1 {
		t.Errorf("logged\n%s", line)
	}
	s.answer = func(*Request) (Reply, error) { return nil, errors.New("a mistake") }
	s.do("GET", "/do", header("X-Forwarded-For", "1\n2")).is(500)
	if !strings.Contains(s.log.String(), "level=ERROR msg=request ") {
		t.Error("a failure is no error")
	}
}
